#include "observe/tri.h"

#include <stdbool.h>

enum { PASSES = 6, BITS = 11, BINS = 1 << BITS };
enum { FEW = 256, SLOTS = 4 * FEW, RUNS = 16 };

struct peu {                            /* a few different keys, by hash */
	uint64_t cles[SLOTS];
	uint32_t counts[SLOTS];         /* 0: empty */
	uint32_t distinct[FEW], n;
};

static uint32_t slot_of(const struct peu *p, uint64_t cle)
{
	uint32_t k = (uint32_t)((cle * 0x9e3779b97f4a7c15u) >> 54);

	while (p->counts[k] && p->cles[k] != cle)
		k = (k + 1) % SLOTS;
	return k;
}

/* Scores and their means take few values: one pass counts them, one puts each in its place.
 * False, and nothing was moved, when there are too many. */
static bool few_values(struct tri *t, struct tri *autre, size_t n)
{
	struct peu p = { .n = 0 };
	uint32_t at = 0;

	for (size_t k = 0; k < n; k++) {
		uint32_t s = slot_of(&p, t[k].cle);

		if (!p.counts[s]++) {
			if (p.n == FEW)
				return false;
			p.cles[s] = t[k].cle;
			p.distinct[p.n++] = s;
		}
	}
	for (uint32_t i = 1; i < p.n; i++) {
		uint32_t s = p.distinct[i], k = i;

		for (; k && p.cles[p.distinct[k - 1]] > p.cles[s]; k--)
			p.distinct[k] = p.distinct[k - 1];
		p.distinct[k] = s;
	}
	for (uint32_t i = 0; i < p.n; i++) {
		uint32_t here = p.counts[p.distinct[i]];

		p.counts[p.distinct[i]] = at + 1;       /* never 0: slot_of goes on finding it */
		at += here;
	}
	for (size_t k = 0; k < n; k++)
		autre[p.counts[slot_of(&p, t[k].cle)]++ - 1] = t[k];
	memcpy(t, autre, n * sizeof *t);
	return true;
}

/* Stable: of equal keys those of the first run go first. */
static void merge(const struct tri *a, size_t na, const struct tri *b, size_t nb,
		  struct tri *out)
{
	while (na && nb) {
		if (b->cle < a->cle) {
			*out++ = *b++;
			nb--;
		} else {
			*out++ = *a++;
			na--;
		}
	}
	memcpy(out, na ? a : b, (na + nb) * sizeof *out);
}

/* Files come in order, or as a few pieces that are: Corsica, the arrondissements.  False, and
 * nothing was moved, when the pieces are many. */
static bool few_runs(struct tri *t, struct tri *autre, size_t n)
{
	size_t ends[RUNS], runs = 0;

	for (size_t k = 1; k < n; k++) {
		if (t[k - 1].cle <= t[k].cle)
			continue;
		if (runs + 1 == RUNS)
			return false;
		ends[runs++] = k;
	}
	ends[runs++] = n;
	while (runs > 1) {
		size_t from = 0, left = 0;

		for (size_t r = 0; r < runs; r += 2) {
			size_t mid = ends[r], to = r + 1 < runs ? ends[r + 1] : mid;

			merge(t + from, mid - from, t + mid, to - mid, autre + from);
			ends[left++] = from = to;
		}
		memcpy(t, autre, n * sizeof *t);
		runs = left;
	}
	return true;
}

void tri_ranger(struct tri *t, struct tri *autre, size_t n)
{
	struct tri *from = t, *to = autre;
	uint64_t differ = 0;

	if (few_runs(t, autre, n) || few_values(t, autre, n))
		return;
	for (size_t k = 1; k < n; k++)
		differ |= t[k].cle ^ t[0].cle;
	for (int p = 0; p < PASSES; p++) {
		uint32_t c[BINS] = { 0 }, at = 0;
		struct tri *swap;

		if (!(differ >> (BITS * p) & (BINS - 1)))
			continue;               /* the same bits everywhere */
		for (size_t k = 0; k < n; k++)
			c[from[k].cle >> (BITS * p) & (BINS - 1)]++;
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
