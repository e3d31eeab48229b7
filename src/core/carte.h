/*
 * The map beside a list: drawn on the server as one SVG, it says what the list says.
 * The départements in sight, the borders of their communes when the map is near enough,
 * the commune that was asked, names to find one's way, the places numbered as in the list
 * and the point the distances start from.  Without contours: places, names and a scale.
 */
#pragma once

#include "core/contour.h"
#include "core/lieu.h"
#include "web/i18n.h"

enum { CARTE_RAYON = 14 };      /* of a numbered place, in units of the viewBox */

struct carte_lieu {
	int x, y;                       /* of the number: moved where two would cover each other */
	int px, py;                     /* of the place itself */
	bool ecarte;                    /* moved: a line leads from the number to the place */
	int numero;
	const char *lien, *nom;
};

struct carte_nom {
	int x, y;                       /* middle of the text, its foot */
	const char *nom;
	bool grand;                     /* the commune that was asked */
};

struct carte {
	int width, height;              /* of the viewBox */
	const char *terre;              /* path of the outlines; "" without contours */
	const char *limites;            /* path of the communes' borders; "" when too far */
	/* path of the commune (or département) that was asked; "" */
	const char *commune;
	bool dessus;                    /* the borders are inside it: drawn over it */
	const char *points;             /* path of places without a number; "" */
	const struct carte_lieu *lieux;
	size_t n;
	const struct carte_nom *noms;
	size_t nnoms;
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

/* The map of one commune among its neighbours, or (commune NULL) of a whole département,
 * with a dot for each place of the repertoire.  NULL when neither a contour nor a position
 * is known. */
const struct carte *carte_of_territoire(struct arena *a, const struct repertoire *r,
					const struct lang *lang, const char *departement,
					const struct commune *commune, const char *titre);
