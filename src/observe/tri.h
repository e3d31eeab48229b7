/*
 * Sorting tens of thousands of numbers again and again: radix sort, stable, without
 * comparisons.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/find.h"

struct tri {
	uint64_t cle;
	uint32_t i;             /* whose it is */
};

/* Sorts by cle, rising; `autre` is room for n. */
void tri_ranger(struct tri *t, struct tri *autre, size_t n);

/* The different keys of many, when they are few: scores and their means. */
enum { TRI_PEU_BITS = 12, TRI_PEU = 1 << TRI_PEU_BITS };
#define TRI_SANS UINT64_MAX     /* no key: tri_cle never gives it */

struct tri_valeurs {
	size_t n;
	uint64_t cles[TRI_PEU];         /* rising */
	uint32_t avant[TRI_PEU + 1];    /* how many of the keys are below; [n]: how many they are */
};

/* Lists them; which[i] is the place of the i-th in the list, TRI_PEU of one that has none.
 * False when they are more than TRI_PEU, or there is no memory to list them. */
bool tri_lister(const uint64_t *cles, size_t n, struct tri_valeurs *v, uint16_t *which);

/*
 * Sorts n elements (size bytes each) by a text, when they come as a few pieces in order:
 * Corsica after the others, arrondissements.  Stable; elements that are in place stay there.
 * False, and nothing was moved, when the pieces are many or the arena is spent.
 */
bool tri_morceaux(struct arena *a, void *array, size_t n, size_t size, find_key *key_of);

/* A number that sorts as x does; x is not NaN.  -0 and 0 are the same. */
static inline uint64_t tri_cle(double x)
{
	uint64_t b;

	x += 0.0;
	memcpy(&b, &x, sizeof b);
	return b >> 63 ? ~b : b | (uint64_t)1 << 63;
}

/* The first eight bytes of a text, as a number that sorts like them. */
static inline uint64_t tri_tete(const char *s)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (*s ? (unsigned char)*s++ : 0);
	return v;
}
