/* Inside of maps: where numbers and names stand, so that none covers another. */
#pragma once

#include "core/carte.h"

/* Pushes numbers apart, away from the point of departure and inside the frame. */
void carte_spread(struct carte *c, struct carte_lieu *lieux);

/* A name that may stand at x, y; the first ones have the best places. */
struct carte_candidat {
	const char *nom;
	int x, y;
	bool grand;
	int64_t population;
};

/* Keeps the names that fit, at most `max`. */
void carte_names(struct arena *a, struct carte *c, struct carte_candidat *all, size_t n,
		 size_t max);
