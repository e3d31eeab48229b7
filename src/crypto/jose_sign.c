/* Keys of our own, and what is signed with them. */
#include <string.h>

#include "crypto/box.h"
#include "crypto/jose.h"
#include "crypto/jose_inside.h"

enum { RSA_BITS = 2048 };

static void header_free(cjose_header_t **h)
{
	if (*h)
		cjose_header_release(*h);
}

static bool broken(struct err *e)
{
	return fail(e, E_STORE, "La clé qui signe les connexions ne peut pas servir.");
}

/* The library's text into the arena; what it held is overwritten. */
static bool take_text(struct arena *a, char *text, const char **out, struct err *e)
{
	if (!text)
		return broken(e);
	*out = arena_str(a, text);
	box_wipe(text, strlen(text));
	cjose_get_dealloc()(text);
	return !a->spent || arena_refuse(a, e);
}

bool jose_make(struct arena *a, enum jose_alg alg, const char *kid, const char **jwk,
	       struct err *e)
{
	static const uint8_t exponent[] = { 1, 0, 1 };
	CLEANUP(jose_key_free) cjose_jwk_t *k = NULL;
	cjose_err ignored;

	if (alg == JOSE_RS256)
		k = cjose_jwk_create_RSA_random(RSA_BITS, exponent, sizeof exponent, &ignored);
	else if (alg == JOSE_ES256)
		k = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &ignored);
	if (!k || !cjose_jwk_set_kid(k, kid, strlen(kid), &ignored))
		return broken(e);
	return take_text(a, cjose_jwk_to_json(k, true, &ignored), jwk, e);
}

bool jose_public(struct arena *a, enum jose_alg alg, const char *jwk, const char **out,
		 struct err *e)
{
	CLEANUP(jose_key_free) cjose_jwk_t *k = NULL;
	cjose_err ignored;
	const char *text;

	k = cjose_jwk_import(jwk, strlen(jwk), &ignored);
	if (!k || !take_text(a, cjose_jwk_to_json(k, false, &ignored), &text, e))
		return broken(e);
	if (text[0] != '{')
		return broken(e);
	*out = arena_cat(a, "{\"use\":\"sig\",\"alg\":\"", jose_alg_name(alg), "\",", text + 1,
			 NULL);
	return !a->spent || arena_refuse(a, e);
}

bool jose_sign(struct arena *a, enum jose_alg alg, const char *kid, const char *jwk,
	       const void *payload, size_t n, const char **token, struct err *e)
{
	CLEANUP(jose_key_free) cjose_jwk_t *k = NULL;
	CLEANUP(header_free) cjose_header_t *h = NULL;
	CLEANUP(jose_token_free) cjose_jws_t *t = NULL;
	const char *text;
	cjose_err ignored;

	k = cjose_jwk_import(jwk, strlen(jwk), &ignored);
	h = cjose_header_new(&ignored);
	if (!k || !h || !cjose_header_set(h, "alg", jose_alg_name(alg), &ignored)
	    || !cjose_header_set(h, "kid", kid, &ignored)
	    || !cjose_header_set(h, "typ", "JWT", &ignored))
		return broken(e);
	t = cjose_jws_sign(k, h, payload, n, &ignored);
	if (!t || !cjose_jws_export(t, &text, &ignored))
		return broken(e);
	*token = arena_str(a, text);
	return !a->spent || arena_refuse(a, e);
}
