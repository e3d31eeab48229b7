#include "crypto/jose.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crypto/box.h"
#include "crypto/jose_inside.h"

static const char *const alg_names[] = { "", "RS256", "ES256", "HS256" };

enum {
	ES256_SIGNATURE = 64, HS256_SIGNATURE = 32, SIGNATURE_MOST = 1024,
	RSA_MOST = 1024, P256_BYTES = 32,
};

enum jose_alg jose_alg_named(const char *name)
{
	for (int i = JOSE_RS256; i <= JOSE_HS256; i++) {
		if (name && !strcmp(name, alg_names[i]))
			return (enum jose_alg)i;
	}
	return JOSE_NO_ALG;
}

const char *jose_alg_name(enum jose_alg alg)
{
	return alg_names[alg];
}

static bool not_a_token(struct err *e)
{
	return fail(e, E_INPUT, "Le fournisseur d’identité a donné un jeton illisible.");
}

static bool refused(struct err *e)
{
	fail(e, E_DENIED, "Le fournisseur d’identité a donné un jeton qui n’est pas signé comme "
	     "convenu.");
	return hint(e, "Personne n’a été connecté. Signalez-le à qui administre ce site.");
}

/* --- the three parts ---------------------------------------------------------------------- */

/* Three parts in strict base64url, so that nobody reads other bytes than those signed.
 * *head is the text of the first, *signature the bytes of the last. */
static bool is_compact(struct arena *a, const char *token, const char **head,
		       size_t *signature)
{
	size_t length = strlen(token), n = 0;
	char *room = arena_alloc(a, length + 1);
	const char *p = token;

	if (!room || length > JOSE_TOKEN_MOST)
		return false;
	for (int part = 0; part < 3; part++) {
		size_t size = strcspn(p, ".");

		if (!size || !base64_read(p, size, room, length, &n)
		    || p[size] != (part < 2 ? '.' : '\0'))
			return false;
		if (part == 0)
			*head = arena_strn(a, room, n);
		p += size + 1;
	}
	*signature = n;
	return !a->spent;
}

static int times_said(const char *head, const char *quoted)
{
	int n = 0;

	for (const char *p = head; (p = strstr(p, quoted)) != NULL; p++)
		n++;
	return n;
}

/* A string of the header; NULL when it is absent or something else. */
static const char *header_text(cjose_header_t *h, const char *name)
{
	cjose_err ignored;

	return cjose_header_get(h, name, &ignored);
}

/*
 * The algorithm agreed, nothing that must be understood, no token of another kind
 * (RFC 8725, 3.11: "at+jwt" or "logout+jwt" is no id_token).  cjose does not tell what is
 * absent from what is no string, nor that a name comes twice: the text itself is asked.  A
 * header has no use for escapes, which could hide a name from that.
 */
static bool header_is_ours(cjose_header_t *h, const char *head, enum jose_alg alg,
			   const char **kid)
{
	static const char *const never[] = { "\"crit\"", "\"b64\"", "\"zip\"", "\\", NULL };
	const char *name = header_text(h, "alg"), *type = header_text(h, "typ");

	*kid = header_text(h, "kid");
	for (int i = 0; never[i]; i++) {
		if (strstr(head, never[i]))
			return false;
	}
	return name && !strcmp(name, alg_names[alg]) && times_said(head, "\"alg\"") == 1
	       && times_said(head, "\"typ\"") == !!type && (!type || !strcasecmp(type, "JWT"))
	       && times_said(head, "\"kid\"") == !!*kid;
}

/* --- keys ----------------------------------------------------------------------------------- */

/* A number in strict base64url into `out`; 0 when it is none or does not fit. */
static size_t number(const char *text, unsigned char *out, size_t room)
{
	size_t n = 0;

	return text && base64_read(text, strlen(text), out, room, &n) ? n : 0;
}

/* The exponents in use are 3 and 65537; whatever is odd and fits in four bytes will do. */
static cjose_jwk_t *rsa_read(const struct jose_key *k)
{
	unsigned char n[RSA_MOST], e[4];
	cjose_jwk_rsa_keyspec spec = { .n = n, .e = e };
	cjose_err ignored;

	spec.nlen = number(k->n, n, sizeof n);
	spec.elen = number(k->e, e, sizeof e);
	if (spec.nlen < JOSE_RSA_LEAST / 8 || !n[0] || !(n[spec.nlen - 1] & 1) || !spec.elen
	    || !(e[spec.elen - 1] & 1) || (spec.elen == 1 && e[0] == 1))
		return NULL;
	return cjose_jwk_create_RSA_spec(&spec, &ignored);
}

static cjose_jwk_t *ec_read(const struct jose_key *k)
{
	unsigned char x[P256_BYTES], y[P256_BYTES];
	cjose_jwk_ec_keyspec spec = { .crv = CJOSE_JWK_EC_P_256, .x = x, .xlen = sizeof x,
				      .y = y, .ylen = sizeof y };
	cjose_err ignored;

	if (!k->crv || strcmp(k->crv, "P-256") || number(k->x, x, sizeof x) != sizeof x
	    || number(k->y, y, sizeof y) != sizeof y)
		return NULL;
	return cjose_jwk_create_EC_spec(&spec, &ignored);
}

static cjose_jwk_t *key_read(const struct jose_key *k, enum jose_alg alg)
{
	if (alg == JOSE_RS256 && k->kty && !strcmp(k->kty, "RSA"))
		return rsa_read(k);
	if (alg == JOSE_ES256 && k->kty && !strcmp(k->kty, "EC"))
		return ec_read(k);
	return NULL;
}

bool jose_key_serves(const struct jose_key *k, enum jose_alg alg)
{
	CLEANUP(jose_key_free) cjose_jwk_t *key = key_read(k, alg);

	return key != NULL;
}

/* --- verifying --------------------------------------------------------------------------- */

struct verifying {
	cjose_jws_t *token;
	const char *kid;
	size_t signature;
};

static bool read_token(struct arena *a, const char *token, enum jose_alg alg,
		       struct verifying *v, struct err *e)
{
	const char *head = "";
	cjose_err ignored;

	if (!is_compact(a, token, &head, &v->signature))
		return not_a_token(e);
	v->token = cjose_jws_import(token, strlen(token), &ignored);
	/* cjose itself does not read "none" and the algorithms that it does not know */
	if (!v->token || !header_is_ours(cjose_jws_get_protected(v->token), head, alg,
					  &v->kid))
		return refused(e);
	if (alg == JOSE_RS256 ? v->signature > SIGNATURE_MOST
	    : v->signature != (alg == JOSE_ES256 ? ES256_SIGNATURE : HS256_SIGNATURE))
		return refused(e);
	return true;
}

static bool give(struct arena *a, cjose_jws_t *token, const char **payload, size_t *n,
		 struct err *e)
{
	cjose_err ignored;
	uint8_t *p;

	if (!cjose_jws_get_plaintext(token, &p, n, &ignored))
		return not_a_token(e);
	*payload = arena_strn(a, (const char *)p, *n);
	return !a->spent || arena_refuse(a, e);
}

/* A token without the name of its key may be meant for any of them. */
static bool named(const struct verifying *v, const struct jose_key *k)
{
	return !v->kid || (k->kid && !strcmp(k->kid, v->kid));
}

static bool verify_any(const struct verifying *v, enum jose_alg alg,
		       const struct jose_key *keys, size_t nkeys, struct err *e)
{
	bool found = false;

	for (size_t i = 0; i < nkeys; i++) {
		CLEANUP(jose_key_free) cjose_jwk_t *k = NULL;
		cjose_err ignored;

		if (!named(v, &keys[i]))
			continue;
		found = true;
		k = key_read(&keys[i], alg);
		if (k && cjose_jws_verify(v->token, k, &ignored))
			return true;
	}
	if (!found)
		return fail(e, E_MISSING, "Le fournisseur d’identité a signé avec une clé qu’il n’a "
			    "pas publiée.");
	return refused(e);
}

bool jose_verify(struct arena *a, const char *token, enum jose_alg alg,
		 const struct jose_key *keys, size_t nkeys, const char **payload, size_t *n,
		 struct err *e)
{
	CLEANUP(jose_token_free) cjose_jws_t *release = NULL;
	struct verifying v = { 0 };
	bool ok = alg == JOSE_RS256 || alg == JOSE_ES256;

	if (!ok)
		return refused(e);
	ok = read_token(a, token, alg, &v, e);
	release = v.token;
	return ok && verify_any(&v, alg, keys, nkeys, e) && give(a, v.token, payload, n, e);
}

bool jose_verify_secret(struct arena *a, const char *token, const void *secret, size_t size,
			const char **payload, size_t *n, struct err *e)
{
	CLEANUP(jose_token_free) cjose_jws_t *release = NULL;
	CLEANUP(jose_key_free) cjose_jwk_t *key = NULL;
	struct verifying v = { 0 };
	cjose_err ignored;
	bool ok = read_token(a, token, JOSE_HS256, &v, e);

	release = v.token;
	if (!ok)
		return false;
	if (size < JOSE_SECRET_LEAST)
		return refused(e);
	key = cjose_jwk_create_oct_spec(secret, size, &ignored);
	if (!key || !cjose_jws_verify(v.token, key, &ignored))
		return refused(e);
	return give(a, v.token, payload, n, e);
}
