/*
 * The territories that one map or one table shows side by side, and the drawing of them:
 * IRIS of a commune, communes or groups of communes of a département, or the départements
 * of the country.
 */
#pragma once

#include "core/choroplethe.h"
#include "core/core.h"
#include "observe/mesure.h"

struct ressorts {
	const struct repertoire *rep;
	const struct territoire *departement;   /* NULL: the whole country, or a commune */
	const struct commune *commune;  /* whose IRIS they are; NULL */
	struct db *db;                  /* where outlines of IRIS are; NULL */
	const char *niveau;             /* "iris", "commune", "epci", "departement" */
	struct ressort *t;              /* sorted by code; no value yet */
	size_t n;
};

/* `adresse`: code of a département, or "france"; epci: by groups of communes, EPT standing for
 * the métropole that would cover them all.  E_MISSING, for a page, when there is none. */
bool ressorts_of(struct arena *a, const struct repertoire *r, const char *adresse, bool epci,
		 struct ressorts *out, struct err *e);

/* The IRIS of a commune; n is 0 when none is known. */
bool ressorts_iris(struct arena *a, struct db *db, const struct repertoire *r,
		   const struct lang *l, const struct commune *c, struct ressorts *out,
		   struct err *e);

/* Their drawing, kept between requests; held until fond_drop. */
bool ressorts_fond(struct core *c, const struct ressorts *of, int width,
		   const struct choroplethe_fond **out, struct err *e);

/*
 * "de 2 à 5,1" for each class: the least and the most of the values that are in it; "" for an
 * empty one.  Values are those of `t`.
 */
void ressorts_classes(struct arena *a, const struct lang *l, const struct mesure *m,
		      const struct ressort *t, const int *classes, size_t n,
		      const char *out[CHOROPLETHE_CLASSES]);
