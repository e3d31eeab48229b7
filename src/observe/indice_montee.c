/* Parts make a whole: population-weighted means. */
#include "observe/indice.h"

#include <math.h>

bool montee_faire(struct arena *a, const struct unites *u, const uint32_t *vers, bool egale,
		  size_t n, struct montee *out, struct err *e)
{
	*out = (struct montee){ .parts = NEW_ROOM(a, u->n, struct montee_part), .n = n,
				.tous = NEW_ARRAY(a, n, double) };
	if (!out->parts || !out->tous)
		return arena_refuse(a, e);
	for (size_t i = 0; i < u->n; i++) {
		double w = egale ? 1 : u->population[i];

		if (vers[i] == INDICE_RIEN || !(u->etat[i] & UNITE_COMPTE)
		    || (u->etat[i] & UNITE_VIDE) || !(w > 0))
			continue;
		out->parts[out->nparts++] = (struct montee_part){ (uint32_t)i, vers[i], w };
		out->tous[vers[i]] += w;
	}
	return true;
}

void indice_monter(const struct montee *m, const double *x, double *out, double *couvert)
{
	for (size_t k = 0; k < m->n; k++)
		out[k] = couvert[k] = 0;
	for (size_t p = 0; p < m->nparts; p++) {
		const struct montee_part *t = &m->parts[p];
		double v = x[t->unite];

		if (isnan(v))
			continue;
		couvert[t->vers] += t->poids;
		out[t->vers] += t->poids * v;
	}
	for (size_t k = 0; k < m->n; k++) {
		out[k] = couvert[k] > 0 ? out[k] / couvert[k] : NAN;
		couvert[k] = m->tous[k] > 0 ? couvert[k] / m->tous[k] : 0;
	}
}
