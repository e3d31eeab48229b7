#include "format/xlsx_cell.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "format/json.h"

enum { DAYS_MOST = 2958465, SECONDS = 86400 };          /* 9999-12-31 */

/* --- formats ------------------------------------------------------------------------ */

struct cell_format cell_format_of_id(long id)
{
	bool time = (id >= 18 && id <= 21) || (id >= 45 && id <= 47);
	bool date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36)
		    || (id >= 50 && id <= 58);

	return (struct cell_format){ time ? CELL_TIME : date ? CELL_DATE : CELL_NUMBER, 0 };
}

/* The code without what is shown as it is: "quoted", \x, _x, *x, [colour]. */
static const char *next_sign(const char *p)
{
	for (;;) {
		if (*p == '"' || *p == '[') {
			const char *end = strchr(p + 1, *p == '"' ? '"' : ']');

			if (*p == '[' && (strspn(p + 1, "hms") == (size_t)(end ? end - p - 1 : -1)))
				return p + 1;           /* [h]:mm, a length of time */
			if (!end)
				return p + strlen(p);
			p = end + 1;
		} else if (*p && strchr("\\_*", *p)) {
			p += 1 + (p[1] != '\0');
		} else {
			return p;
		}
	}
}

struct cell_format cell_format_of_code(const char *code)
{
	bool date = false, time = false, month = false;
	size_t zeros = strspn(code, "0");

	if (zeros > 1 && !code[zeros])
		return (struct cell_format){ CELL_ZEROS, zeros < 30 ? (int)zeros : 30 };
	for (const char *p = next_sign(code); *p && *p != ';'; p = next_sign(p + 1)) {
		char c = (char)tolower((unsigned char)*p);

		date |= c == 'd' || c == 'y' || c == 'j';
		time |= c == 'h' || c == 's';
		month |= c == 'm';
	}
	if (strncasecmp(code, "general", 7) == 0 || strncasecmp(code, "standard", 8) == 0)
		return (struct cell_format){ CELL_NUMBER, 0 };
	date |= month && !time;
	return (struct cell_format){ date ? CELL_DATE : time ? CELL_TIME : CELL_NUMBER, 0 };
}

/* --- values ------------------------------------------------------------------------- */

/* 1900 was no leap year, but the first spreadsheet thought so: day 60 never was. */
static int64_t day_of(double serial, bool since_1904)
{
	int64_t n = (int64_t)floor(serial);

	if (since_1904)
		return date_days(1904, 1, 1) + n;
	return date_days(1899, 12, n < 60 ? 31 : 30) + n;
}

static void date_text(double v, bool since_1904, char out[CELL_TEXT])
{
	int64_t days = day_of(v, since_1904);
	long seconds = lround((v - floor(v)) * SECONDS);
	struct civil c;

	if (seconds >= SECONDS) {
		days++;
		seconds = 0;
	}
	c = date_civil(days);
	snprintf(out, CELL_TEXT, "%04d-%02d-%02d", c.year, c.month, c.day);
	if (seconds)
		snprintf(out + 10, CELL_TEXT - 10, "T%02ld:%02ld:%02ld", seconds / 3600,
			 seconds / 60 % 60, seconds % 60);
}

static void time_text(double v, char out[CELL_TEXT])
{
	long seconds = lround(v * SECONDS);

	snprintf(out, CELL_TEXT, seconds % 60 ? "%02ld:%02ld:%02ld" : "%02ld:%02ld",
		 seconds / 3600, seconds / 60 % 60, seconds % 60);
}

bool cell_number_text(const char *raw, struct cell_format f, bool since_1904,
		      char out[CELL_TEXT])
{
	char *end, real[JSON_NUMBER];
	double v = strtod(raw, &end);

	while (*end && isspace((unsigned char)*end))
		end++;
	if (end == raw || *end || !isfinite(v))
		return false;
	if (f.kind == CELL_DATE && v >= 1 && v <= DAYS_MOST)
		date_text(v, since_1904, out);
	else if ((f.kind == CELL_TIME || f.kind == CELL_DATE) && v >= 0 && v < 100)
		time_text(v, out);
	else if (f.kind == CELL_ZEROS && v >= 0 && v < 1e15 && v == floor(v))
		snprintf(out, CELL_TEXT, "%0*.0f", f.digits, v);
	else if (fabs(v) < 1e15 && v == floor(v))
		snprintf(out, CELL_TEXT, "%.0f", v == 0 ? 0 : v);
	else
		snprintf(out, CELL_TEXT, "%s", json_real_text(v, real));
	return true;
}

long cell_column(const char *reference)
{
	long n = 0;
	int k = 0;

	for (; reference[k] >= 'A' && reference[k] <= 'Z' && k < 4; k++)
		n = n * 26 + (reference[k] - 'A' + 1);
	return k && k < 4 ? n - 1 : -1;
}

void cell_column_name(size_t column, char out[8])
{
	char back[8];
	size_t n = 0, k = 0;

	for (column++; column && n < 7; column = (column - 1) / 26)
		back[n++] = (char)('A' + (column - 1) % 26);
	while (n)
		out[k++] = back[--n];
	out[k] = '\0';
}

/* Value of four hexadecimal digits; -1. */
static long four_digits(const char *s)
{
	char text[5] = { 0 };

	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return -1;
		text[i] = s[i];
	}
	return strtol(text, NULL, 16);
}

size_t cell_unescape(char *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n;) {
		long c = i + 6 < n && s[i] == '_' && s[i + 1] == 'x' && s[i + 6] == '_'
			 ? four_digits(s + i + 2) : -1;

		if (c < 0 || (c >= 0xd800 && c < 0xe000)) {
			s[k++] = s[i++];
			continue;
		}
		if (c >= 32 || c == '\n' || c == '\t')
			k += utf8_write(s + k, (uint32_t)c);
		i += 7;
	}
	return k;
}
