/*
 * Outlines of territories, small enough to draw in a page: rings of points quantised on a
 * grid of 0.0005 degree, stored as zigzag varint differences, and the SVG map made of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"

struct contour {
	const char *code;
	struct bytes trace;
	double south, west, north, east;
};

/* Encodes rings of [lon, lat] points, simplified (Visvalingam or Douglas-Peucker) to
 * `tolerance` degrees; rings that vanish are dropped, the largest is always kept. */
struct ring { const double *lonlat; size_t n; };
struct bytes contour_encode(struct arena *a, const struct ring *rings, size_t n,
			    double tolerance);
bool contour_box(struct bytes trace, double *south, double *west, double *north, double *east);

/*
 * A map projected for its own latitude (equirectangular), `width` units wide.
 * map_open fits the box with a margin; map_path gives the "M..Z" text of a contour with
 * whole-unit relative moves; map_xy places a point.
 */
struct map {
	double south, west, north, east;
	double scale, cos_lat;
	int width, height;
};
struct map map_fit(double south, double west, double north, double east, int width,
		   int max_height);
const char *map_path(struct arena *a, const struct map *m, struct bytes trace);
void map_xy(const struct map *m, double lat, double lon, int *x, int *y);
