/*
 * What a program may not know by itself: the time and chance.  Passed in, so that a test
 * freezes them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct env {
	int64_t (*now)(void *at);                       /* milliseconds since 1970, UTC */
	void (*random)(void *at, void *p, size_t n);    /* n unpredictable bytes */
	void *at;
};

/* The real clock and the system's generator; lives for ever. */
extern const struct env env_system;

static inline int64_t env_now(const struct env *v)
{
	return v->now(v->at);
}

static inline void env_random(const struct env *v, void *p, size_t n)
{
	v->random(v->at, p, n);
}

enum { UUID_TEXT = 37 };

/* A new UUIDv7 (RFC 9562): sorts by time of birth.  `out` has room for UUID_TEXT bytes. */
void uuid_new(const struct env *v, char out[UUID_TEXT]);
