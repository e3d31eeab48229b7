/*
 * sqlgen: named queries, checked at build.
 *
 *   sqlgen --migrations DIR IN.sql OUT.c OUT.h     typed C of one file of queries
 *   sqlgen --migrations DIR --pg IN.sql...         a psql script: the same for PostgreSQL
 *
 * Every query is prepared by SQLite against a memory database made from the migrations, so
 * a wrong table, column or parameter is an error at its line: FILE:LINE: error: what.
 * The grammar is in ARCHITECTURE.md, "Named queries".
 */
#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sql_token.h"

enum { NAME_MOST = 56, PARAMS_MOST = 64, COLUMNS_MOST = 100, FILE_MOST = 4 << 20 };

enum type { INT, REAL, TEXT, BLOB, NOTHING };
enum cardinality { EXEC, ONE, MAYBE, MANY, EACH };

static const char *const type_names[] = { "int", "real", "text", "blob" };
static const char *const card_names[] = { "exec", "one", "maybe", "many", "each" };

struct typed {                          /* a parameter or a column */
	char name[NAME_MOST + 8];
	enum type type;
	bool or_null;
};

struct query {
	char name[NAME_MOST + 1];
	long line;                      /* of the header */
	enum cardinality card;
	struct typed params[PARAMS_MOST], columns[COLUMNS_MOST];
	int nparams, ncolumns;
	bool read_only;
	char table[NAME_MOST + 1];      /* that it writes; "" when it only reads */
	const char *p, *end;            /* the body, as it is in the file */
	char *lite;                     /* the body for SQLite, same length, NUL-terminated */
};

struct gen {
	sqlite3 *db;
	const char *file;               /* name in messages */
	const char *text;               /* all of it */
	char table[NAME_MOST + 1];      /* written by the query being prepared; "" */
	struct buf errors, c, h, names;
	int nerrors, nqueries;
};

/* --- messages --------------------------------------------------------------------------- */

static long line_of(const struct gen *g, const char *at)
{
	long line = 1;

	for (const char *p = g->text; p < at; p++)
		line += *p == '\n';
	return line;
}

__attribute__((format(printf, 3, 4)))
static bool wrong(struct gen *g, long line, const char *fmt, ...)
{
	char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	buf_printf(&g->errors, "%s:%ld: error: %s\n", g->file, line, msg);
	g->nerrors++;
	return false;
}

/* --- names ------------------------------------------------------------------------------ */

/* Words that a generated function uses itself, and those of C. */
static const char *const taken[] = {
	"db", "tx", "a", "e", "out", "rows", "row", "n", "arg", "found", "changed", "v", "p",
	"auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double",
	"else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long",
	"register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
	"switch", "true", "false", "typedef", "union", "unsigned", "void", "volatile", "while",
	"NULL", "asm", "typeof", NULL,
};

static bool is_taken(const char *s, size_t n, bool words_of_c)
{
	for (int i = words_of_c ? 13 : 0; taken[i]; i++) {
		if (strlen(taken[i]) == n && memcmp(taken[i], s, n) == 0)
			return true;
	}
	return false;
}

static bool good_name(const char *s, size_t n)
{
	if (n < 1 || n > NAME_MOST || isdigit((unsigned char)*s))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!(s[i] == '_' || (s[i] >= 'a' && s[i] <= 'z') || isdigit((unsigned char)s[i])))
			return false;
	}
	return true;
}

/* "int?" to INT and or_null; NOTHING when it is no type. */
static enum type type_read(const char *s, size_t n, bool *or_null)
{
	*or_null = n && s[n - 1] == '?';
	n -= *or_null;
	for (enum type t = INT; t < NOTHING; t++) {
		if (strlen(type_names[t]) == n && memcmp(type_names[t], s, n) == 0)
			return t;
	}
	return NOTHING;
}

#include "sqlgen_header.h"

/* --- one engine's lines ----------------------------------------------------------------- */

static bool line_has_mark(const char *p, const char *end, const char *mark)
{
	while (p < end) {
		struct token t = token_next(&p, end);

		if (t.kind == T_COMMENT && memmem(t.p, t.n, mark, strlen(mark)))
			return true;
	}
	return false;
}

/* A copy of the text whose lines marked for the other engine are blank; NULL: no memory. */
static char *for_engine(const char *p, const char *end, const char *other_mark)
{
	char *copy = calloc(1, (size_t)(end - p) + 1), *o = copy;

	while (copy && p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl + 1 : end;
		size_t n = (size_t)(stop - p);

		memcpy(o, p, n);
		if (line_has_mark(p, stop, other_mark))
			memset(o, ' ', nl ? n - 1 : n);
		o += n;
		p = stop;
	}
	return copy;
}

/* --- parameters ------------------------------------------------------------------------- */

static bool check_params(struct gen *g, const struct query *q)
{
	bool used[PARAMS_MOST] = { false }, good = true;
	struct token t;

	for (const char *p = q->p; (t = token_next(&p, q->end)).kind != T_END;) {
		int place;

		if (t.kind == T_PARAM_OTHER)
			good = wrong(g, line_of(g, t.p), "write the parameter as :name, not '%.*s'",
				     (int)t.n, t.p);
		if (t.kind != T_PARAM)
			continue;
		place = param_place(q, &t);
		if (place)
			used[place - 1] = true;
		else
			good = wrong(g, line_of(g, t.p), "%s declares no parameter %.*s: add it to "
				     "-- name: %s(...)", q->name, (int)t.n, t.p, q->name);
	}
	for (int i = 0; i < q->nparams; i++) {
		if (!used[i])
			good = wrong(g, q->line, "%s declares %s but its SQL has no :%s", q->name,
				     q->params[i].name, q->params[i].name);
	}
	return good;
}

#include "sqlgen_column.h"

/* --- one query -------------------------------------------------------------------------- */

static bool check_tail(struct gen *g, const struct query *q, const char *tail)
{
	const char *end = q->lite + strlen(q->lite);
	struct token t;

	if (tail == q->lite || tail[-1] != ';')
		return wrong(g, line_of(g, q->end) - (q->end[-1] == '\n'), "%s does not end with ;",
			     q->name);
	t = token_solid(&tail, end);
	if (t.kind != T_END)
		return wrong(g, line_of(g, q->p + (t.p - q->lite)), "%s is followed by something "
			     "else: one query after each -- name:", q->name);
	return true;
}

static bool check_cardinality(struct gen *g, const struct query *q)
{
	if (q->card == EXEC && q->read_only)
		return wrong(g, q->line, "%s only reads: write one, maybe, many or each instead of "
			     "exec", q->name);
	if (q->card == EXEC && q->ncolumns)
		return wrong(g, q->line, "%s gives rows: write one, maybe, many or each instead of "
			     "exec", q->name);
	if (q->card != EXEC && !q->ncolumns)
		return wrong(g, q->line, "%s gives no row: write exec instead of %s", q->name,
			     card_names[q->card]);
	return true;
}

/* Where SQLite says, or where the name that it gives last stands. */
static long error_line(const struct gen *g, const struct query *q)
{
	int at = sqlite3_error_offset(g->db);
	const char *name = strrchr(sqlite3_errmsg(g->db), ' ');

	if (at >= 0)
		return line_of(g, q->p + at);
	return name ? column_line(g, q, name + 1) : q->line;
}

static bool check_prepared(struct gen *g, struct query *q)
{
	const char *tail = NULL;
	sqlite3_stmt *s = NULL;
	bool good;

	g->table[0] = '\0';
	if (sqlite3_prepare_v2(g->db, q->lite, -1, &s, &tail) != SQLITE_OK) {
		if (sqlite3_errcode(g->db) == SQLITE_AUTH)
			return wrong(g, q->line, "%s: a named query is a SELECT, INSERT, UPDATE or "
				     "DELETE", q->name);
		return wrong(g, error_line(g, q), "%s: %s", q->name, sqlite3_errmsg(g->db));
	}
	if (!s)
		return wrong(g, q->line, "%s has no SQL after its header", q->name);
	q->read_only = sqlite3_stmt_readonly(s);
	memcpy(q->table, g->table, sizeof q->table);
	good = check_tail(g, q, tail) && check_columns(g, q, s) && check_cardinality(g, q);
	sqlite3_finalize(s);
	return good;
}

/* Only reads and row writes: no PRAGMA, no transaction, no table made at run time. */
static int allow(void *at, int action, const char *a, const char *b, const char *c,
		 const char *d)
{
	struct gen *g = at;

	(void)b, (void)c, (void)d;
	if ((action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
	    && !g->table[0])
		snprintf(g->table, sizeof g->table, "%s", a);
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return SQLITE_OK;
	}
	return SQLITE_DENY;
}

#include "sqlgen_c.h"
#include "sqlgen_pg.h"

/* --- one file --------------------------------------------------------------------------- */

static bool is_header(const char *p, const char *end)
{
	return end - p >= 8 && memcmp(p, "-- name:", 8) == 0;
}

static const char *line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl ? nl : end;
}

/* The next header at or after p, at the start of a line; end when there is none. */
static const char *next_header(const char *p, const char *end)
{
	while (p < end && !is_header(p, end)) {
		p = line_end(p, end);
		p += p < end;
	}
	return p;
}

static bool first_of_its_name(struct gen *g, const struct query *q)
{
	char key[NAME_MOST + 3];

	snprintf(key, sizeof key, "\n%s\n", q->name);
	if (g->names.n && memmem(g->names.p, g->names.n, key, strlen(key)))
		return wrong(g, q->line, "%s is the name of an earlier query", q->name);
	buf_str(&g->names, key);
	return true;
}

static bool sqlgen_query(struct gen *g, struct query *q, const char *header, bool pg)
{
	struct cursor c = { header + 8, line_end(header, q->end) };
	bool good;

	q->line = line_of(g, header);
	q->p = c.end;
	if (!read_header(g, q, c) || !first_of_its_name(g, q) || !check_params(g, q))
		return false;
	q->lite = for_engine(q->p, q->end, "-- pg:");
	if (!q->lite)
		return wrong(g, q->line, "no memory is left");
	good = check_prepared(g, q);
	if (good && pg)
		emit_pg(g, q);
	else if (good)
		emit_c(g, q);
	g->nqueries += good;
	free(q->lite);
	return good;
}

/*
 * Checks the queries of `text` (a NUL follows its n bytes) and writes g->c and g->h, or,
 * for PostgreSQL, the script in g->c.  False when g->errors has lines.
 */
static bool sqlgen_text(struct gen *g, const char *file, const char *text, size_t n, bool pg)
{
	const char *end = text + n, *p = text;
	struct token t;

	g->file = file;
	g->text = text;
	if (memchr(text, '\0', n))
		return wrong(g, 1, "this file has NUL bytes: it is not SQL");
	t = token_solid(&p, next_header(text, end));
	if (t.kind != T_END)
		return wrong(g, line_of(g, t.p), "nothing may stand before the first -- name: line");
	for (p = next_header(text, end); p < end;) {
		struct query *q = calloc(1, sizeof *q);
		const char *header = p;

		if (!q)
			return wrong(g, 1, "no memory is left");
		p = q->end = next_header(line_end(p, end), end);
		sqlgen_query(g, q, header, pg);
		free(q);
	}
	if (g->c.full || g->h.full || g->errors.full)
		wrong(g, 1, "this file is too long");
	return g->nerrors == 0;
}

static bool sqlgen_open(struct gen *g)
{
	*g = (struct gen){
		.errors = buf_new(1 << 20), .c = buf_new(16 << 20), .h = buf_new(16 << 20),
		.names = buf_new(1 << 20), .file = "sqlgen", .text = "",
	};
	return sqlite3_open(":memory:", &g->db) == SQLITE_OK;
}

static void sqlgen_close(struct gen *g)
{
	sqlite3_close(g->db);
	buf_free(&g->errors);
	buf_free(&g->c);
	buf_free(&g->h);
	buf_free(&g->names);
}

/* Every table is STRICT: otherwise its column types promise nothing. */
static bool check_strict(struct gen *g)
{
	sqlite3_stmt *s = NULL;
	bool good = true;

	if (sqlite3_prepare_v2(g->db, "SELECT name FROM pragma_table_list WHERE type = 'table' "
			       "AND NOT strict AND name NOT LIKE 'sqlite%'", -1, &s, NULL))
		return wrong(g, 1, "%s", sqlite3_errmsg(g->db));
	while (sqlite3_step(s) == SQLITE_ROW)
		good = wrong(g, 1, "table %s is not STRICT", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return good;
}

/* Runs one migration on the memory database. */
static bool sqlgen_migration(struct gen *g, const char *file, const char *text, size_t n)
{
	char *lite = for_engine(text, text + n, "-- pg:");
	const char *p = lite;
	bool good = lite != NULL;

	g->file = file;
	g->text = lite;
	while (good && *p) {
		const char *tail = NULL;
		sqlite3_stmt *s = NULL;
		int rc = sqlite3_prepare_v2(g->db, p, -1, &s, &tail), at;

		if (rc == SQLITE_OK && s && sqlite3_step(s) != SQLITE_DONE)
			rc = SQLITE_ERROR;
		at = sqlite3_error_offset(g->db);
		if (rc != SQLITE_OK)
			good = wrong(g, line_of(g, p + (at < 0 ? 0 : at)), "%s",
				     sqlite3_errmsg(g->db));
		sqlite3_finalize(s);
		p = tail;
	}
	good = good && check_strict(g);
	g->text = "";
	free(lite);
	return good;
}

#ifndef SQLGEN_NO_MAIN
/* --- the command ------------------------------------------------------------------------ */

static bool read_file(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "rb");
	size_t n = 0;

	buf_clear(b);
	while (f && buf_room(b, 65536) && (n = fread(b->p + b->n, 1, 65535, f)) > 0)
		b->n += n;
	if (!f || ferror(f) || b->full) {
		fprintf(stderr, "sqlgen: %s: %s\n", path, b->full ? "too long" : strerror(errno));
		if (f)
			fclose(f);
		return false;
	}
	fclose(f);
	b->p[b->n] = '\0';
	return true;
}

static bool write_file(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "wb");
	bool good = f && fwrite(b->p, 1, b->n, f) == b->n;

	if (f && fclose(f))
		good = false;
	if (!good) {
		fprintf(stderr, "sqlgen: %s: %s\n", path, strerror(errno));
		remove(path);
	}
	return good;
}

static int is_sql(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".sql") == 0;
}

static bool load_migrations(struct gen *g, const char *dir, bool pg)
{
	struct dirent **list;
	struct buf text = buf_new(FILE_MOST);
	int n = scandir(dir, &list, is_sql, alphasort);
	bool good = n >= 0;

	if (!good)
		fprintf(stderr, "sqlgen: %s: %s\n", dir, strerror(errno));
	for (int i = 0; i < n; i++) {
		char path[1024];

		snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name);
		good = good && read_file(path, &text) && sqlgen_migration(g, path, text.p, text.n);
		if (good && pg)
			emit_pg_migration(g, path, text.p, text.n);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	buf_free(&text);
	return good;
}

static bool run_c(struct gen *g, const char *in, const char *out_c, const char *out_h)
{
	struct buf text = buf_new(FILE_MOST);
	const char *base = strrchr(out_h, '/');
	bool good = read_file(in, &text);

	if (good) {
		emit_c_begin(g, in, base ? base + 1 : out_h);
		good = sqlgen_text(g, in, text.p, text.n, false) &&
			write_file(out_c, &g->c) && write_file(out_h, &g->h);
	}
	buf_free(&text);
	return good;
}

static bool run_pg(struct gen *g, char **in, int n)
{
	struct buf text = buf_new(FILE_MOST);
	bool good = true;

	for (int i = 0; i < n; i++)
		good &= read_file(in[i], &text) && sqlgen_text(g, in[i], text.p, text.n, true);
	buf_free(&text);
	return good && fwrite(g->c.p, 1, g->c.n, stdout) == g->c.n && fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
	struct gen g;
	bool good = false, pg = argc > 3 && strcmp(argv[3], "--pg") == 0;

	if (argc < 4 || strcmp(argv[1], "--migrations") || (!pg && argc != 6)) {
		fputs("usage: sqlgen --migrations DIR IN.sql OUT.c OUT.h\n"
		      "       sqlgen --migrations DIR --pg IN.sql...\n", stderr);
		return 2;
	}
	if (sqlgen_open(&g) && load_migrations(&g, argv[2], pg)) {
		sqlite3_set_authorizer(g.db, allow, &g);
		good = pg ? run_pg(&g, argv + 4, argc - 4) : run_c(&g, argv[3], argv[4], argv[5]);
	}
	if (g.errors.n)
		fwrite(g.errors.p, 1, g.errors.n, stderr);
	sqlgen_close(&g);
	return good ? 0 : 1;
}
#endif
