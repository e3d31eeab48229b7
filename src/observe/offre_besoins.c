#include "observe/offre_besoins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "observe/estimation.h"

bool offre_caches(struct db *db, struct arena *a, const struct decoupage *d, const char *enquete,
		  struct offre_choix *choix, struct err *e)
{
	size_t n = d->n[NIVEAU_COMMUNE];
	const char **codes = NEW_ARRAY(a, n + 1, const char *);
	bool *caches = NEW_ARRAY(a, n + 1, bool);

	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		codes[i] = d->unites[NIVEAU_COMMUNE][i].code;
	choix->caches = caches;
	return estimation_caches(db, enquete, "commune", codes, n, caches, e);
}

bool offre_besoins(struct db *db, struct arena *a, struct arena *words, const struct decoupage *d,
		   struct offre_choix *choix, double **need, const char **enquete,
		   struct err *e)
{
	size_t n = d->n[NIVEAU_COMMUNE];
	const char **codes = NEW_ARRAY(a, n, const char *);

	*need = NEW_ARRAY(a, n, double);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		codes[i] = d->unites[NIVEAU_COMMUNE][i].code;
	if (!estimation_align(db, words, NULL, ESTIMATION_CONCERNES, codes, n, *need, enquete, e))
		return false;
	if (!**enquete)
		*need = NULL;
	return !**enquete || offre_caches(db, a, d, *enquete, choix, e);
}

struct rang_de {
	const char *code;
	struct offre_ligne *ligne;
};

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct rang_de *)a)->code, ((const struct rang_de *)b)->code);
}

bool offre_bornes(struct db *db, struct arena *a, const char *enquete, struct offre *o,
		  struct err *e)
{
	struct rang_de *rows = NEW_ARRAY(a, o->n, struct rang_de);
	const char **codes = NEW_ARRAY(a, o->n, const char *);
	double (*bornes)[2] = arena_array(a, o->n, sizeof *bornes);
	bool *caches = NEW_ARRAY(a, o->n, bool);

	if (!rows || !codes || !bornes || !caches)
		return arena_refuse(a, e);
	if (!*enquete || !o->n)
		return true;
	for (size_t i = 0; i < o->n; i++)
		rows[i] = (struct rang_de){ o->lignes[i].code, &o->lignes[i] };
	qsort(rows, o->n, sizeof *rows, by_code);
	for (size_t i = 0; i < o->n; i++)
		codes[i] = rows[i].code;
	if (!estimation_bornes(db, enquete, ESTIMATION_CONCERNES, niveau_mots[o->choix.niveau],
			       codes, o->n, bornes, e)
	    || !estimation_caches(db, enquete, niveau_mots[o->choix.niveau], codes, o->n,
	    	caches, e))
		return false;
	for (size_t i = 0; i < o->n; i++) {
		rows[i].ligne->secret |= caches[i];
		/* of another total than ours (communes are missing): no bounds of ours */
		if (isnan(rows[i].ligne->concernes))
			continue;
		rows[i].ligne->concernes_bas = bornes[i][0];
		rows[i].ligne->concernes_haut = bornes[i][1];
	}
	return true;
}
