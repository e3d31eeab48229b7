/*
 * A map of territories shaded by class, drawn on the server as one SVG: départements,
 * EPCI or communes.  Borders are simplified once for both sides, so that neighbours touch
 * without gap or overlap at any size; the classes are textures, so that the map reads
 * without colour and on a black-and-white print; each territory is a link with its name
 * and its value, and the table beside the map says the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/contour.h"
#include "store/db.h"

enum {
	CHOROPLETHE_CLASSES = 5,
	CHOROPLETHE_SANS = -1,          /* no value: drawn empty */
	CHOROPLETHE_OCTETS = 60 << 10,  /* of all paths together, before compression */
	CHOROPLETHE_LIENS = 200,        /* beyond, no zone is a link of its own */
};

struct carte_zone {                           /* in */
	const char *code, *nom;
	const char *lien;               /* where its shape leads */
	const char *dit;                /* its value in words, "7,2 sur 10" */
	int classe;                     /* 0 to 4, or CHOROPLETHE_SANS */
};

struct carte_zone_dessin {                    /* out */
	const char *titre;              /* "Bondy : 7,2 sur 10" */
	const char *lien;               /* NULL: several zones of a class, drawn at once */
	const char *trace;              /* "M..z"; "" when too small: a dot at x, y */
	int classe;
	int x, y;
};

struct choroplethe {
	int width, height;              /* of the viewBox */
	const char *titre;
	const struct carte_zone_dessin *zones;
	size_t n;
	size_t sans_contour;            /* zones that could not be drawn: in the table only */
	bool sans;                      /* one of those drawn has no value */
	const char *classes[CHOROPLETHE_CLASSES];       /* what each texture means; "" unused */
	const char *cadres;             /* frames around what lies overseas; "" */
	/* Over the zones: paths of dots and of little squares, with what each means; NULL none. */
	const char *points, *points_texte, *carres, *carres_texte;
	bool ronds;                     /* no outline is known: dots, larger with their class */
};

/* What a map keeps whatever it shows: drawings of n outlines, in their order. */
struct choroplethe_fond {
	int width, height;
	size_t n;
	struct fond_dessin {
		bool connu;             /* it has an outline */
		const char *trace;      /* "" when too small: a dot at x, y */
		int x, y;
	} *dessins;
	const char *cadres;
	struct map carte;               /* of the main frame, whose corner is at marge, marge */
	int marge;
};

/*
 * Draws n outlines (core/contour.h; .p NULL: none is known), simplified as little as
 * CHOROPLETHE_OCTETS allows; what lies beyond Europe is put in small frames below.  false
 * with E_LIMIT when `a` is spent.
 */
bool choroplethe_fond(struct arena *a, const struct bytes *contours, size_t n, int width,
		      struct choroplethe_fond *out, struct err *e);

/*
 * The map of zones over their drawings; titre and classes are the caller's.  Borrows the
 * drawings of `fond`; n 0 when nothing has an outline.  Of more than CHOROPLETHE_LIENS zones
 * those of a class are one shape without a link: nobody could point at one of 890, and their
 * names would weigh more than the map.  The table beside it names them.
 */
bool choroplethe_draw(struct arena *a, const struct choroplethe_fond *fond,
		      const struct carte_zone *zones, struct choroplethe *out, struct err *e);

/* Without outlines: n dots at lat, lon (NaN: in the table only), on a map of `width`. */
bool choroplethe_ronds(struct arena *a, const double *lat, const double *lon, size_t n,
		       int width, struct choroplethe_fond *out, struct err *e);

/* The outline around several traces whose borders touch (the communes of an EPCI), borders
 * inside dissolved.  .p NULL when none of them has a point. */
bool choroplethe_dissolve(struct arena *a, const struct bytes *traces, size_t n,
			  struct bytes *out, struct err *e);

/*
 * Bounds of five classes of about equal numbers over n values (NaN are left out).  Equal
 * values stay together; where they fill more than their class, the others share what is
 * left.  The class of v is the number of bounds <= v; with fewer than five different values
 * the last bounds are INFINITY.
 */
void choroplethe_bounds(struct arena *a, const double *v, size_t n,
			double bounds[CHOROPLETHE_CLASSES - 1]);
int choroplethe_class(const double bounds[CHOROPLETHE_CLASSES - 1], double v);
