/*
 * IRIS, the quarters of Insee: what is known of each, and of those of a commune.  A commune
 * that is not divided is one IRIS, whose code ends in 0000.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "core/repertoire.h"
#include "store/db.h"
#include "web/i18n.h"

enum { IRIS_CODE = 9, IRIS_COMMUNE = 5 };

struct iris {
	const char *code, *nom;
	const char *commune;            /* code of today; of before when nothing says more */
	char type;                      /* 'H', 'A', 'D', 'Z', or 0 when it is not said */
	double population;              /* NaN when not known; not a whole number */
	int annee;                      /* of that figure; 0 */
	double lat, lon;                /* NaN when not known */
	const char *source;
};

/* Does it have the form of one?  Nine digits, or a Corsican letter in the second. */
bool iris_forme(const char *code);

bool iris_find(struct db *db, struct arena *a, const char *code, struct iris *out, bool *found,
	       struct err *e);

/* Those of a commune or of an arrondissement, by code. */
bool iris_of(struct db *db, struct arena *a, const char *commune, struct iris **out, size_t *n,
	     struct err *e);

/* "Quartier d’habitation", what its letter means; "" */
const char *iris_type_mots(const struct lang *l, char type);

/* Its name, or what stands for it when the files gave none. */
const char *iris_nom(struct arena *a, const struct lang *l, const struct iris *i);

/* "2 923 habitants en 2019", or that nothing says. */
const char *iris_habitants(struct arena *a, const struct lang *l, const struct iris *i);
