#include "core/horaires_lecteur.h"

#include <stdio.h>
#include <strings.h>

#include "base/utf8.h"

bool lit_refuse(struct lecteur *l, const char *why)
{
	char rest[49];

	snprintf(rest, sizeof rest, "%s", l->p);
	utf8_trim_end(rest);
	if (*rest)
		fail(l->e, E_INPUT, "Horaires non compris, à « %s » : %s.", rest, why);
	else
		fail(l->e, E_INPUT, "Horaires non compris, à la fin : %s.", why);
	return hint(l->e, "Exemple : Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off");
}

/* White space, also the spaces that do not break of French typing. */
void lit_blanks(struct lecteur *l)
{
	for (;;) {
		if (*l->p && strchr(" \t\r\n", *l->p))
			l->p++;
		else if (starts(l->p, "\u00a0"))
			l->p += 2;
		else if (starts(l->p, "\u202f"))
			l->p += 3;
		else
			return;
	}
}

bool lit_sign(struct lecteur *l, const char *s)
{
	const char *before = l->p;

	lit_blanks(l);
	if (starts(l->p, s)) {
		l->p += strlen(s);
		return true;
	}
	l->p = before;
	return false;
}

bool lit_dash(struct lecteur *l)
{
	return lit_sign(l, "-") || lit_sign(l, "\u2013") || lit_sign(l, "\u2014")
	       || lit_sign(l, "\u2212");
}

/* A whole word, whatever its case. */
bool lit_word(struct lecteur *l, const char *w)
{
	const char *before = l->p;
	size_t n = strlen(w);

	lit_blanks(l);
	if (!strncasecmp(l->p, w, n) && !is_letter(l->p[n])) {
		l->p += n;
		return true;
	}
	l->p = before;
	return false;
}

/* A number of at most `most` digits, after blanks. */
bool lit_number(struct lecteur *l, int most, int *out)
{
	const char *before = l->p;
	int n = 0;

	lit_blanks(l);
	for (*out = 0; is_digit(l->p[n]) && n <= most; n++)
		*out = *out * 10 + (l->p[n] - '0');
	if (!n || n > most) {
		l->p = before;
		return false;
	}
	l->p += n;
	return true;
}

/* One of some English names, cut after `least` letters or more ("Mo", "Mon", "Monday"). */
static bool name(struct lecteur *l, const char *const *names, int count, size_t least,
		 int *out)
{
	const char *before = l->p;
	size_t n = 0;

	lit_blanks(l);
	while (is_letter(l->p[n]))
		n++;
	for (int i = 0; n >= least && i < count; i++) {
		if (n <= strlen(names[i]) && !strncasecmp(l->p, names[i], n)) {
			l->p += n;
			*out = i;
			return true;
		}
	}
	l->p = before;
	return false;
}

bool lit_weekday(struct lecteur *l, int *out)
{
	static const char *const names[] = { "Monday", "Tuesday", "Wednesday", "Thursday",
					     "Friday", "Saturday", "Sunday" };

	return name(l, names, 7, 2, out);
}

bool lit_month(struct lecteur *l, int *out)
{
	static const char *const names[] = { "January", "February", "March", "April", "May",
					     "June", "July", "August", "September", "October",
					     "November", "December" };

	if (!name(l, names, 12, 3, out))
		return false;
	++*out;
	return true;
}

/* What follows the hour of a time: ":00", "h", "h30". */
static bool minutes(struct lecteur *l, int *out)
{
	const char *digits;

	*out = 0;
	if (lit_sign(l, ":")) {
		lit_blanks(l);
	} else {
		if (!lit_sign(l, "h") && !lit_sign(l, "H"))
			return false;
		if (!is_digit(*l->p))
			return !is_letter(*l->p);
	}
	digits = l->p;
	return lit_number(l, 2, out) && l->p - digits == 2 && *out < 60;
}

/* "9:00", "09:00", "9h", "9h30", "24:00", "26:00" (two in the next morning). */
bool lit_time(struct lecteur *l, int *out)
{
	const char *before = l->p;
	int hour, minute;

	if (lit_number(l, 2, &hour) && minutes(l, &minute) && hour * 60 + minute <= 2 * JOUR) {
		*out = hour * 60 + minute;
		return true;
	}
	l->p = before;
	return false;
}
