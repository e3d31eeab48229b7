/* floor: 260 edges */
/* Any bytes are a table that is read to its end, or refused in words; and what a row
 * gives is UTF-8, and reads back the same when it is written again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/csv.h"

static void check_row(const struct csv *c, const struct csv_row *row)
{
	size_t n = row->n > csv_header(c)->n ? row->n : csv_header(c)->n;

	if (row->line < 1 || n > CSV_COLUMNS)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (!utf8_valid(row->cells[i], strlen(row->cells[i])))
			abort();
	}
}

/* The row, written after a header of as many cells, comes back cell by cell. */
static void check_again(const struct csv_row *row)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	CLEANUP(csv_close) struct csv *again = NULL;
	struct csv_row back;
	struct err e = { 0 };

	for (size_t i = 0; i < row->n; i++)
		csv_write_cell(&b, "a", i == 0);
	buf_char(&b, '\n');
	for (size_t i = 0; i < row->n; i++)
		csv_write_cell(&b, row->cells[i], i == 0);
	buf_char(&b, '\n');
	if (b.full || row->n < 2)
		return;
	if (!csv_open_text("again", b.p, b.n, &again, &e) || !csv_next(again, &back, &e)
	    || back.n != row->n)
		abort();
	for (size_t i = 0; i < row->n; i++) {
		const char *cell = back.cells[i];

		cell += *cell == '\'' && *row->cells[i] != '\'';
		if (strcmp(cell, row->cells[i]))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct err e = { 0 };
	struct csv_row row;
	long line = 0;

	if (csv_open_text("fuzz", (const char *)p, n, &c, &e)) {
		csv_column(c, "nom");
		csv_described(c);
		while (csv_next(c, &row, &e)) {
			check_row(c, &row);
			check_again(&row);
			if (row.line <= line)
				abort();
			line = row.line;
		}
		if (e.kind == E_OK)
			return 0;
	}
	if (!e.msg[0])
		abort();
	return 0;
}
