#include "orient/proposition_regard.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/horaires.h"
#include "format/csv.h"
#include "orient/lieu_clean.h"
#include "orient/lieu_place.h"

enum { SCRATCH_MOST = 64 << 20, FOLDED_MOST = 400, HOURS_LONG = 400, LOOK_ROWS = 30 };

const char *const separateurs[SEPARATEURS] = { "|", ";", "\n", " / ", "," };

/* --- what one value looks like ------------------------------------------------------- */

static bool is_postal(const char *s)
{
	char dep[4];

	if (strspn(s, "0123456789") != strlen(s) || (strlen(s) != 5 && strlen(s) != 4))
		return false;
	place_departement(s, dep);
	return strlen(s) == 4 || *dep;
}

static bool is_insee(const char *s)
{
	return strlen(s) == 5 && (isdigit((unsigned char)s[0]))
	       && (isdigit((unsigned char)s[1]) || s[1] == 'A' || s[1] == 'B')
	       && strspn(s + 2, "0123456789") == 3;
}

/* Ten digits and what stands between them. */
static bool is_phone(struct arena *a, const char *s)
{
	size_t digits = 0;

	for (const char *p = s; *p; p++) {
		if (isdigit((unsigned char)*p))
			digits++;
		else if (!strchr(" .-+()/\t", *p) && (signed char)*p > 0)
			return false;
	}
	return digits >= 9 && digits <= 13 && *telephone_clean(a, s, "").text;
}

static bool is_url(struct arena *a, const char *s)
{
	bool head = strncasecmp(s, "http", 4) == 0 || strncasecmp(s, "www.", 4) == 0;

	return !strchr(s, '@') && (head || (!strchr(s, ' ') && strchr(s, '.')
	       && isalpha((unsigned char)s[strlen(s) - 1]))) && *urls_clean(a, s, true).text;
}

static bool between(double v, double from, double to)
{
	return v >= from && v <= to;
}

/* Degrees with decimals, where France is. */
static bool is_latitude(double v)
{
	return between(v, 41, 51.6) || between(v, -25, -8) || between(v, 2, 6)
		|| between(v, 14, 19);
}

static bool is_longitude(double v)
{
	return between(v, -5.6, 10) || between(v, -64, -51) || between(v, 44, 56.5)
	       || between(v, 158, 173) || between(v, -180, -134);
}

static void look_number(const char *s, bool found[SORTES])
{
	double v;

	if (!degrees_read(s, &v))
		return;
	if (strpbrk(s, ".,")) {
		found[SORTE_LATITUDE] = is_latitude(v);
		found[SORTE_LONGITUDE] = is_longitude(v);
	}
	found[SORTE_X] = between(v, 90000, 1300000);
	found[SORTE_Y] = between(v, 6000000, 7200000);
}

static bool is_date(struct arena *a, const char *s, enum ordre_date ordre)
{
	const char *iso = date_ordonnee(a, s, ordre);
	long year = strtol(iso, NULL, 10);

	return strlen(iso) == 10 && iso[4] == '-' && iso[7] == '-' && year > 1989 && year < 2100
	       && strpbrk(s, "/-. ");
}

static bool is_yes_no(const char *folded)
{
	static const char *const words[] = { "oui", "non", "o", "n", "yes", "no", "y", "true",
		"false", "vrai", "faux", "0", "1", "x", NULL };

	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], folded) == 0)
			return true;
	}
	return false;
}

static bool is_osm(struct arena *a, const char *s)
{
	static const char *const words[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "24/7", NULL };
	struct err e = { 0 };

	for (int i = 0; words[i]; i++) {
		if (strstr(s, words[i]))
			return horaires_read(a, s, &e);
	}
	return false;
}

/* "9h-12h", "de 9:00 à 12:00", "fermé": hours without a day. */
static bool is_day(const char *s, const char *folded)
{
	size_t hours = 0;

	for (const char *p = s; *p; p++) {
		if (isdigit((unsigned char)p[0]) && (p[1] == 'h' || p[1] == 'H'
		    || (p[1] == ':' && isdigit((unsigned char)p[2]))))
			hours++;
	}
	return hours >= 2 || strcmp(folded, "ferme") == 0;
}

/* "8 rue X 33000 Bordeaux": something, a postal code, and a name. */
static bool is_address(const char *s)
{
	for (const char *p = s; *p; p++) {
		if ((p == s || !isdigit((unsigned char)p[-1])) && strspn(p, "0123456789") == 5)
			return p - s > 4 && strlen(p) > 7;
	}
	return false;
}

static void look_value(struct arena *a, const char *s, bool found[SORTES])
{
	char folded[FOLDED_MOST];
	struct err e = { 0 };

	memset(found, 0, SORTES * sizeof *found);
	utf8_fold(s, folded, sizeof folded);
	found[SORTE_POSTAL] = is_postal(s);
	found[SORTE_INSEE] = is_insee(s);
	found[SORTE_PIVOT] = strlen(s) >= 9 && *pivot_clean(a, s, "").text;
	found[SORTE_TELEPHONE] = !found[SORTE_PIVOT] && is_phone(a, s);
	found[SORTE_COURRIEL] = strchr(s, '@') && strchr(s, '.') && strlen(s) < 200;
	found[SORTE_URL] = is_url(a, s);
	look_number(s, found);
	found[SORTE_JMA] = is_date(a, s, DATE_JMA);
	found[SORTE_MJA] = is_date(a, s, DATE_MJA);
	found[SORTE_AMJ] = is_date(a, s, DATE_AMJ);
	found[SORTE_OSM] = is_osm(a, s);
	found[SORTE_JOUR] = is_day(s, folded);
	found[SORTE_HEURES] = strlen(s) < HOURS_LONG && (found[SORTE_JOUR]
		|| strstr(folded, "rendez vous"))
			      && !found[SORTE_OSM] && horaires_from_text(a, s, &e);
	found[SORTE_OUI_NON] = is_yes_no(folded);
	found[SORTE_ADRESSE] = is_address(s);
}

/* --- columns ------------------------------------------------------------------------- */

static void keep_value(struct arena *a, struct colonne_vue *c, const char *s)
{
	if (c->trop)
		return;
	for (size_t i = 0; i < c->nvaleurs; i++) {
		if (strcmp(c->valeurs[i].text, s) == 0) {
			c->valeurs[i].n++;
			return;
		}
	}
	if (c->nvaleurs == REGARD_VALEURS) {
		c->trop = true;
		return;
	}
	c->valeurs[c->nvaleurs++] = (struct valeur_vue){ arena_str(a, s), 1 };
}

/* Hard spaces are spaces; none at the ends. */
static const char *plain(struct arena *a, const char *s)
{
	size_t n = strlen(s), k = 0;
	char *out = arena_alloc(a, n + 1);

	for (size_t i = 0; out && i < n; i++) {
		size_t hard = strncmp(s + i, "\u202f", 3) == 0 ? 2
			      : strncmp(s + i, "\u00a0", 2) == 0 ? 1 : 0;

		out[k++] = hard ? ' ' : s[i];
		i += hard;
	}
	while (out && k && strchr(" \t\n\r", out[k - 1]))
		out[--k] = '\0';
	return out ? out + strspn(out, " \t\n\r") : "";
}

static void look(struct arena *a, struct arena *scratch, struct colonne_vue *c, const char *s)
{
	bool found[SORTES];

	s = plain(scratch, s);
	if (!*s)
		return;
	c->n++;
	c->signes += strlen(s);
	look_value(scratch, s, found);
	for (int i = 0; i < SORTES; i++)
		c->sortes[i] += found[i];
	for (int i = 0; i < SEPARATEURS; i++)
		c->avec[i] += strstr(s, separateurs[i]) != NULL;
	keep_value(a, c, s);
}

static struct colonne_vue *column_of(struct arena *a, struct regard *r, const char *key,
				     const char *nom)
{
	char folded[FOLDED_MOST];
	struct colonne_vue *c;

	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->colonnes[i]->key, key) == 0)
			return r->colonnes[i];
	}
	if (r->n == ROW_COLUMNS || !(c = NEW(a, struct colonne_vue)))
		return NULL;
	c->valeurs = NEW_ARRAY(a, REGARD_VALEURS, struct valeur_vue);
	if (!c->valeurs)
		return NULL;
	utf8_fold(nom, folded, sizeof folded);
	c->key = arena_str(a, key);
	c->nom = arena_str(a, nom);
	c->folded = arena_str(a, folded);
	r->colonnes[r->n++] = c;
	return c;
}

static size_t filled(const struct csv_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++)
		n += *row->cells[i] != '\0';
	return n;
}

/* The line of a CSV file's header when a title stands above it; 0 when it is the first. */
static long csv_entete(const char *path)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct { long line; size_t width; } seen[LOOK_ROWS];
	struct csv_row row;
	struct err e = { 0 };
	size_t n = 1, most;

	if (!csv_open(path, &c, &e))
		return 0;
	seen[0].line = csv_header(c)->line;
	most = seen[0].width = filled(csv_header(c));
	for (; n < LOOK_ROWS && csv_next(c, &row, &e); n++) {
		seen[n].line = row.line;
		seen[n].width = filled(&row);
		most = seen[n].width > most ? seen[n].width : most;
	}
	for (size_t i = 0; i < n; i++) {
		if (10 * seen[i].width >= 6 * most)
			return i ? seen[i].line : 0;
	}
	return 0;
}

static bool open_rows(const struct lieu_rows_ask *asked, struct lieu_rows **out, struct err *e)
{
	struct lieu_rows_ask ask = *asked;

	if (!lieu_rows_open_ask(&ask, out, e) || !lieu_rows_is_csv(*out) || ask.entete)
		return *out != NULL;
	ask.entete = csv_entete(ask.path);
	if (!ask.entete)
		return true;
	lieu_rows_close(out);
	return lieu_rows_open_ask(&ask, out, e);
}

bool regard_read(struct arena *a, const struct lieu_rows_ask *ask, struct regard *out,
		 struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(SCRATCH_MOST);
	CLEANUP(lieu_rows_close) struct lieu_rows *rows = NULL;
	struct lieu_row row;

	*out = (struct regard){ 0 };
	if (!open_rows(ask, &rows, e))
		return false;
	lieu_rows_flatten(rows);
	while (out->lus < REGARD_ROWS && lieu_rows_next(rows, &scratch, &row, e)) {
		out->lus++;
		for (size_t i = 0; i < row.n; i++) {
			struct colonne_vue *c = *row.keys[i]
				? column_of(a, out, row.keys[i], row.names[i]) : NULL;

			if (c)
				look(a, &scratch, c, row.values[i]);
		}
		arena_reset(&scratch);
	}
	if (out->lus < REGARD_ROWS && e->kind != E_OK)
		return false;
	if (a->spent)
		return arena_refuse(a, e);
	out->entete = lieu_rows_entete(rows);
	out->table = lieu_rows_is_table(rows);
	snprintf(out->described, sizeof out->described, "%s", lieu_rows_described(rows));
	utf8_trim_end(out->described);
	return true;
}

double regard_part(const struct colonne_vue *c, enum sorte s)
{
	return c->n ? (double)c->sortes[s] / (double)c->n : 0;
}
