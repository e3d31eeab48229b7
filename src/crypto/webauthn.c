#include "crypto/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>
#include <string.h>

#include "crypto/cbor.h"

/* Flags of the authenticator data (WebAuthn 6.1), and where its parts begin. */
enum {
	FLAG_PRESENT = 1, FLAG_VERIFIED = 4, FLAG_MAY_COPY = 8, FLAG_COPIED = 16, FLAG_KEY = 64,
	FLAG_EXTENSIONS = 128,
	AT_FLAGS = 32, AT_KEY = 37, AT_KEY_ID = AT_KEY + 16 + 2,
};

static const int algs[] = { WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256 };
enum { ALGS = sizeof algs / sizeof *algs };

static bool unreadable(struct err *e)
{
	fail(e, E_INPUT, "La réponse de la clé de sécurité n’est pas lisible.");
	return hint(e, "Réessayez ; sinon, utilisez un autre moyen.");
}

static bool refused(struct err *e)
{
	fail(e, E_DENIED, "Cette clé de sécurité n’a pas répondu comme attendu.");
	return hint(e, "Réessayez ; sinon, utilisez un autre moyen.");
}

static bool flags_allow(const struct webauthn_ask *ask, unsigned flags, struct err *e)
{
	if (!(flags & FLAG_PRESENT) || (flags & FLAG_COPIED && !(flags & FLAG_MAY_COPY)))
		return refused(e);
	if (!ask->verified || flags & FLAG_VERIFIED)
		return true;
	fail(e, E_DENIED, "La clé de sécurité n’a pas demandé de code ni d’empreinte.");
	return hint(e, "Donnez un code à votre clé, ou utilisez un autre moyen.");
}

/*
 * Every part is whole and nothing follows.  The library that reads it next believes the
 * counts it finds, and takes memory for them: cbor_skip has held them against what is there.
 */
static bool data_is_whole(struct webauthn_bytes data, bool with_key)
{
	struct cbor c = { data.p, data.p + data.n };
	size_t id;

	if (data.n < AT_KEY || !(data.p[AT_FLAGS] & FLAG_KEY) == with_key)
		return false;
	c.p += AT_KEY;
	if (with_key) {
		if (data.n < AT_KEY_ID)
			return false;
		id = (size_t)(data.p[AT_KEY_ID - 2] << 8 | data.p[AT_KEY_ID - 1]);
		if (id > WEBAUTHN_ID_MOST || data.n - AT_KEY_ID < id)
			return false;
		c.p = data.p + AT_KEY_ID + id;
		if (!cbor_skip(&c))
			return false;
	}
	return (!(data.p[AT_FLAGS] & FLAG_EXTENSIONS) || cbor_skip(&c)) && c.p == c.end;
}

/* --- a new key ------------------------------------------------------------------------- */

static bool text_is(const struct cbor_item *it, const char *word)
{
	return it->kind == CBOR_TEXT && it->value == strlen(word)
	       && !memcmp(it->p, word, it->value);
}

/* The member "authData" of the attestation object; every member is read to the end. */
static bool find_data(struct webauthn_bytes object, struct webauthn_bytes *out)
{
	struct cbor c = { object.p, object.p + object.n };
	struct cbor_item map, key;

	if (!cbor_next(&c, &map) || map.kind != CBOR_MAP || map.value > 8)
		return false;
	for (uint64_t i = 0; i < map.value; i++) {
		struct cbor from;
		struct cbor_item value;

		if (!cbor_next(&c, &key) || key.kind != CBOR_TEXT)
			return false;
		from = c;
		if (!cbor_skip(&c))
			return false;
		if (!text_is(&key, "authData"))
			continue;
		if (out->p || !cbor_next(&from, &value) || value.kind != CBOR_BYTES)
			return false;
		*out = (struct webauthn_bytes){ value.p, value.value };
	}
	return out->p && c.p == c.end;
}

static bool same_site(const unsigned char *data, const char *rp)
{
	unsigned char hash[SHA256_BYTES];

	return EVP_Digest(rp, strlen(rp), hash, NULL, EVP_sha256(), NULL) == 1
	       && !memcmp(hash, data, sizeof hash);
}

static void cred_free(fido_cred_t **c)
{
	fido_cred_free(c);
}

/* libfido2 wants the algorithm before the data that says it: each in turn. */
static fido_cred_t *cred_read(struct webauthn_bytes data, int *alg)
{
	for (int i = 0; i < ALGS; i++) {
		fido_cred_t *c = fido_cred_new();

		*alg = algs[i];
		if (c && fido_cred_set_type(c, algs[i]) == FIDO_OK
		    && fido_cred_set_authdata_raw(c, data.p, data.n) == FIDO_OK
		    && fido_cred_pubkey_len(c) && fido_cred_id_len(c))
			return c;
		fido_cred_free(&c);
	}
	return NULL;
}

static struct webauthn_bytes kept(struct arena *a, const unsigned char *p, size_t n)
{
	unsigned char *to = arena_alloc(a, n);

	if (to)
		memcpy(to, p, n);
	return (struct webauthn_bytes){ to, n };
}

static void key_free(int alg, void *key)
{
	es256_pk_t *es = key;
	eddsa_pk_t *ed = key;
	rs256_pk_t *rs = key;

	if (alg == WEBAUTHN_ES256)
		es256_pk_free(&es);
	else if (alg == WEBAUTHN_EDDSA)
		eddsa_pk_free(&ed);
	else
		rs256_pk_free(&rs);
}

/* The public key as the library uses it, a point of its curve; NULL. */
static void *key_read(int alg, struct webauthn_bytes public)
{
	void *key = alg == WEBAUTHN_ES256 ? (void *)es256_pk_new()
		: alg == WEBAUTHN_EDDSA ? (void *)eddsa_pk_new()
		: alg == WEBAUTHN_RS256 ? (void *)rs256_pk_new() : NULL;
	EVP_PKEY *usable = NULL;

	if (!key)
		return NULL;
	if (alg == WEBAUTHN_ES256 && es256_pk_from_ptr(key, public.p, public.n) == FIDO_OK)
		usable = es256_pk_to_EVP_PKEY(key);
	else if (alg == WEBAUTHN_EDDSA && eddsa_pk_from_ptr(key, public.p, public.n) == FIDO_OK)
		usable = eddsa_pk_to_EVP_PKEY(key);
	else if (alg == WEBAUTHN_RS256 && rs256_pk_from_ptr(key, public.p, public.n) == FIDO_OK)
		usable = rs256_pk_to_EVP_PKEY(key);
	if (!usable) {
		key_free(alg, key);
		return NULL;
	}
	EVP_PKEY_free(usable);
	return key;
}

static bool key_is_usable(const struct webauthn_key *k)
{
	void *key = key_read(k->alg, k->public);

	if (!key)
		return false;
	key_free(k->alg, key);
	return true;
}

bool webauthn_registered(struct arena *a, const struct webauthn_ask *ask,
			 struct webauthn_bytes object, struct webauthn_key *out,
			 struct err *e)
{
	CLEANUP(cred_free) fido_cred_t *c = NULL;
	struct webauthn_bytes data = { 0 };

	*out = (struct webauthn_key){ 0 };
	if (object.n > WEBAUTHN_OBJECT_MOST || !find_data(object, &data)
	    || data.n > WEBAUTHN_DATA_MOST || !data_is_whole(data, true))
		return unreadable(e);
	c = cred_read(data, &out->alg);
	if (!c)
		return unreadable(e);
	if (!same_site(data.p, ask->rp))
		return refused(e);
	if (!flags_allow(ask, fido_cred_flags(c), e))
		return false;
	out->id = kept(a, fido_cred_id_ptr(c), fido_cred_id_len(c));
	out->public = kept(a, fido_cred_pubkey_ptr(c), fido_cred_pubkey_len(c));
	out->counter = fido_cred_sigcount(c);
	out->verified = fido_cred_flags(c) & FLAG_VERIFIED;
	if (a->spent)
		return arena_refuse(a, e);
	return key_is_usable(out) || unreadable(e);
}

/* --- a use of a key ----------------------------------------------------------------------- */

static void use_free(fido_assert_t **u)
{
	fido_assert_free(u);
}

static bool use_is_right(fido_assert_t *u, const struct webauthn_ask *ask,
			 const struct webauthn_key *k)
{
	void *key = key_read(k->alg, k->public);
	bool ok = key && fido_assert_set_rp(u, ask->rp) == FIDO_OK
		  && fido_assert_set_clientdata_hash(u, ask->client_hash,
						     sizeof ask->client_hash) == FIDO_OK
		  && fido_assert_set_up(u, FIDO_OPT_TRUE) == FIDO_OK
		  && fido_assert_verify(u, 0, k->alg, key) == FIDO_OK;

	if (key)
		key_free(k->alg, key);
	return ok;
}

bool webauthn_used(const struct webauthn_ask *ask, const struct webauthn_key *key,
		   struct webauthn_bytes data, struct webauthn_bytes signature,
		   uint32_t *counter, struct err *e)
{
	CLEANUP(use_free) fido_assert_t *u = fido_assert_new();

	if (!u || data.n > WEBAUTHN_DATA_MOST || !data_is_whole(data, false) || !signature.n
	    || signature.n > WEBAUTHN_SIGNATURE_MOST
	    || fido_assert_set_count(u, 1) != FIDO_OK
	    || fido_assert_set_authdata_raw(u, 0, data.p, data.n) != FIDO_OK
	    || fido_assert_set_sig(u, 0, signature.p, signature.n) != FIDO_OK)
		return unreadable(e);
	if (!use_is_right(u, ask, key))
		return refused(e);
	if (!flags_allow(ask, fido_assert_flags(u, 0), e))
		return false;
	*counter = fido_assert_sigcount(u, 0);
	if ((*counter || key->counter) && *counter <= key->counter) {
		fail(e, E_DENIED, "Cette clé de sécurité a peut-être été copiée : elle compte ses usages, "
		     "et celui-ci a déjà eu lieu.");
		return hint(e, "Utilisez un autre moyen, puis retirez cette clé de votre compte.");
	}
	return true;
}
