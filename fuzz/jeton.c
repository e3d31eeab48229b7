/* floor: 105 edges */
/* Any bytes are a signed token, or are refused in words; only what these keys signed is
 * given, and it is what stands in the token. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/box.h"
#include "crypto/jose.h"

/* RFC 7515, A.2 and A.3: keys whose only known signatures are the examples. */
#define N "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0B" \
	"m4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5r" \
	"exMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX" \
	"FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"

static const struct jose_key keys[] = {
	{ .kty = "RSA", .n = N, .e = "AQAB" },
	{ .kid = "ec", .kty = "EC", .crv = "P-256", .x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
	  .y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
};
static const char said[] = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

static void check(bool ok, const char *payload, size_t n, const struct err *e)
{
	if (!ok && !e->msg[0])
		abort();
	if (ok && (n != strlen(said) || memcmp(payload, said, n)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	static const char secret[] = "un secret de plus de trente-deux octets";
	const char *token = arena_strn(&a, (const char *)p, n), *payload;
	struct err e;
	size_t size;
	bool ok;

	for (int alg = JOSE_NO_ALG; alg <= JOSE_HS256; alg++) {
		e = (struct err){ 0 };
		ok = jose_verify(&a, token, (enum jose_alg)alg, keys, 2, &payload, &size, &e);
		check(ok, payload, size, &e);
	}
	e = (struct err){ 0 };
	if (jose_verify_secret(&a, token, secret, strlen(secret), &payload, &size, &e) || !e.msg[0])
		abort();
	/* any text as a number of a key */
	jose_key_serves(&(struct jose_key){ .kty = "RSA", .n = token, .e = "AQAB" }, JOSE_RS256);
	jose_key_serves(&(struct jose_key){ .kty = "RSA", .n = N, .e = token }, JOSE_RS256);
	jose_key_serves(&(struct jose_key){ .kty = "EC", .crv = "P-256", .x = token,
		.y = keys[1].y },
			JOSE_ES256);
	return 0;
}
