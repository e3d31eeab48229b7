/*
 * What is remembered between two pages of one visitor: a sealed cookie (libsodium
 * secretbox under a key of cles/), so the server keeps nothing and forgets everything
 * when the browser closes or after ten minutes without a page.
 *
 * Values are short texts by key: the answers of "faire le point", the commune.
 * Never a name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"

enum { SESSION_VALUES = 40, SESSION_IDLE_MS = 10 * 60 * 1000, SESSION_BYTES = 2400 };

struct session_value {
	const char *key, *value;
};

struct session {
	char csrf[44];                  /* token of this session, base64url of 32 bytes of HMAC; "" when new and unused */
	struct session_value values[SESSION_VALUES];
	int n;
	bool changed, ended, expired;   /* expired: a cookie came, too old */
};

const char *session_get(const struct session *s, const char *key);      /* NULL when absent */
void session_set(struct session *s, struct arena *a, const char *key, const char *value);
void session_end(struct session *s);    /* forgets everything; the cookie is taken back */
