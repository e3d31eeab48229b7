/* floor: 300 edges */
/* Any bytes are a workbook that is read to its end, or refused in words; what a row gives is
 * UTF-8, within its columns, and lines go up to what a sheet may have. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/xlsx_cell.h"
#include "format/xlsx_read.h"

static void check_row(const struct xlsx_read_row *row)
{
	if (row->line < 1 || row->line > XLSX_READ_ROWS || !row->n || row->n > XLSX_READ_COLUMNS)
		abort();
	for (size_t i = 0; i < row->n; i++) {
		if (!utf8_valid(row->cells[i], strlen(row->cells[i])))
			abort();
	}
	if (!*row->cells[row->n - 1])
		abort();
}

/* The first bytes as a format and a number: no date beyond its room. */
static void check_cell(const uint8_t *p, size_t n)
{
	char text[64], out[CELL_TEXT];
	size_t k = n < sizeof text - 1 ? n : sizeof text - 1, half;

	memcpy(text, p, k);
	text[k] = '\0';
	half = strlen(text) / 2;
	cell_number_text(text + half, cell_format_of_code(text), false, out);
	cell_number_text(text + half, cell_format_of_id((long)(k ? p[0] : 0)), true, out);
	cell_unescape(text, strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(xlsx_read_close) struct xlsx_read *x = NULL;
	struct xlsx_read_row row;
	struct err e = { 0 };

	check_cell(p, n);
	if (xlsx_read_open_bytes("fuzz", (const char *)p, n, n % 2 ? NULL : "Lieux", &x, &e)) {
		xlsx_read_described(x);
		xlsx_read_has_macros(x);
		while (xlsx_read_next(x, &row, &e))
			check_row(&row);
		if (e.kind == E_OK)
			return 0;
	}
	if (!e.msg[0])
		abort();
	return 0;
}
