/*
 * A place that a source no longer lists is not deleted: it is "no longer in the list of X
 * since", stays in search for the delay that is set (`lieux absence`, 90 days), then leaves
 * it; its address keeps answering, and it comes back when a source lists it again.
 * Only a source given as complete says anything by its silence.
 */
#pragma once

#include "store/db.h"

enum { ABSENCE_JOURS = 90, ABSENCE_JOURS_MOST = 3650 };

/* A row that its source's whole list no longer has, from today on. */
bool lieu_absence_ligne(struct tx *tx, const char *source_id, const char *id_source,
			const char *now, struct err *e);

/* After an import, in its job: what its rows mean for their places.  `gone` counts the places
 * that leave search now. */
bool lieu_absence_noter(struct tx *tx, const char *source_id, const char *now, size_t *gone,
			struct err *e);

/* Places whose delay has passed leave search; once a day.  `gone` may be NULL. */
bool lieu_absence_passer(struct tx *tx, const char *now, size_t *gone, struct err *e);

/* The delay in days, as set in this data folder. */
bool lieu_absence_delai(struct db *db, int *jours, struct err *e);
bool lieu_absence_regler(struct tx *tx, int jours, struct err *e);
