/*
 * Signed tokens of OpenID providers (JWS compact form, RFC 7515), verified by libcjose.
 *
 * Tokens, keys and what is signed go in and out as text: nobody else sees a cjose type.
 * The algorithm is the one that was agreed with the provider, never the one that the
 * token asks for; a key serves only the algorithm of its type (RSA: RS256; P-256: ES256),
 * so neither "none" nor an HMAC keyed with a public key can pass.  Keys or addresses of keys
 * that a token carries (jwk, jku, x5u, x5c) are not looked at; a token that says some header
 * must be understood (crit) is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	JOSE_TOKEN_MOST = 16 << 10,     /* characters of a token */
	JOSE_KEYS_MOST = 32,            /* keys of a provider that are kept */
	JOSE_RSA_LEAST = 2048,          /* bits */
	JOSE_SECRET_LEAST = 32,         /* bytes of the secret of HS256 (RFC 7518, 3.2) */
};

enum jose_alg { JOSE_NO_ALG, JOSE_RS256, JOSE_ES256, JOSE_HS256 };

/* "RS256", "ES256", "HS256" exactly; JOSE_NO_ALG for any other, "none" among them. */
enum jose_alg jose_alg_named(const char *name);
const char *jose_alg_name(enum jose_alg alg);

/*
 * A public key of the provider: the members of a JWK (RFC 7517, 7518), in base64url as they
 * came.  The library that would read the JSON aborts on a number that is not well written.
 */
struct jose_key {
	const char *kid;                /* its name; NULL when it has none */
	const char *kty;                /* "RSA" or "EC" */
	const char *n, *e;              /* of RSA */
	const char *crv, *x, *y;        /* of EC: "P-256" */
};

/*
 * Verifies a token with one of those keys; what was signed is put in *payload, in `a`,
 * NUL-terminated, any bytes.
 * E_INPUT: no token at all.  E_MISSING: no key has the name that the token says (the keys
 * may have changed: fetch them again, once).  E_DENIED: another algorithm than `alg`, a
 * header that we do not take, or a signature that is not right.
 * `alg` is JOSE_RS256 or JOSE_ES256.
 */
bool jose_verify(struct arena *a, const char *token, enum jose_alg alg,
		 const struct jose_key *keys, size_t nkeys, const char **payload, size_t *n,
		 struct err *e);

/* The same with HS256 and a secret of at least JOSE_SECRET_LEAST bytes, only for a
 * provider that was registered so. */
bool jose_verify_secret(struct arena *a, const char *token, const void *secret, size_t size,
			const char **payload, size_t *n, struct err *e);

/* True when that public key can verify signatures of `alg`: whole, strong enough, on its
 * curve.  Members that it lacks may be NULL. */
bool jose_key_serves(const struct jose_key *k, enum jose_alg alg);

/* --- signing (jose_sign.c) ---------------------------------------------------------------- */

/* A new private key of that algorithm (RSA of 2048 bits, P-256), as the text of its JWK: a
 * secret.  JOSE_RS256 or JOSE_ES256. */
bool jose_make(struct arena *a, enum jose_alg alg, const char *kid, const char **jwk,
	       struct err *e);

/* What may be published of it: a JWK with "kid", "use" and "alg". */
bool jose_public(struct arena *a, enum jose_alg alg, const char *jwk, const char **out,
		 struct err *e);

/* The token of a payload, signed with that key, which it names ("kid"). */
bool jose_sign(struct arena *a, enum jose_alg alg, const char *kid, const char *jwk,
	       const void *payload, size_t n, const char **token, struct err *e);
