/*
 * Places by position: cells of a tenth of a degree, sorted, each place with its point on
 * the unit sphere, so that "nearer" is one subtraction and three products.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct lieu;

struct lieu_point {
	double x, y, z;                 /* on the unit sphere */
	uint32_t cell;
	uint32_t lieu;                  /* index in the repertoire's lieux */
};

struct lieu_grid {
	const struct lieu_point *points;        /* sorted by cell */
	size_t n;
};

enum { GRID_CELLS_A_DEGREE = 10, GRID_ROW = 4096 };

/* Cell of a position: rows of latitude, so a stretch of a row is contiguous. */
uint32_t lieu_grid_cell(double lat, double lon);

/* First point whose cell is not before `cell`. */
size_t lieu_grid_first(const struct lieu_grid *g, uint32_t cell);

void lieu_grid_point(double lat, double lon, double *x, double *y, double *z);

/* Places without position are left out.  NULL when the arena is spent. */
const struct lieu_grid *lieu_grid_make(struct arena *a, const struct lieu *lieux, size_t n);
