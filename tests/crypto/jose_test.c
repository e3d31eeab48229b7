#include "test.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/box.h"
#include "crypto/jose.h"

/* The examples of RFC 7515, appendix A: keys, tokens and what they say. */
#define SAID "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
static const char said[] = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

#define A1_HEAD "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
static const char a1_token[] = A1_HEAD "." SAID ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
static const char a1_key[] =
	"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

#define A2_SIGNATURE "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-" \
	"0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xB" \
	"ArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv" \
	"hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
static const char a2_token[] = "eyJhbGciOiJSUzI1NiJ9." SAID "." A2_SIGNATURE;
#define A2_N "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1P" \
	"t0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5" \
	"z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aG" \
	"hyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
static const struct jose_key a2_key = { .kty = "RSA", .n = A2_N, .e = "AQAB" };

#define A3_POINT "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
static const char a3_token[] = "eyJhbGciOiJFUzI1NiJ9." SAID "."
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
static const struct jose_key a3_key = {
	.kty = "EC", .crv = "P-256", .x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
	.y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

struct world {
	struct arena a;
	struct err e;
	const char *payload;
	size_t n;
};

static struct world world_new(void)
{
	return (struct world){ .a = arena_new(1 << 20) };
}

static void world_free(struct world *w)
{
	arena_free(&w->a);
}
#define WORLD CLEANUP(world_free) struct world w = world_new()

static bool verify(struct world *w, const char *token, enum jose_alg alg, const char *kid,
		   struct jose_key k)
{
	k.kid = kid;

	w->e = (struct err){ 0 };
	return jose_verify(&w->a, token, alg, &k, 1, &w->payload, &w->n, &w->e);
}

/* The private key of A.3, by OpenSSL: tokens are signed by hand, cjose only reads them. */
static EVP_PKEY *a3_private(void)
{
	static const char x[] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		y[] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
		d[] = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
	unsigned char point[65] = { 4 }, secret[32];
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	BIGNUM *n;
	OSSL_PARAM *params;
	EVP_PKEY *key = NULL;
	size_t got;

	holds(base64_read(x, strlen(x), point + 1, 32, &got) && base64_read(y, strlen(y), point + 33, 32, &got)
	      && base64_read(d, strlen(d), secret, 32, &got));
	n = BN_bin2bn(secret, 32, NULL);
	OSSL_PARAM_BLD_push_utf8_string(b, "group", "P-256", 0);
	OSSL_PARAM_BLD_push_octet_string(b, "pub", point, sizeof point);
	OSSL_PARAM_BLD_push_BN(b, "priv", n);
	params = OSSL_PARAM_BLD_to_param(b);
	holds(EVP_PKEY_fromdata_init(c) == 1
	      && EVP_PKEY_fromdata(c, &key, EVP_PKEY_KEYPAIR, params) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_free(n);
	EVP_PKEY_CTX_free(c);
	return key;
}

/* ES256 of a text: r and s, 32 bytes each, in base64url. */
static void sign(const char *text, char out[BASE64_ROOM(64)])
{
	EVP_PKEY *key = a3_private();
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char der[80], raw[64];
	const unsigned char *p = der;
	size_t n = sizeof der;
	ECDSA_SIG *s;

	holds(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1
	      && EVP_DigestSign(c, der, &n, (const unsigned char *)text, strlen(text)) == 1);
	s = d2i_ECDSA_SIG(NULL, &p, (long)n);
	BN_bn2binpad(ECDSA_SIG_get0_r(s), raw, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(s), raw + 32, 32);
	base64_write(raw, sizeof raw, out);
	ECDSA_SIG_free(s);
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
}

/* A token signed by the key of A.3 whose header has those members after alg. */
static const char *signed_with(struct world *w, const char *members)
{
	const char *header = arena_cat(&w->a, "{\"alg\":\"ES256\"", *members ? "," : "", members, "}",
				       NULL);
	char *head = arena_alloc(&w->a, BASE64_ROOM(strlen(header))), signature[BASE64_ROOM(64)];
	const char *text;

	base64_write(header, strlen(header), head);
	text = arena_cat(&w->a, head, "." SAID, NULL);
	sign(text, signature);
	return arena_cat(&w->a, text, ".", signature, NULL);
}

/* The token with another text for its header. */
static const char *with_head(struct world *w, const char *header, const char *rest)
{
	char *text = arena_alloc(&w->a, BASE64_ROOM(strlen(header)));

	base64_write(header, strlen(header), text);
	return arena_cat(&w->a, text, ".", rest, NULL);
}

TEST("the signed examples of RFC 7515 are read: RS256, ES256 and HS256")
{
	WORLD;
	unsigned char secret[64];
	size_t n;

	accepts(verify(&w, a2_token, JOSE_RS256, NULL, a2_key), &w.e);
	same(w.payload, said);
	equals(w.n, strlen(said));
	accepts(verify(&w, a3_token, JOSE_ES256, NULL, a3_key), &w.e);
	same(w.payload, said);
	holds(base64_read(a1_key, strlen(a1_key), secret, sizeof secret, &n));
	accepts(jose_verify_secret(&w.a, a1_token, secret, n, &w.payload, &w.n, &w.e), &w.e);
	same(w.payload, said);
}

TEST("a token is refused when one character of it is not what was signed")
{
	WORLD;
	static const char *const tokens[] = { a2_token, a3_token };

	for (int t = 0; t < 2; t++) {
		enum jose_alg alg = t ? JOSE_ES256 : JOSE_RS256;

		for (size_t i = 0; i < strlen(tokens[t]); i += 7) {
			char *bent = (char *)(uintptr_t)arena_str(&w.a, tokens[t]);

			bent[i] = bent[i] == 'A' ? 'B' : 'A';
			holds(!verify(&w, bent, alg, NULL, t ? a3_key : a2_key));
		}
	}
}

TEST("a token that asks for another algorithm than the one agreed is refused")
{
	WORLD;
	unsigned char secret[256];
	size_t n;

	/* none, with and without a signature, in any case */
	refuses(E_INPUT, verify(&w, with_head(&w, "{\"alg\":\"none\"}", SAID "."), JOSE_RS256, NULL,
				a2_key), &w.e);
	refuses(E_DENIED, verify(&w, with_head(&w, "{\"alg\":\"none\"}", SAID ".AAAA"), JOSE_RS256,
				 NULL, a2_key), &w.e);
	refuses(E_DENIED, verify(&w, with_head(&w, "{\"alg\":\"nOnE\"}", SAID ".AAAA"), JOSE_RS256,
				 NULL, a2_key), &w.e);
	/* one good token, the other algorithm agreed */
	refuses(E_DENIED, verify(&w, a3_token, JOSE_RS256, NULL, a3_key), &w.e);
	refuses(E_DENIED, verify(&w, a2_token, JOSE_ES256, NULL, a2_key), &w.e);
	/* HS256 is never verified with published keys */
	refuses(E_DENIED, verify(&w, a1_token, JOSE_HS256, NULL, a2_key), &w.e);
	refuses(E_DENIED, verify(&w, a1_token, JOSE_RS256, NULL, a2_key), &w.e);
	/* nor an RSA signature with a secret */
	holds(base64_read(a1_key, strlen(a1_key), secret, sizeof secret, &n));
	refuses(E_DENIED, jose_verify_secret(&w.a, a2_token, secret, n, &w.payload, &w.n, &w.e),
		&w.e);
	equals(jose_alg_named("none"), JOSE_NO_ALG);
	equals(jose_alg_named("rs256"), JOSE_NO_ALG);
	equals(jose_alg_named(NULL), JOSE_NO_ALG);
	equals(jose_alg_named("ES256"), JOSE_ES256);
}

TEST("a key serves only its own algorithm, whole, and strong enough")
{
	/* RFC 7515 A.4: a P-521 key */
	struct jose_key k, bad[] = {
		{ .kty = "oct", .n = A2_N, .e = "AQAB" }, { .kty = "oct" }, { 0 },
		{ .kty = "EC", .crv = "P-521", .x = "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6O"
		  "vLFV1jSfS9tsz4qUxcWceqwQGk", .y = "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79aj"
		  "L4Kkd0AZMaZmh9ubmf63e3kyMj2" },
		{ .kty = "RSA", .n = A2_N }, { .kty = "RSA", .e = "AQAB" }, { .kty = "RSA", .n = A2_N, .e = "AQ" },
		{ .kty = "RSA", .n = A2_N, .e = "AA" }, { .kty = "RSA", .n = A2_N, .e = "" },
		/* 1024 bits: half of the modulus of A.2 */
		{ .kty = "RSA", .e = "AQAB", .n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Va"
		  "w-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
		  "bSf63kw" },
	};

	holds(jose_key_serves(&a2_key, JOSE_RS256) && !jose_key_serves(&a2_key, JOSE_ES256));
	holds(jose_key_serves(&a3_key, JOSE_ES256) && !jose_key_serves(&a3_key, JOSE_RS256));
	holds(!jose_key_serves(&a2_key, JOSE_HS256) && !jose_key_serves(&a2_key, JOSE_NO_ALG));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		for (int alg = JOSE_NO_ALG; alg <= JOSE_HS256; alg++)
			holds(!jose_key_serves(&bad[i], (enum jose_alg)alg));
	}
	/* numbers that are not well written: libcjose itself would end the program on the first */
	k = a2_key;
	k.n = "ongWCuLjybRlz=0tZWQ";
	holds(!jose_key_serves(&k, JOSE_RS256));
	k = a3_key;
	k.y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1";        /* stray bits */
	holds(!jose_key_serves(&k, JOSE_ES256));
	k.y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4";        /* not on the curve */
	holds(!jose_key_serves(&k, JOSE_ES256));
	k.y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5Q";
	holds(!jose_key_serves(&k, JOSE_ES256));
}

TEST("the key is the one that the token names; an unknown name says so")
{
	WORLD;
	const char *token = signed_with(&w, "\"kid\":\"neuve\"");
	struct jose_key keys[] = { a3_key, a3_key, a3_key };

	keys[0].kid = "ancienne";
	keys[2].kid = "neuve";
	accepts(jose_verify(&w.a, token, JOSE_ES256, keys, 3, &w.payload, &w.n, &w.e), &w.e);
	refuses(E_MISSING, jose_verify(&w.a, token, JOSE_ES256, keys, 2, &w.payload, &w.n, &w.e),
		&w.e);
	refuses(E_MISSING, jose_verify(&w.a, token, JOSE_ES256, keys, 0, &w.payload, &w.n, &w.e),
		&w.e);
	/* a name that would be a path or a query elsewhere is only a name here */
	token = signed_with(&w, "\"kid\":\"../../dev/null\"");
	refuses(E_MISSING, jose_verify(&w.a, token, JOSE_ES256, keys, 3, &w.payload, &w.n, &w.e),
		&w.e);
	/* the right name on the wrong key */
	token = signed_with(&w, "\"kid\":\"neuve\"");
	refuses(E_DENIED, verify(&w, token, JOSE_ES256, "neuve", a2_key), &w.e);
	/* without a name every key may be the one */
	accepts(verify(&w, a3_token, JOSE_ES256, "peu importe", a3_key), &w.e);
}

TEST("a key that comes with the token is not looked at")
{
	WORLD;
	/* RFC 7518, appendix C */
	static const struct jose_key other = {
		.kty = "EC", .crv = "P-256", .x = "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
		.y = "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
	};
	const char *token = signed_with(&w, "\"jwk\":{" A3_POINT "}");

	holds(jose_key_serves(&other, JOSE_ES256));
	refuses(E_DENIED, verify(&w, token, JOSE_ES256, NULL, other), &w.e);
	accepts(verify(&w, token, JOSE_ES256, NULL, a3_key), &w.e);
	token = signed_with(&w, "\"jku\":\"https://ailleurs.example/jwks\",\"x5u\":\"https://ailleurs.example/c\"");
	refuses(E_DENIED, verify(&w, token, JOSE_ES256, NULL, other), &w.e);
	accepts(verify(&w, token, JOSE_ES256, NULL, a3_key), &w.e);
}

TEST("a header that must be understood, is said twice or names another kind is refused")
{
	WORLD;
	static const char *const bad[] = {
		"\"crit\":[\"exp\"],\"exp\":1", "\"crit\":[]", "\"crit\":\"exp\"", "\"b64\":true",
		"\"zip\":\"DEF\"", "\"\\u0063rit\":[\"exp\"]",
		"\"typ\":\"at+jwt\"", "\"typ\":\"logout+jwt\"", "\"typ\":7", "\"kid\":7", "\"kid\":null",
		"\"alg\":\"ES256\"", "\"alg\":\"none\"", "\"kid\":\"a\",\"kid\":\"b\"",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_DENIED, verify(&w, signed_with(&w, bad[i]), JOSE_ES256, "a", a3_key), &w.e);
	accepts(verify(&w, signed_with(&w, "\"typ\":\"jwt\""), JOSE_ES256, "a", a3_key), &w.e);
	accepts(verify(&w, signed_with(&w, "\"cty\":\"JWT\",\"x\":7"), JOSE_ES256, "a", a3_key), &w.e);
}

TEST("what is not three parts of strict base64url is no token")
{
	WORLD;
	static const char *const bad[] = {
		"", ".", "..", "a.b", "a.b.c.d", "eyJhbGciOiJFUzI1NiJ9", " ",
		"eyJhbGciOiJFUzI1NiJ9.e30=.AAAA", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA\n",
		"eyJhbGciOiJFUzI1NiJ9.e3/.AAAA", "eyJhbGciOiJFUzI1NiJ9.e31.AAAA",     /* e31: stray bits */
		"eyJhbGciOiJFUzI1NiJ9..AAAA", ".e30.AAAA",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_INPUT, verify(&w, bad[i], JOSE_ES256, NULL, a3_key), &w.e);
	/* a signature one byte short, or with a byte more */
	refuses(E_DENIED, verify(&w, "eyJhbGciOiJFUzI1NiJ9." SAID ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFC"
				 "gfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU", JOSE_ES256, NULL, a3_key), &w.e);
	refuses(E_DENIED, verify(&w, arena_cat(&w.a, a3_token, "AA", NULL), JOSE_ES256, NULL, a3_key),
		&w.e);
	/* two zeros satisfy a careless ECDSA (CVE-2022-21449) */
	refuses(E_DENIED, verify(&w, "eyJhbGciOiJFUzI1NiJ9." SAID ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", JOSE_ES256, NULL, a3_key), &w.e);
}

TEST("a secret shorter than the hash does not serve")
{
	WORLD;

	refuses(E_DENIED, jose_verify_secret(&w.a, a1_token, "court", 5, &w.payload, &w.n, &w.e), &w.e);
	refuses(E_DENIED, jose_verify_secret(&w.a, a1_token, "", 0, &w.payload, &w.n, &w.e), &w.e);
}
