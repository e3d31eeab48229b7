/* Parts make a whole: population-weighted means. */
#include "observe/indice.h"

#include <math.h>
#include <stdlib.h>

void indice_monter(const struct unites *u, const uint32_t *vers, bool egale, const double *x,
		   size_t n, double *out, double *couvert)
{
	/* out holds the sums until the end; the weights stand in `couvert` or beside it. */
	double *known = calloc(n ? n : 1, 2 * sizeof *known), *all = known ? known + n : NULL;

	for (size_t k = 0; k < n; k++)
		out[k] = known ? 0 : NAN;
	if (!known)
		return;
	for (size_t i = 0; i < u->n; i++) {
		double w = egale ? 1 : u->population[i];

		if (vers[i] == INDICE_RIEN || !(u->etat[i] & UNITE_COMPTE)
		    || (u->etat[i] & UNITE_VIDE) || !(w > 0))
			continue;
		all[vers[i]] += w;
		if (isnan(x[i]))
			continue;
		known[vers[i]] += w;
		out[vers[i]] += w * x[i];
	}
	for (size_t k = 0; k < n; k++) {
		out[k] = known[k] > 0 ? out[k] / known[k] : NAN;
		if (couvert)
			couvert[k] = all[k] > 0 ? known[k] / all[k] : 0;
	}
	free(known);
}
