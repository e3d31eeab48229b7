/*
 * What is remembered between two pages of one visitor: a sealed cookie (libsodium
 * secretbox under a key of cles/), so the server keeps nothing and forgets everything
 * when the browser closes or after ten minutes without a page.
 *
 * Values are short texts by key: the answers of "faire le point", the commune.
 * Never a name.
 *
 * Keys that begin with a dot belong to admit/, which says itself how long they hold (the
 * token of an agent's session): they outlast the ten minutes, with the language, and all
 * else is forgotten.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "crypto/box.h"

enum {
	SESSION_VALUES = 40,
	SESSION_IDLE_MS = 10 * 60 * 1000,
	SESSION_LONG_MS = 12 * 60 * 60 * 1000,
	SESSION_BYTES = 2400,           /* of all keys and values, a NUL after each */
	SESSION_ID = 16,
	SESSION_COOKIE = BASE64_ROOM(1 + SESSION_ID + 8 + SESSION_BYTES + BOX_OVERHEAD),
};

struct session_value {
	const char *key, *value;
};

struct session {
	/* Token of this session: base64url of the HMAC of its id.  Always filled; once it is
	 * in a page, the cookie is set. */
	char csrf[BOX_TAG_TEXT];
	struct session_value values[SESSION_VALUES];
	int n;
	bool changed, ended, expired;   /* expired: a cookie came, too old */
	bool known;                     /* a valid cookie came */
	int64_t sealed_at;              /* when it was; milliseconds */
	unsigned char id[SESSION_ID];
	const struct session *next;     /* an id in advance, for session_renew; may be NULL */
};

const char *session_get(const struct session *s, const char *key);      /* NULL when absent */
/* A NULL value forgets the key.  What passes SESSION_VALUES or SESSION_BYTES is not kept. */
void session_set(struct session *s, struct arena *a, const char *key, const char *value);
void session_end(struct session *s);    /* forgets everything; the cookie is taken back */

/* Another id and another token from here on: who knew the old ones knows nothing more.  To
 * be called whenever somebody may do more than before. */
void session_renew(struct session *s);

/* --- for the router ------------------------------------------------------------------ */

/* A session of nobody yet, with an id and its token. */
void session_new(struct session *s, const struct box *box, const struct env *env);

/*
 * Opens the value of a cookie.  false when there is nothing to remember: no cookie (n 0),
 * not ours, altered, or too old (then s->expired); s is otherwise left as it was.
 * Values live in a.
 */
bool session_open(struct session *s, const struct box *box, const struct env *env,
		  struct arena *a, const char *cookie, size_t n);

/* The value of the cookie, sealed now.  `out` has room for SESSION_COOKIE bytes. */
void session_seal(const struct session *s, const struct box *box, const struct env *env,
		  char out[SESSION_COOKIE]);

/* True when the token that a form gave is the one of this session. */
bool session_token_is(const struct session *s, const char *token);
