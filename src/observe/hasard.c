#include "observe/hasard.h"

#include <math.h>

void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
	uint32_t k0 = key[0], k1 = key[1];

	for (int i = 0; i < 10; i++) {
		uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;

		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)p1;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)p0;
		k0 += 0x9E3779B9;
		k1 += 0xBB67AE85;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

struct hasard hasard_new(uint64_t graine, uint64_t tirage)
{
	return (struct hasard){
		.counter = { 0, 0, (uint32_t)tirage, (uint32_t)(tirage >> 32) },
		.key = { (uint32_t)graine, (uint32_t)(graine >> 32) },
	};
}

static uint32_t next(struct hasard *h)
{
	if (!h->left) {
		philox(h->counter, h->key, h->block);
		h->counter[1] += ++h->counter[0] == 0;
		h->left = 4;
	}
	return h->block[4 - h->left--];
}

double hasard_uniform(struct hasard *h)
{
	uint64_t high = next(h), low = next(h);

	return ((double)((high << 21) ^ (low >> 11)) + 0.5) * 0x1p-53;
}

uint32_t hasard_below(struct hasard *h, uint32_t n)
{
	return (uint32_t)((uint64_t)next(h) * n >> 32);
}

double hasard_normal(struct hasard *h)
{
	double u = hasard_uniform(h), v = hasard_uniform(h);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
double hasard_gamma(struct hasard *h, double shape)
{
	double boost = 1, d, c;

	if (shape < 1) {
		boost = pow(hasard_uniform(h), 1 / shape);
		shape += 1;
	}
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	for (;;) {
		double x = hasard_normal(h), v = 1 + c * x, u;

		if (v <= 0)
			continue;
		v = v * v * v;
		u = hasard_uniform(h);
		if (log(u) < x * x / 2 + d - d * v + d * log(v))
			return boost * d * v;
	}
}

void hasard_dirichlet(struct hasard *h, const double *alpha, int n, double *out)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		out[i] = alpha[i] > 0 ? hasard_gamma(h, alpha[i]) : 0;
		sum += out[i];
	}
	for (int i = 0; i < n; i++)
		out[i] = sum > 0 ? out[i] / sum : 0;
}
