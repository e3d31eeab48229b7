/* The public keys that somebody else publishes: a JWK Set (RFC 7517). */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "crypto/jose.h"

/*
 * Those of the set that can verify signatures of `alg` and are meant for it, at most
 * JOSE_KEYS_MOST, in `a`.  E_INPUT: it is no JSON object.  None is no error.
 */
bool jwks_read(struct arena *a, const char *text, size_t n, enum jose_alg alg,
	       struct jose_key **out, size_t *nkeys, struct err *e);
