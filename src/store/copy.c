/* A copy of the store while it lives: one snapshot, verified, on disk before it has its name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/inside.h"

bool disk_sync(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	int no = errno;

	if (fd >= 0)
		close(fd);
	if (good)
		return true;
	fail(e, E_STORE, "%.200s n'a pas pu être écrit sur le disque (%s).", path, strerror(no));
	return hint(e, "Vérifiez la place et l'état du disque.");
}

bool disk_sync_parent(const char *path, struct err *e)
{
	char dir[PATH_ROOM * 2];
	char *slash;

	snprintf(dir, sizeof dir, "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		return disk_sync(".", e);
	*(slash == dir ? slash + 1 : slash) = '\0';
	return disk_sync(dir, e);
}

static bool vacuum_into(struct db *db, const char *path, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->c, "VACUUM INTO ?1", -1, &s, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
		sqlite3_step(s);
	}
	rc = sqlite3_finalize(s);
	return rc == SQLITE_OK || db_fail(db, rc, "vacuum into", e);
}

bool file_is_sound(struct store *s, const char *path, struct err *e)
{
	struct db db = { .store = s };
	int rc = sqlite3_open_v2(path, &db.c, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	bool good;

	if (rc != SQLITE_OK)
		db_fail(&db, rc, "open copy", e);
	good = rc == SQLITE_OK && db_is_sound(&db, e);
	sqlite3_close(db.c);
	if (!good && e->kind == E_STORE) {
		fail(e, E_STORE, "La copie %.200s ne se relit pas.", path);
		hint(e, "Refaites-la sur un autre disque, et vérifiez celui-ci.");
	}
	return good;
}

static bool make_copy(struct store *s, const char *part, const char *file, struct err *e)
{
	struct db db;
	bool good;

	if (!db_open(&db, s, false, false, e))
		return false;
	good = db_control(&db, "PRAGMA query_only = OFF", e) && vacuum_into(&db, part, e);
	db_close(&db);
	if (!good || !disk_sync(part, e) || !file_is_sound(s, part, e))
		return false;
	if (rename(part, file))
		return fail(e, E_STORE, "%.200s n'a pas pu être écrit (%s).", file, strerror(errno));
	return disk_sync_parent(file, e);
}

bool store_backup(struct store *s, const char *file, struct err *e)
{
	char part[PATH_ROOM * 2];

	if (access(file, F_OK) == 0) {
		fail(e, E_CONFLICT, "%.200s existe déjà.", file);
		return hint(e, "Donnez un autre nom, ou déplacez ce fichier.");
	}
	if (snprintf(part, sizeof part, "%s.part", file) >= (int)sizeof part)
		return fail(e, E_INPUT, "Le chemin de la copie est trop long.");
	unlink(part);
	if (make_copy(s, part, file, e))
		return true;
	unlink(part);
	return false;
}

bool store_verify(struct store *s, struct err *e)
{
	return file_is_sound(s, s->file, e);
}
