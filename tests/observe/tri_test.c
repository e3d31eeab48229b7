#include "test.h"

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

TEST("a head of a text sorts like its first eight bytes")
{
	holds(tri_tete("29999") < tri_tete("2A001"));
	holds(tri_tete("2A001") < tri_tete("2B"));
	holds(tri_tete("200000172") == tri_tete("200000179"));
	holds(tri_tete("") < tri_tete("0"));
	holds(tri_tete("é") > tri_tete("z"));
}
