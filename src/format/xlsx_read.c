#include "format/xlsx_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "format/xlsx_cell.h"
#include "format/xlsx_package.h"

enum { TEXTS_MOST = 256 << 20, CELL_MOST = 1 << 20, ROW_MOST = 16 << 20, KEPT_MOST = 8 << 20 };
enum { FORMATS_MOST = 70000, SHEETS_MOST = 500, FOLDED = 200, DESCRIBED = 300, ATTR = 120 };

/* Texts that cells name by number. */
struct texts {
	struct buf pool;                /* NUL between them */
	uint32_t *starts;
	size_t n, room;
	bool inside, full;              /* in a <t> that counts */
	int phonetic;                   /* depth of <rPh>: how Japanese is read, left out */
};

struct sheet {
	const char *name, *rel;
	bool hidden;
	struct sheet *next;
};

struct code {
	long id;
	struct cell_format format;
	struct code *next;
};

/* What the workbook's smaller parts say. */
struct book {
	struct arena a;
	const char *path;               /* of the workbook in the archive, "xl/workbook.xml" */
	struct sheet *sheets, **sheet_end;
	size_t nsheets;
	bool since_1904;
	const char *wanted, *target;    /* a relation that is looked for, by id or type */
	struct code *codes;
	struct cell_format *formats;    /* of a cell's style */
	size_t nformats;
	bool in_formats;
};

enum { IN_NOTHING, IN_VALUE, IN_INLINE };

struct xlsx_read {
	struct package k;
	struct book book;
	struct texts texts;
	const struct sheet *sheet;
	struct part part;
	struct buf value, row;          /* of the cell, of the row's cells */
	size_t starts[XLSX_READ_COLUMNS];
	const char *cells[XLSX_READ_COLUMNS];
	bool computed[XLSX_READ_COLUMNS];
	size_t n;
	long line, column;
	char type[12];
	struct cell_format format;
	int in;
	bool formula, valued, ended;
	size_t lost;
	char described[DESCRIBED];
	char name[PART_NAME];
};

static void ignore_text(void *arg, const char *s, int n)
{
	(void)arg, (void)s, (void)n;
}

static void ignore_end(void *arg, const char *name)
{
	(void)arg, (void)name;
}

/* Reads a small part whole. */
static bool read_part(struct package *k, const char *name, const struct part_calls *calls,
		      void *arg, struct err *e)
{
	CLEANUP(part_close) struct part p;

	return part_open(k, name, calls, arg, &p, e) && part_run(&p, e) == PART_END;
}

/* --- relations: which part is what -------------------------------------------------- */

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && strcmp(s + n - k, tail) == 0;
}

static void relation_start(void *arg, const char *name, const char **attributes)
{
	struct book *b = arg;
	const char *id = part_attribute(attributes, "Id");
	const char *type = part_attribute(attributes, "Type");
	const char *target = part_attribute(attributes, "Target");

	if (b->target || strcmp(name, "Relationship") || !id || !type || !target)
		return;
	if (b->wanted[0] == '/' ? ends_with(type, b->wanted) : strcmp(id, b->wanted) == 0)
		b->target = arena_str(&b->a, target);
}

/* The part that `from` ("xl/workbook.xml", "" for the archive) names by an id or, with a
 * slash before, by the end of its type; "" when it names none. */
static bool find_part(struct xlsx_read *x, const char *from, const char *wanted,
		      const char **out, struct err *e)
{
	static const struct part_calls calls = { relation_start, ignore_end, ignore_text };
	const char *slash = strrchr(from, '/');
	int folder = slash ? (int)(slash + 1 - from) : 0;
	struct book *b = &x->book;
	const char *rels = arena_printf(&b->a, "%.*s_rels/%s.rels", folder, from, from + folder);

	*out = "";
	b->wanted = wanted;
	b->target = NULL;
	if (!package_has(&x->k, rels))
		return true;
	if (!read_part(&x->k, rels, &calls, b, e))
		return false;
	if (!b->target)
		return true;
	*out = b->target[0] == '/' ? b->target + 1
	       : arena_printf(&b->a, "%.*s%s", folder, from, b->target);
	return true;
}

/* --- the workbook: its sheets, and from when it counts days --------------------------- */

static bool is_true(const char *s)
{
	return s && (strcmp(s, "1") == 0 || strcmp(s, "true") == 0 || strcmp(s, "on") == 0);
}

static void book_start(void *arg, const char *name, const char **attributes)
{
	struct book *b = arg;
	const char *title = part_attribute(attributes, "name");
	const char *rel = part_attribute(attributes, "id");
	const char *state = part_attribute(attributes, "state");
	struct sheet *s;

	if (strcmp(name, "workbookPr") == 0)
		b->since_1904 = is_true(part_attribute(attributes, "date1904"));
	if (strcmp(name, "sheet") || !title || !rel || b->nsheets == SHEETS_MOST)
		return;
	s = NEW(&b->a, struct sheet);
	if (!s)
		return;
	*s = (struct sheet){ arena_str(&b->a, title), arena_str(&b->a, rel),
			     state && strcmp(state, "visible"), NULL };
	*b->sheet_end = s;
	b->sheet_end = &s->next;
	b->nsheets++;
}

static bool refuse_sheet(struct xlsx_read *x, const char *wanted, struct err *e)
{
	const char *names = "";

	if (!x->book.sheets)
		return package_refuse(&x->k, "ce classeur n'a aucune feuille.", NULL, e);
	for (const struct sheet *s = x->book.sheets; s && strlen(names) < ATTR; s = s->next)
		names = arena_printf(&x->book.a, "%s%s%s", names, *names ? ", " : "", s->name);
	fail(e, E_INPUT, "aucune feuille de ce classeur ne s'appelle « %.80s ».", wanted);
	hint(e, "Ses feuilles : %.180s.", names);
	utf8_trim_end(e->hint);
	return fail_at(e, x->k.name, 0);
}

static bool choose_sheet(struct xlsx_read *x, const char *wanted, struct err *e)
{
	char want[FOLDED], have[FOLDED];

	utf8_fold(wanted ? wanted : "", want, sizeof want);
	for (const struct sheet *s = x->book.sheets; s && !x->sheet; s = s->next) {
		utf8_fold(s->name, have, sizeof have);
		if (wanted ? strcmp(want, have) == 0 : !s->hidden)
			x->sheet = s;
	}
	if (!x->sheet && !wanted)
		x->sheet = x->book.sheets;
	return x->sheet || refuse_sheet(x, wanted ? wanted : "", e);
}

static bool read_book(struct xlsx_read *x, const char *wanted, struct err *e)
{
	static const struct part_calls calls = { book_start, ignore_end, ignore_text };

	x->book.sheet_end = &x->book.sheets;
	if (!find_part(x, "", "/officeDocument", &x->book.path, e))
		return false;
	if (!*x->book.path)
		x->book.path = "xl/workbook.xml";
	if (!package_has(&x->k, x->book.path))
		return package_refuse(&x->k, "cette archive n'est pas un classeur : c'est un autre "
				      "document de bureau.", "Donnez un classeur .xlsx, ou un "
				      "CSV.", e);
	return read_part(&x->k, x->book.path, &calls, &x->book, e) && choose_sheet(x, wanted, e);
}

/* --- styles: which numbers are dates ------------------------------------------------- */

static struct cell_format format_of(const struct book *b, const char *id)
{
	long n = id ? strtol(id, NULL, 10) : 0;

	for (const struct code *c = b->codes; c; c = c->next) {
		if (c->id == n)
			return c->format;
	}
	return cell_format_of_id(n);
}

static void style_start(void *arg, const char *name, const char **attributes)
{
	struct book *b = arg;
	const char *id = part_attribute(attributes, "numFmtId");
	const char *code = part_attribute(attributes, "formatCode");
	struct code *c;

	if (strcmp(name, "cellXfs") == 0) {
		b->in_formats = true;
		b->formats = b->formats ? b->formats
			     : NEW_ARRAY(&b->a, FORMATS_MOST, struct cell_format);
	} else if (strcmp(name, "numFmt") == 0 && id && code && (c = NEW(&b->a, struct code))) {
		*c = (struct code){ strtol(id, NULL, 10), cell_format_of_code(code), b->codes };
		b->codes = c;
	} else if (strcmp(name, "xf") == 0 && b->in_formats && b->formats
		   && b->nformats < FORMATS_MOST) {
		b->formats[b->nformats++] = format_of(b, id);
	}
}

static void style_end(void *arg, const char *name)
{
	struct book *b = arg;

	b->in_formats &= strcmp(name, "cellXfs") != 0;
}

static bool read_styles(struct xlsx_read *x, struct err *e)
{
	static const struct part_calls calls = { style_start, style_end, ignore_text };
	const char *part;

	return find_part(x, x->book.path, "/styles", &part, e)
	       && (!package_has(&x->k, part) || read_part(&x->k, part, &calls, &x->book, e));
}

/* --- shared texts -------------------------------------------------------------------- */

static bool text_room(struct texts *t)
{
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 1024;
		uint32_t *more = reallocarray(t->starts, room, sizeof *more);

		if (!more)
			return false;
		t->starts = more;
		t->room = room;
	}
	return true;
}

static void text_start(void *arg, const char *name, const char **attributes)
{
	struct texts *t = arg;

	(void)attributes;
	if (strcmp(name, "si") == 0) {
		t->full |= !text_room(t);
		if (!t->full)
			t->starts[t->n++] = (uint32_t)t->pool.n;
	}
	t->phonetic += strcmp(name, "rPh") == 0;
	t->inside = strcmp(name, "t") == 0 && !t->phonetic;
}

static void text_end(void *arg, const char *name)
{
	struct texts *t = arg;

	t->inside = false;
	t->phonetic -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "si") == 0 && t->n && !t->full) {
		size_t from = t->starts[t->n - 1];

		if (t->pool.n > from)
			t->pool.n = from + cell_unescape(t->pool.p + from, t->pool.n - from);
		buf_char(&t->pool, '\0');
	}
}

static void text_text(void *arg, const char *s, int n)
{
	struct texts *t = arg;

	if (t->inside && !t->full)
		buf_add(&t->pool, s, (size_t)n);
}

static bool read_texts(struct xlsx_read *x, struct err *e)
{
	static const struct part_calls calls = { text_start, text_end, text_text };
	const char *part;

	if (!find_part(x, x->book.path, "/sharedStrings", &part, e))
		return false;
	if (!package_has(&x->k, part))
		return true;
	if (!read_part(&x->k, part, &calls, &x->texts, e))
		return false;
	if (!x->texts.full && !x->texts.pool.full)
		return true;
	fail(e, E_LIMIT, "ce classeur a plus de %d Mo de textes.", TEXTS_MOST >> 20);
	hint(e, "Enregistrez la feuille utile seule, en CSV.");
	return fail_at(e, x->k.name, 0);
}

static const char *shared_text(const struct texts *t, const char *number)
{
	char *end;
	unsigned long i = strtoul(number, &end, 10);

	return end != number && *number != '-' && i < t->n ? t->pool.p + t->starts[i] : "";
}

/* --- cells --------------------------------------------------------------------------- */

static void cell_start(struct xlsx_read *x, const char **attributes)
{
	const char *at = part_attribute(attributes, "r"), *type = part_attribute(attributes, "t");
	const char *style = part_attribute(attributes, "s");
	unsigned long s = style ? strtoul(style, NULL, 10) : 0;
	long column = at ? cell_column(at) : -1;

	x->column = column >= 0 ? column : x->column + 1;
	snprintf(x->type, sizeof x->type, "%s", type ? type : "n");
	x->format = s < x->book.nformats ? x->book.formats[s]
		    : (struct cell_format){ CELL_NUMBER, 0 };
	x->formula = x->valued = false;
	buf_clear(&x->value);
}

static void sheet_start(void *arg, const char *name, const char **attributes)
{
	struct xlsx_read *x = arg;
	const char *line;

	x->in = IN_NOTHING;
	if (strcmp(name, "c") == 0) {
		cell_start(x, attributes);
	} else if (strcmp(name, "v") == 0) {
		x->in = IN_VALUE;
		x->valued = true;
	} else if (strcmp(name, "t") == 0) {
		x->in = IN_INLINE;
		x->valued = true;
	} else if (strcmp(name, "f") == 0) {
		x->formula = true;
	} else if (strcmp(name, "row") == 0) {
		line = part_attribute(attributes, "r");
		x->line = line ? strtol(line, NULL, 10) : x->line + 1;
		x->column = -1;
		x->n = 0;
		buf_clear(&x->row);
		if (x->line < 1 || x->line > XLSX_READ_ROWS)
			part_refuse(&x->part, "une ligne a un numéro qu'aucune feuille n'a.", NULL);
	}
}

static void sheet_text(void *arg, const char *s, int n)
{
	struct xlsx_read *x = arg;

	if (x->in != IN_NOTHING)
		buf_add(&x->value, s, (size_t)n);
}

/* What the cell says, not trimmed; "" for nothing. */
static const char *cell_text(struct xlsx_read *x, char number[CELL_TEXT])
{
	const char *raw = buf_text(&x->value);

	if (strcmp(x->type, "s") == 0)
		return shared_text(&x->texts, raw);
	if (strcmp(x->type, "b") == 0)
		return is_true(raw) ? "oui" : *raw ? "non" : "";
	if (strcmp(x->type, "e") == 0) {
		x->lost++;
		return "";
	}
	if (strcmp(x->type, "n") == 0)
		return cell_number_text(raw, x->format, x->book.since_1904, number) ? number : raw;
	if (x->value.n)
		x->value.n = cell_unescape(x->value.p, x->value.n);
	return buf_text(&x->value);     /* str, inlineStr, d */
}

static void put_cell(struct xlsx_read *x, const char *text)
{
	static const char blank[] = " \t\r\n";
	size_t n;

	text += strspn(text, blank);
	n = strlen(text);
	while (n && strchr(blank, text[n - 1]))
		n--;
	if (!n)
		return;
	if (x->column >= XLSX_READ_COLUMNS) {
		part_refuse(&x->part, "une cellule est écrite au-delà de la colonne 2 000 : ce n'est "
			    "pas une liste de lieux.", "Retirez ce qui est loin à droite du tableau.");
		return;
	}
	/* A cell that comes twice, or out of order, takes the place of the first. */
	for (; x->n <= (size_t)x->column; x->n++) {
		x->starts[x->n] = SIZE_MAX;
		x->computed[x->n] = false;
	}
	x->starts[x->column] = x->row.n;
	x->computed[x->column] = x->formula;
	buf_add(&x->row, text, n);
	buf_char(&x->row, '\0');
}

static void cell_end(struct xlsx_read *x)
{
	char number[CELL_TEXT];

	if (x->value.full) {
		part_refuse(&x->part, "une cellule est trop longue (plus de 1 Mo).", NULL);
		return;
	}
	if (x->formula && (!x->valued || (!x->value.n && strcmp(x->type, "str"))))
		x->lost++;
	else if (x->valued)
		put_cell(x, cell_text(x, number));
	if (x->row.full)
		part_refuse(&x->part, "une ligne est trop longue (plus de 16 Mo).", NULL);
}

static void sheet_end(void *arg, const char *name)
{
	struct xlsx_read *x = arg;

	x->in = IN_NOTHING;
	if (strcmp(name, "c") == 0) {
		cell_end(x);
	} else if (strcmp(name, "row") == 0 && x->n && x->part.bad.kind == E_OK) {
		part_pause(&x->part);
	} else if (strcmp(name, "sheetData") == 0 && x->part.bad.kind == E_OK) {
		x->n = 0;
		x->ended = true;
		part_pause(&x->part);
	}
}

/* --- all of it ----------------------------------------------------------------------- */

static bool start_sheet(struct xlsx_read *x, struct err *e)
{
	static const struct part_calls calls = { sheet_start, sheet_end, sheet_text };
	const char *part;

	if (!find_part(x, x->book.path, x->sheet->rel, &part, e))
		return false;
	if (x->book.a.spent)
		return arena_refuse(&x->book.a, e);
	return part_open(&x->k, part, &calls, x, &x->part, e);
}

static bool start(struct xlsx_read *x, const char *sheet, struct err *e)
{
	return read_book(x, sheet, e) && read_styles(x, e) && read_texts(x, e)
	       && start_sheet(x, e);
}

static struct xlsx_read *new_reader(const char *name)
{
	struct xlsx_read *x = calloc(1, sizeof *x);

	if (!x)
		abort();
	snprintf(x->name, sizeof x->name, "%s", name);
	utf8_trim_end(x->name);
	x->book.a = arena_new(KEPT_MOST);
	x->texts.pool = buf_new(TEXTS_MOST);
	x->value = buf_new(CELL_MOST);
	x->row = buf_new(ROW_MOST);
	return x;
}

/* `opened`: what package_open said. */
static bool open_any(struct xlsx_read *x, bool opened, const char *sheet,
		     struct xlsx_read **out, struct err *e)
{
	*out = x;
	x->k.name = x->name;
	if (opened && start(x, sheet, e))
		return true;
	xlsx_read_close(out);
	return false;
}

bool xlsx_read_open(const char *path, const char *sheet, struct xlsx_read **out, struct err *e)
{
	struct xlsx_read *x = new_reader(path);

	return open_any(x, package_open(path, &x->k, e), sheet, out, e);
}

bool xlsx_read_open_bytes(const char *name, const char *p, size_t n, const char *sheet,
			  struct xlsx_read **out, struct err *e)
{
	struct xlsx_read *x = new_reader(name);

	return open_any(x, package_open_bytes(name, p, n, &x->k, e), sheet, out, e);
}

void xlsx_read_close(struct xlsx_read **x)
{
	if (!*x)
		return;
	part_close(&(*x)->part);
	package_close(&(*x)->k);
	arena_free(&(*x)->book.a);
	buf_free(&(*x)->texts.pool);
	free((*x)->texts.starts);
	buf_free(&(*x)->value);
	buf_free(&(*x)->row);
	free(*x);
	*x = NULL;
}

bool xlsx_read_next(struct xlsx_read *x, struct xlsx_read_row *row, struct err *e)
{
	e->kind = E_OK;
	if (x->ended || part_run(&x->part, e) != PART_PAUSED || x->ended)
		return false;
	for (size_t i = 0; i < x->n; i++)
		x->cells[i] = x->starts[i] == SIZE_MAX ? "" : x->row.p + x->starts[i];
	*row = (struct xlsx_read_row){ x->line, x->cells, x->n, x->computed };
	x->n = 0;
	return true;
}

double xlsx_read_progress(const struct xlsx_read *x)
{
	return x->part.size ? (double)x->part.done / (double)x->part.size : 0;
}

const char *xlsx_read_described(const struct xlsx_read *x)
{
	struct xlsx_read *own = (struct xlsx_read *)x;  /* the text is made when it is asked for */

	snprintf(own->described, sizeof own->described, "XLSX, feuille « %s »", x->sheet->name);
	return x->described;
}

bool xlsx_read_has_macros(const struct xlsx_read *x)
{
	return package_has(&x->k, "xl/vbaProject.bin");
}

size_t xlsx_read_sheets(const struct xlsx_read *x)
{
	return x->book.nsheets;
}

size_t xlsx_read_lost(const struct xlsx_read *x)
{
	return x->lost;
}
