#include <math.h>

#include "observe/indice_table.h"
#include "observe/portrait.h"

enum { LEAST_COMMON = 3 };              /* indicators; fewer say little */

/* How wide the scores of each indicator are, or 0 for one that is left out. */
static void widths_of(const struct indice_table *t, const struct indice_choix *c,
		      double width[METHODE_INDICATEURS])
{
	double parts[METHODE_INDICATEURS];

	choix_parts(t->m, c, UINT64_MAX, parts);
	for (int k = 0; k < t->m->n; k++) {
		double low = INFINITY, high = -INFINITY;

		for (size_t i = 0; t->x[k] && parts[k] > 0 && i < t->u.n; i++) {
			if (!isnan(t->x[k][i])) {
				low = fmin(low, t->x[k][i]);
				high = fmax(high, t->x[k][i]);
			}
		}
		width[k] = high > low ? high - low : 0;
	}
}

/* Root of the mean square, over what both have; infinite when they have too little. */
static double distance(const struct indice_table *t, const double *width, size_t i, size_t j)
{
	double sum = 0, size;
	int n = 0, wanted = 0;

	for (int k = 0; k < t->m->n; k++) {
		double d;

		if (!(width[k] > 0))
			continue;
		wanted++;
		d = (t->x[k][i] - t->x[k][j]) / width[k];
		if (isnan(d))
			continue;
		sum += d * d;
		n++;
	}
	if (n < LEAST_COMMON && n < wanted)
		return INFINITY;
	size = log10(t->u.population[i] / t->u.population[j]);
	if (!n || !isfinite(size))
		return INFINITY;
	return sqrt((sum + size * size) / (n + 1));
}

size_t semblables_find(const struct indice_table *t, const struct indice_choix *c, size_t i,
		       size_t out[], size_t k)
{
	double width[METHODE_INDICATEURS], best[16];
	size_t n = 0;

	k = k < 16 ? k : 16;
	widths_of(t, c, width);
	for (size_t j = 0; j < t->u.n; j++) {
		double d;
		size_t at = n;

		if (j == i || !(t->u.etat[j] & UNITE_CLASSEE))
			continue;
		d = distance(t, width, i, j);
		if (!isfinite(d) || (n == k && d >= best[n - 1]))
			continue;
		if (n == k)
			at = n - 1;
		else
			n++;
		for (; at && best[at - 1] > d; at--) {
			best[at] = best[at - 1];
			out[at] = out[at - 1];
		}
		best[at] = d;
		out[at] = j;
	}
	return n;
}
