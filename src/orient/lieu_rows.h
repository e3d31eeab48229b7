/*
 * The rows of a file of places, whatever it is written in: CSV, JSON (a list, or under
 * "lieux", "features", "data"), GeoJSON.  Each row is a list of named texts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { ROW_COLUMNS = 400 };

struct lieu_row {
	long line;                      /* where it begins in the file */
	size_t n;
	const char *names[ROW_COLUMNS];         /* as the file writes them */
	const char *keys[ROW_COLUMNS];          /* folded: "code_postal" for "Code postal" */
	const char *values[ROW_COLUMNS];        /* never NULL */
};

struct lieu_rows;

/* E_MISSING, E_INPUT or E_LIMIT with a sentence that begins with the file's name. */
bool lieu_rows_open(const char *path, struct lieu_rows **out, struct err *e);
/* Objects inside objects become columns of their own, "place.lat"; before the first row. */
void lieu_rows_flatten(struct lieu_rows *r);
bool lieu_rows_is_table(const struct lieu_rows *r);     /* every row has the same columns */
void lieu_rows_close(struct lieu_rows **r);     /* for CLEANUP */

/* The next row, its texts in `a` or until the next call.  false with e->kind E_OK at the end. */
bool lieu_rows_next(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		    struct err *e);

double lieu_rows_progress(const struct lieu_rows *r);           /* 0..1 */
const char *lieu_rows_described(const struct lieu_rows *r);     /* "JSON", "CSV, séparateur « ; », UTF-8" */

/* "code_postal" for "Code postal"; the name itself when it is written so, else in `a`. */
const char *lieu_row_key(struct arena *a, const char *name);

/* The value of the column with that key; "" when there is none. */
const char *lieu_row_get(const struct lieu_row *row, const char *key);
bool lieu_row_has(const struct lieu_row *row, const char *key);
