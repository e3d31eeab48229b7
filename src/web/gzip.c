#include "web/gzip.h"

#include <stdlib.h>
#include <zlib.h>

/* 16 KB of window hold a page; less memory to clear for each one (bench/RESULTS.md). */
enum { WINDOW = 14, WRAP_GZIP = 16, MEMORY = 7 };

struct gzip {
	z_stream z;
	int level;
};

static bool gzip_ready(struct gzip **g, int level)
{
	if (!*g) {
		*g = calloc(1, sizeof **g);
		if (!*g)
			return false;
		(*g)->level = level;
		if (deflateInit2(&(*g)->z, level, Z_DEFLATED, WINDOW + WRAP_GZIP, MEMORY,
				 Z_DEFAULT_STRATEGY) == Z_OK)
			return true;
		free(*g);
		*g = NULL;
		return false;
	}
	if (deflateReset(&(*g)->z) != Z_OK)
		return false;
	if (level == (*g)->level)
		return true;
	(*g)->level = level;
	return deflateParams(&(*g)->z, level, Z_DEFAULT_STRATEGY) == Z_OK;
}

bool gzip_pack(struct gzip **g, int level, const char *p, size_t n, struct buf *out)
{
	z_stream *z;

	buf_clear(out);
	if (n > UINT32_MAX / 2 || !gzip_ready(g, level))
		return false;
	z = &(*g)->z;
	if (!buf_room(out, deflateBound(z, n)))
		return false;
	z->next_in = (Bytef *)(uintptr_t)p;
	z->avail_in = (uInt)n;
	z->next_out = (Bytef *)out->p;
	z->avail_out = (uInt)(out->cap < UINT32_MAX / 2 ? out->cap : UINT32_MAX / 2);
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return false;
	out->n = z->total_out;
	return true;
}

void gzip_free(struct gzip **g)
{
	if (*g)
		deflateEnd(&(*g)->z);
	free(*g);
	*g = NULL;
}
