#include "tests/test.h"

#include "core/journal_tuile.h"

TEST("tiles have the paths of the specification, and only those are read")
{
	static const struct {
		const char *path;
		int level;
		uint64_t index;
		unsigned width;
	} right[] = {
		{ "tile/0/000", 0, 0, 256 }, { "tile/0/x001/x234/067", 0, 1234067, 256 },
		{ "tile/3/x001/000.p/255", 3, 1000, 255 }, { "tile/entries/999.p/1", TUILE_ENTRIES, 999, 1 },
		{ "tile/0/x999/x999/x999/999", 0, 999999999999, 256 },
	};
	static const char *const wrong[] = {
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/00", "tile/0/0000", "tile/0/x000/001", "tile/0/001/002",
		"tile/0/x001", "tile/00/000", "tile/8/000", "tile/-1/000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0",
		"tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/1/2", "tile/0/000/", "/tile/0/000", "tile/0/../000",
		"tile/entries/", "tile/entries/x1/000", "tile/0/000.p/1x", "tile/data/000", NULL };
	char path[TUILE_PATH];
	uint64_t index;
	unsigned width;
	int level;

	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		tuile_path(right[i].level, right[i].index, right[i].width, path);
		same(path, right[i].path);
		holds(tuile_path_read(path, &level, &index, &width));
		equals(level, right[i].level);
		equals(index, right[i].index);
		equals(width, right[i].width);
	}
	for (int i = 0; wrong[i]; i++) {
		if (tuile_path_read(wrong[i], &level, &index, &width))
			fail_msg("%s is read", wrong[i]);
	}
}

/* "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile
 * of width 112, one full level 1 tile, one partial level 1 tile of width 17, and one partial
 * level 2 tile of width 1" (C2SP tlog-tiles) */
TEST("a tree of 70,000 has the tiles of the specification's example")
{
	equals(tuile_width(0, 272, 70000), 256);
	equals(tuile_width(0, 273, 70000), 112);
	equals(tuile_width(0, 274, 70000), 0);
	equals(tuile_width(1, 0, 70000), 256);
	equals(tuile_width(1, 1, 70000), 17);
	equals(tuile_width(1, 2, 70000), 0);
	equals(tuile_width(2, 0, 70000), 1);
	equals(tuile_width(3, 0, 70000), 0);
	/* and one of 256: a full tile, and a partial one above */
	equals(tuile_width(0, 0, 256), 256);
	equals(tuile_width(0, 1, 256), 0);
	equals(tuile_width(1, 0, 256), 1);
	equals(tuile_width(TUILE_ENTRIES, 0, 256), 256);
}
