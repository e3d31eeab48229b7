/* Whom a page that holds offer against need counts. */
#pragma once

#include "observe/decoupage.h"
#include "observe/offre.h"
#include "store/db.h"

/* People concerned by commune of the decoupage, of the survey estimated last (NaN where not
 * known); *need NULL when none was: inhabitants count.  *enquete, in `words`: which; "". */
bool offre_besoins(struct db *db, struct arena *a, struct arena *words, const struct decoupage *d,
		   double **need, const char **enquete, struct err *e);

/* Between how many and how many, of each line of what was computed. */
bool offre_bornes(struct db *db, struct arena *a, const char *enquete, struct offre *o,
		  struct err *e);
