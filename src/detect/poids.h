/*
 * Weights of a survey: each questionnaire counts as much as it must for the shares of the
 * instrument's quotas to be those of the population (raking, Deming and Stephan 1940).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/instrument.h"

enum { POIDS_TOURS = 200 };

/*
 * `cells`: for each of n questionnaires and each quota item (in the order in which quotas
 * first name them), the option, or -1 when it was not answered: then the item leaves the
 * weight as it is.  Weights have a mean of 1.  False when a cell of the quotas has nobody:
 * its share cannot be reached, and *empty is its place in in->quotas.
 */
bool poids_caler(const struct instrument *in, const int8_t *cells, size_t n, double *poids,
		 int *empty);

/* The items that quotas name, in order; at most `max`. */
int poids_items(const struct instrument *in, int *items, int max);
