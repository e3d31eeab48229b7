/*
 * The territory that an address names, whatever its level: "93010", "200054781", "93",
 * "region-11", "france"; an IRIS by its nine digits.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "core/repertoire.h"
#include "observe/methode.h"
#include "store/db.h"

struct endroit {
	enum niveau niveau;             /* an EPT stands among the EPCI */
	/* in the words of the store: "commune", "arrondissement", "ept", "france"... */
	const char *mot;
	const char *code, *nom;         /* "" for an IRIS without a name */
	const char *adresse;            /* as in addresses: "region-11" */
	const char *lien;               /* its page; "" for France */
	/* NULL above; that of an IRIS, NULL when it is one of before */
	const struct commune *commune;
	const struct territoire *territoire;
};

/* False when nothing is called so.  An IRIS is taken by its form alone. */
bool endroit_find(struct arena *a, const struct repertoire *r, const char *adresse,
		  struct endroit *out);
/* Whether the store knows it, which only an IRIS has to be asked; its name is filled in. */
bool endroit_existe(struct db *db, struct arena *a, struct endroit *ou, bool *there,
		    struct err *e);
