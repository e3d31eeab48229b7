/*
 * Territories that touch share their borders.  We cut all rings at the points where three
 * borders meet, know each piece once, simplify it once, and put the rings together again:
 * neighbours still touch, and a border is drawn once.
 */
#include <stdlib.h>
#include <string.h>

#include "core/contour_trace.h"

struct vertex {
	struct grid_point at;
	uint32_t beside[2];             /* its first two neighbours + 1 */
	bool junction;                  /* has more than two */
	bool used;
};

struct arc {
	const uint32_t *v;              /* vertices, in the direction it was first met */
	size_t n;
	struct grid_point *p;           /* simplified */
	size_t np;
	double tolerance;               /* less than the others' where it would cross them */
	bool crosses;
	unsigned uses;                  /* faces on its sides */
	bool drawn;                     /* taken by the outline */
	uint32_t next;                  /* in its bucket, + 1 */
};

struct arc_use {
	uint32_t arc;
	bool backwards;
};

struct piece {                          /* a ring of a face, cut into arcs */
	struct arc_use *uses;
	size_t n;
	size_t face;
};

struct join {
	struct arena *a;
	struct contour_face *faces;
	size_t nfaces;
	struct vertex *vertices;        /* open addressing by place */
	size_t room;                    /* a power of two */
	struct arc *arcs;
	size_t narcs, arcs_room;
	uint32_t *buckets;
	struct piece *pieces;
	size_t npieces;
	uint32_t **rings;               /* of all faces, vertices by number */
	size_t *ring_n;
	size_t *ring_face;
	size_t nrings;
	double tolerance;
};

static size_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15u;
	return (size_t)(x ^ x >> 29);
}

static uint32_t vertex_of(struct join *j, struct grid_point p)
{
	size_t i = mix((uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y) & (j->room - 1);

	while (j->vertices[i].used
	       && (j->vertices[i].at.x != p.x || j->vertices[i].at.y != p.y))
		i = (i + 1) & (j->room - 1);
	j->vertices[i].used = true;
	j->vertices[i].at = p;
	return (uint32_t)i;
}

static void meet(struct vertex *v, uint32_t other)
{
	for (int i = 0; i < 2; i++) {
		if (v->beside[i] == other + 1)
			return;
		if (!v->beside[i]) {
			v->beside[i] = other + 1;
			return;
		}
	}
	v->junction = true;
}

static void turn_round(struct grid_point *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct grid_point q = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = q;
	}
}

/* All rings as numbers of vertices; neighbours noted. */
static bool number_rings(struct join *j)
{
	size_t points = 0, rings = 0;

	for (size_t f = 0; f < j->nfaces; f++) {
		rings += j->faces[f].n;
		for (size_t r = 0; r < j->faces[f].n; r++)
			points += j->faces[f].rings[r].n;
	}
	for (j->room = 16; j->room < points * 2; )
		j->room *= 2;
	j->vertices = NEW_ARRAY(j->a, j->room, struct vertex);
	j->rings = NEW_ARRAY(j->a, rings, uint32_t *);
	j->ring_n = NEW_ARRAY(j->a, rings, size_t);
	j->ring_face = NEW_ARRAY(j->a, rings, size_t);
	j->arcs_room = points + 1;
	if (!j->vertices || !j->rings || !j->ring_n || !j->ring_face || points > UINT32_MAX / 4)
		return false;
	for (size_t f = 0; f < j->nfaces; f++) {
		for (size_t r = 0; r < j->faces[f].n; r++) {
			const struct ring *ring = &j->faces[f].rings[r];
			struct grid_point *p = NEW_ARRAY(j->a, ring->n, struct grid_point);
			uint32_t *v = NEW_ARRAY(j->a, ring->n, uint32_t);
			size_t n;

			if (!p || !v)
				return false;
			n = grid_ring(ring, p);
			if (n < 3)
				continue;
			if (grid_area(p, n) < 0)        /* files turn either way; we one */
				turn_round(p, n);
			for (size_t i = 0; i < n; i++)
				v[i] = vertex_of(j, p[i]);
			for (size_t i = 0; i < n; i++) {
				meet(&j->vertices[v[i]], v[i + 1 == n ? 0 : i + 1]);
				meet(&j->vertices[v[i]], v[i ? i - 1 : n - 1]);
			}
			if (j->faces[f].beside)
				continue;
			j->rings[j->nrings] = v;
			j->ring_n[j->nrings] = n;
			j->ring_face[j->nrings++] = f;
		}
	}
	return true;
}

static bool same_arc(const struct arc *x, const uint32_t *v, size_t n, bool *backwards)
{
	if (x->n != n)
		return false;
	if (!memcmp(x->v, v, n * sizeof *v))
		return *backwards = false, true;
	for (size_t i = 0; i < n; i++) {
		if (x->v[i] != v[n - 1 - i])
			return false;
	}
	return *backwards = true;
}

static void simplify_arc(struct join *j, struct arc *x)
{
	for (size_t i = 0; i < x->n; i++)
		x->p[i] = j->vertices[x->v[i]].at;
	x->np = grid_simplify(j->a, x->p, x->n, x->tolerance);
}

/* The arc along v[0..n), known or new. */
static bool arc_of(struct join *j, const uint32_t *v, size_t n, struct arc_use *out)
{
	size_t key = mix((uint64_t)v[0] + v[n - 1] + ((uint64_t)(v[1] + v[n - 2]) << 24) + n)
		     & (j->room - 1);
	struct arc *x;

	for (uint32_t i = j->buckets[key]; i; i = j->arcs[i - 1].next) {
		if (!same_arc(&j->arcs[i - 1], v, n, &out->backwards))
			continue;
		out->arc = i - 1;
		j->arcs[i - 1].uses++;
		return true;
	}
	x = &j->arcs[j->narcs];
	x->p = NEW_ARRAY(j->a, n, struct grid_point);
	if (!x->p)
		return false;
	x->v = v;
	x->n = n;
	x->uses = 1;
	x->tolerance = j->tolerance;
	simplify_arc(j, x);
	x->next = j->buckets[key];
	j->buckets[key] = (uint32_t)++j->narcs;
	*out = (struct arc_use){ (uint32_t)j->narcs - 1, false };
	return true;
}

/* Where the cutting of a ring starts: a junction, else its smallest vertex, so that both
 * sides of an island in a lake start at the same point. */
static size_t ring_start(const struct join *j, const uint32_t *v, size_t n)
{
	size_t least = 0;

	for (size_t i = 0; i < n; i++) {
		if (j->vertices[v[i]].junction)
			return i;
		if (v[i] < v[least])
			least = i;
	}
	return least;
}

static bool cut_ring(struct join *j, size_t r)
{
	size_t n = j->ring_n[r], start = ring_start(j, j->rings[r], n), from = 0;
	uint32_t *v = NEW_ARRAY(j->a, n + 1, uint32_t);
	struct piece *piece = &j->pieces[j->npieces++];

	piece->uses = NEW_ARRAY(j->a, n, struct arc_use);
	piece->face = j->ring_face[r];
	if (!v || !piece->uses)
		return false;
	for (size_t i = 0; i <= n; i++)
		v[i] = j->rings[r][(start + i) % n];
	for (size_t i = 1; i <= n; i++) {
		if (i < n && !j->vertices[v[i]].junction)
			continue;
		if (!arc_of(j, v + from, i - from + 1, &piece->uses[piece->n++]))
			return false;
		from = i;
	}
	return true;
}

/* --- borders that would cross ---------------------------------------------------------- */

struct segment {
	struct grid_point p, q;         /* p.x <= q.x */
	uint32_t arc;
};

static int by_west(const void *x, const void *y)
{
	const struct segment *s = x, *t = y;

	return (s->p.x > t->p.x) - (s->p.x < t->p.x);
}

/* On which side of the line p q the point r lies: -1, 0, 1. */
static int side(struct grid_point p, struct grid_point q, struct grid_point r)
{
	int64_t d = ((int64_t)q.x - p.x) * ((int64_t)r.y - p.y)
		    - ((int64_t)q.y - p.y) * ((int64_t)r.x - p.x);

	return (d > 0) - (d < 0);
}

/* They have a point in common that is no end of both. */
static bool cross(const struct segment *s, const struct segment *t)
{
	return side(s->p, s->q, t->p) * side(s->p, s->q, t->q) < 0
	       && side(t->p, t->q, s->p) * side(t->p, t->q, s->q) < 0;
}

static size_t take_segments(const struct join *j, struct segment *out)
{
	size_t n = 0;

	for (size_t i = 0; i < j->narcs; i++) {
		const struct arc *x = &j->arcs[i];

		for (size_t k = 1; k < x->np; k++) {
			struct grid_point p = x->p[k - 1], q = x->p[k];

			out[n++] = p.x <= q.x ? (struct segment){ p, q, (uint32_t)i }
					      : (struct segment){ q, p, (uint32_t)i };
		}
	}
	qsort(out, n, sizeof *out, by_west);
	return n;
}

/*
 * Two borders that were simplified apart may cross where they run close: those are
 * simplified less, down to what they were, until no two cross.
 */
static bool uncross(struct join *j)
{
	struct segment *s = NEW_ARRAY(j->a, j->arcs_room + j->room, struct segment);

	for (bool again = s && j->tolerance > 0; again; ) {
		size_t n = take_segments(j, s);

		again = false;
		for (size_t i = 0; i < n; i++) {
			for (size_t k = i + 1; k < n && s[k].p.x <= s[i].q.x; k++) {
				if (cross(&s[i], &s[k])) {
					j->arcs[s[i].arc].crosses = true;
					j->arcs[s[k].arc].crosses = true;
				}
			}
		}
		for (size_t i = 0; i < j->narcs; i++) {
			struct arc *x = &j->arcs[i];

			if (!x->crosses)
				continue;
			x->crosses = false;
			if (x->tolerance == 0)
				continue;
			again = true;
			x->tolerance = x->tolerance < 1 ? 0 : x->tolerance / 2;
			simplify_arc(j, x);
		}
	}
	return s;
}

/* --- put together ---------------------------------------------------------------------- */

/* Adds an arc to a line; its first point is already the line's last one. */
static size_t append(const struct join *j, struct arc_use u, struct grid_point *to, size_t n)
{
	const struct arc *x = &j->arcs[u.arc];

	for (size_t i = n ? 1 : 0; i < x->np; i++)
		to[n++] = x->p[u.backwards ? x->np - 1 - i : i];
	return n;
}

static size_t piece_points(const struct join *j, const struct piece *p, struct grid_point *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n = append(j, p->uses[i], out, n);
	return n ? n - 1 : 0;                   /* the last point is the first */
}

/* Each face from its simplified arcs. */
static bool make_faces(struct join *j, struct grid_point *line)
{
	CLEANUP(buf_free) struct buf body = buf_new(16 << 20), head = buf_new(17 << 20);
	size_t p = 0;

	for (size_t f = 0; f < j->nfaces; f++) {
		size_t rings = 0;

		if (j->faces[f].beside)
			continue;
		buf_clear(&body);
		buf_clear(&head);
		for (; p < j->npieces && j->pieces[p].face == f; p++) {
			size_t n = piece_points(j, &j->pieces[p], line);

			if (n < 3)
				continue;
			trace_put_line(&body, line, n);
			rings++;
		}
		trace_put_count(&head, rings);
		buf_add(&head, body.n ? body.p : "", body.n);
		trace_put_count(&head, 0);
		j->faces[f].trace = trace_keep(j->a, &head);
		if (!j->faces[f].trace.p)
			return false;
	}
	return true;
}

/* An arc of the outline that starts at vertex v, not yet taken; the use that a face made
 * of it gives its direction, so that the outline turns one way. */
static const struct arc_use *arc_from(const struct join *j, const struct arc_use *uses,
				      const uint32_t *at, uint32_t v)
{
	for (uint32_t i = at[v]; i; i = at[j->room + i - 1]) {
		if (!j->arcs[uses[i - 1].arc].drawn)
			return &uses[i - 1];
	}
	return NULL;
}

static uint32_t use_start(const struct join *j, struct arc_use u)
{
	const struct arc *x = &j->arcs[u.arc];

	return x->v[u.backwards ? x->n - 1 : 0];
}

static uint32_t use_end(const struct join *j, struct arc_use u)
{
	u.backwards = !u.backwards;
	return use_start(j, u);
}

/* Chains the arcs that have one side only into rings. */
static bool put_outline(struct join *j, struct buf *out, struct grid_point *line)
{
	CLEANUP(buf_free) struct buf body = buf_new(64 << 20);
	struct arc_use *uses = NEW_ARRAY(j->a, j->narcs, struct arc_use);
	uint32_t *at = NEW_ARRAY(j->a, j->room + j->narcs, uint32_t);
	size_t n = 0, rings = 0;

	if (!uses || !at)
		return false;
	for (size_t p = 0; p < j->npieces; p++) {
		for (size_t i = 0; i < j->pieces[p].n; i++) {
			struct arc_use u = j->pieces[p].uses[i];

			if (j->arcs[u.arc].uses != 1)
				continue;
			uses[n] = u;
			at[j->room + n] = at[use_start(j, u)];
			at[use_start(j, u)] = (uint32_t)++n;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct arc_use *u = j->arcs[uses[i].arc].drawn ? NULL : &uses[i];
		size_t k = 0;

		while (u) {
			j->arcs[u->arc].drawn = true;
			k = append(j, *u, line, k);
			u = arc_from(j, uses, at, use_end(j, *u));
		}
		if (k > 3) {
			trace_put_line(&body, line, k - 1);
			rings++;
		}
	}
	trace_put_count(out, rings);
	buf_add(out, body.n ? body.p : "", body.n);
	return !body.full;
}

static void put_borders(const struct join *j, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < j->narcs; i++)
		n += j->arcs[i].uses > 1;
	trace_put_count(out, n);
	for (size_t i = 0; i < j->narcs; i++) {
		if (j->arcs[i].uses > 1)
			trace_put_line(out, j->arcs[i].p, j->arcs[i].np);
	}
}

bool contour_join(struct arena *a, struct contour_face *faces, size_t n, double tolerance,
		  struct bytes *whole, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(64 << 20);
	struct join j = { .a = a, .faces = faces, .nfaces = n,
			  .tolerance = tolerance * CONTOUR_GRID };
	struct grid_point *line;

	if (!number_rings(&j))
		return arena_refuse(a, e);
	j.arcs = NEW_ARRAY(a, j.arcs_room, struct arc);
	j.buckets = NEW_ARRAY(a, j.room, uint32_t);
	j.pieces = NEW_ARRAY(a, j.nrings + 1, struct piece);
	line = NEW_ARRAY(a, j.room + 2, struct grid_point);
	if (!j.arcs || !j.buckets || !j.pieces || !line)
		return arena_refuse(a, e);
	for (size_t r = 0; r < j.nrings; r++) {
		if (!cut_ring(&j, r))
			return arena_refuse(a, e);
	}
	if (!uncross(&j) || !make_faces(&j, line) || !put_outline(&j, &b, line))
		return arena_refuse(a, e);
	put_borders(&j, &b);
	*whole = trace_keep(a, &b);
	return whole->p ? true : arena_refuse(a, e);
}
