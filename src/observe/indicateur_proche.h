/*
 * The nearest of many points, by a grid of a tenth of a degree: exact, whatever the point.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct semis_point {
	double x, y, z;                 /* on the unit sphere */
	uint32_t cell;
};

struct semis {                          /* points sown over the country */
	struct semis_point *points;     /* sorted by cell once settled */
	size_t n, room;
};

void semis_free(struct semis *s);
bool semis_add(struct semis *s, double lat, double lon, struct err *e);
void semis_settle(struct semis *s);
/* Kilometres as the crow flies to the nearest point; infinite when there is none.  The
 * semis was settled after its last point. */
double semis_nearest(const struct semis *s, double lat, double lon);
