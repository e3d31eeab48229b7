#include "observe/decoupage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "core/repertoire.h"
#include "format/csv.h"
#include "observe/indice.sql.h"
#include "observe/nombre.h"

/* --- filling ---------------------------------------------------------------------- */

struct chantier {                       /* being filled */
	struct arena *a;
	struct decoupage *d;
	size_t room[NIVEAUX], old_room;
	size_t guess;                   /* of how many communes there will be; 0: none */
};

static bool grow(struct arena *a, void **array, size_t *room, size_t n, size_t size,
		 size_t guess, struct err *e)
{
	size_t more = *room ? *room * 2 > guess ? *room * 2 : guess : guess ? 4096 : 256;
	void *p;

	if (n < *room)
		return true;
	p = arena_array(a, more, size);
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
	*u = (struct decoupage_unite){ .code = code, .nom = nom, .population = NAN,
		.departement = "", .region = "", .epci = "", .ept = "", .commune = "",
		.dans_ept = DECOUPAGE_RIEN };
	for (int k = 0; k < NIVEAUX; k++)
		u->dans[k] = DECOUPAGE_RIEN;
	return u;
}

/* --- finding ----------------------------------------------------------------------------- */

static uint32_t hash(const char *code)
{
	uint32_t h = 2166136261u;

	for (; *code; code++)
		h = (h ^ (unsigned char)*code) * 16777619u;
	return h ^ h >> 15;
}

/* The place of a code in the table of a level: its own, or the empty one where it goes. */
static uint32_t *slot(const struct decoupage *d, enum niveau niveau, const char *code)
{
	size_t mask = d->room[niveau] - 1;

	for (size_t k = hash(code) & mask;; k = (k + 1) & mask) {
		uint32_t at = d->table[niveau][k];

		if (!at || !strcmp(d->unites[niveau][at - 1].code, code))
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

/* The level has this code, if only by that. */
static bool add_missing(struct chantier *c, enum niveau niveau, const char *code,
			const char *region, bool autre, struct err *e)
{
	struct decoupage_unite *x;

	if (!*code || find_at(c->d, niveau, code) != DECOUPAGE_RIEN)
		return true;
	x = add(c, niveau, code, "", e);
	if (!x)
		return false;
	x->autre = autre;
	x->region = region;
	if (c->d->n[niveau] * 2 > c->d->room[niveau])
		return index_level(c, niveau, e);
	*slot(c->d, niveau, code) = (uint32_t)c->d->n[niveau];
	return true;
}

/* Whatever communes name exists. */
static bool add_all_missing(struct chantier *c, struct err *e)
{
	struct decoupage *d = c->d;

	for (size_t i = 0; i < d->n[NIVEAU_COMMUNE]; i++) {
		const struct decoupage_unite *u = &d->unites[NIVEAU_COMMUNE][i];

		if (!add_missing(c, NIVEAU_EPCI, u->epci, "", false, e)
		    || !add_missing(c, NIVEAU_EPCI, u->ept, "", true, e))
			return false;
		/* The same text as the row before, and its neighbours', was seen there. */
		if (i && u->departement == u[-1].departement && u->region == u[-1].region)
			continue;
		if (!add_missing(c, NIVEAU_DEPARTEMENT, u->departement, u->region, false, e)
		    || !add_missing(c, NIVEAU_REGION, u->region, "", false, e))
			return false;
	}
	return true;
}

/* --- sorting and linking ------------------------------------------------------------------ */

static int by_code(const void *a, const void *b)
{
	const struct decoupage_unite *x = a, *y = b;

	return strcmp(x->code, y->code);
}

static void sort_level(struct decoupage *d, enum niveau niveau)
{
	struct decoupage_unite *u = d->unites[niveau];

	for (size_t i = 1; i < d->n[niveau]; i++) {
		if (by_code(&u[i - 1], &u[i]) > 0) {
			qsort(u, d->n[niveau], sizeof *u, by_code);
			return;
		}
	}
}

static void link_all(struct decoupage *d)
{
	for (int level = NIVEAU_COMMUNE; level < NIVEAU_PAYS; level++) {
		for (size_t i = 0; i < d->n[level]; i++) {
			struct decoupage_unite *u = &d->unites[level][i];
			bool same = i && u->departement == u[-1].departement
				&& u->region == u[-1].region;

			if (level == NIVEAU_COMMUNE) {
				u->dans[NIVEAU_COMMUNE] = find_at(d, NIVEAU_COMMUNE, u->commune);
				u->dans[NIVEAU_EPCI] = i && u->epci == u[-1].epci
					? u[-1].dans[NIVEAU_EPCI]
					: find_at(d, NIVEAU_EPCI, u->epci);
				u->dans_ept = find_at(d, NIVEAU_EPCI, u->ept);
			}
			if (level < NIVEAU_DEPARTEMENT)
				u->dans[NIVEAU_DEPARTEMENT] = same ? u[-1].dans[NIVEAU_DEPARTEMENT]
					: find_at(d, NIVEAU_DEPARTEMENT, u->departement);
			if (level < NIVEAU_REGION)
				u->dans[NIVEAU_REGION] = same ? u[-1].dans[NIVEAU_REGION]
					: find_at(d, NIVEAU_REGION, u->region);
			u->dans[NIVEAU_PAYS] = 0;
		}
	}
}

/* An arrondissement lies where its commune lies. */
static void link_arrondissements(struct decoupage *d)
{
	for (size_t i = 0; i < d->n[NIVEAU_COMMUNE]; i++) {
		struct decoupage_unite *u = &d->unites[NIVEAU_COMMUNE][i], *whole;
		uint32_t of = u->dans[NIVEAU_COMMUNE];

		if (!u->autre || of == DECOUPAGE_RIEN)
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
	struct decoupage_unite *france;

	if (!d->n[NIVEAU_COMMUNE]) {
		fail(e, E_MISSING, "aucune commune n’est connue ici.");
		return hint(e, "Importez d’abord les territoires : tremplin territoire import "
			    "--data DIR communes.csv epci.csv departements.csv regions.csv");
	}
	sort_level(d, NIVEAU_COMMUNE);
	for (int k = NIVEAU_EPCI; k < NIVEAU_PAYS; k++) {
		if (!index_level(c, (enum niveau)k, e))
			return false;
	}
	france = add(c, NIVEAU_PAYS, "FR", "France", e);
	if (!france || !add_all_missing(c, e))
		return false;
	for (int k = NIVEAU_EPCI; k < NIVEAUX; k++) {
		sort_level(d, (enum niveau)k);
		if (!index_level(c, (enum niveau)k, e))
			return false;
	}
	link_all(d);
	link_arrondissements(d);
	return true;
}

/* --- from the store --------------------------------------------------------------- */

static const char *text_of(struct chantier *c, const char *s)
{
	return s && *s ? arena_str(c->a, s) : "";
}

/* The text of the row before, when it is the same: most communes share their département. */
static const char *text_again(struct chantier *c, const char *s, const char *before)
{
	return s && !strcmp(s, before) ? before : text_of(c, s);
}

static bool add_row(const struct decoupage_territoires_row *row, void *arg, struct err *e)
{
	static const struct { const char *word; enum niveau niveau; bool autre; } levels[] = {
		{ "commune", NIVEAU_COMMUNE, false }, { "arrondissement", NIVEAU_COMMUNE, true },
		{ "epci", NIVEAU_EPCI, false }, { "ept", NIVEAU_EPCI, true },
		{ "departement", NIVEAU_DEPARTEMENT, false }, { "region", NIVEAU_REGION, false },
	};
	struct chantier *c = arg;
	struct decoupage_unite *u = NULL;
	const struct decoupage_unite *before;
	enum niveau level = NIVEAU_COMMUNE;

	for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
		if (strcmp(row->niveau, levels[k].word) != 0)
			continue;
		level = levels[k].niveau;
		u = add(c, levels[k].niveau, arena_str(c->a, row->code),
			arena_str(c->a, row->nom), e);
		if (!u)
			return false;
		u->autre = levels[k].autre;
	}
	if (!u)
		return true;
	before = u > c->d->unites[level] ? u - 1 : NULL;
	if (!row->population_null)
		u->population = (double)row->population;
	u->departement = text_again(c, row->departement, before ? before->departement : "");
	u->region = text_again(c, row->region, before ? before->region : "");
	u->epci = text_again(c, row->epci, before ? before->epci : "");
	u->ept = text_again(c, row->ept, before ? before->ept : "");
	u->commune = text_of(c, row->commune);
	return !c->a->spent || arena_refuse(c->a, e);
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
	struct chantier c = { .a = a, .d = NEW(a, struct decoupage) };

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	return decoupage_territoires(db, add_row, &c, e) && finish(&c, e)
		&& decoupage_anciens(db, add_ancien, &c, e);
}

/* --- from memory ------------------------------------------------------------------ */

static bool add_commune(struct chantier *c, const struct commune *k, struct err *e)
{
	struct decoupage_unite *u = add(c, NIVEAU_COMMUNE, k->code, k->nom, e);

	if (!u)
		return false;
	u->population = k->population < 0 ? NAN : (double)k->population;
	u->autre = *k->parent != '\0';
	u->departement = k->departement;
	u->region = k->region;
	u->epci = k->epci;
	u->ept = k->ept;
	u->commune = k->parent;
	return true;
}

bool decoupage_of(const struct repertoire *r, struct arena *a, const struct decoupage **out,
		  struct err *e)
{
	struct chantier c = { .a = a, .d = NEW(a, struct decoupage) };

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	for (size_t i = 0; i < r->ncommunes; i++) {
		if (!add_commune(&c, &r->communes[i], e))
			return false;
	}
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];
		bool ept = !strcmp(t->niveau, "ept");
		int level = ept ? NIVEAU_EPCI : niveau_find(t->niveau);
		struct decoupage_unite *u;

		if (level < NIVEAU_EPCI || level > NIVEAU_REGION)
			continue;
		u = add(&c, (enum niveau)level, t->code, t->nom, e);
		if (!u)
			return false;
		u->population = t->population < 0 ? NAN : (double)t->population;
		u->autre = ept;
		u->region = t->region ? t->region : "";
	}
	return finish(&c, e);
}

/* --- from files ----------------------------------------------------------------------- */

static bool add_file(struct chantier *c, const char *path, struct err *e)
{
	static const char *const names[] = { "code", "nom", "population", "departement", "region",
					     "epci", "ept", "commune" };
	CLEANUP(csv_close) struct csv *csv = NULL;
	const char *last[8] = { "", "", "", "", "", "", "", "" };
	int at[8];
	struct csv_row row;

	if (!csv_open(path, &csv, e))
		return false;
	for (int k = 0; k < 8; k++)
		at[k] = csv_column(csv, names[k]);
	if (at[0] < 0 || at[1] < 0 || at[2] < 0)
		return fail(e, E_INPUT, "%s:1: il faut les colonnes code, nom et population.", path);
	while (csv_next(csv, &row, e)) {
		const char *cell[8];
		struct decoupage_unite *u;

		for (int k = 0; k < 8; k++) {
			const char *s = at[k] < 0 ? "" : row.cells[at[k]];

			if (k == 2)                     /* a number */
				cell[k] = s;
			else
				cell[k] = k < 2 ? text_of(c, s) : text_again(c, s, last[k]);
			last[k] = cell[k];
		}
		c->guess = 1 + (size_t)(1.3 * (double)c->d->n[NIVEAU_COMMUNE]
					/ (csv_progress(csv) + 0.001));
		u = add(c, NIVEAU_COMMUNE, cell[0], cell[1], e);
		if (!u)
			return false;
		if (!nombre_lire(cell[2], &u->population))
			u->population = NAN;
		u->departement = cell[3];
		u->region = cell[4];
		u->epci = cell[5];
		u->ept = cell[6];
		u->commune = cell[7];
		u->autre = *cell[7] != '\0';
	}
	return e->kind == E_OK;
}

bool decoupage_csv(const char *communes, const char *arrondissements, struct arena *a,
		   const struct decoupage **out, struct err *e)
{
	struct chantier c = { .a = a, .d = NEW(a, struct decoupage) };

	if (!c.d)
		return arena_refuse(a, e);
	*out = c.d;
	e->kind = E_OK;
	return add_file(&c, communes, e) && (!arrondissements || add_file(&c, arrondissements, e))
		&& finish(&c, e);
}

/* --- searching -------------------------------------------------------------------- */

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
