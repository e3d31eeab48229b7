/*
 * Sorting tens of thousands of numbers again and again: radix sort, stable, without
 * comparisons.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct tri {
	uint64_t cle;
	uint32_t i;             /* whose it is */
};

/* Sorts by cle, rising; `autre` is room for n. */
void tri_ranger(struct tri *t, struct tri *autre, size_t n);

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
