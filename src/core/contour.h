/*
 * Outlines of territories, small enough to keep in memory and to draw in a page: points on
 * a grid of 0.0001 degree (about 10 m), stored as zigzag varint differences.
 *
 * A trace: varint count of rings, each ring a varint count of points then x, y differences
 * (longitude, latitude; the first from 0, 0), closed by itself; then the same for lines,
 * which are open.  Rings are the outline (even-odd), lines the borders inside it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "format/geojson.h"
#include "store/db.h"

enum { CONTOUR_GRID = 10000 };          /* units in a degree */

/* A stretch of a ring or a line, so that a map reads only what it shows. */
struct contour_part {
	uint32_t at;                    /* byte of the trace after its first point */
	uint16_t n;                     /* points, the first included */
	bool first;                     /* begins a ring or a line */
	int32_t x, y;                   /* its first point, on the grid */
	int32_t west, south, east, north;
};

struct contour {
	const char *code;
	struct bytes trace;
	double south, west, north, east;
	const struct contour_part *parts;       /* rings, then lines; NULL: not opened */
	size_t nrings, nparts;                  /* parts of rings; of all */
};

/* Fills the box and the parts of c->trace, which a map then draws faster.  false when the
 * trace holds no point, is damaged, or `a` is spent. */
bool contour_open(struct arena *a, struct contour *c);

/* Encodes rings of [lon, lat] points, simplified (Douglas-Peucker) to `tolerance` degrees;
 * rings that vanish are dropped, the largest is always kept.  .p NULL when `a` is spent. */
struct bytes contour_encode(struct arena *a, const struct ring *rings, size_t n,
			    double tolerance);

/* The box of a trace in degrees; false when it holds no point or is damaged. */
bool contour_box(struct bytes trace, double *south, double *west, double *north, double *east);

/*
 * Many territories that touch (the communes of a département): borders that two of them
 * share are simplified once, so that they still touch; `whole` is the outline of all of
 * them with the borders inside as lines.
 */
struct contour_face {
	const struct ring *rings;       /* in: points shared by neighbours are equal on the grid */
	size_t n;
	bool beside;                    /* in: only says where borders meet; no trace */
	struct bytes trace;             /* out */
};
bool contour_join(struct arena *a, struct contour_face *faces, size_t n, double tolerance,
		  struct bytes *whole, struct err *e);

/*
 * A map projected for its own latitude (equirectangular), `width` units wide.
 * map_fit fits the box with a margin; the height follows, at most max_height, at least a
 * third of the width.  map_xy places a point (which may fall outside).
 */
struct map {
	double south, west, north, east;        /* what the map shows */
	double scale, cos_lat;                  /* units a degree of latitude */
	int width, height;
};
struct map map_fit(double south, double west, double north, double east, int width,
		   int max_height);
void map_xy(const struct map *m, double lat, double lon, int *x, int *y);

/* The "M..z" text of the rings of a trace, in whole units, what is outside the map cut off;
 * "" when nothing of it shows or the trace is damaged. */
const char *map_path(struct arena *a, const struct map *m, struct bytes trace);
/* The same for its lines, "M..l..". */
const char *map_lines(struct arena *a, const struct map *m, struct bytes trace);
/* Both for an opened contour: quickly, at the end of `out`. */
void map_draw(struct buf *out, const struct map *m, const struct contour *c, bool rings);

/* Length of `metres` in units at the middle of the map. */
double map_units(const struct map *m, double metres);
