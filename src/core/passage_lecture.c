/* Reading when a place that travels stops, as people and the store write it. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/calendrier.h"
#include "core/passage.h"

enum { DAY_MINUTES = 1440, TEXT_MOST = 20000, RULE_MOST = 400 };

/* --- days and hours ---------------------------------------------------------------------- */

/* A number of at most `digits` digits; -1. */
static int number(const char **s, int digits)
{
	int v = 0, n = 0;

	for (; n < digits && **s >= '0' && **s <= '9'; n++, ++*s)
		v = v * 10 + (**s - '0');
	return n ? v : -1;
}

static const char *skip(const char *s, const char *any)
{
	return s + strspn(s, any);
}

/* "2026-12-08" or "8/12/2026". */
static bool read_day(const char **s, int64_t *out)
{
	int y, m, d;

	if (strspn(*s, "0123456789") == 4) {
		y = number(s, 4);
		if (*(*s)++ != '-')
			return false;
		m = number(s, 2);
		if (*(*s)++ != '-')
			return false;
		d = number(s, 2);
	} else {
		d = number(s, 2);
		if (d < 0 || !strchr("/.-", **s) || !*(*s)++)
			return false;
		m = number(s, 2);
		if (m < 0 || !strchr("/.-", **s) || !*(*s)++)
			return false;
		y = number(s, 4);
	}
	if (y < 1 || m < 1 || d < 1 || !date_is_real(y, m, d))
		return false;
	*out = date_days(y, m, d);
	return true;
}

/* "14h", "14h30", "14:30", "14 h 30" in minutes; -1. */
static int read_hour(const char **s)
{
	int h = number(s, 2), m = 0;

	if (h < 0)
		return -1;
	*s = skip(*s, " ");
	if (**s == 'h' || **s == 'H' || **s == ':') {
		*s = skip(*s + 1, " ");
		m = number(s, 2);
		m = m < 0 ? 0 : m;
	}
	return h > 24 || m > 59 || h * 60 + m > DAY_MINUTES ? -1 : h * 60 + m;
}

static const char *skip_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	return strncmp(s, word, n) ? s : s + n;
}

/* "14:00-17:00", "de 14h à 17h". */
static bool read_hours(const char **s, struct passage_jour *j)
{
	*s = skip(*s, " ,:T");
	*s = skip(skip_word(*s, "de "), " ");
	j->from = read_hour(s);
	*s = skip(*s, " ");
	*s = skip_word(skip_word(skip_word(*s, "-"), "–"), "à");
	*s = skip(*s, " ");
	j->to = read_hour(s);
	return j->from >= 0 && j->to > j->from;
}

static int by_day(const void *x, const void *y)
{
	const struct passage_jour *a = x, *b = y;

	return a->jour != b->jour ? (a->jour > b->jour) - (a->jour < b->jour)
				  : (a->from > b->from) - (a->from < b->from);
}

static bool refuse_day(struct err *e, const char *s, size_t n, bool hours)
{
	fail(e, E_INPUT, "« %.*s » : cette date ne se lit pas.", (int)(n < 60 ? n : 60), s);
	return hint(e, hours ? "Une date par ligne, avec ses heures : 8/12/2026 de 14h à 17h."
			     : "Une date par ligne : 22/12/2026.");
}

bool passage_dates(struct arena *a, const char *text, bool hours, struct passage_jour **out,
		   size_t *n, struct err *e)
{
	*n = 0;
	*out = NULL;
	if (strlen(text) > TEXT_MOST)
		return fail(e, E_INPUT, "Trop de dates : %d au plus.", PASSAGE_DATES);
	if (!(*out = NEW_ARRAY(a, PASSAGE_DATES, struct passage_jour)))
		return arena_refuse(a, e);
	for (const char *s = text; *(s = skip(s, " \t\r\n|;"));) {
		size_t k = strcspn(s, "\n|;"), length = k;
		const char *one, *p;
		struct passage_jour j = { 0 };

		while (length && strchr(" \t\r", s[length - 1]))
			length--;
		p = one = arena_strn(a, s, length);
		if (a->spent)
			return arena_refuse(a, e);
		if (!read_day(&p, &j.jour) || (hours && !read_hours(&p, &j)) || *skip(p, " .,"))
			return refuse_day(e, s, length, hours);
		if (*n == PASSAGE_DATES)
			return fail(e, E_INPUT, "Trop de dates : %d au plus.", PASSAGE_DATES);
		(*out)[(*n)++] = j;
		s += k;
	}
	if (*n)
		qsort(*out, *n, sizeof **out, by_day);
	return true;
}

const char *passage_dates_ecrire(struct arena *a, const struct passage_jour *j, size_t n,
				 bool hours)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++) {
		struct civil c = date_civil(j[i].jour);

		out = arena_printf(a, "%s%s%04d-%02d-%02d", out, i ? "|" : "", c.year, c.month, c.day);
		if (hours)
			out = arena_printf(a, "%s %02d:%02d-%02d:%02d", out, j[i].from / 60,
					   j[i].from % 60, j[i].to / 60, j[i].to % 60);
	}
	return out;
}

/* --- a rule ------------------------------------------------------------------------------ */

struct ranks {
	struct arena *a;
	const char *ranks;              /* "1,3": of the days that come */
	const char *days, *hours;       /* "Tu[2],Th[2]", "14:00-17:00" */
	const char *out;
	int from;                       /* minutes; -1: the next hour begins a range */
};

static int rank_of(const char *w)
{
	static const struct { const char *word; int rank; } words[] = {
		{ "1er", 1 }, { "1ers", 1 }, { "premier", 1 }, { "premiers", 1 }, { "2e", 2 },
		{ "2eme", 2 }, { "2nd", 2 }, { "second", 2 }, { "deuxieme", 2 }, { "3e", 3 },
		{ "3eme", 3 }, { "troisieme", 3 }, { "4e", 4 }, { "4eme", 4 }, { "quatrieme", 4 },
		{ "5e", 5 }, { "5eme", 5 }, { "cinquieme", 5 }, { "dernier", -1 },
		{ "derniers", -1 }, { NULL, 0 },
	};

	for (int i = 0; words[i].word; i++) {
		if (!strcmp(words[i].word, w))
			return words[i].rank;
	}
	return 0;
}

static const char *day_of(const char *w)
{
	static const char *const fr[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
					  "dimanche" };
	static const char *const osm[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

	for (int i = 0; i < 7; i++) {
		size_t n = strlen(fr[i]);

		if (!strncmp(w, fr[i], n) && (!w[n] || !strcmp(w + n, "s")))
			return osm[i];
	}
	return NULL;
}

static bool is_filler(const char *w)
{
	static const char *const words[] = { "le", "les", "tous", "chaque", "du", "de", "des", "mois",
		"et", "a", "au", "par", "jusqu", "entre", NULL };

	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], w))
			return true;
	}
	return false;
}

/* What was gathered becomes one rule. */
static bool end_rule(struct ranks *k)
{
	if (!*k->days && !*k->hours && !*k->ranks)
		return true;
	if (!*k->days || !*k->hours || k->from >= 0)
		return false;
	k->out = arena_cat(k->a, k->out, *k->out ? "; " : "", k->days, " ", k->hours, NULL);
	k->ranks = k->days = k->hours = "";
	return true;
}

static bool take_hour(struct ranks *k, int minute)
{
	if (!*k->days || minute < 0)
		return false;
	if (k->from < 0) {
		k->from = minute;
		return true;
	}
	if (minute <= k->from)
		return false;
	k->hours = arena_printf(k->a, "%s%s%02d:%02d-%02d:%02d", k->hours, *k->hours ? "," : "",
				k->from / 60, k->from % 60, minute / 60, minute % 60);
	k->from = -1;
	return true;
}

static bool take_word(struct ranks *k, const char *w)
{
	const char *day = day_of(w), *p = w;
	int rank = rank_of(w);

	if (rank || day) {
		if (*k->hours && !end_rule(k))
			return false;
		if (rank && *k->days)
			return false;           /* "mardi 2e": not sure what is meant */
		if (rank)
			k->ranks = arena_printf(k->a, "%s%s%d", k->ranks, *k->ranks ? "," : "", rank);
		else
			k->days = arena_cat(k->a, k->days, *k->days ? "," : "", day,
					    *k->ranks ? "[" : "", k->ranks,
					    *k->ranks ? "]" : "", NULL);
		return true;
	}
	if (*w >= '0' && *w <= '9') {
		int minute = strchr(w, 'h') ? read_hour(&p) : -1;

		return !*p && take_hour(k, minute);
	}
	/* "du lundi au vendredi" is another reader's */
	return is_filler(w) && (strcmp(w, "au") || k->from >= 0);
}

/* "le 2e mardi du mois de 14h à 17h", "les 1er et 3e jeudis 9h-12h, dernier samedi 10h-12h";
 * NULL when a word remains that is not understood. */
static const char *ranks_read(struct arena *a, const char *text)
{
	struct ranks k = { .a = a, .ranks = "", .days = "", .hours = "", .out = "", .from = -1 };
	char hours[RULE_MOST], folded[RULE_MOST];

	if (strlen(text) >= RULE_MOST / 2)
		return NULL;
	memcpy(hours, text, strlen(text) + 1);
	for (char *s = hours; *s; s++) {
		/* "14:00" and "14 h 30" as "14h00", "14h30" */
		if (*s == ':')
			*s = 'h';
	}
	utf8_fold(hours, folded, sizeof folded);
	for (char *s = folded, *end; *s; s = end) {
		s += strspn(s, " ");
		end = s + strcspn(s, " ");
		if (strspn(s, "0123456789") == (size_t)(end - s) && !strncmp(end, " h", 2)) {
			memmove(end, end + 1, strlen(end + 1) + 1);
			end = s + strcspn(s, " ");
			if (end[0] == ' ' && strspn(end + 1, "0123456789") == 2
			    && strchr(" ", end[3]))
				memmove(end, end + 1, strlen(end + 1) + 1);
			end = s + strcspn(s, " ");
		}
		if (end == s)
			break;
		if (!take_word(&k, arena_strn(a, s, (size_t)(end - s))))
			return NULL;
	}
	return end_rule(&k) && *k.out ? k.out : NULL;
}

bool passage_regle(struct arena *a, const char *text, const char **osm, struct err *e)
{
	struct err why = { 0 };

	*osm = text;
	/* hours that name no day are those of a place that stays, not of one that passes */
	if (strpbrk(text, "MTWFSPJADON") && horaires_read(a, text, &why))
		return true;
	*osm = ranks_read(a, text);
	if (*osm && horaires_read(a, *osm, &why))
		return true;
	why = (struct err){ 0 };
	*osm = horaires_from_text(a, text, &why);
	if (*osm && **osm && horaires_read(a, *osm, &why))
		return true;
	fail(e, E_INPUT, "« %.100s » : ce rythme ne se lit pas.", text);
	return hint(e, "Écrivez par exemple : 2e mardi du mois de 14h à 17h, ou lundi et jeudi 9h-12h, "
		    "ou Tu[2] 14:00-17:00.");
}

bool passage_ouvrir(struct arena *a, struct passage *p, const struct passage_texte *t)
{
	struct passage_jour *sauf;
	int64_t *days;
	struct err ignored = { 0 };
	struct passage_jour *dates;
	struct civil c;

	p->horaires = t->horaires;
	p->heures = *t->horaires ? horaires_read(a, t->horaires, &ignored) : NULL;
	p->calendrier = calendrier_de(p->code_insee);
	p->debut = iso_read(t->debut, &c) ? date_days(c.year, c.month, c.day) : INT64_MIN;
	p->fin = iso_read(t->fin, &c) ? date_days(c.year, c.month, c.day) : INT64_MAX;
	if (!passage_dates(a, t->dates, true, &dates, &p->njours, &ignored))
		p->njours = 0;
	p->jours = dates;
	if (!passage_dates(a, t->sauf, false, &sauf, &p->nsauf, &ignored))
		p->nsauf = 0;
	days = NEW_ARRAY(a, p->nsauf + 1, int64_t);
	for (size_t i = 0; days && i < p->nsauf; i++)
		days[i] = sauf[i].jour;
	p->sauf = days;
	return !a->spent;
}
