/*
 * A share of people in a survey, and how sure it is.  Formulas, an example made by hand and
 * sources: docs/observer/estimations.md.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct part {
	size_t n;               /* respondents */
	double part;            /* weighted share, 0..1; NaN without respondents */
	double erreur;          /* its standard error, linearised, drawn with replacement; NaN
	                         * when no stratum has two respondents */
	double effet;           /* what unequal weights cost (Kish 1965): n sum(w^2) / sum(w)^2 */
	double utile;           /* n / effet: as many respondents of equal weights say as much */
	double bas, haut;       /* Wilson's interval at 95 % for `utile` respondents */
};

#define PART_Z 1.959963984540054        /* 97.5 % quantile of the normal law */

/*
 * poids: >= 0, NULL for equal ones.  oui: 1 for those counted.  strates: which stratum each
 * is of, 0..nstrates-1 (NULL, 1: one stratum); a stratum with one respondent adds no
 * variance.  Cannot fail.
 */
struct part part_compute(const double *poids, const uint8_t *oui, const uint32_t *strates,
			 size_t nstrates, size_t n);

/* Wilson's interval (1927) of a share p of n respondents, n > 0 and not always whole. */
void part_wilson(double p, double n, double z, double *bas, double *haut);

/* Quantile q of n sorted values, by straight lines between them (type 7 of R); n >= 1. */
double part_quantile(const double *sorted, size_t n, double q);
