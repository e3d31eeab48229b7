/*
 * Places by position: cells of a tenth of a degree, sorted, each place with its point on
 * the unit sphere, so that "nearer" is one subtraction and three products.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct lieu;
struct passage;

struct lieu_point {
	double x, y, z;                 /* on the unit sphere */
	uint64_t traits;                /* what filters ask, packed: see lieu_traits */
	uint32_t cell;
	uint32_t lieu;                  /* index in the repertoire's lieux */
};

enum { GRID_CELLS_A_DEGREE = 10, GRID_ROW = 4096, GRID_ROWS = 180 * GRID_CELLS_A_DEGREE + 1 };

/* A point where a place that travels can be; those of one place follow each other. */
struct lieu_etape {
	double x, y, z;
	uint32_t lieu;
	const struct passage *arret;    /* NULL: at home */
};

struct lieu_grid {
	/* sorted by cell: each place at its own position, those that travel too */
	const struct lieu_point *points;
	size_t n;
	const struct lieu_etape *etapes;        /* of places with public stops; by place */
	size_t netapes;
	uint64_t any;                           /* every trait that some place has */
	uint32_t rows[GRID_ROWS + 1];           /* first point of each row; n at the end */
};

/*
 * The lists that a filter can ask, side by side in one number, so that a place is refused
 * without being read: services, publics, prises en charge, frais, accès,
 * accompagnements, dispositifs; genre stands in the room that services leave.
 */
enum trait { TRAIT_SERVICES, TRAIT_PUBLICS, TRAIT_PRISES, TRAIT_FRAIS, TRAIT_ACCES,
	TRAIT_ACCOMPAGNEMENTS, TRAIT_DISPOSITIFS, TRAIT_GENRE, TRAITS };
uint64_t lieu_trait(enum trait which, uint32_t bits);
uint64_t lieu_traits(const struct lieu *l);

/* Cell of a position: rows of latitude, so a stretch of a row is contiguous. */
uint32_t lieu_grid_cell(double lat, double lon);

/* First point of the row of `cell` (a row below GRID_ROWS) that is not before it. */
size_t lieu_grid_first(const struct lieu_grid *g, uint32_t cell);

void lieu_grid_point(double lat, double lon, double *x, double *y, double *z);

/* Squared chord on the unit sphere, which orders as the distance does, and metres. */
#define EARTH_METRES 6371008.8          /* mean radius, IUGG */
double chord_metres(double chord2);
double metres_chord(double metres);

/* Squared chord from a point to the nearest edge of the cells within `ring` of its own: what
 * lies outside them is not nearer. */
double lieu_grid_edge(double lat, double lon, int ring);

/* Places and stops without position are left out.  NULL when the arena is spent. */
const struct lieu_grid *lieu_grid_make(struct arena *a, const struct lieu *lieux, size_t n);
