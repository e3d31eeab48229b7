/*
 * Counts of each territory by age, by diploma...: what a survey is raked to.  From a table
 * (code, variable, modalite, nombre), or from the indicators of the store, through a table
 * that says which (variable, modalite, indicateurs: "pop_15_29+pop_30_44-nscol15p").
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "observe/calage.h"
#include "observe/decoupage.h"
#include "store/db.h"

struct marges {
	struct calage_variable *variables;      /* in the order of the table */
	size_t nvariables, nmarges;
	const char **indicateurs;       /* by margin, when they come from the store; else NULL */
	const char **codes;             /* sorted */
	double *valeurs;                /* n x nmarges; NaN: not known */
	size_t n;
};

/* E_INPUT, with FILE:LINE: for columns that are not there, a count that is no number or is
 * negative, a count given twice.  Marks of secrecy and empty cells are "not known". */
bool marges_read(struct arena *a, const char *path, struct marges **out, struct err *e);
/* The same from memory (an embedded file). */
bool marges_read_text(struct arena *a, const char *name, const char *p, size_t n,
		      struct marges **out, struct err *e);

/*
 * Fills codes and values of the communes of `d` from the store, when `m` has `indicateurs`.
 * annee 0: the latest of each.  A commune lacks a margin as soon as one of its indicators is
 * not known; a difference that comes out below zero by less than one is zero.
 */
bool marges_of_store(struct arena *a, struct db *db, const struct decoupage *d, int annee,
		     struct marges *m, struct err *e);

/* Puts the margins in the order of a survey's variables; E_INPUT when one of its modalities
 * is not there, or when there is one that it does not speak of. */
bool marges_align(struct arena *a, struct marges *m, const struct calage_plan *plan,
		  struct err *e);

/* The row of a code; NULL. */
const double *marges_find(const struct marges *m, const char *code);
