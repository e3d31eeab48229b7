/*
 * Finds a commune from what a person typed: a name with or without accents, hyphens or
 * article, "st" for "saint", the beginning of a name, an old name; a postal code, behind
 * which there may be several; an INSEE code; "Bondy (93140)" as a form gives it back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "core/repertoire.h"

struct commune_match {
	const struct commune *commune;
	const char *ancien;     /* the old name that was recognised; NULL */
	int rang;               /* 0 exact, 1 exact but for article, 2 begins so, 3 contains, 4 near spelling */
};

enum { COMMUNE_MATCHES = 20, COMMUNE_TYPED = 80 };

/*
 * The communes that `typed` can mean, best first (rank, then population, then name); at
 * most `max`.  Returns how many.  An exact INSEE code or a name that only one commune has
 * gives one.  Paris, Lyon and Marseille give themselves first, then their arrondissements.
 */
size_t commune_find(const struct repertoire *r, const char *typed,
		    struct commune_match *out, size_t max);

/*
 * True when the first match is what the person means without a doubt: the only one, or an
 * exact name whose homonyms are elsewhere only if `typed` carries a postal code or a
 * département.  False: ask which.
 */
bool commune_is_sure(const struct commune_match *m, size_t n, const char *typed);

/* "Bondy (93140)": what a form shows and understands again. */
const char *commune_label(struct arena *a, const struct commune *c);
