#include "web/asset.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "crypto/sha256.h"
#include "web/gzip.h"

enum { ASSETS = 64, URL_ROOM = 96, VERSION = 16 };

/* Made at the first use, never changed after: templates have no other way to reach it. */
static struct asset table[ASSETS];
static char urls[ASSETS][URL_ROOM];
static struct buf packed[ASSETS];
static int count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *type_of(const char *name)
{
	static const struct { const char *end, *type; } types[] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/vnd.microsoft.icon" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".webmanifest", "application/manifest+json" },
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++) {
		if (!strcmp(dot, types[i].end))
			return types[i].type;
	}
	return "application/octet-stream";
}

static void add(const struct embedded_file *f, const char *name)
{
	struct asset *a = &table[count];
	struct gzip *g = NULL;
	char hash[SHA256_HEX];

	a->name = name;
	a->type = type_of(name);
	a->p = f->p;
	a->n = (size_t)(f->end - f->p);
	sha256_hex(a->p, a->n, hash);
	snprintf(urls[count], URL_ROOM, "/assets/%.60s?v=%.*s", name, VERSION, hash);
	a->url = urls[count];
	packed[count] = buf_new(4 << 20);
	if (gzip_pack(&g, 9, a->p, a->n, &packed[count]) && packed[count].n < a->n) {
		a->gz = packed[count].p;
		a->gz_n = packed[count].n;
	}
	gzip_free(&g);
	count++;
}

static void make(void)
{
	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		if (!strncmp(f->name, "assets/", 7) && count < ASSETS)
			add(f, f->name + 7);
	}
}

static const struct asset *find(const char *name)
{
	pthread_once(&once, make);
	for (int i = 0; i < count; i++) {
		if (!strcmp(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

const char *asset_url(const char *name)
{
	const struct asset *a = find(name);

	return a ? a->url : "/assets/";
}

const struct asset *asset_find(const char *path)
{
	if (!strncmp(path, "/assets/", 8))
		return find(path + 8);
	if (!strncmp(path, "/favicon.", 9) || !strcmp(path, "/robots.txt"))
		return find(path + 1);
	return NULL;
}

bool asset_is_current(const struct asset *a, struct slice query)
{
	return slice_is(query, strchr(a->url, '?') + 1);
}
