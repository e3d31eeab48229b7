#include "observe/decoupage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "core/repertoire.h"
#include "format/csv.h"
#include "observe/indice.sql.h"
#include "observe/nombre.h"
#include "observe/tri.h"

/* --- filling -------------------------------------------------------------------------------
 * Communes come in any order and name the territories that hold them by code; those are made
 * when they are first named, and get their own name when their own row comes.  At the end
 * every level is sorted, and the links follow. */

struct chantier {                       /* being filled */
	struct arena *a;
	struct decoupage *d;
	size_t room[NIVEAUX], old_room;
	size_t guess;                   /* of how many communes there will be; 0: none */
	const char **entiers;           /* of the arrondissements: code of the commune, by number */
	size_t nentiers, entiers_room;
	uint32_t last[NIVEAUX];         /* what was named last at each level: often again */
};

static struct chantier chantier_new(struct arena *a, size_t guess)
{
	struct chantier c = { .a = a, .d = NEW(a, struct decoupage), .guess = guess };

	for (int k = 0; k < NIVEAUX; k++)
		c.last[k] = DECOUPAGE_RIEN;
	return c;
}

static bool grow(struct arena *a, void **array, size_t *room, size_t n, size_t size,
		 size_t guess, struct err *e)
{
	size_t more = *room ? *room * 2 > guess ? *room * 2 : guess : guess ? 4096 : 256;
	void *p;

	if (n < *room)
		return true;
	p = arena_room(a, more, size);
	if (!p)
		return arena_refuse(a, e);
	if (n)
		memcpy(p, *array, n * size);
	*array = p;
	*room = more;
	return true;
}

/* A new territory of a level, all its links empty; NULL with e filled. */
static struct decoupage_unite *add(struct chantier *c, enum niveau niveau, const char *code,
				   const char *nom, struct err *e)
{
	struct decoupage *d = c->d;
	struct decoupage_unite *u;

	if (!grow(c->a, (void **)&d->unites[niveau], &c->room[niveau], d->n[niveau], sizeof *u,
		  niveau == NIVEAU_COMMUNE ? c->guess : 0, e))
		return NULL;
	u = &d->unites[niveau][d->n[niveau]++];
	*u = (struct decoupage_unite){ .code = code, .nom = nom, .population = NAN };
	for (int k = 0; k < NIVEAUX; k++)
		u->dans[k] = DECOUPAGE_RIEN;
	u->dans[NIVEAU_PAYS] = 0;
	u->dans_ept = DECOUPAGE_RIEN;
	return u;
}

/* --- finding ------------------------------------------------------------------------- */

/* strcmp says the same; codes are short, and calling it is most of what it costs. */
static bool same_code(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* One multiplication for eight bytes: a SIREN is nine. */
static size_t hash(const char *code)
{
	uint64_t v = 0, h = 0;

	for (int n = 0; *code; code++) {
		v = v << 8 | (unsigned char)*code;
		if (++n % 8 == 0) {
			h = (h ^ v) * 0x9e3779b97f4a7c15u;
			v = 0;
		}
	}
	return (size_t)((h ^ v) * 0x9e3779b97f4a7c15u >> 32);
}

/* The place of a code in the table of a level: its own, or the empty one where it goes. */
static uint32_t *slot(const struct decoupage *d, enum niveau niveau, const char *code)
{
	size_t mask = d->room[niveau] - 1;

	for (size_t k = hash(code) & mask;; k = (k + 1) & mask) {
		uint32_t at = d->table[niveau][k];

		if (!at || same_code(d->unites[niveau][at - 1].code, code))
			return &d->table[niveau][k];
	}
}

/* Makes the table of a level anew; room for as many again. */
static bool index_level(struct chantier *c, enum niveau niveau, struct err *e)
{
	struct decoupage *d = c->d;
	size_t room = 64;

	while (room < 4 * d->n[niveau])
		room *= 2;
	d->table[niveau] = NEW_ARRAY(c->a, room, uint32_t);
	if (!d->table[niveau])
		return arena_refuse(c->a, e);
	d->room[niveau] = room;
	for (size_t i = 0; i < d->n[niveau]; i++)
		*slot(d, niveau, d->unites[niveau][i].code) = (uint32_t)i + 1;
	return true;
}

static const char *code_of(const void *p)
{
	return ((const struct decoupage_unite *)p)->code;
}

/* Communes are many, and asked in their order: halves, and no table that fills the cache. */
static uint32_t find_commune(const struct decoupage *d, const char *code)
{
	const struct decoupage_unite *u = d->unites[NIVEAU_COMMUNE];
	size_t n = d->n[NIVEAU_COMMUNE], i = find_first(u, n, sizeof *u, code_of, code);

	return i < n && !strcmp(u[i].code, code) ? (uint32_t)i : DECOUPAGE_RIEN;
}

static uint32_t find_at(const struct decoupage *d, enum niveau niveau, const char *code)
{
	if (!*code)
		return DECOUPAGE_RIEN;
	if (niveau == NIVEAU_COMMUNE)
		return find_commune(d, code);
	return d->room[niveau] ? *slot(d, niveau, code) - 1 : DECOUPAGE_RIEN;
}

/* --- territories that others name ---------------------------------------------------- */

static const char *text_of(struct chantier *c, const char *s)
{
	return s && *s ? arena_str(c->a, s) : "";
}

/* The territory of a level above the communes with this code, made if it is new: its index. */
static bool named(struct chantier *c, enum niveau niveau, const char *code, uint32_t *out,
		  struct err *e)
{
	struct decoupage *d = c->d;
	uint32_t last = c->last[niveau];

	*out = DECOUPAGE_RIEN;
	if (!code || !*code)
		return true;
	if (last != DECOUPAGE_RIEN && same_code(d->unites[niveau][last].code, code)) {
		*out = last;
		return true;
	}
	if (d->n[niveau] * 2 >= d->room[niveau] && !index_level(c, niveau, e))
		return false;
	*out = *slot(d, niveau, code) - 1;
	if (*out == DECOUPAGE_RIEN) {
		if (!add(c, niveau, text_of(c, code), "", e))
			return false;
		*out = (uint32_t)d->n[niveau] - 1;
		*slot(d, niveau, code) = *out + 1;
	}
	c->last[niveau] = *out;
	return true;
}

struct brut {                           /* a row of any source */
	enum niveau niveau;
	bool autre;
	const char *code, *nom, *departement, *region, *epci, *ept, *commune;   /* NULL or "" */
	double population;
};

/* Both texts, one behind the other; the second in *out. */
static const char *two_texts(struct chantier *c, const char *code, const char *nom,
			     const char **out)
{
	size_t n = strlen(code) + 1, more = strlen(nom) + 1;
	char *p = arena_room(c->a, n + more, 1);

	*out = "";
	if (!p)
		return "";
	memcpy(p, code, n);
	*out = memcpy(p + n, nom, more);
	return p;
}

static bool add_commune(struct chantier *c, const struct brut *b, struct err *e)
{
	const char *nom, *code = two_texts(c, b->code, b->nom ? b->nom : "", &nom);
	struct decoupage_unite *u = add(c, NIVEAU_COMMUNE, code, nom, e);
	uint32_t ept;

	if (!u)
		return false;
	u->population = b->population;
	u->autre = b->autre;
	if (b->autre) {         /* lies where its commune does: known at the end */
		if (!grow(c->a, (void **)&c->entiers, &c->entiers_room, c->nentiers,
			  sizeof *c->entiers, 0, e))
			return false;
		u->dans_ept = (uint32_t)c->nentiers;
		c->entiers[c->nentiers++] = text_of(c, b->commune);
		return true;
	}
	if (!named(c, NIVEAU_EPCI, b->epci, &u->dans[NIVEAU_EPCI], e)
	    || !named(c, NIVEAU_DEPARTEMENT, b->departement, &u->dans[NIVEAU_DEPARTEMENT], e)
	    || !named(c, NIVEAU_REGION, b->region, &u->dans[NIVEAU_REGION], e))
		return false;
	if (u->dans[NIVEAU_DEPARTEMENT] != DECOUPAGE_RIEN)
		c->d->unites[NIVEAU_DEPARTEMENT][u->dans[NIVEAU_DEPARTEMENT]].dans[NIVEAU_REGION] =
			u->dans[NIVEAU_REGION];
	if (!b->ept || !*b->ept)
		return true;
	if (!named(c, NIVEAU_EPCI, b->ept, &ept, e))
		return false;
	u->dans_ept = ept;
	c->d->unites[NIVEAU_EPCI][ept].autre = true;
	return true;
}

static bool add_row(struct chantier *c, const struct brut *b, struct err *e)
{
	struct decoupage_unite *u;
	uint32_t at;

	if (b->niveau == NIVEAU_COMMUNE)
		return add_commune(c, b, e);
	if (!named(c, b->niveau, b->code, &at, e) || at == DECOUPAGE_RIEN)
		return e->kind == E_OK;
	u = &c->d->unites[b->niveau][at];
	u->nom = text_of(c, b->nom);
	u->population = b->population;
	u->autre |= b->autre;
	if (b->niveau == NIVEAU_DEPARTEMENT && b->region && *b->region)
		return named(c, NIVEAU_REGION, b->region, &u->dans[NIVEAU_REGION], e);
	return true;
}

/* --- sorting and linking ------------------------------------------------------------- */

static int by_code(const void *a, const void *b)
{
	const struct decoupage_unite *x = a, *y = b;

	return strcmp(x->code, y->code);
}

/* Sorts a level; where[i] is where the i-th went (where may be NULL). */
static bool sort_units(struct arena *a, struct decoupage_unite *u, size_t n, uint32_t *where,
		       struct err *e)
{
	struct decoupage_unite *before = NEW_ROOM(a, n, struct decoupage_unite);
	struct tri *t = NEW_ROOM(a, 2 * n, struct tri);

	if (!before || !t)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		t[i] = (struct tri){ tri_tete(u[i].code), (uint32_t)i };
	tri_ranger(t, t + n, n);
	if (n)
		memcpy(before, u, n * sizeof *before);
	for (size_t i = 0; i < n; i++) {
		struct tri x = t[i];
		size_t k = i;

		/* What follows the eighth byte: a few SIREN that begin alike. */
		for (; k && t[k - 1].cle == x.cle && by_code(&before[t[k - 1].i], &before[x.i]) > 0;
		     k--)
			t[k] = t[k - 1];
		t[k] = x;
	}
	for (size_t i = 0; i < n; i++) {
		u[i] = before[t[i].i];
		if (where)
			where[t[i].i] = (uint32_t)i;
	}
	return true;
}

static bool sort_level(struct chantier *c, enum niveau niveau, uint32_t **where, struct err *e)
{
	size_t n = c->d->n[niveau];

	*where = NEW_ROOM(c->a, n, uint32_t);
	if (!*where)
		return arena_refuse(c->a, e);
	return sort_units(c->a, c->d->unites[niveau], n, *where, e)
		&& index_level(c, niveau, e);
}

static void move_link(uint32_t *link, const uint32_t *where)
{
	if (*link != DECOUPAGE_RIEN)
		*link = where[*link];
}

/* An arrondissement lies where its commune lies. */
static void place_arrondissements(struct chantier *c)
{
	struct decoupage *d = c->d;

	for (size_t i = 0; c->nentiers && i < d->n[NIVEAU_COMMUNE]; i++) {
		struct decoupage_unite *u = &d->unites[NIVEAU_COMMUNE][i], *whole;
		uint32_t of;

		if (!u->autre)
			continue;
		of = find_commune(d, c->entiers[u->dans_ept]);
		u->dans_ept = DECOUPAGE_RIEN;
		u->dans[NIVEAU_COMMUNE] = of;
		if (of == DECOUPAGE_RIEN)
			continue;
		whole = &d->unites[NIVEAU_COMMUNE][of];
		whole->divisee = true;
		for (int k = NIVEAU_EPCI; k < NIVEAUX; k++)
			u->dans[k] = whole->dans[k];
		u->dans_ept = whole->dans_ept;
	}
}

static bool finish(struct chantier *c, struct err *e)
{
	struct decoupage *d = c->d;
	uint32_t *where[NIVEAUX] = { NULL };

	if (!d->n[NIVEAU_COMMUNE]) {
		fail(e, E_MISSING, "aucune commune n’est connue ici.");
		return hint(e, "Importez d’abord les territoires : tremplin territoire import "
			    "--data DIR communes.csv epci.csv departements.csv regions.csv");
	}
	if (!add(c, NIVEAU_PAYS, "FR", "France", e) || !index_level(c, NIVEAU_PAYS, e))
		return false;
	for (int k = NIVEAU_EPCI; k < NIVEAU_PAYS; k++) {
		if (!sort_level(c, (enum niveau)k, &where[k], e))
			return false;
	}
	for (int k = NIVEAU_COMMUNE; k < NIVEAU_REGION; k++) {
		for (size_t i = 0; i < d->n[k]; i++) {
			struct decoupage_unite *u = &d->unites[k][i];

			for (int up = NIVEAU_EPCI; up < NIVEAU_PAYS; up++)
				move_link(&u->dans[up], where[up]);
			if (!u->autre)
				move_link(&u->dans_ept, where[NIVEAU_EPCI]);
		}
	}
	if (!tri_morceaux(c->a, d->unites[NIVEAU_COMMUNE], d->n[NIVEAU_COMMUNE],
			  sizeof(struct decoupage_unite), code_of)
	    && !sort_units(c->a, d->unites[NIVEAU_COMMUNE], d->n[NIVEAU_COMMUNE], NULL, e))
		return false;
	place_arrondissements(c);
	return !c->a->spent || arena_refuse(c->a, e);
}

/* --- from the store ------------------------------------------------------------------ */

static bool add_stored(const struct decoupage_territoires_row *row, void *arg, struct err *e)
{
	static const struct { const char *word; enum niveau niveau; bool autre; } levels[] = {
		{ "commune", NIVEAU_COMMUNE, false }, { "arrondissement", NIVEAU_COMMUNE, true },
		{ "epci", NIVEAU_EPCI, false }, { "ept", NIVEAU_EPCI, true },
		{ "departement", NIVEAU_DEPARTEMENT, false }, { "region", NIVEAU_REGION, false },
	};

	for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
		if (!strcmp(row->niveau, levels[k].word))
			return add_row(arg, &(struct brut){ levels[k].niveau, levels[k].autre,
				row->code, row->nom, row->departement, row->region, row->epci,
				row->ept, row->commune,
				row->population_null ? NAN : (double)row->population }, e);
	}
	return true;
}

static bool add_ancien(const struct decoupage_anciens_row *row, void *arg, struct err *e)
{
	struct chantier *c = arg;
	struct decoupage *d = c->d;
	uint32_t at = find_at(d, NIVEAU_COMMUNE, row->code);

	if (at == DECOUPAGE_RIEN || find_at(d, NIVEAU_COMMUNE, row->ancien_code) != DECOUPAGE_RIEN)
		return true;
	if (!grow(c->a, (void **)&d->anciens, &c->old_room, d->nanciens, sizeof *d->anciens, 0,
		  e))
		return false;
	d->anciens[d->nanciens++] = (struct decoupage_ancien){
		arena_str(c->a, row->ancien_code), at };
	return true;
}

bool decoupage_read(struct db *db, struct arena *a, const struct decoupage **out,
		    struct err *e)
{
	struct chantier c = chantier_new(a, 40000);

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	return decoupage_territoires(db, add_stored, &c, e) && finish(&c, e)
		&& decoupage_anciens(db, add_ancien, &c, e);
}

/* --- from memory --------------------------------------------------------------------- */

bool decoupage_of(const struct repertoire *r, struct arena *a, const struct decoupage **out,
		  struct err *e)
{
	struct chantier c = chantier_new(a, r->ncommunes + 1);

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *k = &r->communes[i];

		if (!add_row(&c, &(struct brut){ NIVEAU_COMMUNE, *k->parent != '\0', k->code,
			k->nom, k->departement, k->region, k->epci, k->ept, k->parent,
			k->population < 0 ? NAN : (double)k->population }, e))
			return false;
	}
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];
		bool ept = !strcmp(t->niveau, "ept");
		int level = ept ? NIVEAU_EPCI : niveau_find(t->niveau);

		if (level < NIVEAU_EPCI || level > NIVEAU_REGION)
			continue;
		if (!add_row(&c, &(struct brut){ .niveau = (enum niveau)level, .autre = ept,
			.code = t->code, .nom = t->nom, .region = t->region,
			.population = t->population < 0 ? NAN : (double)t->population }, e))
			return false;
	}
	return finish(&c, e);
}

/* --- from files ---------------------------------------------------------------------- */

static bool add_file(struct chantier *c, const char *path, struct err *e)
{
	static const char *const names[] = { "code", "nom", "population", "departement", "region",
					     "epci", "ept", "commune" };
	CLEANUP(csv_close) struct csv *csv = NULL;
	int at[8], last = 0;
	struct csv_row row;

	if (!csv_open(path, &csv, e))
		return false;
	for (int k = 0; k < 8; k++) {
		at[k] = csv_column(csv, names[k]);
		last = at[k] > last ? at[k] : last;
	}
	csv_until(csv, last);
	if (at[0] < 0 || at[1] < 0 || at[2] < 0)
		return fail(e, E_INPUT, "%s:1: il faut les colonnes code, nom et population.", path);
	while (csv_next(csv, &row, e)) {
		const char *cell[8];
		struct brut b;

		for (int k = 0; k < 8; k++)
			cell[k] = at[k] < 0 ? "" : row.cells[at[k]];
		b = (struct brut){ NIVEAU_COMMUNE, *cell[7] != '\0', cell[0], cell[1], cell[3],
				   cell[4], cell[5], cell[6], cell[7], NAN };
		if (!nombre_lire(cell[2], &b.population))
			b.population = NAN;
		if (c->d->n[NIVEAU_COMMUNE] == c->room[NIVEAU_COMMUNE])
			c->guess = 1 + (size_t)(1.3 * (double)c->d->n[NIVEAU_COMMUNE]
						/ (csv_progress(csv) + 0.001));
		if (!add_row(c, &b, e))
			return false;
	}
	return e->kind == E_OK;
}

bool decoupage_csv(const char *communes, const char *arrondissements, struct arena *a,
		   const struct decoupage **out, struct err *e)
{
	struct chantier c = chantier_new(a, 1);

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	e->kind = E_OK;
	return add_file(&c, communes, e) && (!arrondissements || add_file(&c, arrondissements, e))
		&& finish(&c, e);
}

/* --- searching ----------------------------------------------------------------------- */

static const char *old_code(const void *p)
{
	return ((const struct decoupage_ancien *)p)->code;
}

uint32_t decoupage_find(const struct decoupage *d, enum niveau niveau, const char *code)
{
	uint32_t at = find_at(d, niveau, code);
	size_t i;

	if (at != DECOUPAGE_RIEN || niveau != NIVEAU_COMMUNE || !d->nanciens)
		return at;
	i = find_first(d->anciens, d->nanciens, sizeof *d->anciens, old_code, code);
	return i < d->nanciens && !strcmp(d->anciens[i].code, code) ? d->anciens[i].commune
		: DECOUPAGE_RIEN;
}

uint32_t decoupage_find_next(const struct decoupage *d, const char *code, uint32_t *last)
{
	const struct decoupage_unite *u = d->unites[NIVEAU_COMMUNE];
	uint32_t from = *last;

	/* Itself again (the IRIS of one commune), or one of the next few. */
	for (uint32_t k = from; k < from + 4 && k < d->n[NIVEAU_COMMUNE]; k++) {
		if (!strcmp(u[k].code, code))
			return *last = k;
	}
	from = decoupage_find(d, NIVEAU_COMMUNE, code);
	if (from != DECOUPAGE_RIEN)
		*last = from;
	return from;
}
