/*
 * The tables behind calendrier_de, made by tools/calendrierc from data/jours_feries.csv
 * and data/zones.csv.  Nobody but core/calendrier.c reads them.
 */
#pragma once

#include "core/horaires.h"

struct ferie {
	int paques;             /* days from Easter Sunday, when month is 0 */
	int month, day;
	int depuis, jusque;     /* first and last year it is a holiday */
	const char *nom;        /* French, N_() */
};

extern const struct ferie feries[];             /* ends with a NULL name */

/* The mainland's first; ends with a NULL departement.  Bit i of `feries`: feries[i]. */
extern const struct calendrier calendriers[];
