/*
 * Which communes lie in a territory, and the places they have: what pages and maps of
 * territories count.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/repertoire.h"

/* The commune that a code names, today's for a code of before; NULL. */
const struct commune *commune_of_code(const struct repertoire *r, const char *code);

/*
 * The territory above communes that an address names: a département ("93"), an EPCI or EPT
 * (SIREN), a région ("region-11": its number alone is a département's too).  NULL.
 */
const struct territoire *territoire_of_code(const struct repertoire *r, const char *code);

/* The same, or by its name as people type it. */
const struct territoire *territoire_typed(const struct repertoire *r, const char *typed);
/* A commune by its code, or by a name that leaves no doubt; NULL. */
const struct commune *commune_typed(const struct repertoire *r, const char *typed);

/* Its address: "/territoires/93", "/territoires/region-11". */
const char *territoire_lien(struct arena *a, const struct territoire *t);

/* Code of the territory of that level ("epci", "ept", "departement", "region") in which a
 * commune lies; "" when in none. */
const char *commune_parent(const struct commune *c, const char *niveau);

/* Code of the département or région (`niveau`) where most of the inhabitants of t live: its
 * own, or, an EPCI or EPT having none, that of its communes; "" when in none. */
const char *territoire_dans(const struct repertoire *r, const struct territoire *t,
			    const char *niveau);

/* True when the commune lies in t; never for a municipal arrondissement, whose commune
 * already counts. */
bool commune_in(const struct commune *c, const struct territoire *t);

/* Places by commune, beside r->communes; those of an arrondissement count for its commune
 * too.  NULL when `a` is spent. */
const uint32_t *lieux_by_commune(struct arena *a, const struct repertoire *r);
