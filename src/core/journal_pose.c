#include "core/journal_pose.h"

#include <stdio.h>
#include <string.h>

#include "core/journal.sql.h"
#include "store/tree.h"

enum { PATH_ROOM = 1024 + TUILE_PATH };

/* Level 0 and the entries, tile by tile, as the rows come. */
struct posing {
	const char *folder;
	uint64_t next;                  /* the leaf that is awaited */
	unsigned n;                     /* in this tile */
	struct merkle_hash h[TUILE];
	unsigned char entries[TUILE_BYTES];
};

/* The narrower tiles that stood at this place. */
static bool remove_partial(const char *folder, int level, uint64_t index, struct err *e)
{
	char path[TUILE_PATH], whole[PATH_ROOM];

	tuile_path(level, index, TUILE, path);
	snprintf(whole, sizeof whole, "%.1000s/%s.p", folder, path);
	return tree_remove(whole, e);
}

static bool put(const char *folder, int level, uint64_t index, unsigned width, const void *p,
		size_t each, struct err *e)
{
	char path[TUILE_PATH];

	tuile_path(level, index, width, path);
	return tuile_put(folder, path, p, width * each, e)
	       && (width < TUILE || remove_partial(folder, level, index, e));
}

static bool put_leaves(struct posing *p, struct err *e)
{
	uint64_t index = (p->next - 1) / TUILE;
	unsigned n = p->n;

	p->n = 0;
	return put(p->folder, TUILE_ENTRIES, index, n, p->entries, TUILE_ENTRY, e)
	       && put(p->folder, 0, index, n, p->h, MERKLE_HASH, e);
}

static bool take(const struct journal_leaves_row *r, void *arg, struct err *e)
{
	struct posing *p = arg;
	unsigned char *entry = p->entries + p->n * TUILE_ENTRY;

	if ((uint64_t)r->numero != p->next || r->engagement.n != MERKLE_HASH)
		return fail(e, E_STORE, "L’acte %llu manque au journal.", (unsigned long long)p->next);
	entry[0] = 0;
	entry[1] = MERKLE_HASH;
	memcpy(entry + 2, r->engagement.p, MERKLE_HASH);
	tuile_entry_hash(r->engagement.p, &p->h[p->n++]);
	p->next++;
	return p->n < TUILE || put_leaves(p, e);
}

static bool pose_leaves(struct db *db, const char *folder, uint64_t from, uint64_t size,
			struct err *e)
{
	struct posing p = { .folder = folder, .next = from / TUILE * TUILE };

	if (!journal_leaves(db, (int64_t)p.next, (int64_t)size, take, &p, e))
		return false;
	if (p.next != size)
		return fail(e, E_STORE, "L’acte %llu manque au journal.", (unsigned long long)p.next);
	return !p.n || put_leaves(&p, e);
}

/* One tile whose hashes are the tops of full tiles of the level below. */
static bool pose_tile(const char *folder, int level, uint64_t index, unsigned width,
		      struct err *e)
{
	struct merkle_hash h[TUILE], below[TUILE];
	char path[TUILE_PATH];

	for (unsigned i = 0; i < width; i++) {
		tuile_path(level - 1, index * TUILE + i, TUILE, path);
		if (!tuile_file(folder, path, below, sizeof below, e))
			return false;
		merkle_fold(below, TUILE, &h[i]);
	}
	return put(folder, level, index, width, h, MERKLE_HASH, e);
}

bool journal_pose(struct db *db, const char *folder, uint64_t from, uint64_t size,
		  struct err *e)
{
	if (from < size && !pose_leaves(db, folder, from, size, e))
		return false;
	for (int level = 1; level < TUILE_LEVELS && size >> (8 * level); level++) {
		uint64_t old = from >> (8 * level), new = size >> (8 * level);

		for (uint64_t i = old / TUILE; old < new && i * TUILE < new; i++) {
			if (!pose_tile(folder, level, i, tuile_width(level, i, size), e))
				return false;
		}
	}
	return true;
}
