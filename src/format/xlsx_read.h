/*
 * Workbooks from outside (.xlsx, .xlsm; ECMA-376): one sheet, read row by row.  Memory
 * grows with the workbook's different texts alone, not with its rows.  A formula gives the
 * value that was last kept for it; macros are never read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Columns that may hold something; a cell beyond is refused. */
enum { XLSX_READ_COLUMNS = 2000, XLSX_READ_ROWS = 1 << 20 };

struct xlsx_read;

struct xlsx_read_row {
	long line;              /* of the sheet, from 1 */
	/* UTF-8 without spaces around; live until the next row.  Numbers in their fewest
	 * digits, dates "2026-11-22" ("2026-11-22T10:00:00" with an hour), hours "09:30",
	 * "oui" or "non" for a boolean, "" for an empty cell or an error. */
	const char *const *cells;
	size_t n;               /* the last one that is not empty, and those before */
	const bool *computed;   /* by a formula, for each of them */
};

/*
 * Opens the sheet of that name (case and accents do not count), or the first that is
 * visible.  E_MISSING, E_INPUT or E_LIMIT with a sentence that begins with the file's name:
 * what is no .xlsx is named with what to do; an unknown sheet gives the names of the others.
 */
bool xlsx_read_open(const char *path, const char *sheet, struct xlsx_read **out,
		    struct err *e);
/* The same from memory, which must outlive it. */
bool xlsx_read_open_bytes(const char *name, const char *p, size_t n, const char *sheet,
			  struct xlsx_read **out, struct err *e);
void xlsx_read_close(struct xlsx_read **x);     /* for CLEANUP */

/* The next row that has something; false with e->kind E_OK at the end. */
bool xlsx_read_next(struct xlsx_read *x, struct xlsx_read_row *row, struct err *e);

double xlsx_read_progress(const struct xlsx_read *x);           /* 0..1 */
const char *xlsx_read_described(const struct xlsx_read *x);     /* "XLSX, feuille « Lieux »" */
bool xlsx_read_has_macros(const struct xlsx_read *x);
size_t xlsx_read_sheets(const struct xlsx_read *x);             /* how many, hidden ones too */
/* So far: formulas without a kept value, and errors (#REF!): empty cells both. */
size_t xlsx_read_lost(const struct xlsx_read *x);
