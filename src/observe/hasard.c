#include "observe/hasard.h"

#include <math.h>

double hasard_normal(struct chance *c)
{
	double radius = sqrt(2 * chance_exponential(c));

	return radius * cos(2 * M_PI * chance_unit(c));         /* Box and Muller */
}

/* Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
double hasard_gamma(struct chance *c, double shape)
{
	double boost = 1, d, k;

	if (shape < 1) {
		boost = exp(-chance_exponential(c) / shape);
		shape += 1;
	}
	d = shape - 1.0 / 3;
	k = 1 / sqrt(9 * d);
	for (;;) {
		double x = hasard_normal(c), v = 1 + k * x;

		if (v <= 0)
			continue;
		v = v * v * v;
		if (-chance_exponential(c) < x * x / 2 + d - d * v + d * log(v))
			return boost * d * v;
	}
}

void hasard_dirichlet(struct chance *c, const double *alpha, int n, double *out)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		out[i] = alpha[i] > 0 ? hasard_gamma(c, alpha[i]) : 0;
		sum += out[i];
	}
	for (int i = 0; i < n; i++)
		out[i] = sum > 0 ? out[i] / sum : 0;
}
