/*
 * Raking (iterative proportional fitting, Deming and Stephan 1940): weights of respondents
 * are multiplied, margin after margin, until their sums are the counts of a territory by
 * age, by diploma, by household...  Of all weights that give these sums, they are the
 * nearest to those of the survey (least relative entropy).  docs/observer/estimations.md.
 *
 * Respondents who are alike in all variables keep the same factor, so what is raked are
 * groups of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct calage_variable {
	const char *nom;                /* "age" */
	const char *const *modalites;   /* "15-29 ans"... */
	size_t n;
};

struct calage_plan {
	const struct calage_variable *variables;
	size_t nvariables;
	const uint16_t *groupes;        /* ngroupes x nvariables: modality of each group */
	size_t ngroupes;
	size_t nmarges;                 /* modalities of all variables */
};

struct calage_bilan {
	int tours;                      /* passes over all margins */
	double ecart;                   /* largest gap to a margin left, as a share of all */
	double rectifie;                /* by how much totals differed, as a share */
};

enum { CALAGE_TOURS = 2000 };
/* Totals of margins may differ by this share (published counts are rounded): they are brought
 * to the first one.  Beyond, they contradict each other. */
#define CALAGE_TOLERANCE 0.005
#define CALAGE_PRECISION 1e-12          /* gap at which it stops, as a share of all */

/*
 * depart: weight of each group in the survey, >= 0.  marges: counts wanted, >= 0, variable
 * after variable in the order of their modalities.  poids: filled; may be `depart`.
 * facteurs: by margin, what each group's weight was multiplied by (product over its
 * modalities); accordees: the margins as they were held, totals made equal; each NULL, or room
 * for nmarges.
 * E_INPUT, naming the margins: a count that is negative or not finite; totals that differ; a
 * modality that people are in and no respondent is; margins that cannot hold together.
 * A total of zero gives zeros.
 */
bool calage_rake(const struct calage_plan *p, const double *depart, const double *marges,
		 double *poids, double *facteurs, double *accordees,
		 struct calage_bilan *bilan, struct err *e);

/* The same with `accordees`, from weights that are nearly right, without checks, until gaps
 * are under `precision` or a hundred passes: for replicates.  Returns the gap. */
double calage_again(const struct calage_plan *p, const double *marges, double *poids,
		    double precision);
