#include "test.h"

#include <pthread.h>
#include <stdlib.h>

#include "store/db.h"

static const enum query_type text2[] = { Q_TEXT, Q_TEXT };
static const struct query put = {
	"put", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2)", text2, 2, NULL, 0, 0, false,
};

struct one { const char *key; bool refuse; };
struct count_row { int64_t n; };
static const struct query_column count_columns[] = { { Q_INT, false, 0, 0 } };
static const struct query count = {
	"count", "SELECT count(*) FROM reglage", NULL, 0, count_columns, 1, sizeof(struct count_row), true,
};

static bool put_one(struct tx *tx, void *arg, struct err *e)
{
	const struct one *o = arg;
	const union query_value v[] = { { .text = o->key }, { .text = "x" } };

	if (!query_exec(tx, &put, v, NULL, e))
		return false;
	return !o->refuse || fail(e, E_CONFLICT, "refused on purpose");
}

static int64_t rows_of(struct store *s)
{
	struct err e;
	struct arena a = arena_new(1 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	struct count_row row;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(query_one(db, &a, &count, NULL, &row, NULL, &e), &e);
	arena_free(&a);
	return row.n;
}

struct many { struct store *s; int from, failed; };

static void *put_many(void *arg)
{
	struct many *m = arg;

	for (int i = 0; i < 50; i++) {
		char key[20];
		struct one o = { key, i % 5 == 0 };
		struct err e;

		snprintf(key, sizeof key, "%d", m->from + i);
		m->failed += !store_write(m->s, put_one, &o, &e);
	}
	return NULL;
}

TEST("a job that fails leaves nothing, and those that waited with it are all kept")
{
	struct store *s;
	struct err e;
	struct many m[16];
	pthread_t t[16];

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	for (int i = 0; i < 16; i++) {
		m[i] = (struct many){ s, i * 1000, 0 };
		pthread_create(&t[i], NULL, put_many, &m[i]);
	}
	for (int i = 0; i < 16; i++) {
		pthread_join(t[i], NULL);
		equals(m[i].failed, 10);
	}
	equals(rows_of(s), 16 * 40);
	store_close(s);
}
