/*
 * Secrets that one key of the data folder keeps: sealed boxes (libsodium secretbox:
 * XSalsa20-Poly1305), authentication tags (HMAC-SHA-512/256) and signatures (Ed25519), and
 * the base64url in which they travel.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"

enum {
	BOX_KEY = 32, BOX_TAG = 32, BOX_OVERHEAD = 24 + 16,
	BOX_TAG_TEXT = 44,              /* a tag in base64url, with its NUL */
	BOX_SIGNATURE = 64, BOX_PUBLIC = 32,
};

/* Room for n bytes in base64url, NUL included. */
#define BASE64_ROOM(n) (((n) * 4 + 2) / 3 + 1)

struct box {
	unsigned char seal[BOX_KEY], tag[BOX_KEY], sign[BOX_KEY];   /* derived: one use each */
};

/*
 * Reads the key DIR/cles/NAME, or makes it (folder 0700, file 0600, on disk before it is
 * used).  E_STORE with what to do when it cannot be read, is short, or others may read it.
 */
bool box_load(const char *dir, const char *name, const struct env *env, struct box *out,
	      struct err *e);

/* The box of a key that is kept elsewhere (the file of a witness). */
void box_of(const unsigned char key[BOX_KEY], struct box *out);

/* A box that dies with the process (demo, tests). */
void box_make(const struct env *env, struct box *out);

/* Seals n bytes into out (room for n + BOX_OVERHEAD) and returns how many. */
size_t box_seal(const struct box *b, const struct env *env, const void *p, size_t n,
		unsigned char *out);

/* Opens what box_seal made, into out (room for n - BOX_OVERHEAD); false when it was not. */
bool box_open(const struct box *b, const unsigned char *sealed, size_t n, void *out,
	      size_t *size);

/* The tag of n bytes, in base64url. */
void box_tag(const struct box *b, const void *p, size_t n, char out[BOX_TAG_TEXT]);

/* The Ed25519 signature (RFC 8032) of n bytes, and the key that anyone may check it with. */
void box_sign(const struct box *b, const void *p, size_t n,
	      unsigned char out[BOX_SIGNATURE]);
void box_public(const struct box *b, unsigned char out[BOX_PUBLIC]);
bool signature_is(const unsigned char signature[BOX_SIGNATURE], const void *p, size_t n,
		  const unsigned char public[BOX_PUBLIC]);

/* Forgets the keys: overwrites them. */
void box_forget(struct box *b);
void box_wipe(void *p, size_t n);       /* overwrites a secret that is no longer needed */

/* Compares n bytes in a time that does not depend on them. */
bool box_same(const void *a, const void *b, size_t n);

void base64_write(const void *p, size_t n, char *out);  /* room: BASE64_ROOM(n) */
/* false when it is no base64url without padding, or does not fit. */
bool base64_read(const char *s, size_t length, void *out, size_t room, size_t *n);
