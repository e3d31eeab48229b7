#include "observe/voisinage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/contour_trace.h"
#include "core/lieu_grid.h"

/* --- the nearest ------------------------------------------------------------------------- */

enum { PROCHES_MOST = 64 };

struct proche {
	double chord2;
	uint32_t i;
};

struct place {
	double x, y, z;
	uint32_t i;
	double lat;
};

static int by_latitude(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->lat < y->lat || x->lat > y->lat)
		return x->lat < y->lat ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

/* Keeps the k nearest, sorted; of equals, the first in order. */
static int keep(struct proche *best, int n, int k, struct proche one)
{
	int at = n < k ? n : k - 1;

	if (n == k && (one.chord2 > best[k - 1].chord2
		       || (one.chord2 >= best[k - 1].chord2 && one.i > best[k - 1].i)))
		return n;
	for (; at && (best[at - 1].chord2 > one.chord2
		      || (best[at - 1].chord2 >= one.chord2 && best[at - 1].i > one.i)); at--)
		best[at] = best[at - 1];
	best[at] = one;
	return n < k ? n + 1 : k;
}

static double chord2_of(const struct place *a, const struct place *b)
{
	double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;

	return x * x + y * y + z * z;
}

/* From the place outward by latitude, until the difference of latitude alone is too far. */
static int proches_de(const struct place *p, size_t n, size_t at, int k, struct proche *best)
{
	size_t down = at, up = at + 1;
	int found = 0;

	while (down > 0 || up < n) {
		bool low = up >= n || (down > 0 && p[at].lat - p[down - 1].lat
					      <= p[up].lat - p[at].lat);
		const struct place *other = low ? &p[--down] : &p[up++];
		double apart = (other->lat - p[at].lat) * M_PI / 180;
		double least = 2 * sin(fabs(apart) / 2);

		if (found == k && least * least > best[k - 1].chord2)
			return found;
		found = keep(best, found, k, (struct proche){ chord2_of(&p[at], other), other->i });
	}
	return found;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

bool voisinage_proches(struct arena *a, const struct acces_point *points, size_t n, int k,
		       struct voisinage *out, struct err *e)
{
	struct place *p = NEW_ARRAY(a, n, struct place);
	struct proche best[PROCHES_MOST];
	uint32_t *rows;
	size_t known = 0, at = 0;

	if (k < 1 || k > PROCHES_MOST)
		return fail(e, E_INPUT, "Le nombre de voisins va de 1 à %d.", PROCHES_MOST);
	*out = (struct voisinage){ .n = n };
	out->debuts = NEW_ARRAY(a, n + 1, uint32_t);
	out->voisins = NEW_ARRAY(a, n * (size_t)k, uint32_t);
	rows = NEW_ARRAY(a, n, uint32_t);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		rows[i] = UINT32_MAX;
		if (!(fabs(points[i].lat) <= 90 && fabs(points[i].lon) <= 180))
			continue;
		p[known] = (struct place){ .i = (uint32_t)i, .lat = points[i].lat };
		lieu_grid_point(points[i].lat, points[i].lon, &p[known].x, &p[known].y,
				&p[known].z);
		known++;
	}
	if (known)
		qsort(p, known, sizeof *p, by_latitude);
	for (size_t i = 0; i < known; i++)
		rows[p[i].i] = (uint32_t)i;
	for (size_t i = 0; i < n; i++) {
		int found = rows[i] == UINT32_MAX ? 0 : proches_de(p, known, rows[i], k, best);

		for (int j = 0; j < found; j++)
			out->voisins[at++] = best[j].i;
		qsort(out->voisins + out->debuts[i], (size_t)found, sizeof *rows, by_number);
		out->debuts[i + 1] = (uint32_t)at;
		out->isoles += !found;
	}
	return true;
}

/* --- those that touch --------------------------------------------------------------------- */

struct sommet {
	uint64_t at;
	uint32_t i;
};

static int by_place(const void *a, const void *b)
{
	const struct sommet *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

/* Points of the rings of a trace; out NULL: only counts. */
static size_t sommets_de(struct bytes trace, uint32_t i, struct sommet *out)
{
	struct trace t = trace_open(trace);
	size_t rings = trace_count(&t), n = 0;

	while (rings--) {
		struct grid_point at = { 0, 0 };

		for (size_t k = trace_count(&t); k && trace_point(&t, &at); k--, n++) {
			if (out)
				out[n] = (struct sommet){ (uint64_t)(uint32_t)at.x << 32
							  | (uint32_t)at.y, i };
		}
	}
	return n;
}

static int by_pair(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Pairs of those that share a point, each once; out NULL: counts, repeats included. */
static size_t paires(const struct sommet *s, size_t n, uint64_t *out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n && s[j].at == s[i].at; j++) {
			if (s[j].i == s[i].i)
				continue;
			if (out) {
				out[count] = (uint64_t)s[i].i << 32 | s[j].i;
				out[count + 1] = (uint64_t)s[j].i << 32 | s[i].i;
			}
			count += 2;
		}
	}
	return count;
}

bool voisinage_contigus(struct arena *a, const struct contour *const *contours, size_t n,
			struct voisinage *out, struct err *e)
{
	size_t points = 0, all, at = 0;
	struct sommet *s;
	uint64_t *p;

	for (size_t i = 0; i < n; i++)
		points += contours[i] ? sommets_de(contours[i]->trace, 0, NULL) : 0;
	s = NEW_ARRAY(a, points, struct sommet);
	if (!s)
		return arena_refuse(a, e);
	for (size_t i = 0, k = 0; i < n; i++)
		k += contours[i] ? sommets_de(contours[i]->trace, (uint32_t)i, s + k) : 0;
	if (points)
		qsort(s, points, sizeof *s, by_place);
	all = paires(s, points, NULL);
	p = NEW_ARRAY(a, all, uint64_t);
	*out = (struct voisinage){ .n = n };
	out->debuts = NEW_ARRAY(a, n + 1, uint32_t);
	out->voisins = NEW_ARRAY(a, all, uint32_t);
	if (a->spent)
		return arena_refuse(a, e);
	paires(s, points, p);
	if (all)
		qsort(p, all, sizeof *p, by_pair);
	for (size_t i = 0, k = 0; i < n; i++) {
		for (; k < all && p[k] >> 32 == i; k++) {
			if (!k || p[k] != p[k - 1])
				out->voisins[at++] = (uint32_t)p[k];
		}
		out->debuts[i + 1] = (uint32_t)at;
		out->isoles += out->debuts[i] == at;
	}
	return true;
}

bool voisinage_restreint(struct arena *a, const struct voisinage *v, const bool *garde,
			 struct voisinage *out, uint32_t **index, struct err *e)
{
	uint32_t *new = NEW_ARRAY(a, v->n, uint32_t);
	size_t at = 0;

	*out = (struct voisinage){ .n = 0 };
	*index = NEW_ARRAY(a, v->n, uint32_t);
	out->debuts = NEW_ARRAY(a, v->n + 1, uint32_t);
	out->voisins = NEW_ARRAY(a, v->debuts[v->n], uint32_t);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < v->n; i++) {
		new[i] = (uint32_t)out->n;
		if (garde[i])
			(*index)[out->n++] = (uint32_t)i;
	}
	for (size_t i = 0; i < out->n; i++) {
		uint32_t old = (*index)[i];

		for (uint32_t k = v->debuts[old]; k < v->debuts[old + 1]; k++) {
			if (garde[v->voisins[k]])
				out->voisins[at++] = new[v->voisins[k]];
		}
		out->debuts[i + 1] = (uint32_t)at;
		out->isoles += out->debuts[i] == at;
	}
	return true;
}
