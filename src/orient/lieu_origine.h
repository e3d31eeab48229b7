/* Where the information of a place comes from, field by field, in words. */
#pragma once

#include "orient/coordination_page.h"
#include "orient/lieu_parole.h"

bool lieu_origine_champs(struct req *r, const struct parole *p, size_t n,
			 const struct champ_ligne **out, size_t *nout, struct err *e);
