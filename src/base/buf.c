#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct buf buf_new(size_t ceiling)
{
	return (struct buf){ .ceiling = ceiling };
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = buf_new(b->ceiling);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
}

bool buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : b->ceiling < 1024 ? b->ceiling : 1024;
	char *p;

	if (n <= b->cap - b->n)
		return !b->full;
	if (b->full || n > b->ceiling - b->n) {
		b->full = true;
		return false;
	}
	while (cap < b->n + n)
		cap = cap > b->ceiling / 2 ? b->ceiling : cap * 2;
	p = realloc(b->p, cap);
	if (!p) {
		b->full = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_int(struct buf *b, int64_t v)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0 && buf_room(b, (size_t)n + 1)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

const char *buf_text(struct buf *b)
{
	if (!b->n || !buf_room(b, 1))
		return "";
	b->p[b->n] = '\0';
	return b->p;
}
