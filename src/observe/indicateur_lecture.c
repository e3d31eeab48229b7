#include "observe/indicateur_lecture.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "core/indicateur.h"

enum { HEADER_WITHIN = 12, FORMULES_MOST = 600, NAME = 200 };

/* --- values -------------------------------------------------------------------------------- */

static bool mark_of(const char *s, uint8_t *statut)
{
	static const struct { const char *mark; uint8_t statut; } marks[] = {
		{ "", STATUT_NON_DISPONIBLE }, { "s", STATUT_SECRET }, { "c", STATUT_SECRET },
		{ "secret", STATUT_SECRET }, { "ns", STATUT_NON_SIGNIFICATIF },
		{ "n.s.", STATUT_NON_SIGNIFICATIF }, { "nd", STATUT_NON_DISPONIBLE },
		{ "n.d.", STATUT_NON_DISPONIBLE }, { "na", STATUT_NON_DISPONIBLE },
		{ "n/a", STATUT_NON_DISPONIBLE }, { "nan", STATUT_NON_DISPONIBLE },
		{ "null", STATUT_NON_DISPONIBLE }, { "...", STATUT_NON_DISPONIBLE },
		{ "so", STATUT_SANS_OBJET }, { "s.o.", STATUT_SANS_OBJET },
		{ "///", STATUT_SANS_OBJET },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!strcasecmp(s, marks[i].mark)) {
			*statut = marks[i].statut;
			return true;
		}
	}
	return false;
}

/* A space that may stand between thousands: its bytes, 0 when there is none. */
static size_t gap(const char *s)
{
	if (*s == ' ')
		return 1;
	if (!strncmp(s, "\xc2\xa0", 2))                 /* no-break */
		return 2;
	return strncmp(s, "\xe2\x80\xaf", 3) ? 0 : 3;   /* narrow no-break */
}

/* Digits with a sign, a comma or point, an exponent: as strtod reads them, nothing else. */
static bool plain_number(const char *s, char *to, size_t room)
{
	size_t n = 0;
	bool mark = false, digit = false;

	for (; *s && n + 1 < room; s++) {
		size_t space = gap(s);

		if (space && digit && !mark && isdigit((unsigned char)s[space])) {
			s += space - 1;
			continue;
		}
		if (*s == ',' || *s == '.') {
			if (mark)
				return false;
			mark = true;
			to[n++] = '.';
		} else if (isdigit((unsigned char)*s)) {
			digit = true;
			to[n++] = *s;
		} else if ((*s == '-' || *s == '+') && (!n || to[n - 1] == 'e')) {
			to[n++] = *s;
		} else if ((*s == 'e' || *s == 'E') && digit && !memchr(to, 'e', n)) {
			mark = true;
			to[n++] = 'e';
		} else {
			break;
		}
	}
	to[n] = '\0';
	s += gap(s);
	s += *s == '%';
	return digit && !*s && to[n - 1] != 'e';
}

bool valeur_lire(const char *text, double *valeur, uint8_t *statut)
{
	char plain[64], *end;

	*valeur = NAN;
	if (!isdigit((unsigned char)*text) && mark_of(text, statut))
		return true;
	if (!plain_number(text, plain, sizeof plain))
		return false;
	*valeur = strtod(plain, &end);
	*statut = STATUT_VALEUR;
	return !*end && isfinite(*valeur);
}

int annee_lire(const char *text)
{
	for (size_t n = 0; *text; text += n ? n : 1) {
		long year;

		n = strspn(text, "0123456789");
		if (n != 4)
			continue;
		year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10
		       + text[3] - '0';
		if (year >= 1900 && year <= 2100)
			return (int)year;
	}
	return 0;
}

/* --- tables -------------------------------------------------------------------------------- */

static int find_name(const char *const *names, size_t n, const char *wanted)
{
	char folded[NAME], have[NAME];

	utf8_fold(wanted, folded, sizeof folded);
	for (size_t i = 0; i < n; i++) {
		utf8_fold(names[i], have, sizeof have);
		if (!strcmp(have, folded))
			return (int)i;
	}
	return -1;
}

static bool knows_one(const char *const *names, size_t n, const char *const *known)
{
	for (; *known; known++) {
		if (find_name(names, n, *known) >= 0)
			return true;
	}
	return false;
}

static bool keep_names(struct tableau *t, struct arena *a, const char *const *cells, size_t n,
		       struct err *e)
{
	const char **names = NEW_ARRAY(a, n, const char *);

	if (!names)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		names[i] = arena_str(a, cells[i]);
	t->names = names;
	t->n = n;
	return !a->spent || arena_refuse(a, e);
}

bool tableau_open(const char *path, const char *const *known, struct arena *a,
		  struct tableau *out, struct err *e)
{
	const struct csv_row *h;
	struct csv_row row;

	*out = (struct tableau){ 0 };
	if (!csv_open(path, &out->csv, e))
		return false;
	h = csv_header(out->csv);
	if (!keep_names(out, a, h->cells, h->n, e))
		return false;
	if (knows_one(h->cells, h->n, known))
		return true;
	for (int i = 0; i < HEADER_WITHIN && csv_next(out->csv, &row, e); i++) {
		if (knows_one(row.cells, row.n, known))
			return keep_names(out, a, row.cells, row.n, e);
	}
	if (e->kind != E_OK)
		return false;
	/* the first row after all: begins again */
	csv_close(&out->csv);
	return csv_open(path, &out->csv, e);
}

void tableau_close(struct tableau *t)
{
	csv_close(&t->csv);
}

int tableau_column(const struct tableau *t, const char *name)
{
	return find_name(t->names, t->n, name);
}

int tableau_column_of(const struct tableau *t, const char *const *names)
{
	for (; *names; names++) {
		int i = tableau_column(t, *names);

		if (i >= 0)
			return i;
	}
	return -1;
}

/* --- columns and their vintage ------------------------------------------------------------- */

static int year_of(const char *two)
{
	int y = (two[0] - '0') * 10 + two[1] - '0';

	return y >= 60 ? 1900 + y : 2000 + y;
}

static bool two_digits(const char *s)
{
	return isdigit((unsigned char)s[0]) && isdigit((unsigned char)s[1]);
}

int colonne_millesime(const char *name, char key[64])
{
	size_t n = strnlen(name, 63);

	snprintf(key, 64, "%s", name);
	for (char *p = key; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (n > 4 && (key[0] == 'P' || key[0] == 'C') && two_digits(key + 1) && key[3] == '_') {
		int year = year_of(key + 1);

		memmove(key + 1, key + 3, n - 2);
		return year;
	}
	/* TP6021, MED21, D921: two figures at the end, a letter before somewhere */
	if (n > 3 && two_digits(key + n - 2) && isalpha((unsigned char)key[0])
	    && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == n) {
		int year = year_of(key + n - 2);

		if (year >= 2000 && year <= 2059) {
			key[n - 2] = '\0';
			return year;
		}
	}
	return 0;
}

static void note_year(struct entetes *h, int year)
{
	size_t i = 0;

	while (i < h->nmillesimes && h->millesimes[i] > year)
		i++;
	if ((i < h->nmillesimes && h->millesimes[i] == year) || h->nmillesimes == MILLESIMES)
		return;
	memmove(h->millesimes + i + 1, h->millesimes + i, (h->nmillesimes - i) * sizeof(int));
	h->millesimes[i] = year;
	h->nmillesimes++;
}

bool entetes_of(const struct tableau *t, bool vintages, struct arena *a, struct entetes *out,
		struct err *e)
{
	*out = (struct entetes){ .a = a, .keys = NEW_ARRAY(a, t->n, const char *),
				 .annees = NEW_ARRAY(a, t->n, int), .n = t->n };
	if (!out->keys || !out->annees)
		return arena_refuse(a, e);
	for (size_t i = 0; i < t->n; i++) {
		char key[NAME];

		if (vintages)
			out->annees[i] = colonne_millesime(t->names[i], key);
		else
			utf8_fold(t->names[i], key, sizeof key);
		out->keys[i] = arena_str(a, key);
		if (out->annees[i])
			note_year(out, out->annees[i]);
	}
	return !a->spent || arena_refuse(a, e);
}

/* --- formulas ------------------------------------------------------------------------------ */

bool formules_read(struct arena *a, const struct formule **out, size_t *n, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/indicateur_formules.csv");
	struct formule *list = NEW_ARRAY(a, FORMULES_MOST, struct formule);
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row r;

	*n = 0;
	*out = list;
	if (!list)
		return arena_refuse(a, e);
	if (!f)
		return fail(e, E_MISSING, "Les formules des indicateurs manquent.");
	if (!csv_open_text(f->name, f->p, (size_t)(f->end - f->p), &c, e))
		return false;
	while (*n < FORMULES_MOST && csv_next(c, &r, e)) {
		list[(*n)++] = (struct formule){
			arena_str(a, r.cells[0]), arena_str(a, r.cells[1]),
			arena_str(a, r.cells[2]), arena_str(a, r.cells[3]),
			*r.cells[4] ? strtod(r.cells[4], NULL) : 1,
		};
	}
	return e->kind == E_OK && (!a->spent || arena_refuse(a, e));
}

static int find_key(const struct entetes *h, const char *key, int annee)
{
	for (size_t i = 0; i < h->n; i++) {
		if (h->annees[i] == annee && !strcmp(h->keys[i], key))
			return (int)i;
	}
	return -1;
}

bool somme_bind(const struct entetes *h, const char *expr, int annee, struct somme *out,
		char missing[64])
{
	int8_t sign = 1;

	out->n = 0;
	while (*expr) {
		size_t k = strcspn(expr, "+-");
		char name[64], folded[64];
		int column;

		snprintf(name, sizeof name, "%.*s", (int)(k < 63 ? k : 63), expr);
		if (annee)
			snprintf(folded, sizeof folded, "%s", name);
		else
			utf8_fold(name, folded, sizeof folded);
		column = find_key(h, folded, annee);
		if (column < 0 || out->n == TERMES) {
			snprintf(missing, 64, "%s", name);
			return false;
		}
		out->column[out->n] = column;
		out->sign[out->n++] = sign;
		sign = expr[k] == '-' ? -1 : 1;
		expr += k + (expr[k] != '\0');
	}
	return out->n > 0;
}

bool somme_read(const struct somme *s, const struct csv_row *row, double *out,
		uint8_t *statut, int *faulty)
{
	static const uint8_t rank[STATUTS] = { 0, 4, 3, 2, 1 };

	*out = 0;
	*statut = STATUT_VALEUR;
	for (size_t i = 0; i < s->n; i++) {
		uint8_t here;
		double v;

		if (!valeur_lire(cellule(row, s->column[i]), &v, &here)) {
			*faulty = s->column[i];
			return false;
		}
		if (rank[here] > rank[*statut])
			*statut = here;
		if (here == STATUT_VALEUR)
			*out += s->sign[i] * v;
	}
	return true;
}
