/* The part of an import that meets the store: what is there, what to write. */
#pragma once

#include "orient/lieu_import.h"
#include "orient/lieu_stage.h"

struct lieu_source {
	char id[UUID_TEXT];
	char name[SOURCE_MOST + 1];
	const char *title;              /* for people; NULL: the name */
	char imported[ISO_TEXT];        /* when it last was; "" never */
	bool known;                     /* it has a row in `source` */
	bool complet;
	bool sans_reunir;
};

/* The source of that name as the store has it, or a new one with an id. */
bool lieu_source_read(struct db *db, struct arena *a, const struct env *env,
		      struct lieu_source *src, struct err *e);

/*
 * Decides the fate of each staged row by what the store has: fills fate and lieu_id, and
 * the counts of `out`.  Rows must be sorted by id_source.
 */
bool lieu_import_compare(struct db *db, const struct env *env, struct lieu_stage *s,
			 const struct lieu_source *src, struct lieu_notes *notes,
			 struct lieu_import_totals *out, struct err *e);

/*
 * Writes it, all or nothing, and compares what is new with the other sources before anybody
 * sees it.  E_CONFLICT when the source was imported in the meantime.
 */
bool lieu_import_write(struct store *store, struct lieu_stage *s, const struct lieu_source *src,
		       struct lieu_import_totals *out, struct err *e);

/* The record of a place, new or written anew; rec->protege hides it unless somebody agreed to
 * show it. */
bool lieu_record_put(struct tx *tx, const char *lieu_id, const struct lieu_record *rec,
		     const char *now, struct err *e);
