/*
 * The keys of DIR/cles and what each may be used for.  Lives in the process that owns them
 * (the signer), or inside a command; whoever serves pages asks through store/signer.h.
 */
#pragma once

#include "crypto/box.h"
#include "crypto/totp.h"
#include "crypto/jose.h"
#include "store/db.h"

enum { KEYRING_SEALED_MOST = 4096 };    /* bytes of a secret to seal */

struct keyring;

/* Reads no key yet: each is read, or made, at its first use. */
bool keyring_open(const char *dir, const struct env *env, struct keyring **out,
		  struct err *e);
void keyring_close(struct keyring **k);         /* for CLEANUP; NULL inside is allowed */

/*
 * From any thread.  `key` is one of the table in keyring.c, and only for the uses that it
 * says there: E_DENIED otherwise.
 */
bool keyring_seal(struct keyring *k, const char *key, struct bytes plain,
		  unsigned char *out, size_t *n, struct err *e);
bool keyring_totp(struct keyring *k, struct bytes sealed, const struct totp_ask *ask,
		  struct totp_answer *out, struct err *e);
bool keyring_tag(struct keyring *k, const char *key, struct bytes text,
		 char out[BOX_TAG_TEXT], struct err *e);
bool keyring_sign(struct keyring *k, const char *key, struct bytes text,
		  unsigned char out[BOX_SIGNATURE], struct err *e);
bool keyring_public(struct keyring *k, const char *key, unsigned char out[BOX_PUBLIC],
		    struct err *e);
/* With the keys of store/jetons.h, read each time: a command may change them. */
bool keyring_token(struct keyring *k, enum jose_alg alg, struct bytes payload, struct arena *a,
		   const char **token, struct err *e);
bool keyring_published(struct keyring *k, struct arena *a, const char **jwks, struct err *e);
