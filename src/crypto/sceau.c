#include "crypto/sceau.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

const char *const sceaux[] = { "sha1", "sha256", "hmac-sha1", "hmac-sha256", NULL };

static void hex_of(const unsigned char *p, unsigned n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < n; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

void sceau_make(enum sceau kind, const void *key, size_t nkey, const void *p, size_t n,
		bool base64, char out[SCEAU_TEXT])
{
	const EVP_MD *md = kind == SCEAU_SHA1 || kind == SCEAU_HMAC_SHA1 ? EVP_sha1()
		: EVP_sha256();
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	bool ok;

	if (kind == SCEAU_HMAC_SHA1 || kind == SCEAU_HMAC_SHA256)
		ok = HMAC(md, nkey ? key : "", (int)nkey, n ? p : (const void *)"", n, raw, &size);
	else
		ok = EVP_Digest(n ? p : "", n, raw, &size, md, NULL) == 1;
	if (!ok)
		abort();        /* no memory for a few bytes: nothing true can follow */
	if (base64)
		EVP_EncodeBlock((unsigned char *)out, raw, (int)size);
	else
		hex_of(raw, size, out);
}

bool sceau_is(const char *came, const char *right)
{
	size_t n = strlen(right);

	return strlen(came) == n && n && !CRYPTO_memcmp(came, right, n);
}

const char *sceau_base64(struct arena *a, const void *p, size_t n)
{
	char *out = arena_alloc(a, (n + 2) / 3 * 4 + 1);

	if (!out)
		return "";
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
	return out;
}
