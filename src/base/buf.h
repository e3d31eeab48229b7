/*
 * A growing byte buffer with a ceiling: pages, exports, files read whole.
 * Past the ceiling it stops growing, drops what comes, and `full` stays true; whoever
 * sends the content looks at `full` once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *p;                /* owned; not NUL-terminated: buf_text */
	size_t n, cap, ceiling;
	bool full;
};

struct buf buf_new(size_t ceiling);
void buf_free(struct buf *b);
void buf_clear(struct buf *b);          /* n = 0, keeps the memory, forgets `full` */

/* Makes room for n more bytes; false when that passes the ceiling. */
bool buf_room(struct buf *b, size_t n);

static inline void buf_add(struct buf *b, const char *p, size_t n)
{
	if ((b->cap - b->n >= n || buf_room(b, n)) && n) {
		memcpy(b->p + b->n, p, n);
		b->n += n;
	}
}

static inline void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The content as a C string, owned by the buffer; "" when there is none. */
const char *buf_text(struct buf *b);
