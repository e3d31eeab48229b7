#include "store/sauvegarde.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/embedded.h"
#include "base/log.h"
#include "store/inside.h"
#include "store/migrate.h"
#include "store/tree.h"

/* What a backup holds besides the store, and what a restore replaces. */
static const char *const folders[] = { "fichiers", "journal", NULL };

enum { STAMP = ISO_TEXT };

/* "2026-11-22T10-00-00Z": a date that every file system takes. */
static void stamp_write(const struct env *env, char out[STAMP])
{
	iso_write(env_now(env), out);
	out[13] = out[16] = '-';
}

static bool join(char out[SAUVEGARDE_PATH], const char *a, const char *b, struct err *e)
{
	if (snprintf(out, SAUVEGARDE_PATH, "%s/%s", a, b) < PATH_ROOM)
		return true;
	return fail(e, E_INPUT, "Le chemin %.200s est trop long.", a);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool move(const char *from, const char *to, struct err *e)
{
	if (rename(from, to) == 0)
		return disk_sync_parent(from, e) && disk_sync_parent(to, e);
	fail(e, E_STORE, "%.140s ne peut pas devenir %.140s (%s).", from, to, strerror(errno));
	return hint(e, "Vérifiez les droits et l'état du disque.");
}

/* --- making ----------------------------------------------------------------------------- */

static bool choose_path(struct store *s, const char *to, char out[SAUVEGARDE_PATH],
			struct err *e)
{
	char stamp[STAMP], name[STAMP + 16], inside[SAUVEGARDE_PATH];

	stamp_write(s->env, stamp);
	snprintf(name, sizeof name, "tremplin-%s", stamp);
	if (to && !is_folder(to))
		return snprintf(out, SAUVEGARDE_PATH, "%s", to) < PATH_ROOM ||
			fail(e, E_INPUT, "Le chemin de la sauvegarde est trop long.");
	if (to)
		return join(out, to, name, e);
	return store_folder(s, "sauvegardes", e) && join(inside, s->dir, "sauvegardes", e) &&
		join(out, inside, name, e);
}

static bool copy_folder(struct store *s, const char *part, const char *name, struct err *e)
{
	CLEANUP(tree_let_go) int held = -1;
	char from[SAUVEGARDE_PATH], to[SAUVEGARDE_PATH];

	if (!join(from, s->dir, name, e) || !join(to, part, name, e))
		return false;
	/* tiles of the journal come and go while a server signs */
	if (!strcmp(name, "journal") && !tree_hold(from, false, &held, e))
		return false;
	return !is_folder(from) || (tree_make(to, e) && tree_copy(from, to, e));
}

static bool fill(struct store *s, const char *part, struct tree *t, struct err *e)
{
	char db[SAUVEGARDE_PATH], stamp[ISO_TEXT], title[80];

	if (!tree_make(part, e) || !join(db, part, "tremplin.db", e) || !store_backup(s, db, e))
		return false;
	for (int i = 0; folders[i]; i++) {
		if (!copy_folder(s, part, folders[i], e))
			return false;
	}
	iso_write(env_now(s->env), stamp);
	snprintf(title, sizeof title, "tremplin %s %s", TREMPLIN_VERSION, stamp);
	return tree_manifest(part, title, t, e) && tree_verify(part, t, e);
}

bool sauvegarde_make(struct store *s, const char *to, struct sauvegarde *out, struct err *e)
{
	char part[SAUVEGARDE_PATH + 8];
	struct tree t;
	struct err ignored;

	if (!choose_path(s, to, out->path, e))
		return false;
	if (exists(out->path)) {
		fail(e, E_CONFLICT, "%.200s existe déjà.", out->path);
		return hint(e, "Donnez un autre nom, ou attendez une seconde.");
	}
	snprintf(part, sizeof part, "%s.part", out->path);
	if (!tree_remove(part, e))
		return false;
	if (!fill(s, part, &t, e) || !move(part, out->path, e)) {
		tree_remove(part, &ignored);
		return false;
	}
	out->files = t.files;
	out->bytes = t.bytes;
	return true;
}

/* --- verifying -------------------------------------------------------------------------- */

/* A sound store of this program, not of a newer one. */
static bool verify_store(const char *file, struct err *e)
{
	struct store at = { .env = &env_system, .lock = -1 };
	struct db db = { .store = &at };
	bool good;

	snprintf(at.dir, sizeof at.dir, "%s", file);
	snprintf(at.file, sizeof at.file, "%s", file);
	if (!file_is_sound(&at, file, e))
		return false;
	good = sqlite3_open_v2(file, &db.c, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		migrate_known(&db, embedded_migrations, e);
	query_cache_free(&db);
	sqlite3_close(db.c);
	return good;
}

bool sauvegarde_verify(const char *path, struct sauvegarde *out, struct err *e)
{
	char db[SAUVEGARDE_PATH];
	struct tree t;

	if (!join(db, path, "tremplin.db", e) || !tree_verify(path, &t, e) ||
	    !verify_store(db, e))
		return false;
	memmove(out->path, path, strlen(path) + 1);     /* may be the same; join has measured it */
	out->files = t.files;
	out->bytes = t.bytes;
	return true;
}

/* --- expiring --------------------------------------------------------------------------- */

/* The day in "tremplin-2026-11-22T10-00-00Z", "avant-0002_x-...Z.db", "remplace-...Z". */
static bool born(const char *name, struct civil *out)
{
	static const char *const kinds[] = { "tremplin-", "avant-", "remplace-", NULL };
	char stamp[STAMP];
	size_t n = strlen(name);
	bool ours = false;

	for (int i = 0; kinds[i]; i++)
		ours |= strncmp(name, kinds[i], strlen(kinds[i])) == 0;
	if (n > 5 && strcmp(name + n - 5, ".part") == 0)
		n -= 5;
	if (n > 3 && memcmp(name + n - 3, ".db", 3) == 0)
		n -= 3;
	if (!ours || n < STAMP)
		return false;
	memcpy(stamp, name + n - (STAMP - 1), STAMP - 1);
	stamp[STAMP - 1] = '\0';
	if (stamp[13] != '-' || stamp[16] != '-')
		return false;
	stamp[13] = stamp[16] = ':';
	return iso_read(stamp, out);
}

bool sauvegarde_expire(const char *folder, int days, const struct env *env, int *removed,
		       struct err *e)
{
	DIR *d = opendir(folder);
	int64_t today = env_now(env) / 86400000;
	char path[SAUVEGARDE_PATH];
	bool good = true;
	struct dirent *f;

	*removed = 0;
	if (!d && errno == ENOENT)
		return true;
	if (!d)
		return fail(e, E_STORE, "%.200s ne peut pas être lu (%s).", folder, strerror(errno));
	while (good && (f = readdir(d))) {
		struct civil c;

		if (!born(f->d_name, &c) || date_days(c.year, c.month, c.day) + days >= today)
			continue;
		good = join(path, folder, f->d_name, e) && tree_remove(path, e);
		*removed += good;
	}
	closedir(d);
	return good;
}

/* --- restoring -------------------------------------------------------------------------- */

/* A whole backup, read again as it is in its new place. */
static bool stage_folder(const char *part, const char *from, struct err *e)
{
	char path[SAUVEGARDE_PATH], to[SAUVEGARDE_PATH];
	struct sauvegarde again;

	return tree_copy(from, part, e) && join(path, from, "MANIFESTE", e)
	       && join(to, part, "MANIFESTE", e) && tree_copy_file(path, to, e)
	       && sauvegarde_verify(part, &again, e);
}

/*
 * What the journal has to declare of itself (core/journal_tete.h): it was restored, and which
 * signed head it leaves, when there was one.  The list of erasures (core/effacement.h) goes on:
 * that of the backup is older.
 */
static bool declare(const char *dir, const char *part, struct err *e)
{
	char left[SAUVEGARDE_PATH], to[SAUVEGARDE_PATH];
	int fd;

	if (!join(left, dir, "journal/effacements", e) || !join(to, part, "journal/effacements", e)
	    || (exists(left) && (unlink(to), !tree_copy_file(left, to, e))))
		return false;
	if (!join(left, dir, "journal/checkpoint", e) || !join(to, part, "journal/quitte", e))
		return false;
	unlink(to);     /* of an older restore, in the backup itself */
	if (exists(left))
		return tree_copy_file(left, to, e);
	fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fsync(fd) || close(fd))
		return fail(e, E_STORE, "%.200s ne peut pas être écrit (%s).", to, strerror(errno));
	return disk_sync_parent(to, e);
}

/*
 * DIR/restauration.part is filled and verified, then renamed to DIR/restauration: from
 * then on the restore is decided, and what is left is moving names, which
 * sauvegarde_finish does again from where it stopped.  DIR/restauration/vers says where
 * the replaced data goes.
 */
static bool stage(const char *dir, const char *part, const char *from, struct err *e)
{
	char path[SAUVEGARDE_PATH];

	if (!tree_remove(part, e) || !tree_make(part, e) || !join(path, part, "tremplin.db", e))
		return false;
	if (is_folder(from) ? !stage_folder(part, from, e) :
	    !tree_copy_file(from, path, e) || !verify_store(path, e))
		return false;
	for (int i = 0; folders[i]; i++) {
		if (!join(path, part, folders[i], e) || (!is_folder(path) && !tree_make(path, e)))
			return false;
	}
	return declare(dir, part, e);
}

static bool write_aside(const char *part, const char *aside, struct err *e)
{
	char path[SAUVEGARDE_PATH];
	FILE *f;
	bool good;

	if (!join(path, part, "vers", e))
		return false;
	f = fopen(path, "wxe");
	good = f && fputs(aside, f) >= 0 && fflush(f) == 0 && fsync(fileno(f)) == 0;
	if (f && fclose(f))
		good = false;
	return good ? disk_sync(part, e) :
		fail(e, E_STORE, "%.200s ne peut pas être écrit (%s).", path, strerror(errno));
}

static bool read_aside(const char *staged, char aside[SAUVEGARDE_PATH], struct err *e)
{
	char path[SAUVEGARDE_PATH];
	FILE *f;
	size_t n;

	if (!join(path, staged, "vers", e))
		return false;
	f = fopen(path, "re");
	n = f ? fread(aside, 1, SAUVEGARDE_PATH - 1, f) : 0;
	aside[n] = '\0';
	if (f)
		fclose(f);
	return n > 0 || fail(e, E_STORE, "%.200s ne peut pas être lu.", path);
}

/* Moves DIR/NAME away, then staged/NAME in its place, unless that is done already. */
static bool swap_in(const char *dir, const char *staged, const char *aside, const char *name,
		    struct err *e)
{
	char old[SAUVEGARDE_PATH], new[SAUVEGARDE_PATH], away[SAUVEGARDE_PATH];

	if (!join(old, dir, name, e) || !join(new, staged, name, e) || !join(away, aside, name, e))
		return false;
	if (!exists(new))
		return true;
	if (exists(old) && !move(old, away, e))
		return false;
	return move(new, old, e);
}

/* The WAL goes with the store that it belongs to. */
static bool move_wal(const char *dir, const char *staged, const char *aside, struct err *e)
{
	static const char *const names[] = { "tremplin.db-wal", "tremplin.db-shm", NULL };
	char path[SAUVEGARDE_PATH], away[SAUVEGARDE_PATH];

	if (!join(path, staged, "tremplin.db", e))
		return false;
	if (!exists(path))
		return true;
	for (int i = 0; names[i]; i++) {
		if (!join(path, dir, names[i], e) || !join(away, aside, names[i], e) ||
		    (exists(path) && !move(path, away, e)))
			return false;
	}
	return true;
}

bool sauvegarde_finish(const char *dir, struct err *e)
{
	char staged[SAUVEGARDE_PATH], aside[SAUVEGARDE_PATH], backups[SAUVEGARDE_PATH];

	if (!join(staged, dir, "restauration", e) || !exists(staged))
		return true;
	if (!read_aside(staged, aside, e) || !join(backups, dir, "sauvegardes", e) ||
	    (!is_folder(backups) && !tree_make(backups, e)) ||
	    (!is_folder(aside) && !tree_make(aside, e)) ||
	    !move_wal(dir, staged, aside, e) ||
	    !swap_in(dir, staged, aside, "tremplin.db", e))
		return false;
	for (int i = 0; folders[i]; i++) {
		if (!swap_in(dir, staged, aside, folders[i], e))
			return false;
	}
	rmdir(aside);           /* only when nothing was replaced */
	return tree_remove(staged, e) && disk_sync(dir, e);
}

/* No command may be writing to what is about to be moved: all of the WAL goes home. */
static bool nobody_writes(const char *dir, struct err *e)
{
	struct store at = { .lock = -1 };
	struct db db = { .store = &at };
	int rc;

	snprintf(at.file, sizeof at.file, "%.1000s/tremplin.db", dir);
	if (!exists(at.file))
		return true;
	rc = sqlite3_open_v2(at.file, &db.c, SQLITE_OPEN_READWRITE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db.c, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK",
				  NULL, NULL, NULL);
	sqlite3_close(db.c);
	if (rc != SQLITE_BUSY)
		return true;    /* free, or damaged: that is why it is replaced */
	fail(e, E_CONFLICT, "Une commande utilise %.200s en ce moment.", dir);
	return hint(e, "Attendez qu'elle se termine, puis recommencez.");
}

static bool restore_locked(const char *dir, const char *from, const char *aside, struct err *e)
{
	char part[SAUVEGARDE_PATH], staged[SAUVEGARDE_PATH];
	struct err ignored;

	if (!sauvegarde_finish(dir, e) || !nobody_writes(dir, e) ||
	    !join(part, dir, "restauration.part", e) || !join(staged, dir, "restauration", e))
		return false;
	if (!stage(dir, part, from, e) || !write_aside(part, aside, e) || !move(part, staged, e)) {
		tree_remove(part, &ignored);
		return false;
	}
	return sauvegarde_finish(dir, e);
}

bool sauvegarde_restore(const char *dir, const char *from, const struct env *env,
			char aside[SAUVEGARDE_PATH], struct err *e)
{
	char stamp[STAMP];
	struct sauvegarde whole;
	bool good;
	int lock;

	if (!exists(from)) {
		fail(e, E_MISSING, "%.200s n'existe pas.", from);
		return hint(e, "Les sauvegardes sont dans %.150s/sauvegardes.", dir);
	}
	if (is_folder(from) ? !sauvegarde_verify(from, &whole, e) : !verify_store(from, e))
		return false;
	if (!is_folder(dir) && !tree_make(dir, e))
		return false;
	stamp_write(env, stamp);
	if (snprintf(aside, SAUVEGARDE_PATH, "%s/sauvegardes/remplace-%s", dir, stamp) >= PATH_ROOM)
		return fail(e, E_INPUT, "Le chemin %.200s est trop long.", dir);
	if (!lock_take(dir, &lock, e))
		return false;
	good = restore_locked(dir, from, aside, e);
	lock_drop(&lock);
	if (good && !exists(aside))
		*aside = '\0';
	return good;
}
