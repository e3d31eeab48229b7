/*
 * Chance that can be replayed: draws of a simulation from a seed that is stated beside the
 * result, so that anyone finds the same figures.  Never for secrets (base/env.h).
 *
 * xoshiro256++ seeded by splitmix64 (Blackman and Vigna, public domain,
 * prng.di.unimi.it).  The order of calls is part of the result.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct chance {
	uint64_t s[4];
};

struct chance chance_new(uint64_t seed);
/* The generator of part `part` of a computation: independent of the others', so that parts
 * may run in any order or in several threads. */
struct chance chance_part(uint64_t seed, uint64_t part);

uint64_t chance_next(struct chance *c);
double chance_unit(struct chance *c);                   /* 0 <= x < 1, 53 bits */
uint64_t chance_below(struct chance *c, uint64_t n);    /* 0..n-1, without bias; n >= 1 */
double chance_exponential(struct chance *c);            /* mean 1, > 0 */
void chance_shuffle(struct chance *c, uint32_t *x, size_t n);
