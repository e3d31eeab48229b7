#include "core/contour.h"

#include <math.h>
#include <string.h>

#include "core/contour_trace.h"

/* --- reading a trace ------------------------------------------------------------------- */

struct trace trace_open(struct bytes b)
{
	return (struct trace){ b.p, (const unsigned char *)b.p + b.n, false };
}

static uint64_t read_varint(struct trace *t)
{
	uint64_t v = 0;

	if (t->p < t->end && *t->p < 0x80)      /* most steps are short */
		return *t->p++;
	for (int shift = 0; shift < 35; shift += 7) {
		if (t->p == t->end)
			break;
		v |= (uint64_t)(*t->p & 0x7f) << shift;
		if (!(*t->p++ & 0x80))
			return v;
	}
	t->broken = true;
	return 0;
}

size_t trace_count(struct trace *t)
{
	uint64_t n = read_varint(t);

	/* A point takes two bytes at least, a ring one. */
	if (n > (uint64_t)(t->end - t->p))
		t->broken = true;
	return t->broken ? 0 : (size_t)n;
}

static int32_t read_step(struct trace *t)
{
	uint32_t v = (uint32_t)read_varint(t);

	return (int32_t)(v >> 1 ^ (0u - (v & 1)));
}

bool trace_point(struct trace *t, struct grid_point *at)
{
	int64_t x = (int64_t)at->x + read_step(t), y = (int64_t)at->y + read_step(t);

	if (t->broken || x < -GRID_MOST || x > GRID_MOST || y < -GRID_MOST || y > GRID_MOST) {
		t->broken = true;
		return false;
	}
	*at = (struct grid_point){ (int32_t)x, (int32_t)y };
	return true;
}

bool contour_box(struct bytes trace, double *south, double *west, double *north, double *east)
{
	struct trace t = trace_open(trace);
	int32_t w = INT32_MAX, s = INT32_MAX, e = INT32_MIN, n = INT32_MIN;

	for (size_t rings = trace_count(&t); rings && !t.broken; rings--) {
		struct grid_point at = { 0, 0 };

		for (size_t k = trace_count(&t); k && trace_point(&t, &at); k--) {
			w = at.x < w ? at.x : w;
			e = at.x > e ? at.x : e;
			s = at.y < s ? at.y : s;
			n = at.y > n ? at.y : n;
		}
	}
	if (t.broken || w > e)
		return false;
	*west = (double)w / CONTOUR_GRID;
	*east = (double)e / CONTOUR_GRID;
	*south = (double)s / CONTOUR_GRID;
	*north = (double)n / CONTOUR_GRID;
	return true;
}

static void widen(struct contour_part *p, int32_t x, int32_t y)
{
	p->west = x < p->west ? x : p->west;
	p->east = x > p->east ? x : p->east;
	p->south = y < p->south ? y : p->south;
	p->north = y > p->north ? y : p->north;
}

/* Counts, or writes when `out` is given, the parts of the next rings or lines. */
static size_t cut_parts(struct trace *t, const unsigned char *start, struct contour_part *out)
{
	size_t parts = 0;

	for (size_t left = trace_count(t); left && !t->broken; left--) {
		size_t n = trace_count(t), first = parts;
		struct grid_point at = { 0, 0 };

		for (size_t i = 0; i < n && trace_point(t, &at); i++) {
			/* The box of a part holds the way to the next one too. */
			if (out && i)
				widen(&out[parts - 1], at.x, at.y);
			if (i % PART_POINTS == 0) {
				if (out)
					out[parts] = (struct contour_part){
						(uint32_t)(t->p - start), 0, i == 0, at.x, at.y,
						at.x, at.y, at.x, at.y };
				parts++;
			}
			if (out)
				out[parts - 1].n++;
		}
		if (out && parts > first)               /* and the way back of a ring */
			widen(&out[parts - 1], out[first].x, out[first].y);
	}
	return parts;
}

bool contour_open(struct arena *a, struct contour *c)
{
	struct trace t = trace_open(c->trace);
	size_t rings = cut_parts(&t, c->trace.p, NULL);
	size_t all = rings + cut_parts(&t, c->trace.p, NULL);
	struct contour_part *parts;

	if (t.broken || !contour_box(c->trace, &c->south, &c->west, &c->north, &c->east))
		return false;
	parts = NEW_ARRAY(a, all, struct contour_part);
	if (!parts)
		return false;
	t = trace_open(c->trace);
	cut_parts(&t, c->trace.p, parts);
	cut_parts(&t, c->trace.p, parts + rings);
	c->parts = parts;
	c->nrings = rings;
	c->nparts = all;
	return true;
}

/* --- writing a trace ------------------------------------------------------------------- */

static void put_varint(struct buf *b, uint64_t v)
{
	for (; v > 0x7f; v >>= 7)
		buf_char(b, (char)(v | 0x80));
	buf_char(b, (char)v);
}

static void put_step(struct buf *b, int32_t d)
{
	put_varint(b, (uint32_t)d << 1 ^ (uint32_t)(d >> 31));
}

void trace_put_count(struct buf *b, size_t n)
{
	put_varint(b, n);
}

void trace_put_line(struct buf *b, const struct grid_point *p, size_t n)
{
	struct grid_point at = { 0, 0 };

	put_varint(b, n);
	for (size_t i = 0; i < n; i++) {
		put_step(b, p[i].x - at.x);
		put_step(b, p[i].y - at.y);
		at = p[i];
	}
}

struct bytes trace_keep(struct arena *a, const struct buf *b)
{
	char *p = arena_alloc(a, b->n);

	if (!p || b->full)
		return (struct bytes){ NULL, 0 };
	memcpy(p, b->p, b->n);
	return (struct bytes){ p, b->n };
}

/* --- simplifying ----------------------------------------------------------------------- */

size_t grid_ring(const struct ring *r, struct grid_point *out)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct grid_point p = {
			(int32_t)lround(r->lonlat[2 * i] * CONTOUR_GRID),
			(int32_t)lround(r->lonlat[2 * i + 1] * CONTOUR_GRID),
		};

		if (!n || p.x != out[n - 1].x || p.y != out[n - 1].y)
			out[n++] = p;
	}
	while (n > 1 && out[0].x == out[n - 1].x && out[0].y == out[n - 1].y)
		n--;
	return n;
}

/* Square of the distance of p to the segment a b. */
static double apart(struct grid_point p, struct grid_point a, struct grid_point b)
{
	double dx = b.x - a.x, dy = b.y - a.y, px = p.x - a.x, py = p.y - a.y;
	double along = dx != 0 || dy != 0 ? (px * dx + py * dy) / (dx * dx + dy * dy) : 0;

	along = along < 0 ? 0 : along > 1 ? 1 : along;
	px -= along * dx;
	py -= along * dy;
	return px * px + py * py;
}

size_t grid_simplify(struct arena *a, struct grid_point *p, size_t n, double tolerance)
{
	size_t *stack = NEW_ARRAY(a, n * 2 + 2, size_t), depth = 0, kept = 0;
	bool *keep = NEW_ARRAY(a, n, bool);

	if (n < 3 || !stack || !keep)
		return n;
	keep[0] = keep[n - 1] = true;
	stack[depth++] = 0;
	stack[depth++] = n - 1;
	while (depth) {
		size_t to = stack[--depth], from = stack[--depth], far = from;
		double most = tolerance * tolerance;

		for (size_t i = from + 1; i < to; i++) {
			double d = apart(p[i], p[from], p[to]);

			if (d > most) {
				most = d;
				far = i;
			}
		}
		if (far == from)
			continue;
		keep[far] = true;
		stack[depth++] = from;
		stack[depth++] = far;
		stack[depth++] = far;
		stack[depth++] = to;
	}
	for (size_t i = 0; i < n; i++) {
		if (keep[i])
			p[kept++] = p[i];
	}
	return kept;
}

double grid_area(const struct grid_point *p, size_t n)
{
	double area = 0;

	for (size_t i = 0; i < n; i++) {
		const struct grid_point *q = &p[i + 1 == n ? 0 : i + 1];

		area += (double)p[i].x * q->y - (double)q->x * p[i].y;
	}
	return area / 2;
}

/* A ring on the grid, simplified, without its closing point; n < 3 when it vanished. */
static size_t encode_ring(struct arena *a, const struct ring *r, double tolerance,
			  struct grid_point **out)
{
	struct grid_point *p = NEW_ARRAY(a, r->n + 1, struct grid_point);
	size_t n;

	*out = p;
	n = p ? grid_ring(r, p) : 0;
	if (n < 3)
		return 0;
	p[n] = p[0];                            /* a closed line: both ends are kept */
	return grid_simplify(a, p, n + 1, tolerance) - 1;
}

static const struct ring *largest(struct arena *a, const struct ring *rings, size_t n)
{
	const struct ring *best = rings;
	double most = -1;

	for (size_t i = 0; i < n; i++) {
		struct grid_point *p = NEW_ARRAY(a, rings[i].n, struct grid_point);
		double area = p ? fabs(grid_area(p, grid_ring(&rings[i], p))) : 0;

		if (area > most) {
			most = area;
			best = &rings[i];
		}
	}
	return best;
}

struct bytes contour_encode(struct arena *a, const struct ring *rings, size_t n,
			    double tolerance)
{
	CLEANUP(buf_free) struct buf b = buf_new(64 << 20), body = buf_new(64 << 20);
	struct grid_point *p;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = encode_ring(a, &rings[i], tolerance * CONTOUR_GRID, &p);

		if (k < 3)
			continue;
		trace_put_line(&body, p, k);
		kept++;
	}
	if (!kept && n) {
		const struct ring *r = largest(a, rings, n);

		p = NEW_ARRAY(a, r->n, struct grid_point);
		if (p)
			trace_put_line(&body, p, grid_ring(r, p));
		kept = 1;
	}
	trace_put_count(&b, kept);
	buf_add(&b, body.n ? body.p : "", body.n);
	trace_put_count(&b, 0);
	return a->spent || body.full ? (struct bytes){ NULL, 0 } : trace_keep(a, &b);
}
