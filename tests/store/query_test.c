#include "tests/store/world.h"

#include <math.h>
#include <stddef.h>

struct all_row {
	int64_t i, j;
	double r, q;
	const char *t, *u;
	struct bytes b, c;
	bool i_null, j_null, r_null, q_null;
};

#define AT(type, member) { type, true, offsetof(struct all_row, member), 0 }
#define AT_NULL(type, member) { type, true, offsetof(struct all_row, member), \
	offsetof(struct all_row, member##_null) }
static const struct query_column all_columns[] = {
	AT_NULL(Q_INT, i), AT_NULL(Q_INT, j), AT_NULL(Q_REAL, r), AT_NULL(Q_REAL, q),
	AT(Q_TEXT, t), AT(Q_TEXT, u), AT(Q_BLOB, b), AT(Q_BLOB, c),
};
static const enum query_type all_types[] = {
	Q_INT, Q_INT_OR_NULL, Q_REAL, Q_REAL_OR_NULL, Q_TEXT, Q_TEXT, Q_BLOB, Q_BLOB, Q_INT,
};
static const struct query all = {
	"all", "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8", all_types, 9, all_columns, 8,
	sizeof(struct all_row), true, NULL,
};

struct number_row {
	int64_t n;
};
static const struct query_column number_columns[] = { { Q_INT, false, 0, 0 } };
static const enum query_type number_types[] = { Q_INT };
static const struct query upto = {
	"upto", "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?1) "
	"SELECT i FROM c", number_types, 1, number_columns, 1, sizeof(struct number_row), true, NULL,
};
static const struct query null_number = {
	"null_number", "SELECT NULL", NULL, 0, number_columns, 1, sizeof(struct number_row), true, NULL,
};
static const struct query text_number = {
	"text_number", "SELECT 'x'", NULL, 0, number_columns, 1, sizeof(struct number_row), true, NULL,
};
static const struct query nothing = {
	"nothing", "SELECT 1 WHERE 0", NULL, 0, number_columns, 1, sizeof(struct number_row), true, NULL,
};
static const struct query erase = {
	"erase", "DELETE FROM reglage", NULL, 0, NULL, 0, 0, false, "reglage",
};

struct fixture {
	struct store *s;
	struct db *db;
	struct arena a;
	struct err e;
};

static struct fixture begin(void)
{
	struct fixture f = { .a = arena_new(1 << 20) };

	f.s = open_store(test_dir(), STORE_CREATE);
	accepts(db_acquire(f.s, &f.db, &f.e), &f.e);
	return f;
}

static void end(struct fixture *f)
{
	db_release(&f->db);
	store_close(f->s);
	arena_free(&f->a);
}

TEST("every type comes back as it went, NULL as NULL")
{
	CLEANUP(end) struct fixture f = begin();
	struct all_row row;
	double r = -0.1;
	const union query_value v[] = {
		{ .i = INT64_MIN }, { .i_or_null = NULL }, { .r = 1e300 }, { .r_or_null = &r },
		{ .text = "l'été" }, { .text = NULL }, { .blob = { "\0\1", 2 } }, { .blob = { "", 0 } },
		{ .i = 0 },             /* one that only the other engine uses */
	};

	accepts(query_one(f.db, &f.a, &all, v, &row, NULL, &f.e), &f.e);
	equals(row.i, INT64_MIN);
	holds(!row.i_null && row.j_null && !row.r_null && !row.q_null);
	holds(fabs(row.r - 1e300) < 1e285 && fabs(row.q + 0.1) < 1e-15);
	same(row.t, "l'été");
	holds(row.u == NULL);
	equals(row.b.n, 2);
	holds(memcmp(row.b.p, "\0\1", 2) == 0);
	holds(row.c.p != NULL && row.c.n == 0);
}

TEST("a value that is not of its declared type is an error, never a silent zero")
{
	CLEANUP(end) struct fixture f = begin();
	struct number_row row;

	refuses(E_STORE, query_one(f.db, &f.a, &null_number, NULL, &row, NULL, &f.e), &f.e);
	refuses(E_STORE, query_one(f.db, &f.a, &text_number, NULL, &row, NULL, &f.e), &f.e);
}

TEST("one row that is not there is E_MISSING, or said")
{
	CLEANUP(end) struct fixture f = begin();
	struct number_row row = { 5 };
	bool found = true;

	refuses(E_MISSING, query_one(f.db, &f.a, &nothing, NULL, &row, NULL, &f.e), &f.e);
	accepts(query_one(f.db, &f.a, &nothing, NULL, &row, &found, &f.e), &f.e);
	holds(!found && row.n == 0);
}

TEST("rows that pass the ceiling of the request end it with E_LIMIT")
{
	CLEANUP(end) struct fixture f = begin();
	union query_value v[] = { { .i = 1000 } };
	void *rows;
	size_t n;

	accepts(query_many(f.db, &f.a, &upto, v, &rows, &n, &f.e), &f.e);
	equals(n, 1000);
	equals(((struct number_row *)rows)[999].n, 1000);
	v[0].i = 1000000;
	refuses(E_LIMIT, query_many(f.db, &f.a, &upto, v, &rows, &n, &f.e), &f.e);
}

struct nested {
	struct fixture *f;
	int depth;
	int64_t sum;
};

static bool add_up(const void *row, void *arg, struct err *e)
{
	const struct number_row *r = row;
	struct nested *n = arg, deeper = { n->f, n->depth - 1, 0 };
	const union query_value v[] = { { .i = r->n } };

	if (n->depth && !query_each(n->f->db, &upto, v, add_up, &deeper, e))
		return false;
	n->sum += n->depth ? deeper.sum : r->n;
	return r->n != 77 || fail(e, E_INPUT, "seventy-seven");
}

TEST("a query may run again inside its own rows, and stop there")
{
	CLEANUP(end) struct fixture f = begin();
	struct nested n = { &f, 1, 0 };
	union query_value v[] = { { .i = 10 } };

	accepts(query_each(f.db, &upto, v, add_up, &n, &f.e), &f.e);
	equals(n.sum, 220);             /* 1 + 3 + 6 + ... + 55 */
	v[0].i = 100;
	n = (struct nested){ &f, 0, 0 };
	refuses(E_INPUT, query_each(f.db, &upto, v, add_up, &n, &f.e), &f.e);
	equals(n.sum, 77 * 78 / 2);
	n = (struct nested){ &f, 0, 0 };
	v[0].i = 3;
	accepts(query_each(f.db, &upto, v, add_up, &n, &f.e), &f.e);
	equals(n.sum, 6);
}

TEST("a reader cannot run a query that writes")
{
	CLEANUP(end) struct fixture f = begin();

	accepts(add_setting(f.s, "a", "b", &f.e), &f.e);
	refuses(E_STORE, query_one(f.db, &f.a, &erase, NULL, NULL, NULL, &f.e), &f.e);
	equals(count_settings(f.s), 1);
}
