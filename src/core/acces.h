/*
 * How near places are to people: the nearest place of many points, and how much offer each
 * can reach.  Distances are as the crow flies, along the great circle; a time is that
 * distance at a stated speed, lengthened by a stated detour.  Formulas, with an example made
 * by hand: docs/observer/offre.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/lieu_grid.h"

struct acces_point {
	double lat, lon;                /* NaN: not known */
};

/* The places that count: of a grid, those that have a trait of each mask (lieu_trait). */
struct acces_lieux {
	const struct lieu_grid *grid;
	uint64_t traits[TRAITS];
	int ntraits;
};

/*
 * The nearest place of each of n points: metres[i], and lieux[i], its index in the
 * repertoire (lieux may be NULL).  NaN and UINT32_MAX without a position or without a place.
 * About a microsecond a point.
 */
void acces_nearest(const struct acces_lieux *l, const struct acces_point *points, size_t n,
		   double *metres, uint32_t *lieux);

enum acces_decroissance {
	ACCES_PALIER,           /* 1 up to the radius, 0 beyond */
	ACCES_LINEAIRE,         /* 1 - d/r */
	ACCES_GAUSSIENNE,       /* (exp(-(d/r)^2/2) - exp(-1/2)) / (1 - exp(-1/2)): Dai 2010 */
};

struct acces_bassin {
	double rayon;                   /* metres, > 0 */
	enum acces_decroissance decroissance;
};

/* Weight of a distance, 1 at 0, 0 beyond the radius. */
double acces_poids(const struct acces_bassin *b, double metres);

/*
 * Two-step floating catchment area (Luo and Wang 2003): each place shares its capacity
 * among the people within the radius, each point adds up the shares it reaches:
 *	R_j = S_j / sum over i of w(d_ij) P_i,   A_i = sum over j of w(d_ij) R_j
 * capacites: of each place of the repertoire, >= 0 (NULL: 1 each).  besoins: people of each
 * point, >= 0; a point without position counts for nobody and gets NaN.  ratios: A_i, in
 * units of capacity a person.  What is shared is what there is: the sum of P_i A_i is that of
 * the S_j that have somebody within the radius.
 */
bool acces_ratios(struct arena *a, const struct acces_lieux *l, const double *capacites,
		  size_t nlieux, const struct acces_point *points, const double *besoins,
		  size_t n, const struct acces_bassin *b, double *ratios, struct err *e);

/* Minutes of a distance: metres x detour at kmh; both > 0. */
double acces_minutes(double metres, double kmh, double detour);
