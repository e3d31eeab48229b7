/*
 * What a cell of a workbook says, as text: a number in the fewest digits, a date as
 * year-month-day, an hour as 09:30.  Only the format of the cell tells a date from a number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum cell_kind {
	CELL_NUMBER,
	CELL_ZEROS,             /* a code: "00000" keeps the zeros at its head */
	CELL_DATE,              /* a day, and its hour when it has one */
	CELL_TIME,              /* an hour of the day */
};

struct cell_format {
	enum cell_kind kind;
	int digits;             /* of CELL_ZEROS */
};

enum { CELL_TEXT = 40 };

/* Of a number format built in (ECMA-376 18.8.30), or of its code. */
struct cell_format cell_format_of_id(long id);
struct cell_format cell_format_of_code(const char *code);

/* The text of a number; false when it is none.  `since_1904`: how the workbook counts days. */
bool cell_number_text(const char *raw, struct cell_format f, bool since_1904,
		      char out[CELL_TEXT]);

/* "AB" of "AB12" as 27, from 0; -1. */
long cell_column(const char *reference);
/* "AB" for 27. */
void cell_column_name(size_t column, char out[8]);

/* "_x000D_" is how a workbook writes a sign that XML has not; in place, shorter. */
size_t cell_unescape(char *s, size_t n);
