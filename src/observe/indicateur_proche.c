#include "observe/indicateur_proche.h"

#include <math.h>
#include <stdlib.h>

/* Cells of a degree, and how many columns a row has. */
enum { A_DEGREE = 10, ROW = 4096, ROWS = 180 * A_DEGREE, COLUMNS = 360 * A_DEGREE };

static const double RAD = 3.14159265358979323846 / 180;
/* Mean radius of the Earth (IUGG): as core's distance_metres. */
static const double EARTH = 6371.0088;

static int row_of(double lat)
{
	int r = (int)floor((lat + 90) * A_DEGREE);

	return r < 0 ? 0 : r >= ROWS ? ROWS - 1 : r;
}

static int column_of(double lon)
{
	int c = (int)floor((lon + 180) * A_DEGREE);

	return c < 0 ? 0 : c >= COLUMNS ? COLUMNS - 1 : c;
}

static void place(double lat, double lon, struct semis_point *p)
{
	p->x = cos(lat * RAD) * cos(lon * RAD);
	p->y = cos(lat * RAD) * sin(lon * RAD);
	p->z = sin(lat * RAD);
	p->cell = (uint32_t)(row_of(lat) * ROW + column_of(lon));
}

void semis_free(struct semis *s)
{
	free(s->points);
}

bool semis_add(struct semis *s, double lat, double lon, struct err *e)
{
	if (s->n == s->room) {
		size_t room = s->room ? s->room * 2 : 1024;
		struct semis_point *p = reallocarray(s->points, room, sizeof *p);

		if (!p)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour les distances.");
		s->points = p;
		s->room = room;
	}
	place(lat, lon, &s->points[s->n++]);
	return true;
}

static int by_cell(const void *x, const void *y)
{
	const struct semis_point *a = x, *b = y;

	return a->cell < b->cell ? -1 : a->cell > b->cell;
}

void semis_settle(struct semis *s)
{
	if (s->n)
		qsort(s->points, s->n, sizeof *s->points, by_cell);
}

static size_t first_from(const struct semis *s, uint32_t cell)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->points[mid].cell < cell)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The best of a stretch of one row, as the square of a chord. */
static double in_stretch(const struct semis *s, const struct semis_point *p, int row, int west,
			 int east, double best)
{
	uint32_t last;

	if (row < 0 || row >= ROWS || west > east)
		return best;
	west = west < 0 ? 0 : west;
	east = east >= COLUMNS ? COLUMNS - 1 : east;
	last = (uint32_t)(row * ROW + east);
	for (size_t i = first_from(s, (uint32_t)(row * ROW + west));
	     i < s->n && s->points[i].cell <= last; i++) {
		double dx = s->points[i].x - p->x, dy = s->points[i].y - p->y;
		double dz = s->points[i].z - p->z, d = dx * dx + dy * dy + dz * dz;

		best = d < best ? d : best;
	}
	return best;
}

/*
 * Square of the chord under which nothing outside the rings 0..ring can be: a cell's breadth
 * is least where the ring goes nearest to a pole; overland distance is longer than the chord
 * of the straight lines between parallels and meridians.
 */
static double reach(double lat, int ring)
{
	double step = (double)ring / A_DEGREE, far = fabs(lat) + step + 1.0 / A_DEGREE;
	double north = 2 * sin(step * RAD / 2), east;

	if (far >= 89)
		return 0;
	/* the shortest way to a meridian `step` degrees away */
	east = 2 * sin(asin(cos(far * RAD) * sin(step < 90 ? step * RAD : 90 * RAD)) / 2);
	return north < east ? north * north : east * east;
}

double semis_nearest(const struct semis *s, double lat, double lon)
{
	struct semis_point p;
	double best = INFINITY;
	int row, column;

	place(lat, lon, &p);
	row = row_of(lat);
	column = column_of(lon);
	for (int ring = 0; s->n && ring < COLUMNS; ring++) {
		/* the point stands anywhere in its cell: a ring less is sure */
		if (ring > 1 && best <= reach(lat, ring - 1))
			break;
		if (ring > 40 && isinf(best)) {
			/* far from everything: all of them, once */
			for (size_t i = 0; i < s->n; i++) {
				double dx = s->points[i].x - p.x, dy = s->points[i].y - p.y;
				double dz = s->points[i].z - p.z;
				double d = dx * dx + dy * dy + dz * dz;

				best = d < best ? d : best;
			}
			break;
		}
		best = in_stretch(s, &p, row - ring, column - ring, column + ring, best);
		if (!ring)
			continue;
		best = in_stretch(s, &p, row + ring, column - ring, column + ring, best);
		for (int k = row - ring + 1; k < row + ring; k++) {
			best = in_stretch(s, &p, k, column - ring, column - ring, best);
			best = in_stretch(s, &p, k, column + ring, column + ring, best);
		}
	}
	return isinf(best) ? best : 2 * EARTH * asin(sqrt(best) / 2 > 1 ? 1 : sqrt(best) / 2);
}
