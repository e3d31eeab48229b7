#include "test.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"

enum { TESTS_MOST = 4000 };
static struct CMUnitTest tests[TESTS_MOST];
static size_t ntests;

void test_register(const char *name, const char *file, void (*body)(void **))
{
	(void)file;
	if (ntests == TESTS_MOST)
		abort();
	tests[ntests++] = (struct CMUnitTest){ name, body, NULL, NULL, NULL };
}

static int64_t frozen = 1795341600000;          /* 2026-11-22T10:00:00Z */
static uint64_t seed = 1;

static int64_t test_now(void *at)
{
	(void)at;
	return frozen;
}

static void test_random(void *at, void *p, size_t n)
{
	(void)at;
	for (unsigned char *c = p; n--; c++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		*c = (unsigned char)(seed >> 56);
	}
}

const struct env env_test = { test_now, test_random, NULL };

void test_time_set(const char *iso)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c;

	if (!iso_read(iso, &c))
		abort();
	frozen = zone_instant(&utc, &c);
}

enum { DIRS_MOST = 2000 };
static char dirs[DIRS_MOST][40];
static int ndirs;

static int erase(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st, (void)flag, (void)f;
	return remove(path);
}

static void erase_dirs(void)
{
	while (ndirs)
		nftw(dirs[--ndirs], erase, 8, FTW_DEPTH | FTW_PHYS);
}

const char *test_dir(void)
{
	if (ndirs == DIRS_MOST)
		abort();
	if (!ndirs)
		atexit(erase_dirs);
	strcpy(dirs[ndirs], "/tmp/tremplin-test-XXXXXX");
	if (!mkdtemp(dirs[ndirs]))
		abort();
	return dirs[ndirs++];
}

const char *real_data(const char *name)
{
	static char path[8][512];
	static int turn;
	char *p = path[turn++ % 8];

	snprintf(p, sizeof path[0], "../shared/data/%s", name);
	return access(p, R_OK) ? NULL : p;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		size_t kept = 0;

		for (size_t i = 0; i < ntests; i++) {
			if (strstr(tests[i].name, argv[1]))
				tests[kept++] = tests[i];
		}
		ntests = kept;
	}
	return _cmocka_run_group_tests("tremplin", tests, ntests, NULL, NULL) != 0;
}
