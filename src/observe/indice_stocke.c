/* Rows from what is stored: the latest year of each of the method's indicators. */
#include "observe/indice_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/iris.h"
#include "observe/iris.sql.h"

/* Stored series of a level of ours; communes and arrondissements stand together. */
static const char *const series_levels[NIVEAUX][2] = {
	{ "iris", NULL }, { "commune", "arrondissement" }, { "epci", "ept" },
	{ "departement", NULL }, { "region", NULL }, { "france", NULL },
};

struct releve {                         /* one indicator as it is stored */
	struct indicateur_valeur *v[2];
	size_t n[2];
	int annee;
};

static bool read_series(struct arena *a, struct db *db, const char *code, enum niveau niveau,
			struct releve *out, struct err *e)
{
	*out = (struct releve){ 0 };
	for (int k = 0; k < 2 && series_levels[niveau][k]; k++) {
		const char *level = series_levels[niveau][k];

		if (!indicateur_read(db, a, code, level, 0, &out->v[k], &out->n[k], e))
			return false;
		if (out->n[k] && !out->annee
		    && !indicateur_derniere_annee(db, code, level, &out->annee, e))
			return false;
	}
	return true;
}

static bool read_all(struct arena *a, struct db *db, const struct methode *m,
		     enum niveau niveau, const char *prefix, struct releve *all, size_t *rows,
		     struct err *e)
{
	*rows = 0;
	for (int i = 0; i < m->n; i++) {
		const char *code = arena_cat(a, prefix, m->indicateurs[i].code, NULL);

		if (!read_series(a, db, code, niveau, &all[i], e))
			return false;
		*rows += all[i].n[0] + all[i].n[1];
	}
	return true;
}

/* --- rows ------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The territories that any of the series speaks of. */
static bool make_units(struct arena *a, const struct methode *m, enum niveau niveau,
		       const struct releve *all, size_t rows, struct unites *u, struct err *e)
{
	const char **codes = NEW_ARRAY(a, rows, const char *);
	size_t n = 0, kept = 0;

	if (!codes)
		return arena_refuse(a, e);
	for (int i = 0; i < m->n; i++) {
		for (int k = 0; k < 2; k++) {
			for (size_t r = 0; r < all[i].n[k]; r++)
				codes[n++] = all[i].v[k][r].code;
		}
	}
	qsort(codes, n, sizeof *codes, by_text);
	for (size_t r = 0; r < n; r++) {
		if (!r || strcmp(codes[r], codes[kept - 1]) != 0)
			codes[kept++] = codes[r];
	}
	if (!unites_new(a, u, niveau, kept, e))
		return false;
	for (size_t r = 0; r < kept; r++) {
		u->codes[r] = codes[r];
		u->noms[r] = "";
		u->population[r] = NAN;
		u->etat[r] = UNITE_CLASSEE | UNITE_COMPTE;
	}
	return true;
}

/* Puts the values of two sorted lists beside the units, which hold every code of them. */
static bool make_column(struct arena *a, const struct unites *u, const struct releve *r,
			double **x, uint8_t **marks, struct err *e)
{
	*x = NEW_ARRAY(a, u->n, double);
	*marks = NEW_ARRAY(a, u->n, uint8_t);
	if (!*x || !*marks)
		return arena_refuse(a, e);
	for (size_t i = 0; i < u->n; i++) {
		(*x)[i] = NAN;
		(*marks)[i] = STATUT_NON_DISPONIBLE;
	}
	for (int k = 0; k < 2; k++) {
		size_t at = 0;

		for (size_t v = 0; v < r->n[k]; v++) {
			while (at < u->n && strcmp(u->codes[at], r->v[k][v].code) < 0)
				at++;
			if (at == u->n || strcmp(u->codes[at], r->v[k][v].code) != 0)
				continue;
			(*x)[at] = r->v[k][v].valeur;
			(*marks)[at] = r->v[k][v].statut;
		}
	}
	return true;
}

static bool is_there(const struct releve *r)
{
	return r->n[0] + r->n[1] > 0;
}

/* What the level above knows, when the method lends it to its parts. */
static bool read_parents(struct arena *a, struct db *db, struct entree *t, struct releve *above,
			 struct err *e)
{
	const struct methode *m = t->m;
	size_t rows;

	if (t->notes || m->manquant != MANQUANT_PARENT || m->manquant_niveau <= t->niveau)
		return true;
	if (!read_all(a, db, m, m->manquant_niveau, "", above, &rows, e)
	    || !make_units(a, m, m->manquant_niveau, above, rows, &t->parents, e))
		return false;
	for (int i = 0; i < m->n; i++) {
		uint8_t *marks;

		if (is_there(&above[i])
		    && !make_column(a, &t->parents, &above[i], &t->prets[i], &marks, e))
			return false;
	}
	return true;
}

struct naming {
	struct arena *a;
	struct unites *u;
	size_t at;
	bool people;
};

/* Both lists are sorted by code. */
static bool name_iris(const struct iris_all_row *row, void *arg, struct err *e)
{
	struct naming *k = arg;
	struct unites *u = k->u;

	(void)e;
	while (k->at < u->n && strcmp(u->codes[k->at], row->code) < 0)
		k->at++;
	if (k->at == u->n || strcmp(u->codes[k->at], row->code))
		return true;
	if (strcmp(row->nom, row->code))
		u->noms[k->at] = arena_str(k->a, row->nom);
	if (isnan(u->population[k->at]) && !row->population_null) {
		u->population[k->at] = row->population;
		k->people = true;
	}
	return true;
}

static bool read_people(struct arena *a, struct db *db, struct entree *t, struct err *e)
{
	struct releve people;
	uint8_t *marks;
	struct naming k = { a, &t->u, 0, false };

	if (t->niveau != NIVEAU_IRIS)
		return true;
	/* Nothing else knows how many live in an IRIS: a series, or what came with its name. */
	if (!read_series(a, db, "population", t->niveau, &people, e)
	    || !make_column(a, &t->u, &people, &t->u.population, &marks, e))
		return false;
	t->populations = people.n[0] > 0;
	if (!iris_all(db, name_iris, &k, e))
		return false;
	t->populations |= k.people;
	return !a->spent || arena_refuse(a, e);
}

static bool fill(struct arena *a, struct db *db, struct entree *t, const struct releve *all,
		 size_t rows, struct err *e)
{
	const struct methode *m = t->m;
	struct releve *above = NEW_ARRAY(a, METHODE_INDICATEURS, struct releve);
	char years[ENTREE_NOTE] = "";

	if (!above)
		return arena_refuse(a, e);
	if (!make_units(a, m, t->niveau, all, rows, &t->u, e)
	    || !read_parents(a, db, t, above, e))
		return false;
	for (int i = 0; i < m->n; i++) {
		const struct releve *r = is_there(&all[i]) ? &all[i] : &above[i];
		size_t at = strlen(years);

		if (!is_there(r))
			continue;
		/* Known of communes only: every IRIS will take its commune's. */
		if (!make_column(a, &t->u, &all[i], &t->x[i], &t->marques[i], e))
			return false;
		snprintf(years + at, sizeof years - at, "%s%s %d%s", at ? ", " : "",
			 m->indicateurs[i].code, r->annee, r == &all[i] ? ""
			 : m->manquant_niveau == NIVEAU_COMMUNE ? " (communes)" : " (au-dessus)");
	}
	entree_remarque(t, "Valeurs importées : %s.", years);
	return read_people(a, db, t, e);
}

static bool nothing_stored(const struct methode *m, int niveau, struct err *e)
{
	fail(e, E_MISSING, "aucun indicateur de %s n’a été importé%s%s.", m->nom,
	     niveau >= 0 ? " au niveau " : "", niveau >= 0 ? niveau_mots[niveau] : "");
	return hint(e, "Importez-les (tremplin indicateur import), ou donnez un fichier : --input "
		    "(valeurs brutes) ou --scores (notes).");
}

static int by_commune(const void *x, const void *y)
{
	return strncmp(*(const char *const *)x, *(const char *const *)y, IRIS_COMMUNE);
}

/* How many communes the series speak of, by themselves or by their IRIS. */
static size_t communes_of(struct arena *a, const struct methode *m, const struct releve *all,
			  size_t rows)
{
	const char **codes = NEW_ARRAY(a, rows + 1, const char *);
	size_t n = 0, communes = 0;

	for (int i = 0; codes && i < m->n; i++) {
		for (int k = 0; k < 2; k++) {
			for (size_t r = 0; r < all[i].n[k] && n < rows; r++)
				codes[n++] = all[i].v[k][r].code;
		}
	}
	if (n)
		qsort(codes, n, sizeof *codes, by_commune);
	for (size_t r = 0; r < n; r++)
		communes += !r || by_commune(&codes[r - 1], &codes[r]) != 0;
	return communes;
}

/*
 * A file of the IRIS of one town must not take the index of the others away: IRIS are what
 * it is made of only when they speak of nine communes in ten of those that are known.
 */
static bool enough_iris(struct arena *a, struct db *db, const struct entree *t,
			const struct releve *iris, size_t rows, bool *enough, struct err *e)
{
	size_t of_iris = communes_of(a, t->m, iris, rows), of_communes = 0;

	for (int notes = 0; notes < 2; notes++) {
		struct releve *all = NEW_ARRAY(a, METHODE_INDICATEURS, struct releve);
		size_t n = 0, here;

		if (!all)
			return arena_refuse(a, e);
		if (notes && !*t->m->notes)
			continue;
		if (!read_all(a, db, t->m, NIVEAU_COMMUNE, notes ? t->m->notes : "", all, &n, e))
			return false;
		here = communes_of(a, t->m, all, n);
		of_communes = here > of_communes ? here : of_communes;
	}
	*enough = of_iris * 10 >= of_communes * 9;
	return true;
}

bool entree_stockee(struct arena *a, const struct methode *m, const struct decoupage *d,
		    struct db *db, int niveau, struct entree **out, struct err *e)
{
	const int tries[][2] = {
		/* level, and whether scores rather than raw values */
		{ niveau >= 0 ? niveau : (int)m->unite, false },
		{ niveau >= 0 ? niveau : (int)m->unite, true },
		{ niveau >= 0 ? niveau : NIVEAU_COMMUNE, true },
		{ niveau >= 0 ? niveau : NIVEAU_COMMUNE, false },
	};
	struct releve *all = NEW_ARRAY(a, METHODE_INDICATEURS, struct releve);
	struct entree *t = NEW(a, struct entree);
	size_t rows = 0;
	bool enough = true;

	if (!all || !t)
		return arena_refuse(a, e);
	for (int k = 0; k < 4 && !rows; k++) {
		*t = (struct entree){ .m = m, .d = d, .niveau = (enum niveau)tries[k][0],
			.notes = tries[k][1], .origine = "valeurs importées" };
		if (t->notes && !*m->notes)
			continue;
		if (!read_all(a, db, m, t->niveau, t->notes ? m->notes : "", all, &rows, e))
			return false;
		if (rows && niveau < 0 && t->niveau == NIVEAU_IRIS
		    && !enough_iris(a, db, t, all, rows, &enough, e))
			return false;
		if (!enough) {
			rows = 0;
			enough = true;
		}
	}
	if (!rows)
		return nothing_stored(m, niveau, e);
	*out = t;
	return fill(a, db, t, all, rows, e) && entree_situer(a, t, e)
		&& entree_completer(a, t, e);
}
