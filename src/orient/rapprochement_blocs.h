/* Inside of the search for the same place: which pairs are worth measuring. */
#pragma once

#include "orient/rapprochement_traits.h"

struct candidats {
	uint64_t *v;            /* (x << 32 | y), x < y, sorted, each once; malloc */
	size_t n, room;
};

void candidats_free(struct candidats *c);

/* Pairs of rows of two places with at least one row that is `neuf`.  E_LIMIT without memory. */
bool candidats_find(const struct vocabulaire *v, const struct traits *rows, size_t n,
		    struct candidats *out, struct err *e);
