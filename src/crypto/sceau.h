/*
 * The digests and tags that SMS gateways ask for or sign with: SHA-1, SHA-256, and their
 * HMAC (RFC 2104), as text.  SHA-1 only where a gateway wants it: OVH's signature of a
 * request, Twilio's HMAC of a call.  libcrypto.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum sceau { SCEAU_SHA1, SCEAU_SHA256, SCEAU_HMAC_SHA1, SCEAU_HMAC_SHA256, SCEAUX };

enum { SCEAU_TEXT = 65 };               /* 32 bytes as hexadecimal, and a NUL */

extern const char *const sceaux[];      /* "sha1"... "hmac-sha256", NULL at the end */

/* Of n bytes; key is for the HMAC.  Lower-case hexadecimal, or base64 with its padding. */
void sceau_make(enum sceau kind, const void *key, size_t nkey, const void *p, size_t n,
		bool base64, char out[SCEAU_TEXT]);

/* The text that came is this one; in a time that does not depend on where they differ. */
bool sceau_is(const char *came, const char *right);

/* Base64 with its padding (RFC 4648 4) of n bytes, in `a`. */
const char *sceau_base64(struct arena *a, const void *p, size_t n);
