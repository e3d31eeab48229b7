#include "test.h"

#include "base/chance.h"
#include "core/lieu.h"
#include "observe/voisinage.h"

enum { POINTS = 300, GRID = 5 };

TEST("the nearest neighbours are those of a comparison with every point")
{
	struct acces_point p[POINTS];
	struct arena a = arena_new(8 << 20);
	struct chance c = chance_new(1);
	struct voisinage v;
	struct err e;

	for (int i = 0; i < POINTS; i++)
		p[i] = (struct acces_point){ 40 + 12 * chance_unit(&c), -5 + 15 * chance_unit(&c) };
	p[10] = (struct acces_point){ NAN, NAN };
	p[20] = p[21];
	accepts(voisinage_proches(&a, p, POINTS, 6, &v, &e), &e);
	equals(v.isoles, 1);
	for (int i = 0; i < POINTS; i++) {
		double far = 0;
		int nearer = 0, within = 0;

		if (i == 10) {
			equals(v.debuts[i + 1], v.debuts[i]);
			continue;
		}
		equals(v.debuts[i + 1] - v.debuts[i], 6);
		for (uint32_t k = v.debuts[i]; k < v.debuts[i + 1]; k++) {
			const struct acces_point *q = &p[v.voisins[k]];

			holds((int)v.voisins[k] != i);
			holds(k == v.debuts[i] || v.voisins[k] > v.voisins[k - 1]);
			far = fmax(far, distance_metres(p[i].lat, p[i].lon, q->lat, q->lon));
		}
		for (int j = 0; j < POINTS; j++) {
			double d = distance_metres(p[i].lat, p[i].lon, p[j].lat, p[j].lon);

			nearer += j != i && j != 10 && d < far - 1e-3;
			within += j != i && j != 10 && d < far + 1e-3;
		}
		holds(nearer <= 5 && within >= 6);
	}
	refuses(E_INPUT, voisinage_proches(&a, p, POINTS, 0, &v, &e), &e);
	arena_free(&a);
}

/* A grid of squares that touch, as an import would store them. */
static void squares(struct arena *a, struct contour *contours, struct err *e)
{
	static struct contour_face faces[GRID * GRID];
	struct bytes whole;

	for (int i = 0; i < GRID * GRID; i++) {
		double x = i % GRID * .1, y = i / GRID * .1;
		double *xy = NEW_ARRAY(a, 10, double);
		struct ring *r = NEW(a, struct ring);
		const double square[] = { x, y, x + .1, y, x + .1, y + .1, x, y + .1, x, y };

		memcpy(xy, square, sizeof square);
		*r = (struct ring){ xy, 5 };
		faces[i] = (struct contour_face){ .rings = r, .n = 1 };
	}
	accepts(contour_join(a, faces, GRID * GRID, .0003, &whole, e), e);
	for (int i = 0; i < GRID * GRID; i++)
		contours[i].trace = faces[i].trace;
}

TEST("those that touch are neighbours, by a side or by a corner")
{
	struct contour contours[GRID * GRID];
	const struct contour *list[GRID * GRID];
	struct arena a = arena_new(8 << 20);
	struct voisinage v, less;
	bool garde[GRID * GRID];
	uint32_t *index;
	struct err e;

	squares(&a, contours, &e);
	for (int i = 0; i < GRID * GRID; i++) {
		list[i] = &contours[i];
		garde[i] = i / GRID != 1;
	}
	accepts(voisinage_contigus(&a, list, GRID * GRID, &v, &e), &e);
	for (int i = 0; i < GRID * GRID; i++) {
		int n = 0;

		for (int j = 0; j < GRID * GRID; j++)
			n += j != i && abs(i % GRID - j % GRID) <= 1 && abs(i / GRID - j / GRID) <= 1;
		equals(v.debuts[i + 1] - v.debuts[i], n);
	}
	equals(v.isoles, 0);
	/* without its second row the first one stands apart */
	accepts(voisinage_restreint(&a, &v, garde, &less, &index, &e), &e);
	equals(less.n, GRID * GRID - GRID);
	equals(less.debuts[1] - less.debuts[0], 1);
	equals(index[less.voisins[0]], 1);
	list[0] = NULL;
	accepts(voisinage_contigus(&a, list, GRID * GRID, &v, &e), &e);
	equals(v.isoles, 1);
	equals(v.debuts[2] - v.debuts[1], 4);
	arena_free(&a);
}

/* n territories in a circle, each beside `half` on either side. */
static struct voisinage circle(struct arena *a, uint32_t n, uint32_t half)
{
	struct voisinage v = { .n = n, .debuts = NEW_ARRAY(a, n + 1, uint32_t),
			       .voisins = NEW_ARRAY(a, 2 * half * n, uint32_t) };
	uint32_t at = 0;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < n; j++) {
			uint32_t apart = (j + n - i) % n;

			if (apart && (apart <= half || apart >= n - half))
				v.voisins[at++] = j;
		}
		v.debuts[i + 1] = at;
	}
	return v;
}

TEST("high and low in turn give -1; the documentation's six give 1/3")
{
	static const double turns[] = { 1, 0, 1, 0, 1, 0, 1, 0 }, halves[] = { 3, 3, 3, 1, 1, 1 };
	struct arena a = arena_new(1 << 20);
	struct voisinage v = circle(&a, 8, 1);
	struct lisa l[8];
	struct moran m;
	struct err e;

	accepts(moran_global(&a, &v, turns, 0, 1, &m, &e), &e);
	near_to(m.i, -1, 1e-12);
	near_to(m.attendu, -1.0 / 7, 1e-12);
	holds(isnan(m.p_tirages));
	holds(m.p > .95);
	v = circle(&a, 6, 1);
	accepts(moran_global(&a, &v, halves, 999, 1, &m, &e), &e);
	near_to(m.i, 1.0 / 3, 1e-12);
	/* 20 ways to place three high ones, 6 of them side by side: 0.3, all at least as alike */
	near_to(m.p_tirages, .3, .05);
	accepts(moran_local(&a, &v, halves, 99, 1, l, &e), &e);
	near_to(l[1].i, 1, 1e-12);
	near_to(l[0].i, 0, 1e-12);
	equals(l[1].quadrant, GRAPPE_HAUT_HAUT);
	equals(l[4].quadrant, GRAPPE_BAS_BAS);
	arena_free(&a);
}

TEST("a high corner of a map is found; chance alone finds next to nothing")
{
	struct arena a = arena_new(8 << 20);
	struct chance c = chance_new(4);
	struct voisinage v = circle(&a, 200, 3);
	struct lisa l[200], again[200];
	double x[200];
	int found = 0, outside = 0;
	struct moran m;
	struct err e;

	for (int i = 0; i < 200; i++)
		x[i] = chance_unit(&c) + (i >= 50 && i < 70 ? 3 : 0);
	accepts(moran_global(&a, &v, x, 199, 7, &m, &e), &e);
	near_to(m.p_tirages, .005, 1e-12);      /* no draw comes near: 1 / 200 */
	accepts(moran_local(&a, &v, x, 999, 7, l, &e), &e);
	accepts(moran_local(&a, &v, x, 999, 7, again, &e), &e);
	for (int i = 0; i < 200; i++) {
		bool high = l[i].grappe == GRAPPE_HAUT_HAUT;

		found += high && i >= 53 && i < 67;
		outside += l[i].grappe != GRAPPE_AUCUNE && (i < 47 || i > 72);
		near_to(l[i].p_tirages, again[i].p_tirages, 0); /* the same seed */
		holds(l[i].p_ajuste >= l[i].p_tirages);
	}
	equals(found, 14);
	holds(outside <= 1);                    /* of the found, one in twenty may be chance */
	arena_free(&a);
}

TEST("values all equal, or too few territories, are refused")
{
	static const double flat[] = { 2, 2, 2, 2, 2, 2 };
	struct arena a = arena_new(1 << 20);
	struct voisinage v = circle(&a, 6, 1);
	struct lisa l[6];
	struct moran m;
	struct err e;

	refuses(E_INPUT, moran_global(&a, &v, flat, 0, 1, &m, &e), &e);
	v = circle(&a, 3, 1);
	refuses(E_INPUT, moran_local(&a, &v, flat, 0, 1, l, &e), &e);
	holds(strstr(e.msg, "quatre territoires"));
	arena_free(&a);
}
