#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/chance.h"
#include "observe/tri.h"

enum { MOST = 3000 };

struct essai {
	struct tri t[MOST], autre[MOST], before[MOST];
};

/* By key, and by place among equal keys: what any stable sort gives. */
static int in_order(const void *a, const void *b)
{
	const struct tri *x = a, *y = b;

	return x->cle != y->cle ? (x->cle > y->cle) - (x->cle < y->cle)
		: (x->i > y->i) - (x->i < y->i);
}

static void sorted_as_qsort(struct essai *s, size_t n)
{
	memcpy(s->before, s->t, n * sizeof *s->t);
	tri_ranger(s->t, s->autre, n);
	qsort(s->before, n, sizeof *s->before, in_order);
	for (size_t i = 0; i < n; i++) {
		equals(s->t[i].cle, s->before[i].cle);
		equals(s->t[i].i, s->before[i].i);
	}
}

/* Numbers of all sizes and signs; few, many and all the same; in order, in pieces, in none. */
TEST("keys are sorted as a stable sort by comparisons would")
{
	struct essai *s = calloc(1, sizeof *s);
	struct chance h = chance_new(7);

	holds(s);
	for (int r = 0; r < 400; r++) {
		size_t n = chance_below(&h, MOST + 1);
		uint64_t few = 1 + chance_below(&h, 600), pieces = 1 + chance_below(&h, 24);
		int kind = r % 4;

		for (size_t i = 0; i < n; i++) {
			uint64_t cle = chance_next(&h);

			if (kind == 0)
				cle = tri_cle((chance_unit(&h) - 0.5) * 1e3);
			else if (kind == 1)
				cle = tri_cle((double)chance_below(&h, few) / 10 - 5);
			else if (kind == 2)
				cle = (i * pieces / (n + 1)) % 2 * 40 + i * pieces % (n + 1) / 9;
			s->t[i] = (struct tri){ cle, (uint32_t)i };
		}
		sorted_as_qsort(s, n);
	}
	free(s);
}

/* Counted one by one. */
static size_t below(const uint64_t *cles, size_t n, uint64_t cle)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += cles[i] != TRI_SANS && cles[i] < cle;
	return count;
}

TEST("a few thousand different keys are listed with how many go before; more are not")
{
	struct chance h = chance_new(11);
	uint64_t cles[TRI_PEU + 900];
	uint16_t which[TRI_PEU + 900];
	struct tri_valeurs v;

	for (int r = 0; r < 40; r++) {
		size_t n = chance_below(&h, 901), known = 0;

		for (size_t i = 0; i < n; i++) {
			cles[i] = chance_below(&h, 9)
				? tri_cle((double)chance_below(&h, r < 20 ? 256 : 4096) / 8 - 9)
				: TRI_SANS;
			known += cles[i] != TRI_SANS;
		}
		holds(tri_lister(cles, n, &v, which));
		equals(v.avant[v.n], known);
		for (size_t i = 0; i < n; i++) {
			if (cles[i] == TRI_SANS) {
				equals(which[i], TRI_PEU);
				continue;
			}
			equals(v.cles[which[i]], cles[i]);
			equals(v.avant[which[i]], below(cles, n, cles[i]));
			equals(v.avant[which[i] + 1], below(cles, n, cles[i] + 1));
		}
	}
	for (size_t i = 0; i < TRI_PEU + 900; i++)
		cles[i] = tri_cle((double)(i * 7919 % (TRI_PEU + 900)));
	holds(tri_lister(cles, TRI_PEU, &v, which));
	for (size_t i = 1; i < v.n; i++)
		holds(v.cles[i - 1] < v.cles[i]);
	holds(!tri_lister(cles, TRI_PEU + 1, &v, which));
	cles[TRI_PEU] = cles[5];
	holds(tri_lister(cles, TRI_PEU + 1, &v, which));
	equals(v.avant[v.n], TRI_PEU + 1);
}

struct mot {
	char cle[8];
	uint32_t i;
};

static const char *mot_key(const void *p)
{
	return ((const struct mot *)p)->cle;
}

static int mot_order(const void *a, const void *b)
{
	const struct mot *x = a, *y = b;
	int c = strcmp(x->cle, y->cle);

	return c ? c : (x->i > y->i) - (x->i < y->i);
}

TEST("pieces in order are merged as a stable sort would, and many pieces are left as they are")
{
	struct arena a = arena_new(1 << 20);
	struct chance h = chance_new(13);
	struct mot m[400], wanted[400];

	for (int r = 0; r < 200; r++) {
		size_t n = chance_below(&h, 401), pieces = 1 + chance_below(&h, 20), descents = 0;
		unsigned at = 0;

		for (size_t i = 0; i < n; i++) {
			at = chance_below(&h, n / pieces + 1) ? at + (unsigned)chance_below(&h, 3)
				: (unsigned)chance_below(&h, 50);
			snprintf(m[i].cle, sizeof m[i].cle, "%05u", at % 100000);
			m[i].i = (uint32_t)i;
			descents += i && strcmp(m[i - 1].cle, m[i].cle) > 0;
		}
		memcpy(wanted, m, sizeof m);
		equals(tri_morceaux(&a, m, n, sizeof *m, mot_key), descents < 16);
		if (descents < 16)
			qsort(wanted, n, sizeof *wanted, mot_order);
		for (size_t i = 0; i < n; i++)
			equals(m[i].i, wanted[i].i);
		arena_reset(&a);
	}
	arena_free(&a);
}

TEST("a head of a text sorts like its first eight bytes")
{
	holds(tri_tete("29999") < tri_tete("2A001"));
	holds(tri_tete("2A001") < tri_tete("2B"));
	holds(tri_tete("200000172") == tri_tete("200000179"));
	holds(tri_tete("") < tri_tete("0"));
	holds(tri_tete("é") > tri_tete("z"));
}
