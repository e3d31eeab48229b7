/* Rings that cross themselves: a surface that no map can shade. */
#include "core/contour_trace.h"

#include <math.h>
#include <stdlib.h>

struct side {
	const double *p, *q;            /* its ends, west first */
};

static int by_west(const void *x, const void *y)
{
	const struct side *a = x, *b = y;

	return (a->p[0] > b->p[0]) - (a->p[0] < b->p[0]);
}

static int turn(const double *a, const double *b, const double *c)
{
	double v = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

	return (v > 0) - (v < 0);
}

/* Strictly: sides that only touch do not cross. */
static bool cross(const struct side *a, const struct side *b)
{
	return turn(a->p, a->q, b->p) * turn(a->p, a->q, b->q) < 0
	       && turn(b->p, b->q, a->p) * turn(b->p, b->q, a->q) < 0;
}

bool contour_se_croise(struct arena *a, const struct ring *r, double at[2])
{
	struct side *s = r->n < 4 ? NULL : NEW_ARRAY(a, r->n, struct side);

	for (size_t i = 0; s && i < r->n; i++) {
		const double *p = r->lonlat + 2 * i, *q = r->lonlat + 2 * (i + 1 == r->n
			? 0 : i + 1);

		s[i] = p[0] <= q[0] ? (struct side){ p, q } : (struct side){ q, p };
	}
	if (!s)
		return false;
	qsort(s, r->n, sizeof *s, by_west);
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = i + 1; k < r->n && s[k].p[0] <= s[i].q[0]; k++) {
			if (!cross(&s[i], &s[k]))
				continue;
			at[0] = s[k].p[0];
			at[1] = s[k].p[1];
			return true;
		}
	}
	return false;
}
