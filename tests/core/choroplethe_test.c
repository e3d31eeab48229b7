#include "test.h"

#include <stdlib.h>

#include "core/choroplethe.h"
#include "core/contour.h"
#include "core/contour_trace.h"
#include "core/repertoire.h"
#include "core/territoire.h"
#include "store/db.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

static struct repertoire *read_back(struct store *s)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct repertoire *r = NULL;
	struct err e = { 0 };

	accepts(db_acquire(s, &db, &e), &e);
	accepts(repertoire_read(db, &r, &e), &e);
	return r;
}

static struct repertoire *demo(void)
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_demo(s, &e), &e);
	return read_back(s);
}

/* The map of n outlines, all alike but for their class. */
static struct choroplethe draw(struct arena *a, const struct bytes *outlines, size_t n)
{
	struct carte_zone *z = NEW_ARRAY(a, n + 1, struct carte_zone);
	struct choroplethe_fond fond;
	struct choroplethe c;
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++) {
		z[i] = (struct carte_zone){ .code = "", .nom = "Ville", .lien = "/", .dit = "5",
					    .classe = (int)(i % 5) };
	}
	accepts(choroplethe_fond(a, outlines, n, 720, &fond, &e), &e);
	accepts(choroplethe_draw(a, &fond, z, &c, &e), &e);
	return c;
}

static size_t outlines_of(struct bytes *out, const struct contour *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = c[i].trace;
	return n;
}

/* The corners of a path "M x y l dx dy ... z", ring after ring; -1 in `ring` ends each. */
struct corners {
	int x[40000], y[40000];
	bool last[40000];               /* of its ring */
	size_t n;
};

static void corners_of(const char *path, struct corners *c)
{
	int x = 0, y = 0;

	c->n = 0;
	while (*path) {
		char *end;

		if (*path == 'M' || *path == 'l') {
			bool move = *path++ == 'M';

			do {
				int dx = (int)strtol(path, &end, 10), dy;

				dy = (int)strtol(end, &end, 10);
				x = move ? dx : x + dx;
				y = move ? dy : y + dy;
				holds(end > path && c->n < 40000);
				c->x[c->n] = x;
				c->y[c->n] = y;
				c->last[c->n++] = false;
				path = end;
			} while (!move && *path != 'z');
		} else {
			holds(*path == 'z');
			c->last[c->n - 1] = true;
			path++;
		}
	}
}

/* Even-odd rule at a point that lies on no corner. */
static bool covers(const struct corners *c, double x, double y)
{
	bool in = false;

	for (size_t i = 0, from = 0; i < c->n; i++) {
		size_t k = c->last[i] ? from : i + 1;

		if ((c->y[i] > y) != (c->y[k] > y)
		    && x < c->x[i] + (y - c->y[i]) * (c->x[k] - c->x[i]) / (double)(c->y[k] - c->y[i]))
			in = !in;
		if (c->last[i])
			from = i + 1;
	}
	return in;
}

/* How many zones cover each of many points: those that none or several cover. */
static void count_cover(const struct choroplethe *c, size_t *none, size_t *several, size_t *once)
{
	static struct corners k[128];
	uint32_t seed = 7;

	holds(c->n <= 128);
	for (size_t i = 0; i < c->n; i++)
		corners_of(c->zones[i].trace, &k[i]);
	*none = *several = *once = 0;
	for (int i = 0; i < 20000; i++) {
		double x, y;
		int n = 0;

		seed = seed * 1664525 + 1013904223;
		x = (seed >> 8) % (unsigned)(c->width * 50) / 50.0 + 0.0037;
		seed = seed * 1664525 + 1013904223;
		y = (seed >> 8) % (unsigned)(c->height * 50) / 50.0 + 0.0041;
		for (size_t z = 0; z < c->n; z++)
			n += covers(&k[z], x, y);
		*none += !n;
		*once += n == 1;
		*several += n > 1;
	}
}

/* Proper crossings of the borders of all zones, each pair of segments compared: a shared
 * border is the same segments on both sides, and two outlines never cross. */
static size_t crossings(const struct contour *c, size_t n)
{
	static struct grid_point p[200000], q[200000];
	size_t segments = 0, found = 0;

	for (size_t i = 0; i < n; i++) {
		struct trace t = trace_open(c[i].trace);

		for (size_t rings = trace_count(&t); rings && !t.broken; rings--) {
			size_t k = trace_count(&t), first = segments;
			struct grid_point at = { 0 };

			for (size_t j = 0; j < k && trace_point(&t, &at); j++) {
				holds(segments < 200000);
				p[segments] = at;
				if (j)
					q[segments - 1] = at;
				segments++;
			}
			q[segments - 1] = p[first];
		}
	}
	for (size_t i = 0; i < segments; i++) {
		for (size_t k = i + 1; k < segments; k++) {
			int64_t d[4];
			struct grid_point a = p[i], b = q[i], o = p[k], r = q[k];

			if ((a.x > b.x ? a.x : b.x) < (o.x < r.x ? o.x : r.x)
			    || (o.x > r.x ? o.x : r.x) < (a.x < b.x ? a.x : b.x)
			    || (a.y > b.y ? a.y : b.y) < (o.y < r.y ? o.y : r.y)
			    || (o.y > r.y ? o.y : r.y) < (a.y < b.y ? a.y : b.y))
				continue;
			d[0] = (int64_t)(b.x - a.x) * (o.y - a.y) - (int64_t)(b.y - a.y) * (o.x - a.x);
			d[1] = (int64_t)(b.x - a.x) * (r.y - a.y) - (int64_t)(b.y - a.y) * (r.x - a.x);
			d[2] = (int64_t)(r.x - o.x) * (a.y - o.y) - (int64_t)(r.y - o.y) * (a.x - o.x);
			d[3] = (int64_t)(r.x - o.x) * (b.y - o.y) - (int64_t)(r.y - o.y) * (b.x - o.x);
			found += ((d[0] > 0 && d[1] < 0) || (d[0] < 0 && d[1] > 0))
				 && ((d[2] > 0 && d[3] < 0) || (d[2] < 0 && d[3] > 0));
		}
	}
	return found;
}

TEST("borders that are simplified still do not cross")
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct territoire_report report;
	struct repertoire *r = demo();
	struct err e = { 0 };
	needs_data(file, "geo/departements-version-simplifiee.geojson");

	equals(crossings(r->limites, r->nlimites), 0);
	repertoire_free(r);
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_import(s, (const char *const[]){ file }, 1, &report, &e), &e);
	r = read_back(s);
	/* The file itself has one, where Bas-Rhin, Vosges and Meurthe-et-Moselle meet; each of
	 * the two borders is in two outlines, so it counts four times. */
	equals(crossings(r->contours, r->ncontours), 4);
	repertoire_free(r);
}

TEST("a thin territory between two winding borders keeps its sides apart")
{
	enum { POINTS = 120 };
	static double north[4 * POINTS], thin[4 * POINTS], south[4 * POINTS];
	struct arena a = arena_new(16 << 20);
	struct ring rings[] = { { north, POINTS + 2 }, { thin, 2 * POINTS }, { south, POINTS + 2 } };
	struct contour_face f[3] = { { .rings = rings, .n = 1 }, { .rings = rings + 1, .n = 1 },
				     { .rings = rings + 2, .n = 1 } };
	struct contour c[3];
	struct bytes whole;
	size_t simple;
	uint32_t seed = 11;
	struct err e = { 0 };

	for (size_t i = 0; i < POINTS; i++) {
		double x = 2 + 0.01 * (double)i, y = 48 + 0.05 * sin(0.37 * (double)i);
		size_t back = 2 * POINTS - 1 - i;

		seed = seed * 1664525 + 1013904223;
		y += (double)(seed >> 24) * 1e-4;
		north[2 * i] = thin[2 * i] = x;
		seed = seed * 1664525 + 1013904223;
		north[2 * i + 1] = thin[2 * i + 1] = y + 0.002 + (double)(seed >> 24) * 1e-4;
		south[2 * i] = thin[2 * back] = x;
		south[2 * i + 1] = thin[2 * back + 1] = y;
	}
	for (size_t i = 0; i < 2; i++) {
		north[2 * POINTS + 2 * i] = south[2 * POINTS + 2 * i] = i ? 2 : 2 + 0.01 * (POINTS - 1);
		north[2 * POINTS + 2 * i + 1] = 49;
		south[2 * POINTS + 2 * i + 1] = 47;
	}
	accepts(contour_join(&a, f, 3, 0.02, &whole, &e), &e);
	for (size_t i = 0; i < 3; i++)
		c[i] = (struct contour){ .trace = f[i].trace };
	equals(crossings(c, 3), 0);
	simple = f[1].trace.n;
	accepts(contour_join(&a, f, 3, 0, &whole, &e), &e);
	holds(simple < f[1].trace.n);           /* and it was simplified */
	arena_free(&a);
}

/* The same points, covered by the outline that is dissolved from all. */
static size_t count_outline(struct arena *a, const struct bytes *outlines, size_t n)
{
	size_t none, several, once;
	struct choroplethe c;
	struct bytes whole;
	struct err e = { 0 };

	accepts(choroplethe_dissolve(a, outlines, n, &whole, &e), &e);
	c = draw(a, &whole, 1);
	count_cover(&c, &none, &several, &once);
	return once;
}

TEST("neighbours on a shaded map touch without gap or overlap")
{
	struct arena a = arena_new(64 << 20);
	struct repertoire *r = demo();
	struct bytes outlines[64];
	struct choroplethe c;
	size_t n, none, several, once;

	n = outlines_of(outlines, r->limites, r->nlimites);
	holds(n >= 39);
	c = draw(&a, outlines, n);
	equals(c.n, n);
	count_cover(&c, &none, &several, &once);
	equals(several, 0);
	/* What no commune covers lies outside the département: its outline, dissolved from
	 * them, covers as much, but for the rounding along it. */
	near_to(once, count_outline(&a, outlines, n), 40);
	holds(once > 6000);
	repertoire_free(r);
	arena_free(&a);
}

TEST("the départements of France touch, in paths that a page can carry")
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct bytes outlines[128];
	struct arena a = arena_new(64 << 20);
	struct territoire_report report;
	struct repertoire *r;
	struct choroplethe c;
	size_t none, several, once, bytes = 0;
	struct err e = { 0 };
	needs_data(file, "geo/departements-version-simplifiee.geojson");

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_import(s, (const char *const[]){ file }, 1, &report, &e), &e);
	r = read_back(s);
	equals(outlines_of(outlines, r->contours, r->ncontours), 96);
	c = draw(&a, outlines, 96);
	equals(c.n, 96);
	for (size_t i = 0; i < c.n; i++)
		bytes += strlen(c.zones[i].trace);
	holds(bytes <= CHOROPLETHE_OCTETS);
	count_cover(&c, &none, &several, &once);
	holds(several <= 2);                    /* the crossing that the file has (above) */
	near_to(once, count_outline(&a, outlines, 96), 40);
	holds(once > 6000);
	same(c.cadres, "");
	repertoire_free(r);
	arena_free(&a);
}

TEST("what lies overseas has a frame of its own below")
{
	static const double paris[] = { 2, 48, 3, 48, 3, 49, 2, 49 };
	static const double reunion[] = { 55.2, -21.4, 55.8, -21.4, 55.8, -20.9, 55.2, -20.9 };
	struct ring rings[] = { { paris, 4 }, { reunion, 4 } };
	struct arena a = arena_new(8 << 20);
	struct bytes outlines[] = { contour_encode(&a, rings, 1, 0),
				    contour_encode(&a, rings + 1, 1, 0), { 0 } };
	static struct corners k;
	struct choroplethe c = draw(&a, outlines, 3);

	equals(c.n, 2);
	equals(c.sans_contour, 1);
	holds(*c.cadres);
	corners_of(c.zones[1].trace, &k);
	for (size_t i = 0; i < k.n; i++)
		holds(k.x[i] >= 0 && k.x[i] <= 110 && k.y[i] > c.height - 110 && k.y[i] <= c.height);
	arena_free(&a);
}

TEST("five classes hold about as many territories each, equal values together")
{
	struct arena a = arena_new(1 << 20);
	double v[100], bounds[4];
	int n[5] = { 0 };

	for (int i = 0; i < 100; i++)
		v[i] = i < 40 ? 1.0 : i == 50 ? (double)NAN : (double)i;
	choroplethe_bounds(&a, v, 100, bounds);
	for (int i = 0; i < 100; i++) {
		int c = choroplethe_class(bounds, v[i]);

		if (isnan(v[i]))
			equals(c, CHOROPLETHE_SANS);
		else
			n[c]++;
	}
	/* By hand: forty equal values are one class; the other 59 are cut at their 15th, then
	 * the 45 left at a third, then the 30 left in two. */
	equals(n[0], 40);
	equals(n[1], 14);
	equals(n[2], 15);
	equals(n[3], 15);
	equals(n[4], 15);
	for (int i = 0; i < 100; i++)
		v[i] = 3;
	choroplethe_bounds(&a, v, 100, bounds);
	equals(choroplethe_class(bounds, 3), 0);
	arena_free(&a);
}

TEST("of many zones those of a class are one shape without a link; of few each is a link")
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 20);
	static const size_t counts[] = { CHOROPLETHE_LIENS, CHOROPLETHE_LIENS + 1, 900 };
	struct bytes *outlines = NEW_ARRAY(&a, 900, struct bytes);

	for (size_t i = 0; i < 900; i++) {
		double x = 2 + 0.02 * (double)(i % 30), y = 48 + 0.02 * (double)(i / 30);
		double xy[] = { x, y, x + 0.02, y, x + 0.02, y + 0.02, x, y + 0.02, x, y };
		struct ring ring = { xy, 5 };

		outlines[i] = contour_encode(&a, &ring, 1, 0);
	}
	for (size_t i = 0; i < 3; i++) {
		struct choroplethe c = draw(&a, outlines, counts[i]);
		size_t links = 0, rings = 0, bytes = 0;

		for (size_t k = 0; k < c.n; k++) {
			links += c.zones[k].lien != NULL;
			bytes += strlen(c.zones[k].trace);
			for (const char *p = c.zones[k].trace; *p; p++)
				rings += *p == 'M';
		}
		equals(rings, counts[i]);
		equals(links, i ? 0 : counts[i]);
		equals(c.n, i ? 5 : counts[i]);
		holds(bytes < CHOROPLETHE_OCTETS);
	}
}
