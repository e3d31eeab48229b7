/*
 * What a security key or a phone (WebAuthn, an "authenticator") says, verified by libfido2.
 *
 * Here: the attestation object (CBOR), the authenticator data, the signature.  The client
 * data (what the browser says it asked for) is JSON and is read where a key is used; it
 * comes here as its SHA-256, which the signature covers.
 *
 * No attestation is asked for, and none is looked at: whoever made the key proves nothing
 * about who holds it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "crypto/sha256.h"

/* COSE algorithms (RFC 9053, 8812), as facteur.cle_algorithme keeps them. */
enum webauthn_alg {
	WEBAUTHN_ES256 = -7, WEBAUTHN_EDDSA = -8, WEBAUTHN_RS256 = -257,
};

enum {
	WEBAUTHN_ID_MOST = 1023,        /* bytes of a credential id (the standard's own limit) */
	WEBAUTHN_OBJECT_MOST = 32 << 10,        /* bytes of an attestation object */
	WEBAUTHN_DATA_MOST = 8 << 10,   /* bytes of authenticator data */
	WEBAUTHN_SIGNATURE_MOST = 1024,
};

struct webauthn_bytes {
	const unsigned char *p;
	size_t n;
};

/* What is expected, whichever the operation. */
struct webauthn_ask {
	const char *rp;                 /* our name for browsers: the host, without its port */
	bool verified;                  /* the person must have shown a PIN or a finger */
	unsigned char client_hash[SHA256_BYTES];        /* SHA-256 of the client data */
};

struct webauthn_key {
	struct webauthn_bytes id, public;       /* public: as libfido2 takes it */
	int alg;                        /* enum webauthn_alg */
	uint32_t counter;
	bool verified;                  /* the person showed a PIN or a finger */
};

/*
 * A new key, from the attestation object of navigator.credentials.create; in `a`.
 * E_INPUT: not an attestation object, or a kind of key that we do not take.
 * E_DENIED: made for another site, or without a person present (or verified, when asked).
 */
bool webauthn_registered(struct arena *a, const struct webauthn_ask *ask,
			 struct webauthn_bytes object, struct webauthn_key *out,
			 struct err *e);

/*
 * A use of a key, from navigator.credentials.get: its authenticator data and signature.
 * *counter is what to keep.  E_DENIED: another site, nobody present, a wrong signature, or a
 * counter that did not go forward (WebAuthn 6.1.1: the key may have been copied; two
 * zeros mean that it does not count).
 */
bool webauthn_used(const struct webauthn_ask *ask, const struct webauthn_key *key,
		   struct webauthn_bytes data, struct webauthn_bytes signature,
		   uint32_t *counter, struct err *e);
