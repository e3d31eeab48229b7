/*
 * Clusters of a value over territories: neighbours chosen, territories without value left
 * out, Moran's I and the local form for each (observe/voisinage.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/repertoire.h"
#include "observe/voisinage.h"

enum { GRAPPES_TIRAGES = 99999 };

struct grappes_choix {
	int proches;                    /* so many nearest ones; 0: those whose outlines touch */
	int tirages;                    /* permutations: 9,999 */
	uint64_t graine;
};

struct grappes {
	size_t n;                       /* communes with a value */
	const struct commune **communes;
	double *valeurs;
	struct voisinage voisins;
	struct moran global;
	struct lisa *locales;
	size_t sans_valeur;             /* communes asked that have none: left out */
	size_t nombres[6];              /* by enum grappe */
	size_t sans_correction;         /* communes whose own p is at most 0.05 */
};

/*
 * valeurs[i] of communes[i] (none twice), NaN where there is none.  E_INPUT when outlines are
 * asked and none was imported, and as moran_global.
 */
bool grappes_compute(struct arena *a, const struct repertoire *r,
		     const struct commune *const *communes, const double *valeurs, size_t n,
		     const struct grappes_choix *choix, struct grappes *out, struct err *e);

void grappes_csv(struct buf *b, const struct grappes *g);
