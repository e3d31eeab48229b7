/*
 * Which territories are neighbours, and whether like stands beside like: Moran's I and its
 * local form (LISA).  Formulas as in Cliff and Ord 1981, Anselin 1995, Sokal et al. 1998, and
 * as the package spdep of R computes them: compared to 1e-6 (tests/oracle/estimation).
 * docs/observer/grappes.md.
 *
 * Weights are row-standardised: the neighbours of a territory share a weight of 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/acces.h"
#include "core/contour.h"

struct voisinage {
	size_t n;
	uint32_t *debuts;               /* n + 1 */
	uint32_t *voisins;              /* of i: voisins[debuts[i]..debuts[i+1]), ascending */
	size_t isoles;                  /* territories without neighbour */
};

/*
 * The k nearest of each point, along the great circle, ties to the first in order.  Not
 * always mutual.  Points without position have none and are none.
 */
bool voisinage_proches(struct arena *a, const struct acces_point *points, size_t n, int k,
		       struct voisinage *out, struct err *e);

/*
 * Neighbours are those whose outlines share a point of the grid ("queen").  contours: of each
 * territory, NULL when it has none.  Outlines simplified together (one import of a
 * département) keep the points where three borders meet, and share the others; between
 * départements imported apart some neighbours are missed.
 */
bool voisinage_contigus(struct arena *a, const struct contour *const *contours, size_t n,
			struct voisinage *out, struct err *e);

/* Only the territories that `garde` keeps; index[i] of the new i in the old one. */
bool voisinage_restreint(struct arena *a, const struct voisinage *v, const bool *garde,
			 struct voisinage *out, uint32_t **index, struct err *e);

/* --- global --------------------------------------------------------------------------------- */

struct moran {
	size_t n;                       /* territories with a neighbour */
	double i;                       /* 1: like beside like; about 0: by chance; below: unlike */
	double attendu;                 /* by chance: -1/(n-1) */
	double variance;                /* under randomisation */
	double z, p;                    /* analytic, one-sided: more alike than by chance */
	double p_tirages;               /* (1 + draws at least as large) / (1 + draws) */
};

/*
 * x: a value per territory of v, finite.  E_INPUT for fewer than four territories that have
 * a neighbour or for values that are all equal.  tirages: permutations of the values, from
 * `graine`; 0: none, then p_tirages is NaN.
 */
bool moran_global(struct arena *a, const struct voisinage *v, const double *x, int tirages,
		  uint64_t graine, struct moran *out, struct err *e);

/* --- local ---------------------------------------------------------------------------------- */

enum grappe {
	GRAPPE_AUCUNE,          /* not different from chance */
	GRAPPE_HAUT_HAUT,       /* high among high */
	GRAPPE_BAS_BAS,
	GRAPPE_HAUT_BAS,        /* high among low */
	GRAPPE_BAS_HAUT,
	GRAPPE_ISOLE,           /* no neighbour: not judged */
};
extern const char *const grappe_noms[];         /* "haut-haut"... */

struct lisa {
	double i;                       /* their mean is the global one when none is alone */
	double attendu, variance, z, p; /* conditional moments; two-sided */
	double p_tirages;               /* two-sided, the others' values drawn among neighbours */
	double p_ajuste;                /* Benjamini and Hochberg 1995, over all territories */
	enum grappe quadrant;           /* by the signs alone, never GRAPPE_AUCUNE */
	enum grappe grappe;             /* when p_ajuste <= 0.05 */
};

/* The same conditions.  The adjusted p is of p_tirages when there are draws, else of p. */
bool moran_local(struct arena *a, const struct voisinage *v, const double *x, int tirages,
		 uint64_t graine, struct lisa *out, struct err *e);
