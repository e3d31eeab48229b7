#include "core/journal_tuile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 1024 + TUILE_PATH };

void tuile_path(int level, uint64_t index, unsigned width, char out[TUILE_PATH])
{
	unsigned parts[7], n = 0;
	size_t at;

	at = (size_t)(level < 0 ? snprintf(out, TUILE_PATH, "tile/entries") :
		      snprintf(out, TUILE_PATH, "tile/%d", level));
	do {
		parts[n++] = (unsigned)(index % 1000);
		index /= 1000;
	} while (index && n < 7);
	while (n--)
		at += (size_t)snprintf(out + at, TUILE_PATH - at, "/%s%03u", n ? "x" : "", parts[n]);
	if (width != TUILE)
		snprintf(out + at, TUILE_PATH - at, ".p/%u", width);
}

/* A number without sign or zero in front, below `most`. */
static const char *number(const char *p, uint64_t most, uint64_t *out)
{
	const char *from = p;

	for (*out = 0; *p >= '0' && *p <= '9' && *out <= most; p++)
		*out = *out * 10 + (uint64_t)(*p - '0');
	return p == from || *out > most || (*from == '0' && p != from + 1) ? NULL : p;
}

/* Reads what may be one, then says whether writing it gives the same. */
bool tuile_path_read(const char *path, int *level, uint64_t *index, unsigned *width)
{
	static const char entries[] = "tile/entries/";
	char again[TUILE_PATH];
	const char *p = path;
	uint64_t n = 0;

	if (!strncmp(p, entries, sizeof entries - 1)) {
		*level = TUILE_ENTRIES;
		p += sizeof entries - 2;
	} else {
		p = strncmp(p, "tile/", 5) ? NULL : number(p + 5, TUILE_LEVELS - 1, &n);
		*level = (int)n;
	}
	*index = 0;
	*width = TUILE;
	for (int parts = 0; p && *p == '/' && parts < 6; parts++) {
		p += 1 + (p[1] == 'x');
		if (strspn(p, "0123456789") < 3)
			return false;
		*index = *index * 1000
			+ (uint64_t)((p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0');
		p += 3;
	}
	if (p && !strncmp(p, ".p/", 3)) {
		p = number(p + 3, TUILE - 1, &n);
		*width = (unsigned)n;
	}
	if (!p || *p || !*width)
		return false;
	tuile_path(*level, *index, *width, again);
	return !strcmp(again, path);
}

unsigned tuile_width(int level, uint64_t index, uint64_t size)
{
	uint64_t n = level > 0 ? size >> (8 * level) : size, from = index * TUILE;

	return n <= from ? 0 : n - from < TUILE ? (unsigned)(n - from) : TUILE;
}

void tuile_entry_hash(const unsigned char entry[MERKLE_HASH], struct merkle_hash *out)
{
	merkle_leaf(entry, MERKLE_HASH, out);
}

/* --- files ------------------------------------------------------------------------------ */

static bool join(char out[PATH_ROOM], const char *folder, const char *path, struct err *e)
{
	return snprintf(out, PATH_ROOM, "%s/%s", folder, path) < PATH_ROOM
	       || fail(e, E_INPUT, "Le chemin %.200s est trop long.", folder);
}

bool tuile_file(const char *folder, const char *path, void *out, size_t n, struct err *e)
{
	char whole[PATH_ROOM], more;
	bool good;
	int fd;

	if (!join(whole, folder, path, e))
		return false;
	fd = open(whole, O_RDONLY | O_CLOEXEC);
	good = fd >= 0 && read(fd, out, n) == (ssize_t)n && read(fd, &more, 1) == 0;
	if (fd >= 0)
		close(fd);
	return good || fail(e, E_MISSING, "%.200s n’est pas là, ou n’a pas sa taille.", path);
}

static bool refuse(const char *path, struct err *e)
{
	fail(e, E_STORE, "%.200s ne peut pas être écrit (%s).", path, strerror(errno));
	return hint(e, "Vérifiez la place sur le disque et les droits du dossier de données.");
}

static bool make_folders(char *whole, size_t from, struct err *e)
{
	for (char *p = whole + from; (p = strchr(p, '/')); p++) {
		bool made;

		*p = '\0';
		made = !mkdir(whole, 0700) || errno == EEXIST;
		if (!made)
			refuse(whole, e);
		*p = '/';
		if (!made)
			return false;
	}
	return true;
}

bool tuile_put(const char *folder, const char *path, const void *p, size_t n, struct err *e)
{
	char whole[PATH_ROOM], draft[PATH_ROOM + 16];
	bool good;
	int fd;

	if (!join(whole, folder, path, e) || !make_folders(whole, strlen(folder) + 1, e))
		return false;
	snprintf(draft, sizeof draft, "%s.part", whole);        /* who signs holds a lock */
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(whole, e);
	good = write(fd, p, n) == (ssize_t)n && !fdatasync(fd);
	good = !close(fd) && good && !rename(draft, whole);
	if (!good) {
		refuse(whole, e);
		unlink(draft);
	}
	return good;
}

/* --- nodes ------------------------------------------------------------------------------- */

struct tuiles *tuiles_new(const char *folder, uint64_t size)
{
	struct tuiles *t = calloc(1, sizeof *t);

	if (t) {
		t->folder = folder;
		t->size = size;
	}
	return t;
}

void tuiles_free(struct tuiles **t)
{
	free(*t);
	*t = NULL;
}

/* The tile into t->kept[level].  A full one may stand for what was partial in this tree. */
static bool load(struct tuiles *t, int level, uint64_t index, struct err *e)
{
	unsigned width = tuile_width(level, index, t->size);
	char path[TUILE_PATH];

	if (t->kept[level].there && t->kept[level].index == index)
		return true;
	t->kept[level].there = false;
	tuile_path(level, index, width, path);
	if (!width || !tuile_file(t->folder, path, t->kept[level].h, width * MERKLE_HASH, e)) {
		tuile_path(level, index, TUILE, path);
		if (!width || width == TUILE
		    || !tuile_file(t->folder, path, t->kept[level].h, TUILE * MERKLE_HASH, e))
			return fail(e, E_MISSING, "Une tuile du journal manque : %.80s.", path);
	}
	t->kept[level].there = true;
	t->kept[level].index = index;
	t->kept[level].width = width;
	return true;
}

bool tuiles_node(void *tuiles, unsigned level, uint64_t index, struct merkle_hash *out,
		 struct err *e)
{
	struct tuiles *t = tuiles;
	unsigned low = level % 8, at;
	int row = (int)(level / 8);

	if (row >= TUILE_LEVELS)
		return fail(e, E_LIMIT, "Un journal de cette taille ne tient pas dans ses tuiles.");
	if (!load(t, row, index << low >> 8, e))
		return false;
	at = (unsigned)(index << low & (TUILE - 1));
	if (at + (1u << low) > t->kept[row].width)
		return fail(e, E_MISSING, "Une tuile du journal est plus courte que l’arbre.");
	merkle_fold(t->kept[row].h + at, (size_t)1 << low, out);
	return true;
}
