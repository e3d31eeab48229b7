#include "format/xlsx.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/utf8.h"

enum { PATH = 512, NAME = 31, NAME_BYTES = NAME * 4 + 16, PIECE = 64 << 10 };

struct xlsx {
	char file[PATH], folder[PATH];
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
	uint32_t row;
	uint16_t column;
	unsigned sheets;
};

static bool refuse(const struct xlsx *x, struct err *e)
{
	fail(e, E_STORE, "Le classeur n’a pas pu être écrit.");
	return hint(e, "Vérifiez qu’il reste de la place, et que « %.200s » peut être écrit.",
		    x->folder);
}

bool xlsx_new(const char *folder, struct xlsx **out, struct err *e)
{
	struct xlsx *x = calloc(1, sizeof *x);
	lxw_workbook_options o = { .constant_memory = LXW_TRUE };
	int fd;

	if (!x)
		abort();
	snprintf(x->folder, sizeof x->folder, "%s", folder);
	snprintf(x->file, sizeof x->file, "%s/classeur-XXXXXX", folder);
	fd = mkstemp(x->file);
	if (fd < 0) {
		refuse(x, e);
		free(x);
		return false;
	}
	close(fd);
	o.tmpdir = x->folder;
	x->book = workbook_new_opt(x->file, &o);
	x->bold = x->book ? workbook_add_format(x->book) : NULL;
	if (!x->bold) {
		refuse(x, e);
		*out = x;
		xlsx_free(out);
		return false;
	}
	format_set_bold(x->bold);
	*out = x;
	return true;
}

/* Bytes of the first `most` characters. */
static size_t bytes_of(const char *text, size_t most)
{
	const char *p = text, *end = text + strlen(text);
	uint32_t c;

	for (size_t i = 0; p < end && i < most; i++)
		p += utf8_read(p, end, &c);
	return (size_t)(p - text);
}

/* What a sheet may be called; a name that was taken gets a number. */
static void sheet_name(const struct xlsx *x, const char *name, char out[NAME_BYTES])
{
	size_t n = bytes_of(name, NAME - 4);

	for (size_t i = 0; i < n; i++)
		out[i] = strchr("[]:*?/\\'", name[i]) ? ' ' : name[i];
	out[n] = '\0';
	if (!n || workbook_get_worksheet_by_name(x->book, out))
		snprintf(out + n, 12, " %u", x->sheets + 1);
}

bool xlsx_sheet(struct xlsx *x, const char *name, struct err *e)
{
	char taken[NAME_BYTES];

	sheet_name(x, name, taken);
	x->sheet = workbook_add_worksheet(x->book, taken);
	if (!x->sheet)
		return refuse(x, e);
	worksheet_freeze_panes(x->sheet, 1, 0);
	x->row = 0;
	x->column = 0;
	x->sheets++;
	return true;
}

static void put(struct xlsx *x, const char *text, lxw_format *format)
{
	size_t n = text ? bytes_of(text, XLSX_TEXT) : 0;
	char *cut = n && text[n] ? strndup(text, n) : NULL;

	if (n && x->column < XLSX_COLUMNS)
		worksheet_write_string(x->sheet, x->row, x->column, cut ? cut : text, format);
	x->column++;
	free(cut);
}

void xlsx_text(struct xlsx *x, const char *text)
{
	put(x, text, NULL);
}

void xlsx_title(struct xlsx *x, const char *text)
{
	put(x, text, x->bold);
}

void xlsx_number(struct xlsx *x, double v)
{
	if (isfinite(v) && x->column < XLSX_COLUMNS)
		worksheet_write_number(x->sheet, x->row, x->column, v, NULL);
	x->column++;
}

bool xlsx_row(struct xlsx *x, struct err *e)
{
	x->column = 0;
	if (++x->row < XLSX_ROWS)
		return true;
	fail(e, E_LIMIT, "Une feuille de classeur ne prend pas plus d’un million de lignes.");
	return hint(e, "Demandez la même chose en CSV.");
}

static bool read_back(const struct xlsx *x, struct buf *out, struct err *e)
{
	int fd = open(x->file, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && buf_room(out, PIECE)) {
		n = read(fd, out->p + out->n, PIECE);
		if (n <= 0)
			break;
		out->n += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	if (out->full)
		return fail(e, E_LIMIT, "Le classeur est trop gros.");
	return n < 0 ? refuse(x, e) : true;
}

bool xlsx_end(struct xlsx **x, struct buf *out, struct err *e)
{
	bool ok = workbook_close((*x)->book) == LXW_NO_ERROR;

	(*x)->book = NULL;              /* closed and freed, whatever happened */
	ok = ok ? read_back(*x, out, e) : refuse(*x, e);
	xlsx_free(x);
	return ok;
}

static bool copy_to(const struct xlsx *x, FILE *out, struct err *e)
{
	FILE *f = fopen(x->file, "re");
	char piece[16 << 10];
	size_t n;
	bool good = f != NULL;

	while (good && (n = fread(piece, 1, sizeof piece, f)) > 0)
		good = fwrite(piece, 1, n, out) == n;
	good = good && !ferror(f);
	if (f)
		fclose(f);
	return good || refuse(x, e);
}

bool xlsx_end_file(struct xlsx **x, FILE *out, struct err *e)
{
	bool ok = workbook_close((*x)->book) == LXW_NO_ERROR;

	(*x)->book = NULL;
	ok = ok ? copy_to(*x, out, e) : refuse(*x, e);
	xlsx_free(x);
	return ok;
}

void xlsx_free(struct xlsx **x)
{
	if (!*x)
		return;
	if ((*x)->book)
		lxw_workbook_free((*x)->book);
	unlink((*x)->file);
	free(*x);
	*x = NULL;
}
