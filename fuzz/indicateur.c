/* floor: 1400 edges */
/*
 * Any table is imported or refused with a reason; every row of it is counted once; what was
 * imported is the same when it is imported again.  The input is a table; when it begins with
 * 'M', a mapping up to a line "---", then the table.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/territoire.h"
#include "observe/indicateur_import.h"
#include "observe/indicateur_lecture.h"

static const char communes[] =
	"code,nom,departement,region,epci,population,codes_postaux,lat,lon\n"
	"01001,Alpha,01,84,200000001,1000,01000,46.15,4.92\n"
	"01002,Beta,01,84,200000001,3000,01000,46.00,5.42\n"
	"2A004,Ajax,2A,94,200000003,70000,20000,41.92,8.73\n"
	"75056,Paris,75,11,,2000000,75001,48.86,2.35\n";
static const char others[] = "code,nom,commune,departement,region,population,lat,lon\n"
	"75101,Paris 1er,75056,75,11,500000,48.862,2.336\n"
	"75102,Paris 2e,75056,75,11,1500000,48.868,2.344\n";
static const char epci[] = "code,nom,type,population\n200000001,CC A,CC,4000\n200000003,CA,CA,9\n";

static void must(bool good)
{
	if (!good)
		abort();
}

/* A file in memory; its path is good while the descriptor is open. */
static int file_of(const void *p, size_t n, char path[32])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, p, n) == (ssize_t)n);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static char dir[] = "/tmp/fuzz-indicateur-XXXXXX";

static void leave(void)
{
	static const char *const names[] = { "tremplin.db", "tremplin.db-wal", "tremplin.db-shm",
		"serve.lock" };
	char path[64];

	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

static struct store *open_world(void)
{
	char paths[3][32];
	const char *files[] = { paths[0], paths[1], paths[2] };
	struct territoire_report r;
	struct err e = { 0 };
	struct store *s;
	int fds[3];

	must(mkdtemp(dir) != NULL && !atexit(leave));
	must(store_open(dir, STORE_CREATE, &env_system, &s, &e));
	fds[0] = file_of(communes, sizeof communes - 1, paths[0]);
	fds[1] = file_of(others, sizeof others - 1, paths[1]);
	fds[2] = file_of(epci, sizeof epci - 1, paths[2]);
	must(territoire_import(s, files, 3, &r, &e) && !r.refuses);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	return s;
}

static void import_twice(struct store *s, const struct indicateur_import_ask *ask)
{
	struct indicateur_import_totals t;
	struct err e = { 0 };

	if (!indicateur_import(s, ask, &t, &e)) {
		must(e.kind != E_OK && e.msg[0]);
		return;
	}
	must(t.lus == t.acceptes + t.refuses + t.ignores);
	must(indicateur_import(s, ask, &t, &e));
	must(!t.modifies);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct store *s;
	char path[32], mapping[32];
	struct indicateur_import_ask ask = { .path = path, .annee = 0 };
	const uint8_t *cut = n && *p == 'M' ? memmem(p, n, "\n---\n", 5) : NULL;
	int fd, with = -1;

	if (!s)
		s = open_world();
	if (cut) {
		with = file_of(p + 1, (size_t)(cut - p - 1), mapping);
		ask.mapping = mapping;
		n -= (size_t)(cut + 5 - p);
		p = cut + 5;
	}
	if (n && *p == '@') {           /* a table whose year is told */
		ask.annee = 2021;
		p++;
		n--;
	}
	fd = file_of(p, n, path);
	import_twice(s, &ask);
	close(fd);
	if (with >= 0)
		close(with);
	return 0;
}
