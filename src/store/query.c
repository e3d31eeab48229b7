/*
 * Runs the queries that tools/sqlgen made: statements prepared once per connection, values
 * bound by type, rows read into their structs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/inside.h"

struct cached {
	const struct query *q;
	sqlite3_stmt *s;
	bool busy;                      /* lent: the same query inside its own loop gets another */
};

/* A statement lent for one run. */
struct lent {
	sqlite3_stmt *s;
	struct db *db;
	const struct query *q;
	bool own;                       /* not in the cache */
	int64_t before;                 /* changes of the connection when it was lent */
};

static size_t place(const struct db *db, const struct query *q)
{
	size_t i = ((uintptr_t)q >> 4) * 0x9E3779B97F4A7C15u >> 20;

	for (i &= db->cap - 1; db->cache[i].q && db->cache[i].q != q; i = (i + 1) & (db->cap - 1))
		;
	return i;
}

static bool grow(struct db *db)
{
	struct db bigger = { .cap = db->cap ? db->cap * 2 : 64 };

	bigger.cache = calloc(bigger.cap, sizeof *bigger.cache);
	if (!bigger.cache)
		return false;
	for (size_t i = 0; i < db->cap; i++) {
		if (db->cache[i].q)
			bigger.cache[place(&bigger, db->cache[i].q)] = db->cache[i];
	}
	free(db->cache);
	db->cache = bigger.cache;
	db->cap = bigger.cap;
	return true;
}

void query_cache_free(struct db *db)
{
	for (size_t i = 0; i < db->cap; i++)
		sqlite3_finalize(db->cache[i].s);
	free(db->cache);
	db->cache = NULL;
	db->ncache = db->cap = 0;
}

/* Remembers that rows of its table changed, once a transaction. */
static void touch(struct db *db, const char *table)
{
	for (size_t i = 0; i < db->ntouched; i++) {
		if (!strcmp(db->touched[i], table))
			return;
	}
	if (db->ntouched < TOUCHED_MOST)
		db->touched[db->ntouched++] = table;
}

static void give_back(struct lent *l)
{
	if (!l->s)
		return;
	if (l->q->table && sqlite3_total_changes64(l->db->c) > l->before)
		touch(l->db, l->q->table);
	if (l->own) {
		sqlite3_finalize(l->s);
		return;
	}
	sqlite3_reset(l->s);
	sqlite3_clear_bindings(l->s);
	l->db->cache[place(l->db, l->q)].busy = false;
}

static bool lend(struct db *db, const struct query *q, struct lent *out, struct err *e)
{
	struct cached *k;
	int rc;

	if (!q->read_only && !db->writes) {
		log_error("store: %s writes, on a reader", q->name);
		return fail(e, E_STORE, "Cette page ne peut rien enregistrer (%s).", q->name);
	}
	if (db->ncache * 2 >= db->cap && !grow(db))
		return db_fail(db, SQLITE_NOMEM, q->name, e);
	*out = (struct lent){ .db = db, .q = q, .before = sqlite3_total_changes64(db->c) };
	k = &db->cache[place(db, q)];
	if (k->q && !k->busy) {
		k->busy = true;
		out->s = k->s;
		return true;
	}
	rc = sqlite3_prepare_v3(db->c, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &out->s, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc, q->name, e);
	out->own = k->q != NULL;
	if (!out->own) {
		*k = (struct cached){ q, out->s, true };
		db->ncache++;
	}
	return true;
}

static int bind_value(sqlite3_stmt *s, int i, enum query_type type, const union query_value *v)
{
	switch (type) {
	case Q_INT:
		return sqlite3_bind_int64(s, i, v->i);
	case Q_REAL:
		return sqlite3_bind_double(s, i, v->r);
	case Q_TEXT:
		return sqlite3_bind_text(s, i, v->text, -1, SQLITE_STATIC);
	case Q_BLOB:
		if (v->blob.n > INT32_MAX)
			return SQLITE_TOOBIG;
		return sqlite3_bind_blob(s, i, v->blob.p, (int)v->blob.n, SQLITE_STATIC);
	case Q_INT_OR_NULL:
		return v->i_or_null ? sqlite3_bind_int64(s, i, *v->i_or_null) :
			sqlite3_bind_null(s, i);
	case Q_REAL_OR_NULL:
		return v->r_or_null ? sqlite3_bind_double(s, i, *v->r_or_null) :
			sqlite3_bind_null(s, i);
	}
	return SQLITE_MISUSE;
}

/* Lends the statement of q with its values bound. */
static bool begin(struct db *db, const struct query *q, const union query_value *v,
		  struct lent *l, struct err *e)
{
	int n, rc = SQLITE_OK;

	if (!lend(db, q, l, e))
		return false;
	/* a parameter that only the other engine uses has no place here */
	n = sqlite3_bind_parameter_count(l->s);
	for (int i = 0; i < q->nparams && i < n && rc == SQLITE_OK; i++)
		rc = bind_value(l->s, i + 1, q->params[i], &v[i]);
	return rc == SQLITE_OK || db_fail(db, rc, q->name, e);
}

/* --- rows ------------------------------------------------------------------------------- */

static bool wrong_type(const struct lent *l, int i, struct err *e)
{
	log_error("store: %s: column %s is not what was declared", l->q->name,
		  sqlite3_column_name(l->s, i));
	fail(e, E_STORE, "Une valeur lue n'a pas le type attendu (%.60s).", l->q->name);
	return hint(e, "C'est une erreur du programme : le journal du service en dit plus.");
}

/* Text or blob i; copied to `a` when there is one, otherwise valid until the next step. */
static const void *read_bytes(const struct lent *l, int i, struct arena *a, size_t *n)
{
	bool text = l->q->columns[i].type == Q_TEXT;
	const void *p = text ? (const void *)sqlite3_column_text(l->s, i) :
		sqlite3_column_blob(l->s, i);

	*n = (size_t)sqlite3_column_bytes(l->s, i);
	if (!p)
		return "";
	return a ? arena_strn(a, p, *n) : p;
}

static bool read_null(const struct lent *l, int i, char *row, struct err *e)
{
	const struct query_column *k = &l->q->columns[i];

	if (!k->nullable)
		return wrong_type(l, i, e);
	if (k->type == Q_INT || k->type == Q_REAL)
		*(bool *)(row + k->null_at) = true;
	return true;                    /* the row was zeroed */
}

static bool read_column(const struct lent *l, int i, struct arena *a, char *row, struct err *e)
{
	const struct query_column *k = &l->q->columns[i];
	int type = sqlite3_column_type(l->s, i);
	struct bytes b;

	if (type == SQLITE_NULL)
		return read_null(l, i, row, e);
	if (k->type == Q_INT && type == SQLITE_INTEGER) {
		*(int64_t *)(row + k->at) = sqlite3_column_int64(l->s, i);
		return true;
	}
	if (k->type == Q_REAL && (type == SQLITE_FLOAT || type == SQLITE_INTEGER)) {
		*(double *)(row + k->at) = sqlite3_column_double(l->s, i);
		return true;
	}
	if (type != (k->type == Q_TEXT ? SQLITE_TEXT : SQLITE_BLOB) || k->type < Q_TEXT)
		return wrong_type(l, i, e);
	b.p = read_bytes(l, i, a, &b.n);
	if (k->type == Q_TEXT)
		*(const char **)(row + k->at) = b.p;
	else
		*(struct bytes *)(row + k->at) = b;
	return true;
}

static bool read_row(const struct lent *l, struct arena *a, void *row, struct err *e)
{
	memset(row, 0, l->q->row_size);
	for (int i = 0; i < l->q->ncolumns; i++) {
		if (!read_column(l, i, a, row, e))
			return false;
	}
	return !a || !a->spent || arena_refuse(a, e);
}

/* The next row: *more is false at the end. */
static bool step(struct lent *l, bool *more, struct err *e)
{
	int rc = sqlite3_step(l->s);

	*more = rc == SQLITE_ROW;
	return *more || rc == SQLITE_DONE || db_fail(l->db, rc, l->q->name, e);
}

/* --- the four ways ---------------------------------------------------------------------- */

bool query_exec(struct tx *tx, const struct query *q, const union query_value *v,
		int64_t *changed, struct err *e)
{
	CLEANUP(give_back) struct lent l = { 0 };
	int64_t before = sqlite3_total_changes64(tx->db.c);
	bool more;

	if (!begin(&tx->db, q, v, &l, e) || !step(&l, &more, e))
		return false;
	if (changed)
		*changed = sqlite3_total_changes64(tx->db.c) - before;
	return true;
}

bool query_one(struct db *db, struct arena *a, const struct query *q,
	       const union query_value *v, void *row, bool *found, struct err *e)
{
	CLEANUP(give_back) struct lent l = { 0 };
	bool more;

	if (!begin(db, q, v, &l, e) || !step(&l, &more, e))
		return false;
	if (found)
		*found = more;
	if (!more) {
		memset(row, 0, q->row_size);
		return found || fail(e, E_MISSING, "Cela n'existe pas, ou plus.");
	}
	if (!read_row(&l, a, row, e))
		return false;
	/* a write with RETURNING is done only when it has been stepped to its end */
	while (more && !q->read_only) {
		if (!step(&l, &more, e))
			return false;
	}
	return true;
}

static void free_rows(char **rows)
{
	free(*rows);
}

static bool room_for(char **rows, size_t n, size_t *cap, size_t size, const struct arena *a,
		     struct err *e)
{
	char *bigger;

	if (n < *cap)
		return true;
	*cap = *cap ? *cap * 2 : 16;
	bigger = *cap <= a->ceiling / size ? realloc(*rows, *cap * size) : NULL;
	if (!bigger)
		return arena_refuse(a, e);
	*rows = bigger;
	return true;
}

bool query_many(struct db *db, struct arena *a, const struct query *q,
		const union query_value *v, void **rows, size_t *n, struct err *e)
{
	CLEANUP(give_back) struct lent l = { 0 };
	CLEANUP(free_rows) char *list = NULL;
	size_t cap = 0, size = q->row_size;
	bool more;

	*rows = NULL;
	*n = 0;
	if (!begin(db, q, v, &l, e))
		return false;
	for (;;) {
		if (!step(&l, &more, e))
			return false;
		if (!more)
			break;
		if (!room_for(&list, *n, &cap, size, a, e) ||
		    !read_row(&l, a, list + *n * size, e))
			return false;
		++*n;
	}
	*rows = arena_array(a, *n, size);
	if (!*rows)
		return arena_refuse(a, e);
	if (*n)
		memcpy(*rows, list, *n * size);
	return true;
}

static void free_row(void **row)
{
	free(*row);
}

bool query_each(struct db *db, const struct query *q, const union query_value *v,
		query_row *row, void *arg, struct err *e)
{
	CLEANUP(give_back) struct lent l = { 0 };
	CLEANUP(free_row) void *one = malloc(q->row_size);
	bool more;

	if (!one)
		return db_fail(db, SQLITE_NOMEM, q->name, e);
	if (!begin(db, q, v, &l, e))
		return false;
	for (;;) {
		if (!step(&l, &more, e))
			return false;
		if (!more)
			return true;
		if (!read_row(&l, NULL, one, e) || !row(one, arg, e))
			return false;
	}
}
