/*
 * Passwords: Argon2id (RFC 9106) by libsodium, 64 MiB and two passes, in its usual text
 * form ("$argon2id$v=19$m=65536,t=2,p=1$..."), which says its own parameters.
 *
 * One call takes about a tenth of a second and 64 MiB: never on an event loop nor on the
 * common pool; admit/password_queue.h bounds how many run at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { PASSWORD_TEXT = 128, PASSWORD_BYTES = 1024, PASSWORD_MEMORY = 64 << 20 };

/* The hash of a password, with a new salt, into out (PASSWORD_TEXT bytes).  E_LIMIT when
 * the machine has no memory for it. */
bool password_hash(const char *password, char out[PASSWORD_TEXT], struct err *e);

/* True when it is the password of that hash.  NULL hash (there is no such account): the same
 * work, on a hash that nothing opens, and false. */
bool password_is(const char *hash, const char *password);

/* The hash was made with less than today's parameters: make it again at this login. */
bool password_is_old(const char *hash);
