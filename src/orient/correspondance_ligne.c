/* One row through a mapping. */
#include "orient/correspondance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/horaires.h"
#include "core/projection.h"
#include "core/repertoire.h"
#include "orient/lieu_clean.h"

enum { FOLDED_MOST = 400, NUMBER = 40, SHORT_NAME = 5 };

struct ligne {
	const struct correspondance *c;
	struct lieu_mapping *m;
	const struct lieu_row *row;
};

static const char *bloc_value(struct ligne *l, const struct bloc *b);

/* --- values ------------------------------------------------------------------------- */

/* Without the spaces and quotes that a badly cut list leaves around a value; hard spaces are
 * spaces. */
static const char *bare(struct arena *a, const char *s, size_t n)
{
	char *out;
	size_t k = 0;

	while (n && strchr(" \t\r\n\"", *s))
		s++, n--;
	while (n && strchr(" \t\r\n\"", s[n - 1]))
		n--;
	out = arena_alloc(a, n + 1);
	for (size_t i = 0; out && i < n; i++) {
		size_t hard = n - i > 2 && memcmp(s + i, "\u202f", 3) == 0 ? 2
			      : n - i > 1 && memcmp(s + i, "\u00a0", 2) == 0 ? 1 : 0;

		out[k++] = hard ? ' ' : s[i];
		i += hard;
	}
	return out ? out : "";
}

static bool says_yes(const char *s)
{
	static const char *const yes[] = { "oui", "o", "yes", "y", "true", "vrai", "1", "x", NULL };
	char folded[FOLDED_MOST];

	utf8_fold(s, folded, sizeof folded);
	for (int i = 0; yes[i]; i++) {
		if (strcmp(folded, yes[i]) == 0)
			return true;
	}
	return false;
}

static bool holds_rule(const struct regle *g, const char *value)
{
	char folded[4 * FOLDED_MOST];

	if (g->kind == REGLE_OUI)
		return says_yes(value);
	utf8_fold(value, folded, sizeof folded);
	return g->kind == REGLE_VAUT ? strcmp(folded, g->texte) == 0
	       : strstr(folded, g->texte) != NULL;
}

static const char *rule_value(struct ligne *l, const struct regle *g)
{
	const char *value;

	if (g->kind == REGLE_VALEUR)
		return bloc_value(l, g->bloc);
	if (g->kind == REGLE_SINON)
		return g->valeur;
	value = lieu_row_get(l->row, g->colonne);
	if (g->kind == REGLE_COLONNE)
		return bare(l->m->a, value, strlen(value));
	return *value && holds_rule(g, value) ? g->valeur : "";
}

static bool has_value(const char *list, const char *value, size_t n)
{
	for (const char *s = list; *s;) {
		size_t k = strcspn(s, "|");

		if (k == n && strncmp(s, value, n) == 0)
			return true;
		s += k + (s[k] == '|');
	}
	return false;
}

/* Adds each value of a list joined by '|', once. */
static const char *with_values(struct arena *a, const char *list, const char *more)
{
	for (const char *s = more; *s;) {
		size_t n = strcspn(s, "|");

		if (n && !has_value(list, s, n))
			list = arena_printf(a, "%s%s%.*s", list, *list ? "|" : "", (int)n, s);
		s += n + (s[n] == '|');
	}
	return list;
}

static const char *from_table(struct ligne *l, const struct bloc *b, const char *value)
{
	const char *other = NULL;
	char folded[FOLDED_MOST];

	if (!b->table || !*value)
		return value;
	utf8_fold(value, folded, sizeof folded);
	for (const struct terme *t = b->table->termes; t; t = t->next) {
		if (strcmp(t->key, folded) == 0)
			return t->valeur;
		if (strcmp(t->key, "*") == 0)
			other = t->valeur;
	}
	if (!other)
		lieu_note(l->m->notes, l->m->line, b->nom, value, NOTE_RETIRE,
			  "cette valeur n'est pas dans la table « %s »", b->table->nom);
	return other ? other : "";
}

/* How many bytes before the next separator, and how many it takes. */
static size_t to_cut(const struct bloc *b, const char *s, size_t *skip)
{
	size_t best = strlen(s);

	*skip = 0;
	for (int i = 0; i < b->ncouper; i++) {
		const char *at = strstr(s, b->couper[i]);

		if (at && (size_t)(at - s) < best) {
			best = (size_t)(at - s);
			*skip = strlen(b->couper[i]);
		}
	}
	return best;
}

/* One of the pieces of a value; "" when it has fewer. */
static const char *piece_of(struct arena *a, const struct bloc *b, const char *s)
{
	size_t skip = strlen(b->entre);
	int n = 1, want = b->morceau;

	for (const char *p = s; (p = strstr(p, b->entre)); p += skip)
		n++;
	want = want < 0 ? n + want + 1 : want;
	if (want < 1 || want > n)
		return "";
	while (--want)
		s = strstr(s, b->entre) + skip;
	return bare(a, s, strstr(s, b->entre) ? (size_t)(strstr(s, b->entre) - s) : strlen(s));
}

/* Cut, looked up, put together again. */
static const char *translated(struct ligne *l, const struct bloc *b, const char *text)
{
	const char *out = "";

	if (!b->ncouper)
		return from_table(l, b, text);
	while (*text) {
		size_t skip, n = to_cut(b, text, &skip);
		const char *one = from_table(l, b, bare(l->m->a, text, n));

		out = with_values(l->m->a, out, one);
		text += n + skip;
	}
	return out;
}

static const char *bloc_value(struct ligne *l, const struct bloc *b)
{
	bool liste = b->liste || b->ncouper;
	const char *out = "";

	for (const struct regle *g = b->regles; g; g = g->next) {
		bool raw = g->kind == REGLE_COLONNE || g->kind == REGLE_VALEUR;
		const char *v = g->kind == REGLE_SINON && *out ? "" : rule_value(l, g);

		if (raw && *v && b->morceau)
			v = piece_of(l->m->a, b, v);
		if (raw && *v)
			v = translated(l, b, v);
		if (!*v)
			continue;
		if (liste)
			out = with_values(l->m->a, out, v);
		else if (b->joindre)
			out = *out ? arena_cat(l->m->a, out, b->joindre, v, NULL) : v;
		else if (!*out)
			out = v;
	}
	return b->date ? date_ordonnee(l->m->a, out, b->date) : out;
}

/* --- dates -------------------------------------------------------------------------- */

static int month_named(const char *s, size_t n)
{
	static const char *const months[12] = { "janv", "fevr", "mars", "avri", "mai", "juin",
		"juil", "aout", "sept", "octo", "nove", "dece" };

	for (int i = 0; i < 12; i++) {
		size_t k = strlen(months[i]);

		if (n >= 3 && strncmp(months[i], s, n < k ? n : k) == 0)
			return i + 1;
	}
	return 0;
}

/* Three numbers, the month perhaps a word; what follows is the hour. */
static int three_parts(const char *folded, int parts[3], int *named)
{
	int n = 0;

	*named = -1;
	for (const char *s = folded; *s && n < 3;) {
		size_t k = strcspn(s, " ");
		size_t digits = strspn(s, "0123456789");
		int month = month_named(s, k);

		if (month) {
			*named = n;
			parts[n++] = month;
		} else if (digits == k && k <= 4) {
			parts[n++] = (int)strtol(s, NULL, 10);
		} else if (n == 2 && digits && digits <= 4 && s[digits] == 't') {
			parts[n++] = (int)strtol(s, NULL, 10);
		} else if (strncmp(s, "1er ", 4) == 0) {
			parts[n++] = 1;
		} else if (n) {
			return n;
		}
		s += k + (s[k] == ' ');
	}
	return n;
}

const char *date_ordonnee(struct arena *a, const char *text, enum ordre_date ordre)
{
	static const int places[4][3] = { { 0 }, { 2, 1, 0 }, { 2, 0, 1 }, { 0, 1, 2 } };
	int parts[3] = { 0 }, named, y, m, d;
	char folded[FOLDED_MOST];

	if (!*text || ordre == DATE_AUCUN)
		return text;
	utf8_fold(text, folded, sizeof folded);
	if (strspn(text, "0123456789") == 8 && (!text[8] || text[8] == ' ')) {
		int first = ordre == DATE_AMJ ? 4 : 2;

		snprintf(folded, sizeof folded, "%.*s %.2s %.*s", first, text, text + first,
			 ordre == DATE_AMJ ? 2 : 4, text + first + 2);
	}
	if (three_parts(folded, parts, &named) < 3)
		return text;
	if (named == 1 && ordre == DATE_MJA)
		ordre = DATE_JMA;
	y = parts[places[ordre][0]];
	m = parts[places[ordre][1]];
	d = parts[places[ordre][2]];
	if (y < 100)
		y += 2000;
	if (m < 1 || m > 12 || d < 1 || d > 31 || y > 9999)
		return text;
	return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

/* --- what is more than one value ---------------------------------------------------- */

/* Where "33000 Bordeaux" begins in a line of address; NULL. */
static const char *postal_in(const char *s)
{
	const char *found = NULL;

	for (const char *p = s; *p; p++) {
		bool begins = p == s || strchr(" ,-\n\t", p[-1]);

		if (begins && strspn(p, "0123456789") == 5 && (!p[5] || strchr(" ,-\n\t", p[5])))
			found = p;
	}
	return found;
}

static void split_address(struct ligne *l, struct lieu_draft *d)
{
	const char *s = lieu_row_get(l->row, l->c->adresse), *postal = postal_in(s), *town;
	size_t n = postal ? (size_t)(postal - s) : strlen(s);
	struct arena *a = l->m->a;

	while (n && strchr(" ,-\n\t", s[n - 1]))
		n--;
	if (!*d->v[LIEU_ADRESSE])
		d->v[LIEU_ADRESSE] = arena_strn(a, s, n);
	if (!postal)
		return;
	if (!*d->v[LIEU_CODE_POSTAL])
		d->v[LIEU_CODE_POSTAL] = arena_strn(a, postal, 5);
	town = postal + 5 + strspn(postal + 5, " ,-\n\t");
	n = strcspn(town, ",\n(");
	if (!*d->v[LIEU_COMMUNE])
		d->v[LIEU_COMMUNE] = bare(a, town, n);
}

/* "castanet" of "castanet tolosan", "chambon" of "le chambon feugerolles": what people say of
 * a name of several words; "" when that says too little ("saint", "pont", "ville"). */
static const char *short_name(struct arena *a, const char *cle)
{
	static const char *const articles[] = { "le ", "la ", "les ", "l ", NULL };
	static const char *const common[] = { "saint", "sainte", "grand", "grande", "vieux",
		"vieille", "notre", "haute", "basse", "ville", "villers", "villiers", "fontaine",
		"chateau", "maison", "centre", "gironde", "bresse", "belle", "beau", "montagne", "vallee", "bourg", NULL };
	size_t n;

	for (int i = 0; articles[i]; i++) {
		if (strncmp(cle, articles[i], strlen(articles[i])) == 0)
			cle += strlen(articles[i]);
	}
	n = strcspn(cle, " ");
	for (int i = 0; common[i]; i++) {
		if (strlen(common[i]) == n && strncmp(common[i], cle, n) == 0)
			return "";
	}
	return n >= SHORT_NAME ? arena_strn(a, cle, n) : "";
}

/* The texts where a commune may be named, " st " read as " saint ". */
static const char *named_in(struct ligne *l)
{
	static const char *const shorts[][2] = { { " st ", " saint " }, { " ste ", " sainte " } };
	struct arena *a = l->m->a;
	char folded[4 * FOLDED_MOST];
	const char *text = "";

	for (int i = 0; i < l->c->ncommunes; i++)
		text = arena_cat(a, text, " ", lieu_row_get(l->row, l->c->communes[i]), NULL);
	utf8_fold(text, folded, sizeof folded);
	text = arena_cat(a, " ", folded, " ", NULL);
	for (size_t i = 0; i < 2; i++) {
		const char *at;

		while ((at = strstr(text, shorts[i][0])))
			text = arena_cat(a, arena_strn(a, text, (size_t)(at - text)), shorts[i][1],
					 at + strlen(shorts[i][0]), NULL);
	}
	return text;
}

/* The commune of the postal code that a column names, the longest name of several:
 * "Mairie de Sainte-Foy-la-Grande" is not in Sainte-Foy.  Without a whole name, the only
 * one whose first word is there: "MDS de Castanet", 31320. */
static const char *commune_named(struct ligne *l, const char *postal, bool *whole)
{
	const struct repertoire *r = l->m->r;
	const char *text = named_in(l), *found = NULL, *partly = NULL;
	size_t best = 0, nparts = 0;

	for (size_t i = repertoire_first_postal(r, postal);
	     i < r->npostaux && strcmp(r->postaux[i].code, postal) == 0; i++) {
		const struct commune *k = &r->communes[r->postaux[i].commune];
		const char *first = short_name(l->m->a, k->cle);
		size_t n = strlen(k->cle);

		if (n > best && strstr(text, arena_cat(l->m->a, " ", k->cle, " ", NULL))) {
			best = n;
			found = k->nom;
		}
		if (*first && strstr(text, arena_cat(l->m->a, " ", first, " ", NULL))) {
			partly = k->nom;
			nparts++;
		}
	}
	*whole = found != NULL;
	return found ? found : nparts == 1 ? partly : NULL;
}

static void find_commune(struct ligne *l, struct lieu_draft *d)
{
	const char *postal = d->v[LIEU_CODE_POSTAL], *found;
	bool whole;

	if (*d->v[LIEU_COMMUNE] || !*postal || !l->m->r)
		return;
	if (strlen(postal) == 4)
		postal = arena_cat(l->m->a, "0", postal, NULL);
	found = commune_named(l, postal, &whole);
	if (!found)
		return;
	d->v[LIEU_COMMUNE] = arena_str(l->m->a, found);
	lieu_note(l->m->notes, l->m->line, "commune", "", NOTE_COMPLETE, whole
		  ? "%s : de ce code postal, et nommée dans la ligne"
		  : "%s : la seule de ce code postal dont la ligne dise le début du nom", found);
}

static void project(struct ligne *l, struct lieu_draft *d)
{
	const char *x = lieu_row_get(l->row, l->c->x), *y = lieu_row_get(l->row, l->c->y);
	double east, north, lat, lon;
	char number[NUMBER];
	enum projection p;

	if (!*x && !*y)
		return;
	if (!projection_of_epsg(l->c->epsg, &p) || !degrees_read(x, &east)
	    || !degrees_read(y, &north) || !projection_inverse(p, east, north, &lat, &lon)) {
		lieu_note(l->m->notes, l->m->line, "latitude",
			  arena_printf(l->m->a, "%s, %s", x, y), NOTE_RETIRE,
			  "hors du plan de la projection EPSG %ld", l->c->epsg);
		return;
	}
	snprintf(number, sizeof number, "%.7f", lat);
	d->v[LIEU_LATITUDE] = arena_str(l->m->a, number);
	snprintf(number, sizeof number, "%.7f", lon);
	d->v[LIEU_LONGITUDE] = arena_str(l->m->a, number);
}

/* Hours in one French text; what is not understood is shown as it is. */
static void read_hours(struct ligne *l, struct lieu_draft *d)
{
	const char *text = lieu_row_get(l->row, l->c->horaires), *osm;
	struct err e = { 0 };

	if (!*text)
		return;
	osm = horaires_from_text(l->m->a, text, &e);
	if (osm && *osm)
		lieu_note(l->m->notes, l->m->line, "horaires", text, NOTE_TRADUIT,
			  "heures au format OpenStreetMap : %s", osm);
	d->v[LIEU_HORAIRES] = osm && *osm ? osm : text;
}

void correspondance_map(const struct correspondance *c, struct lieu_mapping *m,
			const struct lieu_row *row, struct lieu_draft *d)
{
	struct ligne l = { c, m, row };

	if (c->format) {
		c->format->map(m, row, d);
		return;
	}
	for (const struct bloc *b = c->blocs; b; b = b->next) {
		if (b->champ >= LIEU_FIELDS)
			d->local[b->champ - LIEU_FIELDS] = bloc_value(&l, b);
		else if (b->champ >= 0)
			d->v[b->champ] = bloc_value(&l, b);
	}
	if (c->adresse)
		split_address(&l, d);
	if (c->ncommunes)
		find_commune(&l, d);
	if (c->epsg)
		project(&l, d);
	if (c->horaires)
		read_hours(&l, d);
	d->par_jour = c->par_jour;
	for (int i = 0; i < JOURS && c->par_jour; i++)
		d->jours[i] = c->jours[i] ? lieu_row_get(row, c->jours[i]) : "";
}
