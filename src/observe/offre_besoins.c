#include "observe/offre_besoins.h"

#include "observe/estimation.h"

bool offre_besoins(struct db *db, struct arena *a, struct arena *words, const struct decoupage *d,
		   double **need, const char **enquete, struct err *e)
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
	return true;
}
