/* A disk whose fsync fails: the file system of SQLite with one wire cut. */
#include "tests/store/world.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

static struct wrapped {
	const sqlite3_io_methods *real;
	sqlite3_io_methods ours;
} wrapped[8];
static sqlite3_vfs cut_vfs, *real_vfs;
static atomic_bool cut;
static atomic_int refused_syncs;

static int cut_sync(sqlite3_file *f, int flags)
{
	for (int i = 0; i < 8; i++) {
		if (f->pMethods != &wrapped[i].ours)
			continue;
		if (!cut)
			return wrapped[i].real->xSync(f, flags);
		refused_syncs++;
		return SQLITE_IOERR_FSYNC;
	}
	return SQLITE_IOERR;
}

static int cut_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
	int rc = real_vfs->xOpen(real_vfs, name, f, flags, out);

	(void)vfs;
	for (int i = 0; f->pMethods && i < 8; i++) {
		if (!wrapped[i].real) {
			wrapped[i].real = f->pMethods;
			wrapped[i].ours = *f->pMethods;
			wrapped[i].ours.xSync = cut_sync;
		}
		if (wrapped[i].real == f->pMethods) {
			f->pMethods = &wrapped[i].ours;
			break;
		}
	}
	return rc;
}

struct client {
	struct store *s;
	char key[20];
	bool good;
	struct err e;
	pthread_t thread;
};

static void *write_one(void *arg)
{
	struct client *c = arg;

	c->good = add_setting(c->s, c->key, "x", &c->e);
	return NULL;
}

static int write_eight(struct store *s, const char *prefix, enum err_kind kind)
{
	struct client c[8];
	int good = 0;

	for (int i = 0; i < 8; i++) {
		c[i] = (struct client){ .s = s };
		snprintf(c[i].key, sizeof c[i].key, "%s%d", prefix, i);
		pthread_create(&c[i].thread, NULL, write_one, &c[i]);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(c[i].thread, NULL);
		good += c[i].good;
		if (!c[i].good)
			equals(c[i].e.kind, kind);
	}
	return good;
}

/* What a program that is killed now leaves to the next one. */
static void as_after_a_kill(const char *dir, const char *to)
{
	char cmd[400];

	snprintf(cmd, sizeof cmd, "cp '%s/tremplin.db' '%s/tremplin.db-wal' '%s'", dir, dir, to);
	equals(pclose(popen(cmd, "r")), 0);
}

TEST("when the disk refuses to sync everybody is told, and writing resumes by itself")
{
	const char *dir = test_dir(), *killed = test_dir();
	struct store *s, *after;

	real_vfs = sqlite3_vfs_find(NULL);
	cut_vfs = *real_vfs;
	cut_vfs.zName = "cut";
	cut_vfs.xOpen = cut_open;
	sqlite3_vfs_register(&cut_vfs, 1);

	s = open_store(dir, STORE_CREATE);
	equals(write_eight(s, "a", E_OK), 8);
	cut = true;
	equals(write_eight(s, "b", E_STORE), 0);
	holds(refused_syncs > 0);
	equals(count_settings(s), 8);
	as_after_a_kill(dir, killed);
	cut = false;
	after = open_store(killed, STORE_COMMAND);
	equals(count_settings(after), 8);
	store_close(after);
	equals(write_eight(s, "b", E_OK), 8);   /* the same keys: nothing of them was kept */
	equals(count_settings(s), 16);
	store_close(s);

	sqlite3_vfs_unregister(&cut_vfs);
	sqlite3_vfs_register(real_vfs, 1);
	s = open_store(dir, STORE_COMMAND);
	equals(count_settings(s), 16);
	store_close(s);
}
