/*
 * Two records of one real place become one, and apart again when that was wrong.
 *
 * The older id stays; the other one becomes an alias that keeps answering, its record is
 * withdrawn but kept for the day when somebody takes them apart.  When either is protected
 * the merged one is: no way of merging publishes an address (POSTURE 9).
 */
#pragma once

#include "base/arena.h"
#include "store/db.h"

/* Merges x and y; `out` receives the id that stays (one of the two).  E_CONFLICT when they
 * are one already. */
bool lieu_fusionner(struct tx *tx, struct arena *a, const char *x, const char *y,
		    const char *now, const char **out, struct err *e);

/* Merges n places into `garde`, the oldest: one writing of its record, however many. */
bool lieu_reunir(struct tx *tx, struct arena *a, const char *garde, const char *const *partis,
		 size_t n, const char *now, struct err *e);

/*
 * Takes one source's row out of a merged place: the row gets back the id it had.  `out`
 * receives the id of the place that it now has.  E_CONFLICT when it stands alone.
 * Whoever asks says that they are different (rapprochement_decider).
 */
bool lieu_separer(struct tx *tx, struct arena *a, const char *source_id,
		  const char *id_source, const char *now, const char **out, struct err *e);

/*
 * Not public until somebody decides: it may be a protected place.  Nothing when it is
 * hidden already; `held` tells.  lieu_relacher undoes just that.
 */
bool lieu_retenir(struct tx *tx, const char *id, const char *now, bool *held, struct err *e);
bool lieu_relacher(struct tx *tx, const char *id, const char *now, struct err *e);
