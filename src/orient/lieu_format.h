/*
 * The formats of places that are recognised: each turns a row into the 32 fields of the
 * schema 1.0.2, with the words of today (data/migration_2022.csv), before any cleaning.
 */
#pragma once

#include "base/arena.h"
#include "core/lieu_local.h"
#include "core/lieu_record.h"
#include "orient/lieu_notes.h"
#include "orient/lieu_rows.h"

/* A place as a row says it, in the schema's fields. */
struct lieu_draft {
	const char *v[LIEU_FIELDS];     /* never NULL */
	const char *local[LOCAUX];      /* core/lieu_local.h; NULL: not said */
	const char *jours[7];           /* hours in French text, Monday first; NULL when absent */
	bool par_jour;                  /* `jours` is how the format gives hours */
};

struct migration;

struct lieu_mapping {
	struct arena *a;
	struct lieu_notes *notes;
	const struct migration *migration;
	long line;
	const struct repertoire *r;     /* territories, for a mapping that asks; NULL */
};

struct lieu_format {
	const char *name;               /* of --mapping: "schema-2022" */
	const char *title;              /* "schéma de 2022" */
	bool (*fits)(const struct lieu_row *row);       /* could a file of it have this row? */
	void (*map)(struct lieu_mapping *m, const struct lieu_row *row, struct lieu_draft *d);
	const char *const *columns;     /* keys that it reads besides the 32; NULL at the end */
	const char *source;             /* whose list such a file is; NULL: anybody's */
	bool complet;                   /* and it is the whole of it */
};

extern const struct lieu_format lieu_format_france_services, lieu_format_2022,
	lieu_format_102;

/* All of them, the surest to recognise first; NULL at the end. */
extern const struct lieu_format *const lieu_formats[];
const struct lieu_format *lieu_format_find(const char *name);

/* Does the format read that column? */
bool lieu_format_reads(const struct lieu_format *f, const char *key);

/* Reads data/migration_2022.csv; lives as long as `a`, NULL when spent. */
const struct migration *migration_read(struct arena *a);

/* True when the value is an old word of that column. */
bool migration_knows(const struct migration *m, const char *field, const char *value,
		     size_t n);

/*
 * Puts each value of an old list (';' or '|' between them) where it belongs today, with a
 * note for what was translated and one for each value that has no place.
 */
void migrate_list(struct lieu_mapping *m, const char *field, const char *list,
		  struct lieu_draft *d);

/* Adds a value to a list field of the draft, once. */
void draft_add(struct arena *a, struct lieu_draft *d, enum lieu_field f, const char *value);
