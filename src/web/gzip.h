/* Compression of answers, by zlib; one `struct gzip` for one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct gzip;

/* Compresses n bytes into out (emptied first) at `level` 1 to 9; makes *g at the first
 * call.  false without memory, or when the ceiling of out is passed. */
bool gzip_pack(struct gzip **g, int level, const char *p, size_t n, struct buf *out);
void gzip_free(struct gzip **g);
