#include <math.h>

#include "core/contour_trace.h"

enum { PATH_MOST = 1 << 20, BEYOND = 6 };      /* units drawn past the edge, out of sight */

static const double METRES_A_DEGREE = 6371008.8 * M_PI / 180;  /* of latitude, mean radius */
static const double LEAST_SPAN = 0.012;         /* degrees: about 1,300 m */

struct map map_fit(double south, double west, double north, double east, int width,
		   int max_height)
{
	struct map m = { .width = width };
	double lat = (south + north) / 2, lon = (west + east) / 2;
	double tall = fmax(north - south, LEAST_SPAN) * 1.08, wide, span;

	m.cos_lat = fmax(cos(lat * M_PI / 180), 0.05);
	wide = fmax((east - west) * m.cos_lat, LEAST_SPAN) * 1.08;
	m.scale = fmin(width / wide, max_height / tall);
	span = fmax(tall * m.scale, width / 3.0);
	m.height = (int)lround(fmin(span, max_height));
	m.south = lat - m.height / 2.0 / m.scale;
	m.north = lat + m.height / 2.0 / m.scale;
	m.west = lon - width / 2.0 / m.scale / m.cos_lat;
	m.east = lon + width / 2.0 / m.scale / m.cos_lat;
	return m;
}

struct spot {
	double x, y;
};

static struct spot project(const struct map *m, double lat, double lon)
{
	return (struct spot){ (lon - m->west) * m->cos_lat * m->scale,
			      (m->north - lat) * m->scale };
}

void map_xy(const struct map *m, double lat, double lon, int *x, int *y)
{
	struct spot s = project(m, lat, lon);

	*x = (int)lround(fmin(fmax(s.x, -1e6), 1e6));
	*y = (int)lround(fmin(fmax(s.y, -1e6), 1e6));
}

double map_units(const struct map *m, double metres)
{
	return metres / METRES_A_DEGREE * m->scale;
}

/* --- cutting off what is outside ------------------------------------------------------- */

/* How far inside one edge of the frame a spot is; negative outside. */
static double inside(const struct map *m, int edge, struct spot s)
{
	switch (edge) {
	case 0:  return s.x + BEYOND;
	case 1:  return m->width + BEYOND - s.x;
	case 2:  return s.y + BEYOND;
	default: return m->height + BEYOND - s.y;
	}
}

/* Sutherland and Hodgman, one edge; `out` has room for 2 * n. */
static size_t clip_edge(const struct map *m, int edge, const struct spot *in, size_t n,
			struct spot *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		struct spot p = in[i ? i - 1 : n - 1], q = in[i];
		double from = inside(m, edge, p), to = inside(m, edge, q);

		if ((from < 0) != (to < 0)) {
			double t = from / (from - to);

			out[k++] = (struct spot){ p.x + t * (q.x - p.x), p.y + t * (q.y - p.y) };
		}
		if (to >= 0)
			out[k++] = q;
	}
	return k;
}

static bool all_inside(const struct map *m, const struct spot *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i].x < -BEYOND || s[i].x > m->width + BEYOND || s[i].y < -BEYOND
		    || s[i].y > m->height + BEYOND)
			return false;
	}
	return true;
}

/* Cuts a ring to the frame; returns the spots that stay, in *s. */
static size_t clip_ring(struct arena *a, const struct map *m, struct spot **s, size_t n)
{
	if (all_inside(m, *s, n))
		return n;
	for (int edge = 0; edge < 4 && n; edge++) {
		struct spot *out = NEW_ARRAY(a, 2 * n, struct spot);

		if (!out)
			return 0;
		n = clip_edge(m, edge, *s, n, out);
		*s = out;
	}
	return n;
}

/* --- writing --------------------------------------------------------------------------- */

static void put_number(struct buf *b, int v, bool separate)
{
	if (separate && v >= 0)
		buf_char(b, ' ');
	buf_int(b, v);
}

/* Whole units, what cannot be seen left out; "M x y l dx dy ...". */
static void put_line(struct arena *a, struct buf *b, const struct spot *s, size_t n, bool ring)
{
	struct grid_point *p = NEW_ARRAY(a, n + 1, struct grid_point);
	size_t k = 0;

	if (!p)
		return;
	for (size_t i = 0; i < n; i++) {
		struct grid_point q = { (int32_t)lround(s[i].x), (int32_t)lround(s[i].y) };

		if (!k || q.x != p[k - 1].x || q.y != p[k - 1].y)
			p[k++] = q;
	}
	if (ring && k > 2)
		p[k++] = p[0];
	k = grid_simplify(a, p, k, 0.75);
	if (k < (ring ? 4u : 2u))
		return;
	buf_char(b, 'M');
	buf_int(b, p[0].x);
	put_number(b, p[0].y, true);
	buf_char(b, 'l');
	for (size_t i = 1; i < k - ring; i++) {
		put_number(b, p[i].x - p[i - 1].x, i > 1);
		put_number(b, p[i].y - p[i - 1].y, true);
	}
	if (ring)
		buf_char(b, 'z');
}

static bool in_sight(const struct map *m, struct spot p, struct spot q)
{
	return fmax(p.x, q.x) >= -BEYOND && fmin(p.x, q.x) <= m->width + BEYOND
	       && fmax(p.y, q.y) >= -BEYOND && fmin(p.y, q.y) <= m->height + BEYOND;
}

/* An open line, without the stretches that are out of sight. */
static void put_stretches(struct arena *a, const struct map *m, struct buf *b,
			  const struct spot *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && in_sight(m, s[i - 1], s[i]))
			continue;
		if (i - from > 1)
			put_line(a, b, s + from, i - from, false);
		from = i;
	}
}

/* What the map shows, on the grid. */
struct window {
	int32_t west, east, south, north;
};

static int32_t grid_of(double degrees)
{
	return (int32_t)fmin(fmax(degrees * CONTOUR_GRID, -GRID_MOST), GRID_MOST);
}

static struct window window_of(const struct map *m)
{
	double beyond = BEYOND / m->scale;

	return (struct window){ grid_of(m->west - beyond / m->cos_lat),
				grid_of(m->east + beyond / m->cos_lat),
				grid_of(m->south - beyond), grid_of(m->north + beyond) };
}

static bool shows(const struct window *w, const struct contour_part *p)
{
	return p->west <= w->east && p->east >= w->west && p->south <= w->north
	       && p->north >= w->south;
}

static struct spot spot_of(const struct map *m, struct grid_point p)
{
	return project(m, (double)p.y / CONTOUR_GRID, (double)p.x / CONTOUR_GRID);
}

/* The points of a part; of one that is out of sight the first only: the straight line to
 * the next part stays out of sight too, and what is inside stays inside. */
static size_t take_part(const struct contour *c, const struct map *m, const struct window *w,
			const struct contour_part *p, struct spot *out)
{
	struct trace t = trace_open(c->trace);
	struct grid_point at = { p->x, p->y };
	size_t n = 0;

	out[n++] = spot_of(m, at);
	if (!shows(w, p))
		return n;
	t.p += p->at;
	for (; n < p->n && trace_point(&t, &at); n++)
		out[n] = spot_of(m, at);
	return n;
}

static bool any_shows(const struct window *w, const struct contour_part *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (shows(w, &p[i]))
			return true;
	}
	return false;
}

/* One ring, or one line, of n parts. */
static void draw_parts(struct arena *a, struct buf *out, const struct contour *c,
		       const struct map *m, const struct window *w,
		       const struct contour_part *p, size_t n, bool ring)
{
	struct spot *s;
	size_t k = 0;

	if (!ring && !any_shows(w, p, n))
		return;
	s = NEW_ARRAY(a, n * PART_POINTS, struct spot);
	if (!s)
		return;
	for (size_t i = 0; i < n; i++)
		k += take_part(c, m, w, &p[i], s + k);
	if (ring) {
		k = clip_ring(a, m, &s, k);
		put_line(a, out, s, k, true);
	} else {
		put_stretches(a, m, out, s, k);
	}
}

void map_draw(struct buf *out, const struct map *m, const struct contour *c, bool rings)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(64 << 20);
	struct window w = window_of(m);
	size_t end = rings ? c->nrings : c->nparts, n;

	for (size_t i = rings ? 0 : c->nrings; i < end; i += n) {
		for (n = 1; i + n < end && !c->parts[i + n].first; n++)
			continue;
		draw_parts(&scratch, out, c, m, &w, c->parts + i, n, rings);
		arena_reset(&scratch);
	}
}

static const char *draw(struct arena *a, const struct map *m, struct bytes trace, bool rings)
{
	CLEANUP(arena_free) struct arena parts = arena_new(64 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MOST);
	struct contour c = { .trace = trace };

	if (contour_open(&parts, &c))
		map_draw(&b, m, &c, rings);
	return b.full ? "" : arena_strn(a, b.n ? b.p : "", b.n);
}

const char *map_path(struct arena *a, const struct map *m, struct bytes trace)
{
	return draw(a, m, trace, true);
}

const char *map_lines(struct arena *a, const struct map *m, struct bytes trace)
{
	return draw(a, m, trace, false);
}
