#include "observe/part.h"

#include <math.h>
#include <stdbool.h>

void part_wilson(double p, double n, double z, double *bas, double *haut)
{
	double z2 = z * z / n, middle = (p + z2 / 2) / (1 + z2);
	double half = z / (1 + z2) * sqrt(p * (1 - p) / n + z2 / (4 * n));

	*bas = p > 0 ? fmax(middle - half, 0) : 0;
	*haut = p < 1 ? fmin(middle + half, 1) : 1;
}

double part_quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1), low = floor(at);
	size_t i = (size_t)low;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - low) * (sorted[i + 1] - sorted[i]);
}

struct ensemble {
	const double *poids;
	const uint8_t *oui;
	const uint32_t *strates;
	size_t n;
	double somme, part;
};

/* What respondent i weighs on the share: w (y - p) / sum(w). */
static double influence(const struct ensemble *s, size_t i)
{
	return (s->poids ? s->poids[i] : 1) * (s->oui[i] - s->part) / s->somme;
}

static bool est_de(const struct ensemble *s, size_t i, size_t strate)
{
	return !s->strates || s->strates[i] == strate;
}

/* m/(m-1) sum((z - mean z)^2) of a stratum of m respondents; NaN for m < 2. */
static double variance_de(const struct ensemble *s, size_t strate)
{
	double sum = 0, squares = 0, m = 0;

	for (size_t i = 0; i < s->n; i++) {
		sum += est_de(s, i, strate) ? influence(s, i) : 0;
		m += est_de(s, i, strate);
	}
	for (size_t i = 0; i < s->n; i++) {
		double z = influence(s, i) - sum / m;

		squares += est_de(s, i, strate) ? z * z : 0;
	}
	return m > 1 ? m / (m - 1) * squares : NAN;
}

static double variance(const struct ensemble *s, size_t nstrates)
{
	double all = NAN;

	for (size_t h = 0; h < nstrates; h++) {
		double own = variance_de(s, h);

		if (!isnan(own))
			all = isnan(all) ? own : all + own;
	}
	return all;
}

struct part part_compute(const double *poids, const uint8_t *oui, const uint32_t *strates,
			 size_t nstrates, size_t n)
{
	struct ensemble s = { poids, oui, strates, n, 0, 0 };
	struct part p = { n, NAN, NAN, NAN, NAN, NAN, NAN };
	double yes = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		double w = poids ? poids[i] : 1;

		s.somme += w;
		squares += w * w;
		yes += oui[i] ? w : 0;
	}
	if (!(s.somme > 0))
		return p;
	p.part = s.part = yes / s.somme;
	p.utile = s.somme * s.somme / squares;
	p.effet = (double)n / p.utile;
	p.erreur = sqrt(variance(&s, nstrates));
	part_wilson(p.part, p.utile, PART_Z, &p.bas, &p.haut);
	return p;
}
