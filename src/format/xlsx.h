/*
 * Workbooks that offices open (ECMA-376, by libxlsxwriter): rows of typed cells, one sheet
 * after the other; memory does not grow with the rows.  Texts are never formulas.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	XLSX_ROWS = 1 << 20,            /* what the format allows in a sheet */
	XLSX_COLUMNS = 1 << 14,
	XLSX_TEXT = 32767,              /* characters in a cell; longer ones are cut */
};

struct xlsx;

/* Working files go to `folder` (DIR/tmp).  E_STORE when it cannot be written. */
bool xlsx_new(const char *folder, struct xlsx **out, struct err *e);

/* A new sheet; what follows goes there.  The name is cut to what Excel takes (31 characters,
 * without []:*?/\), the first row is kept in sight when one scrolls. */
bool xlsx_sheet(struct xlsx *x, const char *name, struct err *e);

/* Cells of the row, from the left; NULL and NaN are empty ones.  xlsx_row ends it. */
void xlsx_text(struct xlsx *x, const char *text);
void xlsx_title(struct xlsx *x, const char *text);      /* head of a column: bold */
void xlsx_number(struct xlsx *x, double v);
bool xlsx_row(struct xlsx *x, struct err *e);           /* E_LIMIT past XLSX_ROWS */

/* Ends the workbook into `out`, and frees it.  E_LIMIT past the ceiling of `out`. */
bool xlsx_end(struct xlsx **x, struct buf *out, struct err *e);
/* The same into a file, piece by piece.  E_STORE when it refuses. */
bool xlsx_end_file(struct xlsx **x, FILE *out, struct err *e);
void xlsx_free(struct xlsx **x);        /* for CLEANUP: without an end; NULL inside is allowed */
