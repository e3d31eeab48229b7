/* The tiles of the folder, byte for byte against those that the leaves give. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/journal_verif_inside.h"

enum { PATH_ROOM = 1024 + TUILE_PATH };

static void bad_tile(struct verif *k, const char *path)
{
	verif_fault(k, "La tuile %.80s manque, ou a changé.", path);
}

static bool holds(struct verif *k, const char *path, const void *p, size_t n)
{
	unsigned char file[TUILE_BYTES];
	struct err ignored = { 0 };

	return tuile_file(k->v->folder, path, file, n, &ignored) && !memcmp(file, p, n);
}

/* The narrower tiles that older heads needed: each is the beginning of this one. */
static void check_partial(struct verif *k, int level, uint64_t index, unsigned width,
			  const void *p, size_t each)
{
	char path[TUILE_PATH], whole[PATH_ROOM];
	struct dirent *f;
	DIR *d;

	tuile_path(level, index, TUILE, path);
	snprintf(whole, sizeof whole, "%.1000s/%s.p", k->v->folder, path);
	d = opendir(whole);
	while (d && (f = readdir(d))) {
		unsigned n = (unsigned)strtoul(f->d_name, NULL, 10);

		/* beyond: of a head that was signed meanwhile; with a point: a draft,
			left by a kill */
		if (strchr(f->d_name, '.') || n > width)
			continue;
		tuile_path(level, index, n ? n : 1, path);
		if (!n || !holds(k, path, p, n * each))
			bad_tile(k, path);
	}
	if (d)
		closedir(d);
}

static void check_tile(struct verif *k, int level, uint64_t index, unsigned width, const void *p,
		       size_t each)
{
	char path[TUILE_PATH], full[TUILE_PATH];
	unsigned char file[TUILE_BYTES];
	struct err ignored = { 0 };

	tuile_path(level, index, width, path);
	tuile_path(level, index, TUILE, full);
	k->v->tuiles++;
	/* a partial one gives way to the full one, of a head that was signed meanwhile */
	if (!holds(k, path, p, width * each)
	    && (width == TUILE || !tuile_file(k->v->folder, full, file, TUILE * each, &ignored)
		|| memcmp(file, p, width * each)))
		bad_tile(k, path);
	check_partial(k, level, index, width, p, each);
}

static void add(struct verif *k, int level, const struct merkle_hash *h)
{
	struct merkle_hash top;

	if (level == TUILE_LEVELS)
		return;
	k->rows[level].h[k->rows[level].n++] = *h;
	if (k->rows[level].n < TUILE)
		return;
	check_tile(k, level, k->rows[level].index++, TUILE, k->rows[level].h, MERKLE_HASH);
	k->rows[level].n = 0;
	merkle_fold(k->rows[level].h, TUILE, &top);
	add(k, level + 1, &top);
}

void verif_tile_add(struct verif *k, const unsigned char *entry, const struct merkle_hash *leaf)
{
	unsigned at = k->rows[0].n;
	unsigned char *p = k->entries + at * TUILE_ENTRY;

	if (!k->v->folder)
		return;
	p[0] = 0;
	p[1] = MERKLE_HASH;
	memcpy(p + 2, entry, MERKLE_HASH);
	if (at + 1 == TUILE)
		check_tile(k, TUILE_ENTRIES, k->rows[0].index, TUILE, k->entries, TUILE_ENTRY);
	add(k, 0, leaf);
}

void verif_tile_end(struct verif *k)
{
	if (k->rows[0].n)
		check_tile(k, TUILE_ENTRIES, k->rows[0].index, k->rows[0].n, k->entries,
			TUILE_ENTRY);
	for (int level = 0; level < TUILE_LEVELS; level++) {
		if (k->rows[level].n)
			check_tile(k, level, k->rows[level].index, k->rows[level].n,
				k->rows[level].h,
				   MERKLE_HASH);
	}
}
