/* Messages that a trial wrote as files: they go with the name of who they were for. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "store/envoi.h"
#include "store/envoi.sql.h"
#include "store/inside.h"

enum { MEMORY = 64 << 10 };

static void folder_close(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* "ID.sms" or "ID.eml"; false for any other file. */
static bool id_of(const char *name, char id[UUID_TEXT])
{
	const size_t n = UUID_TEXT - 1;

	if (strlen(name) != n + 4 || (strcmp(name + n, ".sms") && strcmp(name + n, ".eml")))
		return false;
	memcpy(id, name, n);
	id[n] = '\0';
	return true;
}

static bool look_at(struct db *db, int folder, const char *name, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct envoi_known_row row;
	char id[UUID_TEXT];
	bool found;

	if (!id_of(name, id))
		return true;
	if (!envoi_known(db, &a, id, &row, &found, e))
		return false;
	if (found || !unlinkat(folder, name, 0) || errno == ENOENT)
		return true;
	return fail(e, E_STORE, "Le message %.60s ne peut pas être supprimé (%s).", name,
		    strerror(errno));
}

bool envoi_depot_forget(struct store *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(folder_close) DIR *d = NULL;
	char path[PATH_ROOM + 16];
	const struct dirent *one;

	snprintf(path, sizeof path, "%s/messages", store_dir(s));
	d = opendir(path);
	if (!d)                         /* no trial was made */
		return true;
	if (!db_acquire(s, &db, e))
		return false;
	while ((one = readdir(d))) {
		if (!look_at(db, dirfd(d), one->d_name, e))
			return false;
	}
	return true;
}
