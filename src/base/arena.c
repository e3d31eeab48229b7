#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

enum { BLOCK_FIRST = 16 << 10, BLOCK_KEEP = 64 << 10, BLOCK_MOST = 1 << 20, ALIGN = 16 };
enum { PAGE_LARGE = 2 << 20, BLOCK_LARGE = 2 * PAGE_LARGE };

struct arena_block {
	struct arena_block *before;
	size_t size;            /* of `bytes` */
	alignas(16) char bytes[];
};

struct arena arena_new(size_t ceiling)
{
	return (struct arena){ .ceiling = ceiling };
}

void arena_free(struct arena *a)
{
	while (a->last) {
		struct arena_block *b = a->last;

		a->last = b->before;
		free(b);
	}
	*a = arena_new(a->ceiling);
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->last;

	if (!keep || keep->size > BLOCK_KEEP) {
		arena_free(a);
		return;
	}
	a->last = keep->before;
	keep->before = NULL;
	arena_free(a);
	a->last = keep;
	a->p = keep->bytes;
	a->end = keep->bytes + keep->size;
	a->used = keep->size;
}

/*
 * An arena that has come to a megabyte goes on in large pages: the kernel then clears two
 * megabytes at once, where it would take five hundred faults, which cost more than filling them.
 */
static struct arena_block *block_new(size_t size)
{
	size_t all = sizeof(struct arena_block) + size;
	struct arena_block *b;

	if (size < BLOCK_LARGE - sizeof *b)
		return malloc(all);
	b = aligned_alloc(PAGE_LARGE, (all + PAGE_LARGE - 1) & ~(size_t)(PAGE_LARGE - 1));
	if (b)
		madvise(b, all & ~(size_t)(PAGE_LARGE - 1), MADV_HUGEPAGE);     /* a wish */
	return b;
}

static bool grow(struct arena *a, size_t n)
{
	size_t size = a->last ? a->last->size * 2 : BLOCK_FIRST;
	struct arena_block *b;

	if (size > BLOCK_MOST)
		size = a->used < BLOCK_MOST ? BLOCK_MOST : BLOCK_LARGE - sizeof *b;
	if (size < n)
		size = n;
	if (size > a->ceiling - a->used)
		size = n;
	if (n > a->ceiling - a->used || size > SIZE_MAX - sizeof *b)
		return false;
	b = block_new(size);
	if (!b)
		return false;
	b->before = a->last;
	b->size = size;
	a->last = b;
	a->p = b->bytes;
	a->end = b->bytes + size;
	a->used += size;
	return true;
}

/* Memory that is not zeroed; NULL when spent. */
static char *take(struct arena *a, size_t n)
{
	char *p;

	if (n > SIZE_MAX - ALIGN) {
		a->spent = true;
		return NULL;
	}
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if ((size_t)(a->end - a->p) < n && !grow(a, n)) {
		a->spent = true;
		return NULL;
	}
	p = a->p;
	a->p += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	char *p = take(a, n ? n : 1);

	return p ? memset(p, 0, n) : NULL;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all)) {
		a->spent = true;
		return NULL;
	}
	return arena_alloc(a, all);
}

void *arena_room(struct arena *a, size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all)) {
		a->spent = true;
		return NULL;
	}
	return take(a, all ? all : 1);
}

const char *arena_strn(struct arena *a, const char *s, size_t n)
{
	char *p = n < SIZE_MAX ? take(a, n + 1) : NULL;

	if (!p)
		return "";
	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

const char *arena_str(struct arena *a, const char *s)
{
	return arena_strn(a, s, strlen(s));
}

const char *arena_cat(struct arena *a, ...)
{
	size_t n = 0;
	const char *s;
	char *p, *out;
	va_list ap;

	va_start(ap, a);
	while ((s = va_arg(ap, const char *)))
		n += strlen(s);
	va_end(ap);
	p = out = take(a, n + 1);
	if (!p)
		return "";
	va_start(ap, a);
	while ((s = va_arg(ap, const char *)))
		p = stpcpy(p, s);
	va_end(ap);
	*p = '\0';
	return out;
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : take(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p ? p : "";
}

bool arena_refuse(const struct arena *a, struct err *e)
{
	fail(e, E_LIMIT, "This needs more memory than one request may use (%zu KB).",
	     a->ceiling >> 10);
	return hint(e, "Ask for less at once.");
}
