/* Opening a data folder, its connections, its readers. */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "store/generation.sql.h"
#include "store/inside.h"
#include "store/migrate.h"
#include "store/sauvegarde.h"

enum { WAIT_MS = 10000, SWEEP_MS = 200 };

/* What every connection promises; the engine's words, not queries. */
static const char reader_setup[] =
	"PRAGMA busy_timeout = 10000;"
	"PRAGMA mmap_size = 8388608;"
	"PRAGMA cache_size = -1000;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA query_only = ON;";
static const char writer_setup[] =
	"PRAGMA busy_timeout = 10000;"
	"PRAGMA secure_delete = ON;"            /* what is erased is overwritten */
	"PRAGMA synchronous = FULL;"            /* a commit is on disk before it is answered */
	"PRAGMA foreign_keys = ON;"
	"PRAGMA cache_size = -8000;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA wal_autocheckpoint = 1000;"
	"PRAGMA journal_size_limit = 67108864;";

bool db_control(struct db *db, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(db->c, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || db_fail(db, rc, sql, e);
}

/* A damaged or hostile file must not make the engine do more than read and write rows. */
static void confine(sqlite3 *c)
{
	static const int limits[][2] = {
		{ SQLITE_LIMIT_LENGTH, 256 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
		{ SQLITE_LIMIT_ATTACHED, 1 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 200 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 10 }, { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
	};

	sqlite3_extended_result_codes(c, 1);
	sqlite3_db_config(c, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(c, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(c, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		sqlite3_limit(c, limits[i][0], limits[i][1]);
}

/* Turns the file to WAL unless it is already. */
static bool use_wal(struct db *db, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->c, "PRAGMA journal_mode = WAL", -1, &s, NULL);
	bool wal = false;

	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW)
		wal = strcmp((const char *)sqlite3_column_text(s, 0), "wal") == 0;
	if (!wal)
		db_fail(db, rc, "journal_mode", e);
	sqlite3_finalize(s);
	return wal;
}

/* The engine counts all that it allocates behind one lock for the whole process: nobody reads
 * that count, and threads waited for each other there.  Only before its first connection. */
static void count_nothing(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool db_open(struct db *db, struct store *s, bool writes, bool create, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int flags = writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	/* a confined server may not remove files: what the last one closes stays, emptied */
	int rc, keep = s->mode == STORE_SERVE || s->mode == STORE_BESIDE;

	*db = (struct db){ .store = s, .writes = writes };
	pthread_once(&once, count_nothing);
	rc = sqlite3_open_v2(s->file, &db->c, flags | SQLITE_OPEN_NOMUTEX |
			     (create ? SQLITE_OPEN_CREATE : 0), NULL);
	if (rc != SQLITE_OK) {
		db_fail(db, rc, "open", e);
		db_close(db);
		return false;
	}
	confine(db->c);
	sqlite3_busy_timeout(db->c, WAIT_MS);
	sqlite3_file_control(db->c, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (!db_control(db, writes ? writer_setup : reader_setup, e) ||
	    (writes && !use_wal(db, e))) {
		db_close(db);
		return false;
	}
	return true;
}

void db_close(struct db *db)
{
	query_cache_free(db);
	sqlite3_finalize(db->begin);
	sqlite3_finalize(db->end);
	sqlite3_close(db->c);
	db->c = NULL;
}

bool db_is_sound(struct db *db, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->c, "PRAGMA integrity_check(1)", -1, &s, NULL);
	bool sound = false;

	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW)
		sound = strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	return sound || db_fail(db, rc == SQLITE_ROW ? SQLITE_CORRUPT : rc, "integrity_check", e);
}

/* --- the folder ------------------------------------------------------------------------- */

static bool make_folder(const char *dir, struct err *e)
{
	struct stat st;

	if (mkdir(dir, 0700) == 0 || (errno == EEXIST && stat(dir, &st) == 0 &&
				      S_ISDIR(st.st_mode)))
		return true;
	fail(e, E_STORE, "Le dossier %.200s ne peut pas être créé (%s).", dir, strerror(errno));
	return hint(e, "Donnez à --data un dossier où ce compte peut écrire.");
}

bool store_folder(struct store *s, const char *name, struct err *e)
{
	char path[PATH_ROOM * 2];

	snprintf(path, sizeof path, "%s/%s", s->dir, name);
	return make_folder(path, e);
}

bool store_prepare(const char *dir, const char *name, struct err *e)
{
	char path[PATH_ROOM * 2];

	if (strlen(dir) >= PATH_ROOM || !*dir)
		return fail(e, E_INPUT, "Le chemin du dossier de données est vide ou trop long.");
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return make_folder(dir, e) && make_folder(path, e);
}

bool lock_take(const char *dir, int *fd, struct err *e)
{
	char path[PATH_ROOM + 16], pid[16] = "";
	ssize_t n;

	snprintf(path, sizeof path, "%s/serve.lock", dir);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0) {
		fail(e, E_STORE, "%.200s ne peut pas être ouvert (%s).", path, strerror(errno));
		return hint(e, "Vérifiez les droits du dossier.");
	}
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0) {
		n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
		if (ftruncate(*fd, 0) || pwrite(*fd, pid, (size_t)n, 0) != n)
			*pid = '\0';    /* only a word for people */
		return true;
	}
	n = pread(*fd, pid, sizeof pid - 1, 0);
	pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
	close(*fd);
	*fd = -1;
	fail(e, E_CONFLICT, "Un service Tremplin (processus %s) utilise déjà %.200s.",
	     *pid ? pid : "inconnu", dir);
	return hint(e, "Arrêtez-le d'abord (systemctl stop tremplin, ou kill %s).",
		    *pid ? pid : "son numéro");
}

void lock_drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool has_file(const struct store *s)
{
	return access(s->file, F_OK) == 0;
}

/* A migration by a command beside a server would pull the schema from under it. */
static bool migrate_alone(struct store *s, struct db *db, struct err *e)
{
	int lock = -1;
	bool good;

	if (s->mode != STORE_CREATE)
		return migrate(db, embedded_migrations, s->lock >= 0, &s->migrated, e);
	if (migrate(db, embedded_migrations, false, NULL, e))
		return true;
	if (!lock_take(s->dir, &lock, e))
		return false;
	good = migrate(db, embedded_migrations, true, &s->migrated, e);
	lock_drop(&lock);
	return good;
}

/* A restore that was killed is ended before anything is opened. */
static bool end_restore(struct store *s, struct err *e)
{
	char path[PATH_ROOM + 16];
	int lock = -1;
	bool good;

	snprintf(path, sizeof path, "%s/restauration", s->dir);
	if (access(path, F_OK))
		return true;
	if (s->lock < 0 && !lock_take(s->dir, &lock, e))
		return false;
	good = sauvegarde_finish(s->dir, e);
	lock_drop(&lock);
	return good;
}

static bool prepare_folder(struct store *s, struct err *e)
{
	bool makes = s->mode == STORE_SERVE || s->mode == STORE_CREATE;
	bool locks = s->mode == STORE_SERVE || s->mode == STORE_MIGRATE;

	if (makes && !make_folder(s->dir, e))
		return false;
	if (locks && (makes || has_file(s)) && !lock_take(s->dir, &s->lock, e))
		return false;
	if (!end_restore(s, e))
		return false;
	if (makes || has_file(s))
		return true;
	fail(e, E_MISSING, "%.200s ne contient pas de données de Tremplin.", s->dir);
	return hint(e, "Vérifiez --data ; « tremplin serve --data %.100s » crée un dossier.",
		    s->dir);
}

static bool store_start(struct store *s, struct err *e)
{
	struct db *db = &s->w.tx.db;

	return prepare_folder(s, e) &&
		db_open(db, s, true, s->mode == STORE_SERVE || s->mode == STORE_CREATE, e) &&
		migrate_alone(s, db, e);
}

bool store_open(const char *dir, enum store_mode mode, const struct env *env,
		struct store **out, struct err *e)
{
	struct store *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return fail(e, E_LIMIT, "Il n'y a plus de mémoire.");
	if (strlen(dir) >= PATH_ROOM || !*dir) {
		free(s);
		return fail(e, E_INPUT, "Le chemin du dossier de données est vide ou trop long.");
	}
	snprintf(s->dir, sizeof s->dir, "%s", dir);
	snprintf(s->file, sizeof s->file, "%s/tremplin.db", dir);
	s->env = env;
	s->mode = mode;
	s->lock = -1;
	pthread_mutex_init(&s->idle_lock, NULL);
	pthread_mutex_init(&s->version_lock, NULL);
	writer_prepare(s);
	if (!store_start(s, e)) {
		store_close(s);
		return false;
	}
	*out = s;
	return true;
}

void store_rest(struct store *s)
{
	writer_rest(s);
}

static void reader_free(struct db *db)
{
	if (db) {
		db_close(db);
		free(db);
	}
}

void store_close(struct store *s)
{
	if (!s)
		return;
	while (s->idle) {
		struct db *db = s->idle;

		s->idle = db->next;
		reader_free(db);
	}
	sqlite3_finalize(s->version_read);
	reader_free(s->version);
	writer_stop(s);         /* last: its connection empties the WAL */
	lock_drop(&s->lock);
	pthread_mutex_destroy(&s->idle_lock);
	pthread_mutex_destroy(&s->version_lock);
	free(s);
}

/* --- readers ---------------------------------------------------------------------------- */

static struct db *reader_new(struct store *s, struct err *e)
{
	struct db *db = calloc(1, sizeof *db);

	if (!db) {
		fail(e, E_LIMIT, "Il n'y a plus de mémoire.");
		return NULL;
	}
	if (!db_open(db, s, false, false, e)) {
		free(db);
		return NULL;
	}
	return db;
}

bool db_acquire(struct store *s, struct db **out, struct err *e)
{
	pthread_mutex_lock(&s->idle_lock);
	*out = s->idle;
	if (s->idle)
		s->idle = s->idle->next;
	pthread_mutex_unlock(&s->idle_lock);
	if (!*out)
		*out = reader_new(s, e);
	return *out != NULL;
}

static bool run_kept(struct db *db, sqlite3_stmt **s, const char *sql, struct err *e)
{
	int rc = SQLITE_OK;

	if (!*s)
		rc = sqlite3_prepare_v3(db->c, sql, -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_step(*s);
		rc = sqlite3_reset(*s);
	}
	return rc == SQLITE_OK || db_fail(db, rc, sql, e);
}

bool db_acquire_steady(struct store *s, struct db **out, struct err *e)
{
	if (!db_acquire(s, out, e))
		return false;
	(*out)->steady = run_kept(*out, &(*out)->begin, "BEGIN", e);
	if (!(*out)->steady)
		db_release(out);
	return *out != NULL;
}

/* The moment is let go; nothing was written, so nothing can be lost. */
static void move_on(struct db *db)
{
	struct err ignored = { 0 };

	if (db->steady)
		run_kept(db, &db->end, "COMMIT", &ignored);
	db->steady = false;
}

void db_release(struct db **db)
{
	struct store *s = *db ? (*db)->store : NULL;

	if (!s)
		return;
	move_on(*db);
	pthread_mutex_lock(&s->idle_lock);
	(*db)->next = s->idle;
	s->idle = *db;
	pthread_mutex_unlock(&s->idle_lock);
	*db = NULL;
}

/* --- what moved ------------------------------------------------------------------------- */

static bool version_read(struct store *s, int64_t *out, struct err *e)
{
	int rc;

	if (!s->version && !(s->version = reader_new(s, e)))
		return false;
	if (!s->version_read) {
		rc = sqlite3_prepare_v3(s->version->c, "PRAGMA data_version", -1,
					SQLITE_PREPARE_PERSISTENT, &s->version_read, NULL);
		if (rc != SQLITE_OK)
			return db_fail(s->version, rc, "data_version", e);
	}
	rc = sqlite3_step(s->version_read);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(s->version_read, 0);
	sqlite3_reset(s->version_read);
	return rc == SQLITE_ROW || db_fail(s->version, rc, "data_version", e);
}

/* The connection is private and never writes: it sees every other one, ours included. */
bool store_version(struct store *s, int64_t *out, struct err *e)
{
	bool good;

	pthread_mutex_lock(&s->version_lock);
	good = version_read(s, out, e);
	pthread_mutex_unlock(&s->version_lock);
	return good;
}


/* By a connection of its own: the writer's may be in a transaction. */
bool store_sweep(struct store *s, struct err *e)
{
	struct db db;
	int rc;

	if (!db_open(&db, s, true, false, e))
		return false;
	sqlite3_busy_timeout(db.c, SWEEP_MS);
	rc = sqlite3_wal_checkpoint_v2(db.c, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rc != SQLITE_OK)
		db_fail(&db, rc, "wal_checkpoint", e);
	db_close(&db);
	return rc == SQLITE_OK;
}

struct counting {
	const char *const *tables;
	int64_t sum;
};

static bool count_one(const struct generation_list_row *row, void *arg, struct err *e)
{
	struct counting *c = arg;

	(void)e;
	for (const char *const *t = c->tables; *t; t++) {
		if (!strcmp(*t, row->nom))
			c->sum += row->numero;
	}
	return true;
}

bool store_generation(struct db *db, const char *const *tables, int64_t *out, struct err *e)
{
	struct counting c = { tables, 0 };

	if (!generation_list(db, count_one, &c, e))
		return false;
	*out = c.sum;
	return true;
}

const char *store_dir(const struct store *s)
{
	return s->dir;
}

const struct env *store_env(const struct store *s)
{
	return s->env;
}

int store_migrated(const struct store *s)
{
	return s->migrated;
}
