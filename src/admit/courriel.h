/* A mail address as people type it. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/*
 * In small letters, without spaces around; lives in a.  NULL with E_INPUT when it is none:
 * a line break, a space, no @, no dot after it, more than 254 bytes, signs that no address
 * has.  A name before it ("Amina <a@b.fr>") is refused too: the hint says what to write.
 */
const char *courriel_read(struct arena *a, const char *typed, struct err *e);
