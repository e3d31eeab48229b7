#include "observe/tri.h"

#include <stdbool.h>
#include <stdlib.h>

enum { PASSES = 6, BITS = 11, BINS = 1 << BITS };
enum { FEW = 256, RUNS = 16 };

struct peu {                            /* some different keys, by hash */
	uint64_t *cles;
	uint32_t *counts;               /* 0: empty */
	uint32_t *distinct;             /* slots, as they came */
	uint32_t n, most;
	int bits;                       /* 1 << bits slots, more than `most` */
};

static uint32_t slot_of(const struct peu *p, uint64_t cle)
{
	uint32_t mask = (1u << p->bits) - 1;
	uint32_t k = (uint32_t)((cle * 0x9e3779b97f4a7c15u) >> (64 - p->bits));

	while (p->counts[k] && p->cles[k] != cle)
		k = (k + 1) & mask;
	return k;
}

/* Counts a key: its place in the table; 1 << bits when it is one too many. */
static inline uint32_t count_in(struct peu *p, uint64_t cle)
{
	uint32_t s = slot_of(p, cle);

	if (!p->counts[s]++) {
		if (p->n == p->most)
			return 1u << p->bits;
		p->cles[s] = cle;
		p->distinct[p->n++] = s;
	}
	return s;
}

/* Digit by digit, the lowest first: stable. */
static void by_digits(struct tri *t, struct tri *autre, size_t n)
{
	struct tri *from = t, *to = autre;
	uint64_t differ = 0;

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

/* `room` is for twice the distinct keys. */
static void sort_distinct(struct peu *p, struct tri *room)
{
	for (uint32_t i = 0; i < p->n; i++)
		room[i] = (struct tri){ p->cles[p->distinct[i]], p->distinct[i] };
	by_digits(room, room + p->n, p->n);
	for (uint32_t i = 0; i < p->n; i++)
		p->distinct[i] = room[i].i;
}

struct liste {                          /* the table of tri_lister */
	uint64_t cles[2 * TRI_PEU];
	uint32_t counts[2 * TRI_PEU], distinct[TRI_PEU];
	uint16_t place[2 * TRI_PEU + 1];        /* in the list, of each slot; the last: of none */
};

/* Slots first; false when the keys are too many. */
static bool count_all(struct peu *p, const uint64_t *cles, size_t n, uint16_t *which)
{
	const uint32_t none = 1u << p->bits;

	for (size_t i = 0; i < n; i++) {
		uint32_t s = cles[i] == TRI_SANS ? none : count_in(p, cles[i]);

		if (s == none && cles[i] != TRI_SANS)
			return false;
		which[i] = (uint16_t)s;
	}
	return true;
}

bool tri_lister(const uint64_t *cles, size_t n, struct tri_valeurs *v, uint16_t *which)
{
	struct liste *l = malloc(sizeof *l);
	struct tri *room = NULL;
	struct peu p = { .bits = TRI_PEU_BITS + 1, .most = TRI_PEU };
	bool good = false;

	if (!l)
		return false;
	memset(l->counts, 0, sizeof l->counts);
	p.cles = l->cles;
	p.counts = l->counts;
	p.distinct = l->distinct;
	if (count_all(&p, cles, n, which))
		room = malloc((2 * (size_t)p.n + 1) * sizeof *room);
	if (room) {
		sort_distinct(&p, room);
		l->place[2 * TRI_PEU] = TRI_PEU;
		v->n = p.n;
		v->avant[0] = 0;
		for (uint32_t k = 0; k < p.n; k++) {
			v->cles[k] = p.cles[p.distinct[k]];
			v->avant[k + 1] = v->avant[k] + p.counts[p.distinct[k]];
			l->place[p.distinct[k]] = (uint16_t)k;
		}
		for (size_t i = 0; i < n; i++)
			which[i] = l->place[which[i]];
		good = true;
	}
	free(room);
	free(l);
	return good;
}

/* Scores and their means take few values: one pass counts them, one puts each in its place.
 * False, and nothing was moved, when there are too many. */
static bool few_values(struct tri *t, struct tri *autre, size_t n)
{
	uint64_t cles[4 * FEW];
	uint32_t counts[4 * FEW] = { 0 }, distinct[FEW], at = 0;
	struct peu p = { cles, counts, distinct, .most = FEW, .bits = 10 };

	for (size_t k = 0; k < n; k++) {
		if (count_in(&p, t[k].cle) == 4 * FEW)
			return false;
	}
	if (n < 2 * (size_t)p.n)
		return false;           /* no room to sort them in, and nothing to gain */
	sort_distinct(&p, autre);
	for (uint32_t i = 0; i < p.n; i++) {
		uint32_t here = counts[distinct[i]];

		counts[distinct[i]] = at + 1;   /* never 0: slot_of goes on finding it */
		at += here;
	}
	for (size_t k = 0; k < n; k++)
		autre[counts[slot_of(&p, t[k].cle)]++ - 1] = t[k];
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
	if (!few_runs(t, autre, n) && !few_values(t, autre, n))
		by_digits(t, autre, n);
}

/* Merges the pieces [0, left[ and [left, n[, from their ends: most of the first stays. */
static void merge_in(char *array, size_t left, size_t n, size_t size, find_key *key_of, char *aside)
{
	size_t more = n - left;

	memcpy(aside, array + left * size, more * size);
	while (more) {
		const char *key = key_of(aside + (more - 1) * size);
		size_t low = 0, high = left;

		while (low < high) {            /* the first of the left that goes after key */
			size_t mid = low + (high - low) / 2;

			if (strcmp(key_of(array + mid * size), key) > 0)
				high = mid;
			else
				low = mid + 1;
		}
		memmove(array + (low + more) * size, array + low * size, (left - low) * size);
		left = low;
		more--;
		memcpy(array + (left + more) * size, aside + more * size, size);
	}
}

bool tri_morceaux(struct arena *a, void *array, size_t n, size_t size, find_key *key_of)
{
	char *p = array, *aside;
	size_t begins[RUNS], pieces = 0, widest = 0;

	for (size_t k = 1; k < n; k++) {
		if (strcmp(key_of(p + (k - 1) * size), key_of(p + k * size)) <= 0)
			continue;
		if (pieces + 1 == RUNS)
			return false;
		begins[pieces++] = k;
	}
	begins[pieces] = n;
	for (size_t i = 0; i < pieces; i++)
		widest = begins[i + 1] - begins[i] > widest ? begins[i + 1] - begins[i] : widest;
	if (!pieces)
		return true;
	aside = arena_array(a, widest, size);
	for (size_t i = 0; aside && i < pieces; i++)
		merge_in(p, begins[i], begins[i + 1], size, key_of, aside);
	return aside != NULL;
}
