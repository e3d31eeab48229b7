#include "format/csv.h"

#include <ctype.h>
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <csv.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"
#include "format/charset.h"

enum { COLUMN_NAME = 200, DESCRIBED = 80 };
enum { BEFORE_ROW = 0, IN_FIELD = 2 };          /* libcsv's own states */

struct csv {
	struct charset_file file;
	struct buf piece;               /* UTF-8 that was read and is being split */
	size_t at;                      /* first byte of it that libcsv has not seen */
	struct csv_parser parser;
	bool parsing;                   /* `parser` owns memory */
	bool ended;
	char separator;
	long line;                      /* of the byte at `at` */
	long begun;                     /* line where the row being read begins */
	const char *quote, *cr;         /* the next in `piece`, or its end; NULL: not sought */
	struct buf text;                /* cells of the row, NUL-terminated */
	size_t starts[CSV_COLUMNS];     /* of each cell in `text` */
	const char *cells[CSV_COLUMNS];
	size_t n;
	size_t asked;                   /* cells of a row that are asked */
	bool whole, blank, wide;        /* of the row: ended; without text; too many cells */
	bool quick;                     /* its cells stand in `piece`, and `cells` knows them */
	struct csv_row header;
	const char *names[CSV_COLUMNS];
	struct arena kept;              /* the header */
	char described[DESCRIBED];
};

static bool refuse_at(struct csv *c, long line, struct err *e)
{
	return fail_at(e, c->file.name, line);
}

/* --- what libcsv calls ----------------------------------------------------------------- */

static bool space_at(const char *s, size_t n, size_t *length)
{
	if (n >= 1 && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r'))
		return *length = 1, true;
	if (n >= 2 && !memcmp(s, "\xc2\xa0", 2))                /* no-break space */
		return *length = 2, true;
	return false;
}

static void trim(const char **s, size_t *n)
{
	size_t k;

	while (space_at(*s, *n, &k)) {
		*s += k;
		*n -= k;
	}
	for (;;) {
		if (*n && space_at(*s + *n - 1, 1, &k))
			*n -= 1;
		else if (*n >= 2 && space_at(*s + *n - 2, 2, &k) && k == 2)
			*n -= 2;
		else
			return;
	}
}

static void on_cell(void *p, size_t n, void *arg)
{
	struct csv *c = arg;
	const char *s = p ? p : "";

	if (c->n == CSV_COLUMNS) {
		c->wide = true;
		return;
	}
	trim(&s, &n);
	c->blank &= n == 0;
	c->starts[c->n++] = c->text.n;
	buf_add(&c->text, s, n);
	buf_char(&c->text, '\0');
}

static void on_row(int end, void *arg)
{
	(void)end;
	((struct csv *)arg)->whole = true;
}

/* --- rows ------------------------------------------------------------------------------ */

static void row_reset(struct csv *c)
{
	buf_clear(&c->text);
	c->n = 0;
	c->whole = c->wide = c->quick = false;
	c->blank = true;
}

static bool row_fits(struct csv *c, struct err *e)
{
	if (c->wide) {
		fail(e, E_INPUT, "la ligne a plus de %d colonnes.", CSV_COLUMNS);
		hint(e, "Vérifiez le séparateur et les guillemets, ou retirez des colonnes.");
	} else if (c->parser.entry_pos > CSV_CELL || c->text.full) {
		fail(e, E_INPUT, "une cellule est trop longue (plus de 1 Mo).");
		hint(e, "Un guillemet ouvert n'est sans doute pas refermé : cherchez-le à "
		     "cette ligne.");
	} else {
		return true;
	}
	return refuse_at(c, c->begun, e);
}

/* The first `byte` of the piece from p on, or its end; *known is the one that was found last:
 * a file that has none is looked through once, not line by line. */
static const char *next_of(const struct csv *c, const char **known, char byte, const char *p)
{
	const char *end = c->piece.p + c->piece.n;

	if (!*known || *known < p) {
		*known = memchr(p, byte, (size_t)(end - p));
		*known = *known ? *known : end;
	}
	return *known;
}

/* Bytes up to the end of this line, its end included; a CR LF counts once. */
static size_t slice(struct csv *c, const char *p, bool *ends)
{
	const char *end = c->piece.p + c->piece.n;
	const char *q = memchr(p, '\n', (size_t)(end - p)), *stop = q ? q : end;
	const char *r = next_of(c, &c->cr, '\r', p);

	*ends = true;
	if (r + 1 < stop)
		return (size_t)(r + 1 - p);             /* CR alone */
	if (q)
		return (size_t)(q + 1 - p);
	/* A CR that ends the piece may be the first half of a CR LF: the LF will count. */
	*ends = false;
	return (size_t)(end - p);
}

static bool refill(struct csv *c, struct err *e)
{
	bool cr = c->piece.n && c->piece.p[c->piece.n - 1] == '\r';
	long lines;

	if (!charset_read(&c->file, &c->piece, &lines, e))
		return refuse_at(c, c->line + lines, e);
	c->at = 0;
	c->quote = c->cr = NULL;
	if (cr && (!c->piece.n || c->piece.p[0] != '\n')) {
		c->line++;
		if (!c->n && c->parser.pstate == BEFORE_ROW)
			c->begun = c->line;
	}
	return true;
}

/* Bytes that trim may have to look at: spaces, and what ends a no-break space. */
static bool plain_end(char c)
{
	return (signed char)c > ' ';
}

/* Adds the cell [p, end[ of the piece, which it ends with a NUL. */
static inline void quick_cell(struct csv *c, char *p, char *end)
{
	const char *s = p;
	size_t n = (size_t)(end - p);

	if (n && !(plain_end(*p) && plain_end(end[-1])))
		trim(&s, &n);
	if (c->n == CSV_COLUMNS) {
		c->wide = true;
		return;
	}
	c->blank &= n == 0;
	c->cells[c->n++] = s;
	p[s - p + (ptrdiff_t)n] = '\0';
}

/* The 64 bytes at p, a bit each: 1 where a byte is the separator. */
#ifdef __SSE2__
static uint64_t marks_of(const char *p, char separator)
{
	const __m128i wanted = _mm_set1_epi8(separator);
	uint64_t marks = 0;

	for (int k = 0; k < 4; k++) {
		__m128i v = _mm_loadu_si128((const void *)(p + 16 * k));

		marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, wanted)) << 16 * k;
	}
	return marks;
}
#else
/* Bytes of v that are zero, as their high bits: exact, whatever stands beside. */
static uint64_t zero_bytes(uint64_t v)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7fu;

	return ~(((v & low) + low) | v | low);
}

static uint64_t marks_of(const char *p, char separator)
{
	const uint64_t separators = 0x0101010101010101u * (unsigned char)separator;
	uint64_t marks = 0;

	for (int k = 0; k < 8; k++) {
		uint64_t v;

		memcpy(&v, p + 8 * k, sizeof v);
		/* The high bits, gathered into a byte: the first in the lowest. */
		v = (zero_bytes(le64toh(v) ^ separators) >> 7) * 0x0102040810204080u >> 56;
		marks |= v << 8 * k;
	}
	return marks;
}
#endif

/* The cells of [p, end[, a line without any quote, as many as are asked.  Sixty-four bytes are
 * looked at before any is cut, so that what is done depends on how many cells there are and not
 * on how long each is. */
static void cut_cells(struct csv *c, char *p, char *end)
{
	for (char *at = p; at < end; at += 64) {
		char last[64] = { 0 };
		uint64_t marks;

		if (end - at < 64 && c->piece.p + c->piece.n - at < 64) {
			memcpy(last, at, (size_t)(end - at));
			marks = marks_of(last, c->separator);
		} else {
			marks = marks_of(at, c->separator);
		}
		if (end - at < 64)
			marks &= ((uint64_t)1 << (end - at)) - 1;
		for (; marks; marks &= marks - 1) {
			char *stop = at + __builtin_ctzll(marks);

			quick_cell(c, p, stop);
			p = stop + 1;
			if (c->n >= c->asked && !c->blank)
				return;
		}
	}
	quick_cell(c, p, end);
}

/* A line without any quote is cut where it stands: most lines of most files. */
static bool quick_row(struct csv *c, char *p, char *end)
{
	while (end > p && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	if (next_of(c, &c->quote, '"', p) < end)
		return false;
	cut_cells(c, p, end);
	c->whole = c->quick = true;
	return true;
}

/* Gives libcsv what there is until a row is whole or the file ends. */
static bool pump(struct csv *c, struct err *e)
{
	while (!c->whole && !c->ended) {
		size_t n;
		bool ends;

		if (c->at == c->piece.n) {
			if (!refill(c, e))
				return false;
			c->ended = c->piece.n == 0;
			continue;
		}
		n = slice(c, c->piece.p + c->at, &ends);
		if (!(ends && !c->n && c->parser.pstate == BEFORE_ROW
		      && quick_row(c, c->piece.p + c->at, c->piece.p + c->at + n))
		    && csv_parse(&c->parser, c->piece.p + c->at, n, on_cell, on_row, c) != n)
			return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
		c->at += n;
		c->line += ends;
		if (!row_fits(c, e))
			return false;
		if (!c->whole && c->parser.pstate == BEFORE_ROW)
			c->begun = c->line;             /* a line without anything */
	}
	if (!c->whole && c->parser.pstate == IN_FIELD && c->parser.quoted) {
		fail(e, E_INPUT, "un guillemet ouvert à cette ligne n'est jamais refermé.");
		hint(e, "Ajoutez le guillemet qui manque, ou retirez celui qui est de trop.");
		return refuse_at(c, c->begun, e);
	}
	if (!c->whole)
		csv_fini(&c->parser, on_cell, on_row, c);
	return row_fits(c, e);
}

static void row_show(struct csv *c, struct csv_row *row)
{
	size_t n = c->n;

	for (size_t i = 0; i < n && !c->quick; i++)
		c->cells[i] = c->text.p + c->starts[i];
	for (size_t i = n; i < c->header.n; i++)
		c->cells[i] = "";
	*row = (struct csv_row){ c->begun, c->cells, n };
}

bool csv_next(struct csv *c, struct csv_row *row, struct err *e)
{
	e->kind = E_OK;
	for (;;) {
		row_reset(c);
		c->begun = c->line;
		if (!pump(c, e))
			return false;
		if (!c->whole)
			return false;
		if (!c->blank)
			break;
	}
	row_show(c, row);
	return true;
}

/* --- opening --------------------------------------------------------------------------- */

/* The separator that the first line with text shows most, outside quotes. */
static char find_separator(const char *p, const char *end)
{
	static const char known[] = ";,\t|";
	size_t count[4] = { 0 }, best = 1;
	bool quoted = false;

	while (p < end && (*p == '\n' || *p == '\r' || *p == ' '))
		p++;
	for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
		const char *k = memchr(known, *p, 4);

		if (*p == '"')
			quoted = !quoted;
		else if (k && !quoted)
			count[k - known]++;
	}
	for (size_t i = 0; i < 4; i++) {
		if (count[i] > count[best] || (i == 0 && count[0] && count[0] == count[1]))
			best = i;
	}
	return known[best];
}

static bool refuse_no_table(struct csv *c, const char *what, struct err *e)
{
	fail(e, E_INPUT, "ce n'est pas un tableau CSV : c'est %s.", what);
	hint(e, "Enregistrez la source au format CSV (UTF-8), une ligne d'en-têtes en premier.");
	return refuse_at(c, 0, e);
}

static bool looks_like_table(struct csv *c, struct err *e)
{
	const char *p = c->piece.n ? c->piece.p : "", *end = p + c->piece.n;

	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p == end) {
		fail(e, E_INPUT, "le fichier est vide.");
		hint(e, "Un tableau commence par une ligne d'en-têtes.");
		return refuse_at(c, 0, e);
	}
	if (*p == '{' || *p == '[')
		return refuse_no_table(c, "du JSON", e);
	if (*p == '<')
		return refuse_no_table(c, "une page web ou du XML", e);
	for (; p < end && *p != '\n'; p++) {
		if ((unsigned char)*p < 32 && !isspace((unsigned char)*p))
			return refuse_no_table(c, "un fichier binaire", e);
	}
	return true;
}

/* Excel writes "sep=;" first when it wants to be obeyed. */
static void skip_sep_line(struct csv *c)
{
	const char *p = c->piece.p;

	if (c->piece.n < 6 || strncasecmp(p, "sep=", 4) || (p[5] != '\r' && p[5] != '\n'))
		return;
	c->separator = p[4];
	c->at = p[5] == '\r' && c->piece.n > 6 && p[6] == '\n' ? 7 : 6;
	c->line = 2;
}

static bool read_header(struct csv *c, struct err *e)
{
	struct csv_row row;

	if (!csv_next(c, &row, e)) {
		if (e->kind != E_OK)
			return false;
		fail(e, E_INPUT, "le fichier n'a pas de ligne d'en-têtes.");
		return refuse_at(c, 0, e);
	}
	for (size_t i = 0; i < row.n; i++)
		c->names[i] = arena_str(&c->kept, row.cells[i]);
	c->header = (struct csv_row){ row.line, c->names, row.n };
	return true;
}

static bool start(struct csv *c, struct err *e)
{
	long lines;

	if (csv_init(&c->parser, 0))
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	c->parsing = true;
	csv_set_blk_size(&c->parser, 4096);
	if (!charset_read(&c->file, &c->piece, &lines, e))
		return refuse_at(c, 1 + lines, e);
	if (!looks_like_table(c, e))
		return false;
	c->line = 1;
	c->separator = find_separator(c->piece.p, c->piece.p + c->piece.n);
	skip_sep_line(c);
	csv_set_delim(&c->parser, (unsigned char)c->separator);
	return read_header(c, e);
}

/* Takes `file` over, also when it refuses. */
static bool open_any(struct charset_file file, struct csv **out, struct err *e)
{
	struct csv *c = calloc(1, sizeof *c);

	*out = NULL;
	if (!c) {
		charset_close(&file);
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	}
	c->file = file;
	c->asked = CSV_COLUMNS + 1;
	c->piece = buf_new(4 * CHARSET_PIECE);
	c->text = buf_new(CSV_ROW);
	c->kept = arena_new(CSV_ROW + (CSV_COLUMNS << 6));
	if (!start(c, e)) {
		csv_close(&c);
		return false;
	}
	*out = c;
	return true;
}

bool csv_open(const char *path, struct csv **out, struct err *e)
{
	struct charset_file file;

	*out = NULL;
	return charset_open(path, &file, e) && open_any(file, out, e);
}

bool csv_open_text(const char *name, const char *p, size_t n, struct csv **out,
		   struct err *e)
{
	struct charset_file file;

	charset_open_text(name, p, n, &file);
	return open_any(file, out, e);
}

void csv_close(struct csv **c)
{
	if (!*c)
		return;
	if ((*c)->parsing)
		csv_free(&(*c)->parser);
	charset_close(&(*c)->file);
	buf_free(&(*c)->piece);
	buf_free(&(*c)->text);
	arena_free(&(*c)->kept);
	free(*c);
	*c = NULL;
}

const struct csv_row *csv_header(const struct csv *c)
{
	return &c->header;
}

int csv_column(const struct csv *c, const char *name)
{
	char wanted[COLUMN_NAME], have[COLUMN_NAME];

	utf8_fold(name, wanted, sizeof wanted);
	for (size_t i = 0; i < c->header.n; i++) {
		utf8_fold(c->header.cells[i], have, sizeof have);
		if (!strcmp(have, wanted))
			return (int)i;
	}
	return -1;
}

const char *csv_described(const struct csv *c)
{
	struct csv *own = (struct csv *)c;      /* the text is made when it is asked for:
						 * the encoding may show after the header */
	const char *sep = c->separator == '\t' ? "tabulation" : NULL;

	if (sep)
		snprintf(own->described, sizeof own->described, "CSV, séparateur %s, %s", sep,
			 charset_name(c->file.charset));
	else
		snprintf(own->described, sizeof own->described, "CSV, séparateur « %c », %s",
			 c->separator, charset_name(c->file.charset));
	return c->described;
}

void csv_until(struct csv *c, int last)
{
	c->asked = (size_t)last + 1;
}

double csv_progress(const struct csv *c)
{
	return c->file.size ? (double)c->file.done / (double)c->file.size : 0;
}

/* --- writing --------------------------------------------------------------------------- */

/* "-1,5", "+33 1 23 45 67 89": a sign, digits, and what stands between digits. */
static bool is_number(const char *s)
{
	bool digit = false;

	for (s += *s == '+' || *s == '-'; *s; s++) {
		if (!strchr("0123456789., ", *s))
			return false;
		digit |= *s >= '0' && *s <= '9';
	}
	return digit;
}

void csv_write_cell(struct buf *b, const char *text, bool first)
{
	bool formula;

	if (!first)
		buf_char(b, ',');
	if (!text || !*text)
		return;
	formula = strchr("=+-@\t\r", *text) && !is_number(text);
	if (!formula && !strpbrk(text, ",;\"\n\r\t") && *text != ' ') {
		buf_str(b, text);
		return;
	}
	buf_char(b, '"');
	if (formula)
		buf_char(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(b, '"');
		buf_char(b, *text);
	}
	buf_char(b, '"');
}
