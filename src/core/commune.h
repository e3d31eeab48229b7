/*
 * Finds a commune from what a person typed: a name with or without accents, hyphens or
 * article, "st" for "saint", the beginning of a name, some of its words, an old name, a
 * name with one or two letters wrong; a postal code, behind which there may be several;
 * an INSEE code, of today or of before; "Bondy (93140)" as a form gives it back, "93140
 * Bondy", "Saint-Denis 93", "Paris 11e".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/repertoire.h"

struct commune_match {
	const struct commune *commune;
	const char *ancien;     /* the old name that was recognised; NULL */
	int rang;               /* 0 exact, 1 exact but for article, 2 begins so, 3 contains,
				 * 4 near spelling, or a CEDEX code near those of the place */
};

enum { COMMUNE_MATCHES = 20, COMMUNE_TYPED = 80 };

/*
 * The communes that `typed` can mean, best first (rank, then population, then name); at
 * most `max`.  Returns how many.  An exact INSEE code or a name that only one commune has
 * gives one.  Paris, Lyon and Marseille give themselves first, then their arrondissements;
 * with a postal code or a number, the arrondissement alone.
 */
size_t commune_find(const struct repertoire *r, const char *typed,
		    struct commune_match *out, size_t max);

/*
 * True when the first match is what the person means without a doubt: the only one, and
 * not by a near spelling.  (A postal code or a département that is typed with the name has
 * already left the homonyms of elsewhere out.)  False: ask which.
 */
bool commune_is_sure(const struct commune_match *m, size_t n, const char *typed);

/* "Bondy (93140)": what a form shows and understands again; "Paris (75)" for a commune
 * that has arrondissements, the INSEE code when there is no postal code. */
const char *commune_label(struct arena *a, const struct commune *c);

/* What repertoire.c keeps beside its names, in their order: pairs of letters that each
 * has, so that a search in 35,000 names compares a few.  NULL when `a` is spent. */
struct nom_mask {
	uint64_t pairs[2];      /* the top six bits of the second: length */
};
const struct nom_mask *commune_masks(struct arena *a, const struct nom_index *noms, size_t n);
