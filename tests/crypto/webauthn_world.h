/* A key of paper: what an authenticator says, written by hand and signed by OpenSSL, so that
 * nothing of what verifies it had a part in it. */
#pragma once

#include "test.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "crypto/webauthn.h"

#define RP "tremplin.exemple.fr"

struct paper_key {
	int alg;
	EVP_PKEY *key;
	unsigned char id[32];
};

struct bytes_out {
	unsigned char p[4096];
	size_t n;
};

static inline void put(struct bytes_out *o, const void *p, size_t n)
{
	holds(o->n + n <= sizeof o->p);
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

#define put_text(o, literal) put((o), (literal), sizeof(literal) - 1)

static inline void put_byte(struct bytes_out *o, int byte)
{
	unsigned char c = (unsigned char)byte;

	put(o, &c, 1);
}

static inline struct paper_key paper_key_new(int alg)
{
	struct paper_key k = { .alg = alg };

	k.key = alg == WEBAUTHN_ES256 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256")
		: alg == WEBAUTHN_EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
		: EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	holds(k.key);
	memset(k.id, 0xa5, sizeof k.id);
	return k;
}

static inline void paper_key_free(struct paper_key *k)
{
	EVP_PKEY_free(k->key);
}

static inline void put_number(struct bytes_out *o, EVP_PKEY *key, const char *name, int size)
{
	unsigned char raw[512];
	BIGNUM *n = NULL;

	holds(EVP_PKEY_get_bn_param(key, name, &n) == 1 && BN_bn2binpad(n, raw, size) == size);
	put(o, raw, (size_t)size);
	BN_free(n);
}

/* The public key as COSE (RFC 9052): -7 and -8 in short form, -257 in two bytes. */
static inline void put_cose(struct bytes_out *o, const struct paper_key *k)
{
	unsigned char raw[32];
	size_t n = sizeof raw;

	switch (k->alg) {
	case WEBAUTHN_ES256:
		put_text(o, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20");
		put_number(o, k->key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
		put_text(o, "\x22\x58\x20");
		put_number(o, k->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
		break;
	case WEBAUTHN_EDDSA:
		put_text(o, "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20");
		holds(EVP_PKEY_get_raw_public_key(k->key, raw, &n) == 1);
		put(o, raw, n);
		break;
	default:
		put_text(o, "\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00");
		put_number(o, k->key, OSSL_PKEY_PARAM_RSA_N, 256);
		put_text(o, "\x21\x43\x01\x00\x01");
	}
}

/* rpIdHash, flags, counter; and the new key when flag 0x40 is up. */
static inline void put_data(struct bytes_out *o, const struct paper_key *k, const char *rp,
			    int flags, uint32_t counter)
{
	unsigned char hash[32];

	holds(EVP_Digest(rp, strlen(rp), hash, NULL, EVP_sha256(), NULL) == 1);
	put(o, hash, sizeof hash);
	put_byte(o, flags);
	for (int shift = 24; shift >= 0; shift -= 8)
		put_byte(o, (int)(counter >> shift & 255));
	if (!(flags & 0x40))
		return;
	put_text(o, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");         /* AAGUID of nobody */
	put_byte(o, 0);
	put_byte(o, sizeof k->id);
	put(o, k->id, sizeof k->id);
	put_cose(o, k);
}

/* {"fmt": "none", "attStmt": {}, "authData": ...} */
static inline struct bytes_out paper_object(const struct paper_key *k, const char *rp, int flags,
					    uint32_t counter)
{
	struct bytes_out data = { .n = 0 }, o = { .n = 0 };

	put_data(&data, k, rp, flags, counter);
	put_text(&o, "\xa3\x63" "fmt\x64" "none\x67" "attStmt\xa0\x68" "authData\x59");
	put_byte(&o, (int)(data.n >> 8));
	put_byte(&o, (int)(data.n & 255));
	put(&o, data.p, data.n);
	return o;
}

/* The signature of authenticator data and hash of the client data, as the standard says. */
static inline struct bytes_out paper_sign(const struct paper_key *k, const struct bytes_out *data,
					  const unsigned char client_hash[32])
{
	struct bytes_out text = *data, o = { .n = 0 };
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	put(&text, client_hash, 32);
	o.n = sizeof o.p;
	holds(EVP_DigestSignInit(c, NULL, k->alg == WEBAUTHN_EDDSA ? NULL : EVP_sha256(), NULL,
				 k->key) == 1
	      && EVP_DigestSign(c, o.p, &o.n, text.p, text.n) == 1);
	EVP_MD_CTX_free(c);
	return o;
}

#define BYTES(o) ((struct webauthn_bytes){ (o).p, (o).n })
