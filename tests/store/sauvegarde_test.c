#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sauvegarde.h"
#include "tests/store/world.h"

static void write_text(const char *dir, const char *name, const char *text)
{
	char path[1200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool has(const char *dir, const char *name)
{
	char path[1200];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* A folder with one setting, one file and one key. */
static const char *given_folder(const char *value)
{
	const char *dir = test_dir();
	struct store *s = open_store(dir, STORE_CREATE);
	struct err e;

	accepts(put_setting(s, "nom", value, &e), &e);
	accepts(store_folder(s, "fichiers", &e), &e);
	accepts(store_folder(s, "fichiers/ab", &e), &e);
	accepts(store_folder(s, "cles", &e), &e);
	write_text(dir, "fichiers/ab/un", value);
	write_text(dir, "cles/secret", "never copied");
	store_close(s);
	return dir;
}

static struct sauvegarde given_backup(const char *dir, const char *to)
{
	struct store *s = open_store(dir, STORE_COMMAND);
	struct sauvegarde made;
	struct err e;

	accepts(sauvegarde_make(s, to, &made, &e), &e);
	store_close(s);
	return made;
}

TEST("a backup holds the store and the files, never the keys, and sha256sum agrees")
{
	const char *dir = given_folder("Bondy");
	struct sauvegarde b = given_backup(dir, NULL);
	char cmd[1400];
	FILE *p;

	equals(b.files, 2);
	holds(strstr(b.path, "/sauvegardes/tremplin-2026-11-22T10-00-00Z"));
	holds(has(b.path, "tremplin.db") && has(b.path, "fichiers/ab/un"));
	holds(!has(b.path, "cles"));
	snprintf(cmd, sizeof cmd, "cd '%s' && sha256sum -c --quiet --strict MANIFESTE", b.path);
	p = popen(cmd, "r");
	equals(pclose(p), 0);
}

TEST("a restore brings back what the backup held and keeps aside what it replaces")
{
	const char *dir = given_folder("avant");
	struct sauvegarde b = given_backup(dir, NULL);
	struct store *s = open_store(dir, STORE_COMMAND);
	char aside[SAUVEGARDE_PATH], value[40];
	struct err e;

	accepts(put_setting(s, "nom", "après", &e), &e);
	store_close(s);
	write_text(dir, "fichiers/ab/un", "après");
	write_text(dir, "fichiers/deux", "après");

	accepts(sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
	same(get_setting(dir, "nom", value), "avant");
	holds(has(dir, "fichiers/ab/un") && !has(dir, "fichiers/deux"));
	holds(has(dir, "cles/secret"));
	holds(has(aside, "fichiers/deux"));
	same(get_setting(aside, "nom", value), "après");
	holds(!has(dir, "restauration") && !has(dir, "restauration.part"));
}

TEST("a backup restores into an empty place")
{
	const char *dir = given_folder("Bondy"), *other = test_dir();
	struct sauvegarde b = given_backup(dir, NULL);
	char aside[SAUVEGARDE_PATH], value[40], fresh[80];
	struct err e;

	snprintf(fresh, sizeof fresh, "%s/neuf", other);
	accepts(sauvegarde_restore(fresh, b.path, &env_test, aside, &e), &e);
	same(aside, "");
	same(get_setting(fresh, "nom", value), "Bondy");
}

TEST("a backup that lost a bit, a file or gained one is refused and nothing is touched")
{
	const char *dir = given_folder("Bondy");
	struct sauvegarde b = given_backup(dir, NULL);
	char aside[SAUVEGARDE_PATH], value[40], path[1300];
	struct err e;

	write_text(b.path, "fichiers/ab/un", "bondy");
	refuses(E_INPUT, sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
	holds(strstr(e.msg, "fichiers/ab/un"));
	write_text(b.path, "fichiers/ab/un", "Bondy");
	accepts(sauvegarde_verify(b.path, &b, &e), &e);
	write_text(b.path, "fichiers/intrus", "x");
	refuses(E_INPUT, sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
	snprintf(path, sizeof path, "%s/fichiers/intrus", b.path);
	unlink(path);
	snprintf(path, sizeof path, "%s/tremplin.db", b.path);
	equals(truncate(path, 8192), 0);
	refuses(E_INPUT, sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
	same(get_setting(dir, "nom", value), "Bondy");
	holds(!has(dir, "restauration.part"));
}

TEST("a manifest that names a file outside its folder is refused")
{
	const char *dir = given_folder("Bondy");
	struct sauvegarde b = given_backup(dir, NULL);
	struct err e;

	write_text(b.path, "MANIFESTE",
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  ../x\n");
	refuses(E_INPUT, sauvegarde_verify(b.path, &b, &e), &e);
	write_text(b.path, "MANIFESTE", "e3b0\n");
	refuses(E_INPUT, sauvegarde_verify(b.path, &b, &e), &e);
	refuses(E_INPUT, sauvegarde_verify(dir, &b, &e), &e);
}

TEST("a restore is refused while a server or a command uses the folder")
{
	const char *dir = given_folder("Bondy");
	struct sauvegarde b = given_backup(dir, NULL);
	char aside[SAUVEGARDE_PATH], number[40];
	int opened[2];
	bool refused;
	pid_t pid;
	struct err e;
	struct store *s = open_store(dir, STORE_SERVE);

	refuses(E_CONFLICT, sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
	snprintf(number, sizeof number, "processus %d)", (int)getpid());
	holds(strstr(e.msg, number));
	store_close(s);
	/* another process, because SQLite's locks are by process */
	equals(pipe(opened), 0);
	pid = fork_that_dies_with_us();
	if (!pid) {
		if (!store_open(dir, STORE_COMMAND, &env_test, &s, &e) ||
		    write(opened[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	equals(read(opened[0], number, 1), 1);
	refused = !sauvegarde_restore(dir, b.path, &env_test, aside, &e);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(opened[0]);
	close(opened[1]);
	holds(refused && e.kind == E_CONFLICT);
	accepts(sauvegarde_restore(dir, b.path, &env_test, aside, &e), &e);
}

TEST("a restore killed between two moves is ended by the next opening")
{
	const char *dir = given_folder("avant");
	struct sauvegarde b = given_backup(dir, NULL);
	struct store *s = open_store(dir, STORE_COMMAND);
	char from[1300], to[1300], value[40];
	struct err e;

	accepts(put_setting(s, "nom", "après", &e), &e);
	store_close(s);
	/* what a kill leaves once the restore is decided and the old store is away */
	snprintf(from, sizeof from, "cp -r '%s' '%s/restauration'", b.path, dir);
	equals(pclose(popen(from, "r")), 0);
	snprintf(to, sizeof to, "%s/sauvegardes/remplace-2026-11-22T10-00-00Z", dir);
	mkdir(to, 0700);
	snprintf(from, sizeof from, "%s/restauration", dir);
	write_text(from, "vers", to);
	snprintf(from, sizeof from, "%s/tremplin.db", dir);
	snprintf(to, sizeof to, "%s/sauvegardes/remplace-2026-11-22T10-00-00Z/tremplin.db", dir);
	equals(rename(from, to), 0);

	same(get_setting(dir, "nom", value), "avant");
	holds(!has(dir, "restauration"));
}

TEST("backups older than the days asked for are removed, and nothing that is not one")
{
	const char *dir = test_dir();
	static const char *const names[] = {
		"tremplin-2026-10-17T10-00-00Z", "tremplin-2026-10-18T10-00-00Z",
		"remplace-2026-01-01T00-00-00Z", "avant-0002_x-2025-01-01T00-00-00Z.db",
		"tremplin-2020-13-01T00-00-00Z", "photos-2020-01-01T00-00-00Z", "notes",
	};
	struct err e;
	int removed;

	for (size_t i = 0; i < 7; i++)
		write_text(dir, names[i], "x");
	accepts(sauvegarde_expire(dir, 35, &env_test, &removed, &e), &e);
	equals(removed, 3);
	holds(has(dir, names[1]) && has(dir, names[4]) && has(dir, names[5]) && has(dir, names[6]));
	accepts(sauvegarde_expire("/nowhere", 35, &env_test, &removed, &e), &e);
}
