/*
 * The web of capacities (toile des capacités): the scores of an instrument that say `radar`,
 * as axes around a centre, at one or two dates.  The drawing has its table beside it.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "detect/instrument.h"

enum { RADAR_AXES = 12, RADAR_LARGEUR = 340, RADAR_HAUTEUR = 260 };

struct radar_axe {
	const char *titre;              /* in the language asked */
	double min, max;
	double valeur, avant;           /* NaN: no score */
	double x, y;                    /* end of the axis */
	double mot_x, mot_y;            /* its number, "middle", "start" or "end" */
	const char *ancre;
};

struct radar {
	struct radar_axe axes[RADAR_AXES];
	int n;
	const char *points;             /* of the polygon now: "170,40 250,130..." ; "" under 3 */
	const char *points_avant;       /* NULL: one date */
	const char *cercles[3];         /* thirds of the scale, as polygons */
	const char *le, *le_avant;      /* what the two dates are called; NULL */
};

/* NULL when the instrument has fewer than three axes, or `a` is spent.  before may be NULL. */
const struct radar *radar_make(struct arena *a, const struct diagnostic *now,
			       const struct diagnostic *before, const char *langue);
