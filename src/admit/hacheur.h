/*
 * Threads that do nothing but hash, at a low priority.  They hold no lock that others wait
 * for: a thread of low priority that is set aside while it holds one would stop the whole
 * server on a busy machine.  Who asks waits on a semaphore of its own.
 */
#pragma once

#include "crypto/password.h"

struct hacheurs;

bool hacheurs_new(int threads, struct hacheurs **out, struct err *e);
void hacheurs_free(struct hacheurs **h);        /* nobody asks any more; NULL inside is allowed */

/* password_hash and password_is, there.  h NULL: here. */
bool hacheurs_hash(struct hacheurs *h, const char *password, char out[PASSWORD_TEXT],
		   struct err *e);
bool hacheurs_is(struct hacheurs *h, const char *hash, const char *password);
