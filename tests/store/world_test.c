#include "tests/store/world.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct value_row {
	const char *value;
};

struct count_row {
	int64_t n;
};

static const enum query_type texts[] = { Q_TEXT, Q_TEXT };
static const struct query_column value_columns[] = {
	{ Q_TEXT, false, offsetof(struct value_row, value), 0 },
};
static const struct query_column count_columns[] = {
	{ Q_INT, false, offsetof(struct count_row, n), 0 },
};
static const struct query add = {
	"add", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2)", texts, 2, NULL, 0, 0, false, "reglage",
};
static const struct query put = {
	"put", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2) "
	"ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur", texts, 2, NULL, 0, 0, false, "reglage",
};
static const struct query get = {
	"get", "SELECT valeur FROM reglage WHERE cle = ?1", texts, 1, value_columns, 1,
	sizeof(struct value_row), true, NULL,
};
static const struct query count = {
	"count", "SELECT count(*) FROM reglage", NULL, 0, count_columns, 1,
	sizeof(struct count_row), true, NULL,
};

pid_t fork_that_dies_with_us(void)
{
	const struct rlimit most = { 200 << 20, 200 << 20 };
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		setrlimit(RLIMIT_FSIZE, &most);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	assert_true(pid >= 0);
	return pid;
}

struct store *open_store(const char *dir, enum store_mode mode)
{
	struct store *s;
	struct err e;

	accepts(store_open(dir, mode, &env_test, &s, &e), &e);
	return s;
}

bool add_setting_job(struct tx *tx, void *arg, struct err *e)
{
	const struct setting *k = arg;
	const union query_value v[] = { { .text = k->key }, { .text = k->value } };

	return query_exec(tx, &add, v, NULL, e);
}

static bool put_setting_job(struct tx *tx, void *arg, struct err *e)
{
	const struct setting *k = arg;
	const union query_value v[] = { { .text = k->key }, { .text = k->value } };

	return query_exec(tx, &put, v, NULL, e);
}

bool add_setting(struct store *s, const char *key, const char *value, struct err *e)
{
	struct setting k = { key, value };

	return store_write(s, add_setting_job, &k, e);
}

bool put_setting(struct store *s, const char *key, const char *value, struct err *e)
{
	struct setting k = { key, value };

	return store_write(s, put_setting_job, &k, e);
}

const char *get_setting(const char *dir, const char *key, char out[40])
{
	struct store *s = open_store(dir, STORE_CREATE);
	struct arena a = arena_new(1 << 16);
	const union query_value v[] = { { .text = key } };
	struct db *db;
	struct value_row row;
	struct err e;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(query_one(db, &a, &get, v, &row, NULL, &e), &e);
	snprintf(out, 40, "%s", row.value);
	db_release(&db);
	arena_free(&a);
	store_close(s);
	return out;
}

int64_t count_settings(struct store *s)
{
	struct arena a = arena_new(1 << 16);
	struct db *db;
	struct count_row row;
	struct err e;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(query_one(db, &a, &count, NULL, &row, NULL, &e), &e);
	db_release(&db);
	arena_free(&a);
	return row.n;
}
