/* floor: 420 edges */
/* The query compiler on any bytes, both ways: it writes or it refuses at a line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"

#define SQLGEN_NO_MAIN
#include "tools/sqlgen.c"

static struct gen world;

static void end(void)
{
	sqlgen_close(&world);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	if (!sqlgen_open(&world))
		abort();
	for (const struct embedded_file *f = embedded_migrations; f->name; f++) {
		if (!sqlgen_migration(&world, f->name, f->p, (size_t)(f->end - f->p)))
			abort();
	}
	atexit(end);
	sqlite3_set_authorizer(world.db, allow, &world);
	sqlite3_limit(world.db, SQLITE_LIMIT_EXPR_DEPTH, 100);
	sqlite3_limit(world.db, SQLITE_LIMIT_COMPOUND_SELECT, 20);
	return 0;
}

static void compile(const char *text, size_t n, bool pg)
{
	struct gen g = world;

	g.errors = buf_new(1 << 20);
	g.c = buf_new(4 << 20);
	g.h = buf_new(4 << 20);
	g.names = buf_new(1 << 20);
	if (!pg)
		emit_c_begin(&g, "f.sql", "f.sql.h");
	if (sqlgen_text(&g, "f.sql", text, n, pg) != (g.errors.n == 0))
		abort();
	if (pg)
		emit_pg_migration(&g, "f.sql", text, n);
	if (g.errors.n && (memcmp(g.errors.p, "f.sql:", 6) || !strstr(buf_text(&g.errors), ": error: ")))
		abort();
	buf_free(&g.errors);
	buf_free(&g.c);
	buf_free(&g.h);
	buf_free(&g.names);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	text[n] = '\0';
	compile(text, n, false);
	compile(text, n, true);
	free(text);
	return 0;
}
