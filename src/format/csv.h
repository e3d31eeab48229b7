/*
 * Tables from outside: CSV in any separator and encoding that offices write, read row by
 * row with a ceiling on rows, columns and cells.  libcsv splits; we recognise and decode.
 * Memory stays flat whatever the size of the file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { CSV_COLUMNS = 2000, CSV_CELL = 1 << 20, CSV_ROW = 16 << 20 };

struct csv;             /* an open file */

struct csv_row {
	long line;              /* where the row begins in the file, from 1 */
	/* UTF-8, NUL-terminated, without spaces around; live until the next row */
	const char *const *cells;
	size_t n;               /* cells that the row has; a shorter one than the header's is filled
	                         * with "", so every column of the header may be read */
};

/*
 * Opens a file and reads its header.  UTF-8 (with or without mark), UTF-16 and
 * Windows-1252 are recognised, the separator is the one of ; , tab | that the header
 * shows.  E_INPUT with what to do for a file that is no table, NUL bytes, too many columns;
 * E_MISSING for a file that is not there.  Messages begin with "FILE:" or "FILE:LINE:".
 */
bool csv_open(const char *path, struct csv **out, struct err *e);
/* The same from memory (an embedded file), which must outlive it. */
bool csv_open_text(const char *name, const char *p, size_t n, struct csv **out,
		   struct err *e);
void csv_close(struct csv **c);                         /* for CLEANUP */
const struct csv_row *csv_header(const struct csv *c);
/* -1 when absent; case and accents do not count */
int csv_column(const struct csv *c, const char *name);
const char *csv_described(const struct csv *c);         /* "CSV, séparateur « ; », UTF-8" */

/* The next row; lines without any text are skipped.  false with e->kind E_OK at the end,
 * else with the error. */
bool csv_next(struct csv *c, struct csv_row *row, struct err *e);
/* Cells after column `last` will not be asked: they may not be cut out, and read as "". */
void csv_until(struct csv *c, int last);
double csv_progress(const struct csv *c);               /* 0..1 */

/* Writes one cell with quotes where needed, after a comma unless it is the first; a cell
 * that a spreadsheet would take for a formula (= + - @ at its head) gets an apostrophe
 * unless it is a number or a telephone number.  NULL is an empty cell. */
void csv_write_cell(struct buf *b, const char *text, bool first);
