/*
 * The map beside a list: drawn on the server as one SVG, it says what the list says.
 * The outline of the département, the commune that was asked, the places numbered as in
 * the list, the point the distances start from.
 */
#pragma once

#include "core/contour.h"
#include "core/lieu.h"
#include "web/i18n.h"

struct carte_lieu {
	int x, y;
	int numero;
	const char *lien, *nom;
};

struct carte {
	int width, height;              /* of the viewBox */
	const char *terre;              /* path of the outlines; "" without contours */
	const char *commune;            /* path of the commune that was asked; "" */
	const struct carte_lieu *lieux;
	size_t n;
	bool ici;                       /* the point the distances start from is on the map */
	int ici_x, ici_y;
	const char *titre, *legende;
	int echelle;                    /* length of the scale bar, in units; 0: none */
	const char *echelle_texte;      /* "5 km" */
};

/*
 * The map of `found` (n places, numbered from `first`), around the point lat, lon (NaN:
 * none) of `commune` (NULL: not known).  NULL when nothing has a position.
 */
const struct carte *carte_of_lieux(struct arena *a, const struct repertoire *r,
				   const struct lang *lang, const struct commune *commune,
				   double lat, double lon, const struct lieu_result *found,
				   size_t n, int first);
