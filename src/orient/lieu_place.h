/*
 * Which commune a row means, from its name, its postal code and its INSEE code, which do
 * not always agree; and where to put a place whose coordinates cannot be used.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "core/repertoire.h"

struct place_ask {
	const char *commune, *code_postal, *code_insee;  /* "" when absent; codes are clean */
	const char *siret;                               /* "" when absent; or another pivot */
	double lat, lon;                                 /* NaN when absent */
};

struct place_found {
	const struct commune *commune;  /* NULL: none that is certain */
	bool sure;                      /* name or code, and postal code, agree */
	bool by_code;                   /* the INSEE code was followed */
	bool by_postal;                 /* unknown name: the only commune of its postal code */
	bool by_siret;                  /* none named: the commune whose SIRET the row gives */
	bool code_wrong;                /* the INSEE code is of another commune, or of none */
};

struct place_found place_find(const struct repertoire *r, const struct place_ask *ask);

/* "SAINT-ETIENNE CEDEX 2" and "St Etienne" as "saint etienne"; out has `room` bytes. */
void place_key(const char *commune, char *out, size_t room);

/* The département of a postal code: "93", "2A", "974"; "" when it has none. */
void place_departement(const char *code_postal, char out[4]);

/* What people call it: "Paris" for one of its arrondissements. */
const char *place_name(const struct repertoire *r, const struct commune *c);
