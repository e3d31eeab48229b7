/*
 * Tables with a row per territory: which columns make which indicators.
 */
#pragma once

#include "observe/indicateur_run.h"

enum { LIAISONS = 700 };

struct large {
	int code, niveau_column, annee_column;  /* -1: none */
	enum niveau niveau;
	int annee;                      /* of measures that bear none */
	struct liaison *liaisons;
	size_t *measures;               /* of the stage, as liaisons */
	const char **natures;
	size_t n;
	struct somme weight;            /* inhabitants, when the table has them */
	/* a row that is not for us; NULL */
	bool (*skip)(const struct large *l, const struct csv_row *row);
	int skip_column;
	/* after each row that was taken; NULL */
	bool (*after)(struct run *r, const struct large *l, const struct csv_row *row,
		      const struct code_lu *c, struct err *e);
	int iris[3];                    /* columns of name, type, population */
	int iris_annee;
	bool zero_is_nobody;            /* IFN: a score of 0 is out of its scale */
};

/* Binds the formulas of a format; vintages: one liaison for each year that has them. */
bool large_bind(struct run *r, struct large *l, const struct entetes *h, const char *format,
		struct err *e);
/* One more measure; false when there is no room. */
bool large_add(struct run *r, struct large *l, const struct indicateur *i,
	       const struct liaison *x, struct err *e);
bool large_read(struct run *r, struct large *l, struct err *e);
bool large_new(struct run *r, struct large *l, struct err *e);
