#include "core/effacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "core/journal_tete.h"

enum { PATH_ROOM = 1024 + 32, KEY_MOST = 100, LINE_ROOM = 256, EXPORT_MOST = 32 << 20,
	TRIES = 40, PAUSE_NS = 25 * 1000 * 1000 };

static void list_path(const struct store *s, char out[PATH_ROOM])
{
	snprintf(out, PATH_ROOM, "%.1000s/journal/effacements", store_dir(s));
}

static bool unwritten(const char *path, struct err *e)
{
	fail(e, E_STORE, "%.200s ne peut pas être écrit (%s).", path, strerror(errno));
	return hint(e, "Rien n’a été effacé. Vérifiez la place sur le disque.");
}

/* On disk before anything is erased: one line, on a line of its own. */
bool effacement_note(struct store *s, const char *sorte, const char *cle, struct err *e)
{
	char path[PATH_ROOM], line[LINE_ROOM], le[ISO_TEXT], last = '\n';
	struct stat st;
	int fd, n;
	bool good;

	if (!store_folder(s, "journal", e))
		return false;
	list_path(s, path);
	iso_write(env_now(store_env(s)), le);
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return unwritten(path, e);
	/* a line that a full disk cut stays alone */
	if (!fstat(fd, &st) && st.st_size && pread(fd, &last, 1, st.st_size - 1) != 1)
		last = '\n';
	n = snprintf(line, sizeof line, "%s%s %.20s %.100s\n", last == '\n' ? "" : "\n", le, sorte, cle);
	good = write(fd, line, (size_t)n) == n && !fsync(fd);
	if (!good)
		unwritten(path, e);
	close(fd);
	return good;
}

struct running {
	effaceurs all;
	const char *sorte;
	struct effacer x;
};

static bool erase(struct tx *tx, void *arg, struct err *e)
{
	struct running *k = arg;

	k->x.tx = tx;
	for (effaceurs t = k->all; *t; t++) {
		for (const struct effaceur *f = *t; f->sorte; f++) {
			if (!strcmp(f->sorte, k->sorte) && f->efface && !f->efface(&k->x, e))
				return false;
		}
	}
	return true;
}

/* Who reads just now ends soon: some tries, then the next checkpoint does it. */
static void sweep(struct store *s)
{
	struct err ignored = { 0 };

	for (int i = 0; i < TRIES && !store_sweep(s, &ignored); i++)
		nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
}

bool effacement_run(struct store *s, effaceurs all, const char *sorte, const char *cle,
		    const char *par, struct err *e)
{
	struct running k = { all, sorte, { .env = store_env(s), .cle = cle, .par = par } };

	if (!*cle || strlen(cle) > KEY_MOST || strpbrk(cle, " \n\r\t"))
		return fail(e, E_INPUT, "Ce n’est pas l’identifiant de quelqu’un.");
	if (!effacement_note(s, sorte, cle, e) || !store_write(s, erase, &k, e))
		return false;
	sweep(s);
	return true;
}

bool effacement_export(struct db *db, const struct env *env, effaceurs all, const char *sorte,
		       const char *cle, struct buf *b, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(EXPORT_MOST);
	struct json_out j = { b, false };
	char le[ISO_TEXT];

	iso_write(env_now(env), le);
	json_open_object(&j, NULL);
	json_put_text(&j, sorte, cle);
	json_put_text(&j, "le", le);
	for (effaceurs t = all; *t; t++) {
		for (const struct effaceur *f = *t; f->sorte; f++) {
			if (strcmp(f->sorte, sorte) || !f->donne)
				continue;
			json_open_object(&j, f->nom);
			if (!f->donne(db, &a, cle, &j, e))
				return false;
			json_close_object(&j);
		}
	}
	json_close_object(&j);
	buf_char(b, '\n');
	return !b->full || fail(e, E_LIMIT, "Il y a trop à exporter en une fois.");
}

/* --- again, after a restore ------------------------------------------------------------------ */

/* "2026-11-22T10:00:00Z usager ID": other lines are left alone. */
static bool read_line(char *line, const char **sorte, const char **cle)
{
	char *one = strchr(line, ' '), *two = one ? strchr(one + 1, ' ') : NULL;

	line[strcspn(line, "\n")] = '\0';
	if (!two || two[1] == '\0' || strlen(two + 1) > KEY_MOST)
		return false;
	*two = '\0';
	*sorte = one + 1;
	*cle = two + 1;
	return true;
}

bool effacement_replay(struct store *s, effaceurs all, struct err *e)
{
	struct running k = { .all = all, .x = { .env = store_env(s), .encore = true } };
	char path[PATH_ROOM], line[LINE_ROOM];
	bool good = true;
	FILE *f;

	list_path(s, path);
	f = fopen(path, "re");
	if (!f)
		return errno == ENOENT
		       || fail(e, E_STORE, "%.200s ne peut pas être lu (%s).", path, strerror(errno));
	while (good && fgets(line, sizeof line, f)) {
		if (read_line(line, &k.sorte, &k.x.cle))
			good = store_write(s, erase, &k, e);
	}
	fclose(f);
	if (good)
		sweep(s);
	return good;
}

bool effacement_resume(struct store *s, effaceurs all, struct err *e)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof path, "%.1000s/journal/quitte", store_dir(s));
	if (access(path, F_OK))
		return true;
	return effacement_replay(s, all, e) && journal_resume(s, e);
}
