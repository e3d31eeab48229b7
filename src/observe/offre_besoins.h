/* Whom a page that holds offer against need counts. */
#pragma once

#include "observe/decoupage.h"
#include "observe/offre.h"
#include "store/db.h"

/* People concerned by commune of the decoupage, of the survey estimated last (NaN where not
 * known); *need NULL when none was: inhabitants count.  *enquete, in `words`: which; "".
 * choix->caches is filled. */
bool offre_besoins(struct db *db, struct arena *a, struct arena *words, const struct decoupage *d,
		   struct offre_choix *choix, double **need, const char **enquete,
		   struct err *e);

/* choix->caches of a survey: the communes whose number may not be shown. */
bool offre_caches(struct db *db, struct arena *a, const struct decoupage *d, const char *enquete,
		  struct offre_choix *choix, struct err *e);

/* Between how many and how many, of each line of what was computed. */
bool offre_bornes(struct db *db, struct arena *a, const char *enquete, struct offre *o,
		  struct err *e);
