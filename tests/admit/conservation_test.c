#include "tests/admit/equipe_world.h"

#include "admit/conservation.h"

static bool one_line(struct tx *tx, void *arg, struct err *e)
{
	return trace_put(tx, &env_test, arg, e);
}

static size_t lines(struct store *s, struct arena *a)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct trace_line *l;
	struct err e = { 0 };
	size_t n;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(trace_read(db, a, &(struct trace_ask){ .most = 100 }, &l, &n, &e), &e);
	return n;
}

static void store_shut(struct store **s)
{
	store_close(*s);
}

TEST("the security log forgets what is older than a year, and nothing younger")
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct trace t = { .action = TRACE_CONNEXION };
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	test_time_set("2025-11-21T09:00:00Z");
	accepts(store_write(s, one_line, &t, &e), &e);
	test_time_set("2025-11-23T09:00:00Z");
	accepts(store_write(s, one_line, &t, &e), &e);
	test_time_set("2026-11-22T10:00:00Z");
	equals(lines(s, &a), 2);
	accepts(conservation_run(s, &env_test, &e), &e);
	equals(lines(s, &a), 1);
	accepts(conservation_run(s, &env_test, &e), &e);
	equals(lines(s, &a), 1);
}
