/* Parts make a whole: population-weighted means. */
#include "observe/indice.h"

#include <math.h>

enum { MONTEE_ENSEMBLE = 4 };

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

/* The sums of MONTEE_ENSEMBLE columns: what one adds to a territory does not wait for what the
 * part before added, as it would if each column went alone through the parts. */
static void add_together(const struct montee *m, const struct montee_colonne c[MONTEE_ENSEMBLE])
{
	for (size_t p = 0; p < m->nparts; p++) {
		const struct montee_part *t = &m->parts[p];

		for (int k = 0; k < MONTEE_ENSEMBLE; k++) {
			double v = c[k].x[t->unite];
			bool there = !isnan(v);

			c[k].couvert[t->vers] += there ? t->poids : 0;
			c[k].out[t->vers] += there ? t->poids * v : 0;
		}
	}
}

static void add_alone(const struct montee *m, const struct montee_colonne *c)
{
	for (size_t p = 0; p < m->nparts; p++) {
		const struct montee_part *t = &m->parts[p];
		double v = c->x[t->unite];

		if (isnan(v))
			continue;
		c->couvert[t->vers] += t->poids;
		c->out[t->vers] += t->poids * v;
	}
}

void indice_monter(const struct montee *m, const struct montee_colonne *c, int ncolonnes)
{
	int k = 0;

	for (int i = 0; i < ncolonnes; i++) {
		for (size_t to = 0; to < m->n; to++)
			c[i].out[to] = c[i].couvert[to] = 0;
	}
	for (; k + MONTEE_ENSEMBLE <= ncolonnes; k += MONTEE_ENSEMBLE)
		add_together(m, c + k);
	for (; k < ncolonnes; k++)
		add_alone(m, c + k);
	for (int i = 0; i < ncolonnes; i++) {
		double *out = c[i].out, *couvert = c[i].couvert;

		for (size_t to = 0; to < m->n; to++) {
			out[to] = couvert[to] > 0 ? out[to] / couvert[to] : NAN;
			couvert[to] = m->tous[to] > 0 ? couvert[to] / m->tous[to] : 0;
		}
	}
}
