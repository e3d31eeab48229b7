#include "tests/store/world.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/inside.h"
#include "store/migrate.h"

#define FILE_(name, text) { "migrations/" name, text, text + sizeof text - 1 }

static const char journal[] =
	"CREATE TABLE migration (nom TEXT NOT NULL PRIMARY KEY, empreinte TEXT NOT NULL, "
	"applique_le TEXT NOT NULL) STRICT;";
static const char one[] = "CREATE TABLE un (a TEXT) STRICT; INSERT INTO un VALUES ('x');";
static const char one_changed[] = "CREATE TABLE un (a TEXT, b TEXT) STRICT;";
static const char two[] = "CREATE TABLE deux (a TEXT) STRICT;\nCREATE SERIAL x; -- pg:\n";
static const char broken[] = "CREATE TABLE deux (a TEXT) STRICT; INSERT INTO un VALUES ('y');\n"
	"INSERT INTO nulle_part VALUES (1);";
static const char endless[] = "CREATE TABLE deux (a INTEGER) STRICT;\n"
	"INSERT INTO deux WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;";
static const char orphan[] = "CREATE TABLE fils (a TEXT REFERENCES un (b)) STRICT;\n"
	"ALTER TABLE un ADD COLUMN b TEXT; CREATE UNIQUE INDEX un_b ON un (b);\n"
	"INSERT INTO fils VALUES ('nobody');";

static const struct embedded_file first[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one), { 0 } };
static const struct embedded_file both[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one), FILE_("0002_deux.sql", two), { 0 } };
static const struct embedded_file tampered[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one_changed), { 0 } };
static const struct embedded_file failing[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one), FILE_("0002_deux.sql", broken), { 0 } };
static const struct embedded_file never[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one), FILE_("0002_deux.sql", endless), { 0 } };
static const struct embedded_file orphans[] = { FILE_("0000_migration.sql", journal),
	FILE_("0001_un.sql", one), FILE_("0002_fils.sql", orphan), { 0 } };

/* A bare connection, without the writer thread. */
static void open_bare(const char *dir, struct store *s, struct db *db)
{
	struct err e;

	*s = (struct store){ .env = &env_test, .lock = -1 };
	snprintf(s->dir, sizeof s->dir, "%s", dir);
	snprintf(s->file, sizeof s->file, "%s/tremplin.db", dir);
	accepts(db_open(db, s, true, true, &e), &e);
}

static int rows(struct db *db, const char *table)
{
	char sql[80];
	sqlite3_stmt *st = NULL;
	int n = -1;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	if (sqlite3_prepare_v2(db->c, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

TEST("migrations are applied once, those that are missing only")
{
	struct store s;
	struct db db;
	struct err e;
	int n;

	open_bare(test_dir(), &s, &db);
	accepts(migrate(&db, first, true, &n, &e), &e);
	equals(n, 2);
	accepts(migrate(&db, first, true, &n, &e), &e);
	equals(n, 0);
	accepts(migrate(&db, both, true, &n, &e), &e);
	equals(n, 1);
	equals(rows(&db, "un"), 1);
	equals(rows(&db, "deux"), 0);
	equals(rows(&db, "migration"), 3);
	db_close(&db);
}

TEST("before a folder that holds something is migrated it is copied, and the copy is as it was")
{
	const char *dir = test_dir();
	struct store s, before = { .env = &env_test, .lock = -1 };
	struct db db, copy = { .store = &before };
	char path[400];
	struct err e;

	open_bare(dir, &s, &db);
	accepts(migrate(&db, first, true, NULL, &e), &e);
	snprintf(path, sizeof path, "%s/sauvegardes", dir);
	equals(access(path, F_OK), -1);
	accepts(migrate(&db, both, true, NULL, &e), &e);
	snprintf(path, sizeof path, "%s/sauvegardes/avant-0002_deux-2026-11-22T10-00-00Z.db", dir);
	equals(sqlite3_open(path, &copy.c), SQLITE_OK);
	equals(rows(&copy, "un"), 1);
	equals(rows(&copy, "deux"), -1);
	sqlite3_close(copy.c);
	db_close(&db);
}

TEST("a migration that changed since it was applied is refused")
{
	struct store s;
	struct db db;
	struct err e;

	open_bare(test_dir(), &s, &db);
	accepts(migrate(&db, first, true, NULL, &e), &e);
	refuses(E_CONFLICT, migrate(&db, tampered, true, NULL, &e), &e);
	holds(strstr(e.msg, "0001_un.sql"));
	db_close(&db);
}

TEST("a folder that a newer program has opened is refused, in so many words")
{
	struct store s;
	struct db db;
	struct err e;

	open_bare(test_dir(), &s, &db);
	accepts(migrate(&db, both, true, NULL, &e), &e);
	refuses(E_CONFLICT, migrate(&db, first, true, NULL, &e), &e);
	holds(strstr(e.msg, "version plus récente"));
	holds(strstr(e.hint, "Installez"));
	db_close(&db);
}

TEST("a migration that fails leaves nothing of itself and all of those before it")
{
	struct store s;
	struct db db;
	struct err e;

	open_bare(test_dir(), &s, &db);
	refuses(E_STORE, migrate(&db, failing, true, NULL, &e), &e);
	equals(rows(&db, "un"), 1);
	equals(rows(&db, "deux"), -1);
	equals(rows(&db, "migration"), 2);
	accepts(migrate(&db, both, true, NULL, &e), &e);
	db_close(&db);
}

TEST("a migration that would leave a reference to nothing is refused")
{
	struct store s;
	struct db db;
	struct err e;

	open_bare(test_dir(), &s, &db);
	refuses(E_STORE, migrate(&db, orphans, true, NULL, &e), &e);
	holds(strstr(e.msg, "0002_fils.sql"));
	equals(rows(&db, "fils"), -1);
	db_close(&db);
}

TEST("a program killed in the middle of a migration has changed nothing")
{
	const char *dir = test_dir();
	struct store s;
	struct db db;
	struct err e;
	pid_t pid;
	int status;

	open_bare(dir, &s, &db);
	accepts(migrate(&db, first, true, NULL, &e), &e);
	db_close(&db);
	pid = fork_that_dies_with_us();
	if (!pid) {
		open_bare(dir, &s, &db);
		migrate(&db, never, true, NULL, &e);
		_exit(0);
	}
	usleep(150000);
	kill(pid, SIGKILL);
	equals(waitpid(pid, &status, 0), pid);
	holds(WIFSIGNALED(status));
	open_bare(dir, &s, &db);
	equals(rows(&db, "deux"), -1);
	equals(rows(&db, "migration"), 2);
	accepts(db_is_sound(&db, &e), &e);
	db_close(&db);
}

TEST("a command is told to migrate, a file of another program is left alone")
{
	const char *dir = test_dir();
	struct store s;
	struct db db;
	struct err e;

	open_bare(dir, &s, &db);
	accepts(migrate(&db, first, true, NULL, &e), &e);
	refuses(E_CONFLICT, migrate(&db, both, false, NULL, &e), &e);
	holds(strstr(e.hint, "tremplin migrate --data"));
	db_close(&db);

	open_bare(test_dir(), &s, &db);
	sqlite3_exec(db.c, "CREATE TABLE photos (x)", NULL, NULL, NULL);
	refuses(E_CONFLICT, migrate(&db, first, true, NULL, &e), &e);
	equals(rows(&db, "photos"), 0);
	equals(rows(&db, "migration"), -1);
	db_close(&db);
}
