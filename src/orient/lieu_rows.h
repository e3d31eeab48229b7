/*
 * The rows of a file of places, whatever it is written in: CSV, JSON (a list, or under
 * "lieux", "features", "data"), GeoJSON, XLSX.  Each row is a list of named texts.
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

struct lieu_rows_ask {
	const char *path;
	const char *feuille;            /* sheet of a workbook; NULL: the first */
	long entete;                    /* line of the header in a table; 0: the first, or where a
	                                 * workbook shows it */
	/* A second list of JSON whose objects belong to the rows: "services", by their member
	 * `liste_cle` that is the row's member `cle`.  They become columns "services.frais", the
	 * values of all joined by '|'.  NULL: none. */
	const char *liste, *liste_cle, *cle;
	const char *liste_path;         /* where it stands; NULL: the same file */
};

/* E_MISSING, E_INPUT or E_LIMIT with a sentence that begins with the file's name. */
bool lieu_rows_open(const char *path, struct lieu_rows **out, struct err *e);
bool lieu_rows_open_ask(const struct lieu_rows_ask *ask, struct lieu_rows **out,
			struct err *e);
/* Objects inside objects become columns of their own, "place.lat", and so do those of a list
 * inside ("services.frais", the values of all joined by '|'); before the first row. */
void lieu_rows_flatten(struct lieu_rows *r);
bool lieu_rows_is_table(const struct lieu_rows *r);     /* every row has the same columns */
bool lieu_rows_is_csv(const struct lieu_rows *r);
void lieu_rows_close(struct lieu_rows **r);     /* for CLEANUP */

/* The next row, its texts in `a` or until the next call.  false with e->kind E_OK at the end. */
bool lieu_rows_next(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		    struct err *e);

/* What the file itself calls for telling, once its rows are read: formulas, macros, lines
 * above the header.  They live until it is closed; 0 for most files. */
struct lieu_remark {
	long line;
	const char *champ, *valeur, *why;
};
size_t lieu_rows_remarks(struct lieu_rows *r, const struct lieu_remark **out);

double lieu_rows_progress(const struct lieu_rows *r);           /* 0..1 */
const char *lieu_rows_described(const struct lieu_rows *r);     /* "JSON", "CSV, séparateur « ; », UTF-8" */

/* "code_postal" for "Code postal"; the name itself when it is written so, else in `a`. */
const char *lieu_row_key(struct arena *a, const char *name);

/* The keys of the names of a table; a name that comes again gets a number: "Lundi (2)". */
void lieu_rows_name(struct arena *a, const char **names, const char **keys, size_t n);
/* Refuses a table of more than ROW_COLUMNS columns; false. */
bool lieu_rows_too_many(const char *path, struct err *e);
long lieu_rows_entete(const struct lieu_rows *r);       /* line of the header; 0 in JSON */

/* The value of the column with that key; "" when there is none. */
const char *lieu_row_get(const struct lieu_row *row, const char *key);
bool lieu_row_has(const struct lieu_row *row, const char *key);
