/* htmlc IN.htm OUT.c OUT.h: compiles one template file (htmlc.h says more). */
#include "htmlc.h"

#include <stdio.h>
#include <string.h>

enum { SOURCE_MOST = 4 << 20, OUT_MOST = 64 << 20 };

static bool read_whole(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "rb");
	char some[8192];
	size_t n;
	bool done;

	if (!f)
		return false;
	while ((n = fread(some, 1, sizeof some, f)) > 0)
		buf_add(b, some, n);
	done = !ferror(f) && !b->full;
	fclose(f);
	return done;
}

static bool write_whole(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "wb");
	bool done;

	if (!f)
		return false;
	done = fwrite(b->p, 1, b->n, f) == b->n;
	return !fclose(f) && done;
}

int main(int argc, char **argv)
{
	CLEANUP(buf_free) struct buf source = buf_new(SOURCE_MOST);
	CLEANUP(buf_free) struct buf c = buf_new(OUT_MOST);
	CLEANUP(buf_free) struct buf h = buf_new(OUT_MOST);
	const char *slash;
	struct err e;

	if (argc != 4) {
		fputs("usage: htmlc IN.htm OUT.c OUT.h\n", stderr);
		return 2;
	}
	if (!read_whole(argv[1], &source)) {
		perror(argv[1]);
		return 1;
	}
	slash = strrchr(argv[3], '/');
	if (!htmlc_compile(argv[1], source.p ? source.p : "", source.n,
			   slash ? slash + 1 : argv[3], &c, &h, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	if (!write_whole(argv[2], &c) || !write_whole(argv[3], &h)) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
