#include "core/indicateur.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/indicateur.sql.h"

static bool damaged(const char *indicateur, const char *niveau, struct err *e)
{
	return fail(e, E_STORE, "Les valeurs enregistrées de %s (%s) sont illisibles.",
		    indicateur, niveau);
}

bool indicateur_series(struct db *db, struct arena *a, const char *indicateur,
		       const char *niveau, struct indicateur_serie **out, size_t *n,
		       struct err *e)
{
	struct indicateur_serie_list_row *rows;

	if (!indicateur_serie_list(db, a, indicateur ? indicateur : "", niveau ? niveau : "",
				   &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct indicateur_serie);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct indicateur_serie){
			rows[i].indicateur, rows[i].niveau, (int)rows[i].annee,
			(size_t)rows[i].nombre, (size_t)rows[i].renseignes, rows[i].source,
			rows[i].licence ? rows[i].licence : "", rows[i].url ? rows[i].url : "",
			rows[i].fichier, rows[i].importe_le,
		};
	}
	return true;
}

bool indicateur_derniere_annee(struct db *db, const char *indicateur, const char *niveau,
			       int *annee, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(4096);
	struct indicateur_serie_last_row row;
	bool found;

	*annee = 0;
	if (!indicateur_serie_last(db, &a, indicateur, niveau, &row, &found, e))
		return false;
	if (found)
		*annee = (int)row.annee;
	return true;
}

/* --- one series ---------------------------------------------------------------------------- */

/* The values of a series as they come, département by département. */
struct gather {
	const char *indicateur, *niveau;
	struct indicateur_valeur *v;    /* owned */
	size_t n, room;
};

static void gather_free(struct gather *g)
{
	free(g->v);
}

static bool gather_lot(const struct indicateur_lots_row *r, void *arg, struct err *e)
{
	struct gather *g = arg;
	struct indicateur_valeur *grown;
	size_t n;

	if (!indicateur_unpack(r->valeurs, NULL, &n))
		return damaged(g->indicateur, g->niveau, e);
	if (g->n + n > g->room) {
		size_t room = g->room * 2 > g->n + n ? g->room * 2 : g->n + n;

		grown = reallocarray(g->v, room, sizeof *g->v);
		if (!grown)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour lire cet indicateur.");
		g->v = grown;
		g->room = room;
	}
	if (!indicateur_unpack(r->valeurs, g->v + g->n, &n))
		return damaged(g->indicateur, g->niveau, e);
	g->n += n;
	return true;
}

static bool gather_serie(struct db *db, struct gather *g, int annee, struct err *e)
{
	g->n = 0;
	if (!annee && !indicateur_derniere_annee(db, g->indicateur, g->niveau, &annee, e))
		return false;
	return !annee || indicateur_lots(db, g->indicateur, g->niveau, annee, gather_lot, g, e);
}

bool indicateur_read(struct db *db, struct arena *a, const char *indicateur,
		     const char *niveau, int annee, struct indicateur_valeur **out, size_t *n,
		     struct err *e)
{
	CLEANUP(gather_free) struct gather g = { indicateur, niveau, NULL, 0, 0 };

	*n = 0;
	if (!gather_serie(db, &g, annee, e))
		return false;
	*out = NEW_ARRAY(a, g.n, struct indicateur_valeur);
	if (!*out)
		return arena_refuse(a, e);
	if (g.n)
		memcpy(*out, g.v, g.n * sizeof *g.v);
	*n = g.n;
	return true;
}

bool indicateur_align(struct db *db, const char *indicateur, const char *niveau, int annee,
		      const char *const *codes, size_t n, double *valeurs, uint8_t *statuts,
		      uint8_t *origines, struct err *e)
{
	CLEANUP(gather_free) struct gather g = { indicateur, niveau, NULL, 0, 0 };
	size_t j = 0;

	if (!gather_serie(db, &g, annee, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct indicateur_valeur *v = NULL;

		while (j < g.n && strcmp(g.v[j].code, codes[i]) < 0)
			j++;
		if (j < g.n && !strcmp(g.v[j].code, codes[i]))
			v = &g.v[j];
		valeurs[i] = v ? v->valeur : NAN;
		statuts[i] = v ? v->statut : STATUT_NON_DISPONIBLE;
		if (origines)
			origines[i] = v ? v->origine : 0;
	}
	return true;
}

/* --- one territory ------------------------------------------------------------------------- */

struct facts {
	struct arena *a;
	const char *niveau, *code;
	struct gather lot;              /* of one chunk */
	struct indicateur_fait *f;      /* owned */
	size_t n, room;
};

static void facts_free(struct facts *x)
{
	gather_free(&x->lot);
	free(x->f);
}

static int by_code(const void *x, const void *y)
{
	return strcmp(((const struct indicateur_valeur *)x)->code,
		      ((const struct indicateur_valeur *)y)->code);
}

static bool take_fact(struct facts *x, const char *indicateur, int annee,
		      const struct indicateur_valeur *v, struct err *e)
{
	struct indicateur_fait *grown;

	if (x->n == x->room) {
		size_t room = x->room ? x->room * 2 : 64;

		grown = reallocarray(x->f, room, sizeof *x->f);
		if (!grown)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour lire ce territoire.");
		x->f = grown;
		x->room = room;
	}
	x->f[x->n++] = (struct indicateur_fait){ arena_str(x->a, indicateur), annee, *v };
	return !x->a->spent || arena_refuse(x->a, e);
}

static bool fact_lot(const struct indicateur_lots_of_row *r, void *arg, struct err *e)
{
	struct indicateur_lots_row lot = { .valeurs = r->valeurs };
	struct indicateur_valeur key = { .code = "" }, *v;
	struct facts *x = arg;

	x->lot.indicateur = r->indicateur;
	x->lot.n = 0;
	if (!gather_lot(&lot, &x->lot, e))
		return false;
	snprintf(key.code, sizeof key.code, "%s", x->code);
	v = x->lot.n ? bsearch(&key, x->lot.v, x->lot.n, sizeof key, by_code) : NULL;
	return !v || take_fact(x, r->indicateur, (int)r->annee, v, e);
}

bool indicateur_of(struct db *db, struct arena *a, const char *niveau, const char *code,
		   struct indicateur_fait **out, size_t *n, struct err *e)
{
	CLEANUP(facts_free) struct facts x = { a, niveau, code, { .niveau = niveau }, NULL, 0, 0 };
	char departement[4];

	*n = 0;
	indicateur_departement(niveau, code, departement);
	if (!indicateur_lots_of(db, niveau, departement, fact_lot, &x, e))
		return false;
	*out = NEW_ARRAY(a, x.n, struct indicateur_fait);
	if (!*out)
		return arena_refuse(a, e);
	if (x.n)
		memcpy(*out, x.f, x.n * sizeof *x.f);
	*n = x.n;
	return true;
}
