/*
 * Repeatable chance for simulations: Philox4x32-10, a generator without memory.  The
 * numbers of draw d under a seed are the same whoever asks for them, in any order, on any
 * number of threads.  Not for secrets: struct env has those.
 *
 * Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11; held in
 * the tests against the known answers that its authors publish (Random123, kat_vectors).
 */
#pragma once

#include <stdint.h>

/* The block of a counter under a key: ten rounds. */
void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* One stream of numbers: that of draw `tirage` under `graine`. */
struct hasard {
	uint32_t counter[4], key[2];
	uint32_t block[4];
	int left;               /* numbers of the block that were not given yet */
};

struct hasard hasard_new(uint64_t graine, uint64_t tirage);

double hasard_uniform(struct hasard *h);                /* ]0, 1[, 53 bits */
uint32_t hasard_below(struct hasard *h, uint32_t n);    /* 0 to n - 1; n >= 1 */
double hasard_normal(struct hasard *h);                 /* mean 0, variance 1 */
double hasard_gamma(struct hasard *h, double shape);    /* scale 1; shape > 0 */

/* Weights that sum to 1 around alpha / sum(alpha); an alpha of 0 gets the weight 0. */
void hasard_dirichlet(struct hasard *h, const double *alpha, int n, double *out);
