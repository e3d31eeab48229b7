/*
 * What the files of store/ share and nobody else sees.
 */
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/db.h"

enum { PATH_ROOM = 1024, TOUCHED_MOST = 64 };

struct cached;                          /* a prepared statement (query.c) */

struct db {
	sqlite3 *c;
	struct store *store;
	bool writes;                    /* the writer's view */
	struct cached *cache;           /* open addressing by query; cap is a power of two */
	size_t ncache, cap;
	struct db *next;                /* among the idle readers */
	sqlite3_stmt *begin, *end;      /* of db_acquire_steady */
	bool steady;
	/* the writer's: tables whose rows changed in this transaction */
	const char *touched[TOUCHED_MOST];
	size_t ntouched;
};

struct tx {
	struct db db;
};

struct job {
	store_job *run;
	void *arg;
	struct err *e;                  /* the caller's, filled when !good */
	bool alone, good;
	sem_t done;
	struct job *next;
};

enum control { BEGIN, COMMIT, ROLLBACK, SAVE, KEEP, UNDO, CONTROLS };

struct writer {
	pthread_t thread;
	bool prepared;
	_Atomic bool started;
	bool sick;                      /* the last batch failed: said once in the log */
	bool doubtful;                  /* its connection must be replaced before the next */
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct job *first, **last;      /* the queue */
	size_t waiting;
	size_t wake_at;                 /* the writer is woken when so many wait */
	size_t expected;                /* jobs of the last batch: who may come back soon */
	int64_t commit_ns;              /* how long a commit takes, smoothed */
	bool stop;
	struct tx tx;
	sqlite3_stmt *control[CONTROLS];
};

struct store {
	char dir[PATH_ROOM], file[PATH_ROOM + 16];
	const struct env *env;
	enum store_mode mode;
	int lock;                       /* serve.lock, or -1 */
	int migrated;
	pthread_mutex_t idle_lock, version_lock;
	struct db *idle;
	struct db *version;             /* private connection of store_version */
	sqlite3_stmt *version_read;
	struct writer w;
};

/* Opens a connection; a writing one makes the file when `create`.  On failure nothing is
 * left open. */
bool db_open(struct db *db, struct store *s, bool writes, bool create, struct err *e);
void db_close(struct db *db);

/* PRAGMA and the like, without rows. */
bool db_control(struct db *db, const char *sql, struct err *e);

/* PRAGMA integrity_check of a connection: E_STORE unless "ok". */
bool db_is_sound(struct db *db, struct err *e);

/* Says in French what the engine refused; `what` names the query, for the log. */
bool db_fail(const struct db *db, int rc, const char *what, struct err *e);

/* Prepared statements of a connection are closed with it. */
void query_cache_free(struct db *db);

void writer_prepare(struct store *s);
void writer_rest(struct store *s);      /* ends the thread; the next job starts it again */
void writer_stop(struct store *s);

/* serve.lock of a folder: the descriptor that holds it, E_CONFLICT when a server runs. */
bool lock_take(const char *dir, int *fd, struct err *e);
void lock_drop(int *fd);                /* -1 is allowed; sets -1 */

/* copy.c */
bool disk_sync(const char *path, struct err *e);        /* of a file or folder */
bool disk_sync_parent(const char *path, struct err *e);
bool file_is_sound(struct store *s, const char *path, struct err *e);
