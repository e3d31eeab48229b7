/*
 * The store: one file, one writer thread, as many readers as there are threads.
 *
 * What reads takes a `struct db *`, what writes takes a `struct tx *`; a `struct tx *`
 * exists only inside a job that the writer thread runs.  So a GET handler, which is only
 * ever given a `struct db *`, cannot call a query that writes: it does not compile.
 *
 * Queries are never written in C: tools/sqlgen makes a typed function of each named
 * query of a .sql file (ARCHITECTURE.md, "Named queries").
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"

struct store;           /* an open data folder; used by all threads */
struct db;              /* a read-only connection; used by one thread at a time */
struct tx;              /* the writing connection, inside a job */

struct bytes {
	const void *p;
	size_t n;
};

enum store_mode {
	STORE_SERVE,    /* make the file and migrate it; takes serve.lock, refuses a second one */
	STORE_COMMAND,  /* beside a running server: the schema must already be ours */
	STORE_BESIDE,   /* a process of the server itself: a command that leaves files in place */
	STORE_CREATE,   /* a command that may make the file (imports); no lock */
	STORE_MIGRATE,  /* migrates a file that exists; refused beside a server */
};

/*
 * Opens DIR/tremplin.db (WAL, synchronous=FULL, secure_delete, foreign keys).  Makes the
 * folder (0700) when the mode allows.  Before a migration of a file that holds something,
 * a verified backup is put in DIR/sauvegardes.  Errors say what to do.
 */
bool store_open(const char *dir, enum store_mode mode, const struct env *env,
		struct store **out, struct err *e);

/*
 * Waits for the jobs that are queued and ends the store's own thread until the next one, so
 * that a process has a single thread when it confines itself.
 */
void store_rest(struct store *s);

/* Makes DIR and DIR/NAME (0700) unless they are there, before anything is open. */
bool store_prepare(const char *dir, const char *name, struct err *e);

/* Waits for the jobs that are queued, closes everything.  NULL is allowed. */
void store_close(struct store *s);

/* A job: all its writes are kept, or, when it returns false, none. */
typedef bool store_job(struct tx *tx, void *arg, struct err *e);

/*
 * Runs `job` on the writer thread and returns when what it wrote is on disk.  Jobs that
 * wait together share one transaction (a savepoint each) and one fsync.
 * E_BUSY when the queue is full, E_STORE when the disk refuses; then nothing was written.
 */
bool store_write(struct store *s, store_job *job, void *arg, struct err *e);

/* Like store_write, alone in its transaction: for an import that takes seconds. */
bool store_write_alone(struct store *s, store_job *job, void *arg, struct err *e);

/* Lends a reader to this thread until db_release; opens one when none is free. */
bool db_acquire(struct store *s, struct db **out, struct err *e);
/* The same, and all that is read until db_release is of one moment: for a page of many
 * queries, which also cost less so.  Not to be held while something is written. */
bool db_acquire_steady(struct store *s, struct db **out, struct err *e);
void db_release(struct db **db);        /* for CLEANUP; NULL inside is allowed */

/* The reader's view inside a job: sees what the job has written. */
struct db *tx_db(struct tx *tx);

/*
 * A number that changes when another process has written (PRAGMA data_version) or when
 * this one has: what is kept in memory is rebuilt when it moves.
 */
bool store_version(struct store *s, int64_t *out, struct err *e);

/*
 * A number that changes when rows of one of these tables (a NULL at the end) have: counted
 * in the transaction that changes them, by whatever process.  What is kept in memory of a
 * few tables is read again when theirs moves, not at every write.
 */
bool store_generation(struct db *db, const char *const *tables, int64_t *out, struct err *e);

/* Copies the store, verified by opening it, to FILE (must not exist). */
bool store_backup(struct store *s, const char *file, struct err *e);

/* Reads the whole file and checks every page and reference (PRAGMA integrity_check). */
bool store_verify(struct store *s, struct err *e);

/*
 * Empties the write-ahead log into the file: what was erased is then nowhere (a session, a
 * code).  E_BUSY when somebody reads or writes just now: try again later.
 */
bool store_sweep(struct store *s, struct err *e);

/* Makes DIR/NAME (0700) unless it is there: "sauvegardes", "fichiers", "tmp". */
bool store_folder(struct store *s, const char *name, struct err *e);

int store_migrated(const struct store *s);      /* migrations that store_open applied */
const char *store_dir(const struct store *s);
const struct env *store_env(const struct store *s);

/* --- what the generated queries stand on (store/query.c) --------------------------- */

enum query_cardinality { QUERY_EXEC, QUERY_ONE, QUERY_MAYBE, QUERY_MANY, QUERY_EACH };
enum query_type { Q_INT, Q_REAL, Q_TEXT, Q_BLOB, Q_INT_OR_NULL, Q_REAL_OR_NULL };

struct query_column {
	enum query_type type;
	bool nullable;
	size_t at;              /* offset in the row struct */
	size_t null_at;         /* offset of its `x_null` bool, for numbers that may be NULL */
};

struct query {
	const char *name, *sql;         /* sql in the dialect of SQLite */
	const enum query_type *params;
	int nparams;
	const struct query_column *columns;
	int ncolumns;
	size_t row_size;
	bool read_only;
	const char *table;              /* that it writes; NULL when it only reads */
};

union query_value {
	int64_t i;
	double r;
	const char *text;               /* NULL binds NULL */
	struct bytes blob;              /* .p NULL binds NULL */
	const int64_t *i_or_null;
	const double *r_or_null;
};

typedef bool query_row(const void *row, void *arg, struct err *e);

/* changed: rows that an exec touched; may be NULL. */
bool query_exec(struct tx *tx, const struct query *q, const union query_value *v,
		int64_t *changed, struct err *e);
/* E_MISSING when there is no row, unless `found` is given. */
bool query_one(struct db *db, struct arena *a, const struct query *q,
	       const union query_value *v, void *row, bool *found, struct err *e);
bool query_many(struct db *db, struct arena *a, const struct query *q,
		const union query_value *v, void **rows, size_t *n, struct err *e);
/* Row by row; texts and blobs live until the next row. */
bool query_each(struct db *db, const struct query *q, const union query_value *v,
		query_row *row, void *arg, struct err *e);
