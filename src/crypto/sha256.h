/*
 * SHA-256 (FIPS 180-4), by libcrypto.  For fingerprints of rows and files; not for
 * passwords.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_HEX = 65 };

void sha256(const void *p, size_t n, uint8_t out[SHA256_BYTES]);

/* Writes the 64 lower-case hexadecimal digits and a NUL. */
void sha256_hex(const void *p, size_t n, char out[SHA256_HEX]);

/* Piece by piece: new, add as often as needed, then one end that also frees. */
struct sha256;

struct sha256 *sha256_new(void);        /* NULL when there is no memory */
void sha256_add(struct sha256 *h, const void *p, size_t n);
void sha256_end(struct sha256 *h, uint8_t out[SHA256_BYTES]);   /* NULL h: zeroes */
void sha256_end_hex(struct sha256 *h, char out[SHA256_HEX]);
