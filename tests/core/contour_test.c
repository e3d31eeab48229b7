#include "test.h"

#include <stdlib.h>

#include "core/contour.h"
#include "core/contour_trace.h"

static const double square[] = { 2, 48, 2.1, 48, 2.1, 48.1, 2, 48.1 };

static struct bytes trace_of(struct arena *a, const double *lonlat, size_t n, double tolerance)
{
	struct ring r = { lonlat, n };
	struct bytes b = contour_encode(a, &r, 1, tolerance);

	holds(b.p);
	return b;
}

TEST("a contour keeps its box to the grid")
{
	struct arena a = arena_new(1 << 20);
	double s, w, n, e;

	holds(contour_box(trace_of(&a, square, 4, 0), &s, &w, &n, &e));
	near_to(s, 48, 1e-9);
	near_to(w, 2, 1e-9);
	near_to(n, 48.1, 1e-9);
	near_to(e, 2.1, 1e-9);
	arena_free(&a);
}

/* Distance of a point to a polyline, by the textbook. */
static double far_from(struct grid_point q, const struct grid_point *p, size_t n)
{
	double best = 1e18;

	for (size_t i = 0; i + 1 < n; i++) {
		double ax = p[i].x, ay = p[i].y, bx = p[i + 1].x - ax, by = p[i + 1].y - ay;
		double t = bx || by ? ((q.x - ax) * bx + (q.y - ay) * by) / (bx * bx + by * by) : 0;

		t = t < 0 ? 0 : t > 1 ? 1 : t;
		best = fmin(best, hypot(q.x - ax - t * bx, q.y - ay - t * by));
	}
	return best;
}

TEST("what is simplified stays within the tolerance of every point that was left out")
{
	struct arena a = arena_new(8 << 20);
	uint32_t seed = 3;

	for (int k = 0; k < 50; k++) {
		struct grid_point p[300], q[300];
		size_t n = 300, m;
		int32_t x = 0, y = 0;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			x += (int32_t)(seed >> 24) % 13 - 4;
			y += (int32_t)(seed >> 16 & 255) % 13 - 6;
			p[i] = q[i] = (struct grid_point){ x, y };
		}
		m = grid_simplify(&a, q, n, 5);
		holds(m < n);
		for (size_t i = 0; i < n; i++)
			holds(far_from(p[i], q, m) <= 5 + 1e-9);
		arena_reset(&a);
	}
	arena_free(&a);
}

TEST("a tiny island vanishes, but never the last one")
{
	static const double islet[] = { 3, 48, 3.0002, 48, 3.0001, 48.0002 };
	struct ring two[] = { { square, 4 }, { islet, 3 } };
	struct arena a = arena_new(1 << 20);
	double s, w, n, e;

	holds(contour_box(contour_encode(&a, two, 2, 0.001), &s, &w, &n, &e));
	near_to(e, 2.1, 1e-9);
	holds(contour_box(contour_encode(&a, two + 1, 1, 0.001), &s, &w, &n, &e));
	near_to(w, 3, 1e-9);
	arena_free(&a);
}

TEST("a map shows the whole box, north up, at one scale in both directions")
{
	struct map m = map_fit(48, 2, 48.1, 2.1, 360, 330);
	int x0, y0, x1, y1;

	holds(m.width == 360 && m.height <= 330);
	map_xy(&m, 48, 2, &x0, &y0);
	map_xy(&m, 48.1, 2.1, &x1, &y1);
	holds(x0 >= 0 && x1 <= 360 && x1 > x0 && y1 >= 0 && y0 <= m.height && y0 > y1);
	/* 0.1 degree of longitude at 48.05 N is 0.6685 of one of latitude (cosine). */
	near_to((double)(x1 - x0) / (y0 - y1), 0.6685, 0.01);
	/* A degree of latitude is 111.195 km on the mean sphere: the bar is to scale. */
	near_to(map_units(&m, 11119.5), y0 - y1, 2);
}

TEST("a point without extent still has a map around it")
{
	struct map m = map_fit(48, 2, 48, 2, 360, 330);
	int x, y;

	holds(m.height > 0 && m.height <= 330);
	map_xy(&m, 48, 2, &x, &y);
	equals(x, 180);
	near_to(y, m.height / 2, 1);
	map_xy(&m, 90, 180, &x, &y);            /* far outside: no overflow */
	m = map_fit(89.9, -180, 90, 180, 360, 330);
	holds(m.height > 0);
}

/* Follows "M x y l dx dy ... z": last point and how many moves; false on other text. */
static bool follow(const char *path, int *minx, int *maxx, int *moves)
{
	int x = 0, y = 0, n, dx, dy;

	*minx = 1 << 30;
	*maxx = -(1 << 30);
	*moves = 0;
	while (*path) {
		if (sscanf(path, "M%d%d%n", &x, &y, &n) != 2)
			return false;
		path += n;
		if (*path++ != 'l')
			return false;
		while (sscanf(path, "%d%d%n", &dx, &dy, &n) == 2) {
			x += dx;
			y += dy;
			*minx = x < *minx ? x : *minx;
			*maxx = x > *maxx ? x : *maxx;
			++*moves;
			path += n;
		}
		if (*path == 'z')
			path++;
	}
	return true;
}

TEST("a contour is drawn inside the map and cut at its edge")
{
	struct arena a = arena_new(1 << 20);
	struct bytes t = trace_of(&a, square, 4, 0);
	struct map all = map_fit(48, 2, 48.1, 2.1, 360, 330);
	struct map part = map_fit(48.04, 2.09, 48.06, 2.11, 360, 330);
	struct map none = map_fit(10, 10, 11, 11, 360, 330);
	int minx, maxx, moves;

	holds(follow(map_path(&a, &all, t), &minx, &maxx, &moves));
	holds(minx >= 0 && maxx <= 360);
	equals(moves, 3);
	holds(follow(map_path(&a, &part, t), &minx, &maxx, &moves));
	holds(minx >= -10 && maxx <= 370);
	holds(maxx < 200 && maxx > 160);        /* the eastern side runs through the middle */
	same(map_path(&a, &none, t), "");
	same(map_lines(&a, &all, t), "");
	arena_free(&a);
}

TEST("two communes that touch share one border, drawn once, and one outline")
{
	static const double left[] = { 2, 48, 2.1, 48, 2.1, 48.05, 2.1, 48.1, 2, 48.1 };
	static const double right[] = { 2.1, 48, 2.2, 48, 2.2, 48.1, 2.1, 48.1, 2.1, 48.05 };
	struct ring rings[] = { { left, 5 }, { right, 5 } };
	struct contour_face faces[] = { { .rings = rings, .n = 1 }, { .rings = rings + 1, .n = 1 } };
	struct arena a = arena_new(4 << 20);
	struct map m = map_fit(48, 2, 48.1, 2.2, 360, 330);
	struct err err = { 0 };
	struct bytes whole;
	double s, w, n, e;
	int minx, maxx, moves;

	accepts(contour_join(&a, faces, 2, 0.0003, &whole, &err), &err);
	holds(contour_box(whole, &s, &w, &n, &e));
	near_to(w, 2, 1e-9);
	near_to(e, 2.2, 1e-9);
	holds(contour_box(faces[1].trace, &s, &w, &n, &e));
	near_to(w, 2.1, 1e-9);
	holds(follow(map_lines(&a, &m, whole), &minx, &maxx, &moves));
	equals(moves, 1);                       /* one straight border */
	near_to(minx, 180, 1);
	holds(follow(map_path(&a, &m, whole), &minx, &maxx, &moves));
	holds(moves <= 4 && minx < 20 && maxx > 340);   /* one rectangle: no border inside */
	arena_free(&a);
}

TEST("a commune inside another leaves a hole that its own outline fills")
{
	static const double out[] = { 2, 48, 2.3, 48, 2.3, 48.3, 2, 48.3 };
	static const double in[] = { 2.1, 48.1, 2.2, 48.1, 2.2, 48.2, 2.1, 48.2 };
	static const double hole[] = { 2.2, 48.2, 2.2, 48.1, 2.1, 48.1, 2.1, 48.2 };
	struct ring around[] = { { out, 4 }, { hole, 4 } }, inside = { in, 4 };
	struct contour_face faces[] = { { .rings = around, .n = 2 }, { .rings = &inside, .n = 1 } };
	struct arena a = arena_new(4 << 20);
	struct trace t;
	struct err err = { 0 };
	struct bytes whole;

	accepts(contour_join(&a, faces, 2, 0.0003, &whole, &err), &err);
	t = trace_open(whole);
	equals(trace_count(&t), 1);             /* the outline has no hole */
	t = trace_open(faces[0].trace);
	equals(trace_count(&t), 2);
	arena_free(&a);
}

/* Even-odd, by a ray to the east. */
static bool encloses(const double *xy, size_t n, double x, double y)
{
	bool in = false;

	for (size_t i = 0, k = n - 1; i < n; k = i++) {
		double ax = xy[2 * i], ay = xy[2 * i + 1], bx = xy[2 * k], by = xy[2 * k + 1];

		if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
			in = !in;
	}
	return in;
}

/* Distance to the border. */
static double border(const double *xy, size_t n, double x, double y)
{
	double best = 1e18;

	for (size_t i = 0, k = n - 1; i < n; k = i++) {
		double ax = xy[2 * i], ay = xy[2 * i + 1], bx = xy[2 * k] - ax, by = xy[2 * k + 1] - ay;
		double t = bx || by ? ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by) : 0;

		t = fmin(fmax(t, 0), 1);
		best = fmin(best, hypot(x - ax - t * bx, y - ay - t * by));
	}
	return best;
}

TEST("however near the map, what is inside a contour is drawn inside, and nothing else")
{
	double lonlat[2 * 400], drawn[2 * 2000];
	struct arena a = arena_new(8 << 20);
	struct bytes t;
	uint32_t seed = 11;
	int seen[2] = { 0, 0 };

	for (int i = 0; i < 400; i++) {         /* a jagged star around 48.1 N, 2.1 E */
		double r = 0.03 + 0.05 * ((seed = seed * 1664525 + 1013904223) >> 8 & 0xffff) / 65536;

		lonlat[2 * i] = 2.1 + r * cos(2 * M_PI * i / 400) * 1.5;
		lonlat[2 * i + 1] = 48.1 + r * sin(2 * M_PI * i / 400);
	}
	t = trace_of(&a, lonlat, 400, 0);
	for (int k = 0; k < 60; k++) {
		double lat = 48.02 + 0.16 * ((seed = seed * 1664525 + 1013904223) >> 16) / 65536;
		double lon = 1.98 + 0.24 * ((seed = seed * 1664525 + 1013904223) >> 16) / 65536;
		struct map m = map_fit(lat - 0.01, lon - 0.01, lat + 0.01, lon + 0.01, 360, 330);
		const char *path = map_path(&a, &m, t);
		size_t n = 0;
		int x = 0, y = 0, dx, dy, c;

		if (sscanf(path, "M%d%dl%n", &x, &y, &c) == 2) {
			for (path += c; n < 2000; path += c) {
				drawn[2 * n] = x;
				drawn[2 * n++ + 1] = y;
				if (sscanf(path, "%d%d%n", &dx, &dy, &c) != 2)
					break;
				x += dx;
				y += dy;
			}
		}
		for (int q = 0; q < 40; q++) {
			double px = 5 + (seed = seed * 1664525 + 1013904223) % 350u;
			double py = 5 + (seed >> 12) % (unsigned)(m.height - 10);
			double plon = m.west + px / m.scale / m.cos_lat;
			double plat = m.north - py / m.scale;
			bool in = encloses(lonlat, 400, plon, plat);

			if (border(lonlat, 400, plon, plat) * m.scale < 3)
				continue;
			seen[in]++;
			if (in != (n && encloses(drawn, n, px, py)))
				fail_msg("map %d, point %.0f %.0f: %d in truth", k, px, py, in);
		}
		arena_reset(&a);
		t = trace_of(&a, lonlat, 400, 0);
	}
	holds(seen[0] > 200 && seen[1] > 200);
	arena_free(&a);
}

TEST("a damaged trace draws nothing and breaks nothing")
{
	static const unsigned char bad[][6] = {
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, { 1, 0x80, 0x80, 0x80, 0x80, 0x80 },
		{ 2, 1, 0, 0, 200, 1 }, { 1, 3, 0xff, 0xff, 0xff, 0xff }, { 0, 0, 0, 0, 0, 0 },
	};
	struct map m = map_fit(48, 2, 48.1, 2.1, 360, 330);
	struct arena a = arena_new(1 << 20);
	double s, w, n, e;

	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k <= 6; k++) {
			struct bytes b = { bad[i], k };

			holds(!contour_box(b, &s, &w, &n, &e));
			same(map_path(&a, &m, b), "");
			same(map_lines(&a, &m, b), "");
		}
	}
	arena_free(&a);
}
