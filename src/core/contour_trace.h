/* Inside of contours: points on the grid and the bytes they become (core/contour.h). */
#pragma once

#include "core/contour.h"

enum { GRID_MOST = 180 * CONTOUR_GRID, PART_POINTS = 32 };

struct grid_point {
	int32_t x, y;                   /* longitude, latitude */
};

/* Reading: counts and points in the order of the trace; `broken` when it makes no sense,
 * then counts are 0. */
struct trace {
	const unsigned char *p, *end;
	bool broken;
};
struct trace trace_open(struct bytes b);
size_t trace_count(struct trace *t);
bool trace_point(struct trace *t, struct grid_point *at);       /* moves `at` on */

void trace_put_count(struct buf *b, size_t n);
void trace_put_line(struct buf *b, const struct grid_point *p, size_t n);
struct bytes trace_keep(struct arena *a, const struct buf *b);  /* .p NULL when spent */

/* A ring on the grid without repeated points; `out` has room for r->n. */
size_t grid_ring(const struct ring *r, struct grid_point *out);

/* Douglas-Peucker in place, ends kept; `tolerance` in grid units. */
size_t grid_simplify(struct arena *a, struct grid_point *p, size_t n, double tolerance);

/* Signed area in square grid units, anticlockwise positive. */
double grid_area(const struct grid_point *p, size_t n);

/* Does a ring cross itself?  at: near where.  Sides that only touch do not.  false when `a` is
 * spent. */
bool contour_se_croise(struct arena *a, const struct ring *r, double at[2]);
