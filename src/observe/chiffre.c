#include "observe/chiffre.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, PLAIN = 400 };

const char *chiffre_entier(struct arena *a, const struct lang *l, int64_t v)
{
	char text[I18N_TEXT];

	return arena_str(a, number_text(l, v, text));
}

/* The mark between units and tenths, as the language writes it. */
static char point_of(const struct lang *l)
{
	char text[I18N_TEXT];

	return real_text(l, 0.5, text)[1];
}

static const char *write_figure(struct arena *a, const struct lang *l, double v, int digits,
				bool zeros)
{
	char plain[PLAIN], *dot, *end;
	const char *whole;
	bool minus;

	if (!isfinite(v) || fabs(v) >= 1e15)
		return "";
	snprintf(plain, sizeof plain, "%.*f", digits < DIGITS ? digits : DIGITS, v);
	dot = strchr(plain, '.');
	end = plain + strlen(plain);
	while (!zeros && dot && end > dot && (end[-1] == '0' || end[-1] == '.'))
		*--end = '\0';
	minus = *plain == '-' && strspn(plain, "-0.") < strlen(plain);
	whole = chiffre_entier(a, l, strtoll(plain + (*plain == '-'), NULL, 10));
	if (!dot || end <= dot)
		return minus ? arena_cat(a, "-", whole, NULL) : whole;
	*dot = point_of(l);
	return arena_cat(a, minus ? "-" : "", whole, dot, NULL);
}

const char *chiffre(struct arena *a, const struct lang *l, double v, int digits)
{
	return write_figure(a, l, v, digits, false);
}

const char *chiffre_fixe(struct arena *a, const struct lang *l, double v, int digits)
{
	return write_figure(a, l, v, digits, true);
}

const char *chiffre_unite(struct arena *a, const struct lang *l, double v, int digits,
			  const char *unite)
{
	const char *text = chiffre(a, l, v, digits);

	return *text && *unite ? arena_cat(a, text, "\u00a0", unite, NULL) : text;
}
