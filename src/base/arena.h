/*
 * An arena: memory that dies at once, with the request, the import or the index it
 * belongs to.  It has a ceiling; past it an allocation gives NULL, the arena is "spent",
 * and the request ends with E_LIMIT while the server goes on.
 *
 * `struct arena *a` in a signature means: the result lives as long as `a`.
 * Not for several threads at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct err;

struct arena {
	struct arena_block *last;
	char *p, *end;          /* free part of the last block */
	size_t used, ceiling;   /* bytes given by the system, and how many at most */
	bool spent;             /* an allocation was refused */
};

/* Starts an arena that may hold `ceiling` bytes; takes no memory yet. */
struct arena arena_new(size_t ceiling);

/* Gives everything back. */
void arena_free(struct arena *a);

/* Forgets everything but keeps the newest block (at most 64 KB) for the next request. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned to 16; NULL when the arena is spent.  n may be 0. */
void *arena_alloc(struct arena *a, size_t n);

/* Zeroed array; NULL when spent or when n * size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* Array that is not zeroed, for who writes all of it at once; NULL as above. */
void *arena_room(struct arena *a, size_t n, size_t size);

/* Copies of text, NUL-terminated; "" when the arena is spent, never NULL. */
const char *arena_str(struct arena *a, const char *s);
const char *arena_strn(struct arena *a, const char *s, size_t n);
/* The texts one after the other, up to a NULL: arena_cat(a, "tel:", number, NULL). */
const char *arena_cat(struct arena *a, ...) __attribute__((sentinel));
const char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Fills `e` with E_LIMIT and returns false: `return arena_refuse(a, e)` after a NULL. */
bool arena_refuse(const struct arena *a, struct err *e);

/* One zeroed T from arena a. */
#define NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define NEW_ARRAY(a, n, T) ((T *)arena_array((a), (n), sizeof(T)))
#define NEW_ROOM(a, n, T) ((T *)arena_room((a), (n), sizeof(T)))
