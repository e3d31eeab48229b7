/*
 * Passwords: Argon2id (RFC 9106), 64 MiB and two passes, in its usual text form
 * ("$argon2id$v=19$m=65536,t=2,p=1$..."), which says its own parameters.
 *
 * By libargon2, in memory that its caller keeps.  libsodium maps and unmaps 64 MiB at each
 * call: eight at once hold the kernel's lock of the whole address space, and every thread
 * that asks for memory waits (on a busy machine the event loops spent two thirds of their
 * time there; p99 of a public page went from 5 s to 90 ms).
 *
 * One call takes about a tenth of a second: never on an event loop nor on the common pool;
 * admit/hacheur.h does it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { PASSWORD_TEXT = 128, PASSWORD_BYTES = 1024, PASSWORD_MEMORY = 64 << 20 };

/* Mapped at the first use, kept until it is dropped.  Of one thread at a time. */
struct password_memory {
	void *p;
};
void password_memory_drop(struct password_memory *m);

/* The hash of a password, with a new salt, into out (PASSWORD_TEXT bytes).  E_BUSY when
 * the machine has no memory for it. */
bool password_hash(struct password_memory *m, const char *password, char out[PASSWORD_TEXT],
		   struct err *e);

/* True when it is the password of that hash.  NULL hash (there is no such account): the same
 * work, on a hash that nothing opens, and false. */
bool password_is(struct password_memory *m, const char *hash, const char *password);

/* The hash was made with less than today's parameters: make it again at this login. */
bool password_is_old(const char *hash);
