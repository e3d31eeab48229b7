#include "crypto/sha256.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* An EVP context under a name of ours, so that its library stays in this folder. */
struct sha256 *sha256_new(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	if (c && EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(c);
		c = NULL;
	}
	return (struct sha256 *)c;
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
	if (h && n)
		EVP_DigestUpdate((EVP_MD_CTX *)h, p, n);
}

void sha256_end(struct sha256 *h, uint8_t out[SHA256_BYTES])
{
	memset(out, 0, SHA256_BYTES);
	if (h)
		EVP_DigestFinal_ex((EVP_MD_CTX *)h, out, NULL);
	EVP_MD_CTX_free((EVP_MD_CTX *)h);
}

static void hex(const uint8_t in[SHA256_BYTES], char out[SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < SHA256_BYTES; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * SHA256_BYTES] = '\0';
}

void sha256_end_hex(struct sha256 *h, char out[SHA256_HEX])
{
	uint8_t raw[SHA256_BYTES];

	sha256_end(h, raw);
	hex(raw, out);
}

void sha256(const void *p, size_t n, uint8_t out[SHA256_BYTES])
{
	if (EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) != 1)
		abort();        /* no memory for a few bytes: nothing true can follow */
}

void sha256_hex(const void *p, size_t n, char out[SHA256_HEX])
{
	uint8_t raw[SHA256_BYTES] = { 0 };

	sha256(p, n, raw);
	hex(raw, out);
}
