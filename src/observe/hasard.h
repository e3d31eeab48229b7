/*
 * Weights at random around chosen ones, on the repeatable chance of base/chance.h.
 */
#pragma once

#include "base/chance.h"

double hasard_normal(struct chance *c);                 /* mean 0, variance 1 */
double hasard_gamma(struct chance *c, double shape);    /* scale 1; shape > 0 */

/* Weights that sum to 1 around alpha / sum(alpha); an alpha of 0 gets the weight 0. */
void hasard_dirichlet(struct chance *c, const double *alpha, int n, double *out);
