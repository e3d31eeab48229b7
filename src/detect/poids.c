#include "detect/poids.h"

#include <math.h>

int poids_items(const struct instrument *in, int *items, int max)
{
	int n = 0;

	for (int i = 0; i < in->nquotas; i++) {
		int k = 0;

		while (k < n && items[k] != in->quotas[i].item)
			k++;
		if (k == n && n < max)
			items[n++] = in->quotas[i].item;
	}
	return n;
}

struct margin {
	double weight[INSTRUMENT_OPTIONS], factor[INSTRUMENT_OPTIONS], known;
};

/* Weights by option of the k-th item. */
static void add_up(const int8_t *cells, size_t n, int items, int k, const double *poids,
		   struct margin *m)
{
	*m = (struct margin){ .known = 0 };
	for (size_t i = 0; i < n; i++) {
		int option = cells[i * (size_t)items + (size_t)k];

		if (option < 0)
			continue;
		m->weight[option] += poids[i];
		m->known += poids[i];
	}
}

/* One item's shares made right; how far the worst was, or -1 when a cell has nobody. */
static double adjust(const struct instrument *in, const int8_t *cells, size_t n, int items,
		     int k, int item, double *poids, int *empty)
{
	struct margin m;
	double worst = 0;

	add_up(cells, n, items, k, poids, &m);
	for (int i = 0; i < INSTRUMENT_OPTIONS; i++)
		m.factor[i] = 1;
	for (int q = 0; q < in->nquotas; q++) {
		double has = m.weight[in->quotas[q].option];

		if (in->quotas[q].item != item)
			continue;
		if (!(has > 0)) {
			*empty = q;
			return -1;
		}
		m.factor[in->quotas[q].option] = in->quotas[q].part * m.known / has;
		worst = fmax(worst, fabs(m.factor[in->quotas[q].option] - 1));
	}
	for (size_t i = 0; i < n; i++) {
		int option = cells[i * (size_t)items + (size_t)k];

		if (option >= 0)
			poids[i] *= m.factor[option];
	}
	return worst;
}

static void scale(double *poids, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += poids[i];
	for (size_t i = 0; i < n && sum > 0; i++)
		poids[i] *= (double)n / sum;
}

bool poids_caler(const struct instrument *in, const int8_t *cells, size_t n, double *poids,
		 int *empty)
{
	int items[INSTRUMENT_OPTIONS], nitems = poids_items(in, items, INSTRUMENT_OPTIONS);

	*empty = -1;
	for (size_t i = 0; i < n; i++)
		poids[i] = 1;
	for (int turn = 0; turn < POIDS_TOURS && nitems; turn++) {
		double worst = 0;

		for (int k = 0; k < nitems; k++) {
			double w = adjust(in, cells, n, nitems, k, items[k], poids, empty);

			if (w < 0)
				return false;
			worst = fmax(worst, w);
		}
		if (worst < 1e-9)
			break;
	}
	scale(poids, n);
	return true;
}
