/*
 * When a pair merges by itself.  The score says how likely two rows are one place; a few
 * reasons stand above it, both ways: what nobody would hesitate about (one SIRET, one name, one
 * door; one list that writes a row twice), and what a person must see though it looks alike
 * (a place and what it is host to, a name that says less than its likeness).
 */
#pragma once

#include "orient/rapprochement_traits.h"

bool regle_sure(const struct vocabulaire *v, const struct poids *p, const struct traits *x,
		const struct traits *y, const double m[MESURES], double score);

/* The score, but never plainly different when one door and one name are said to be of two
 * kinds ("Centre social Carnot", "France services Carnot"): a person is asked. */
double regle_score(const struct poids *p, const double m[MESURES]);
