#include "observe/tri.h"

enum { PASSES = 6, BITS = 11, BINS = 1 << BITS };

void tri_ranger(struct tri *t, struct tri *autre, size_t n)
{
	uint32_t counts[PASSES][BINS] = { 0 };
	struct tri *from = t, *to = autre;

	for (size_t k = 0; k < n; k++) {
		for (int p = 0; p < PASSES; p++)
			counts[p][t[k].cle >> (BITS * p) & (BINS - 1)]++;
	}
	for (int p = 0; p < PASSES; p++) {
		uint32_t *c = counts[p], at = 0;
		struct tri *swap;

		if (!n || c[from[0].cle >> (BITS * p) & (BINS - 1)] == n)
			continue;               /* the same bits everywhere */
		for (int b = 0; b < BINS; b++) {
			uint32_t here = c[b];

			c[b] = at;
			at += here;
		}
		for (size_t k = 0; k < n; k++)
			to[c[from[k].cle >> (BITS * p) & (BINS - 1)]++] = from[k];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != t)
		memcpy(t, from, n * sizeof *t);
}
