#include "admit/oidc_lecture.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "core/jwks.h"
#include "core/structure.h"
#include "crypto/box.h"
#include "crypto/sha256.h"
#include "format/json.h"

enum { CLAIM_MOST = 200, PATH_MOST = 300 };

static bool wrong(struct err *e, const char *what)
{
	fail(e, E_REMOTE, "%s", what);
	return hint(e, "%s", N_("Connectez-vous d’une autre façon, et signalez-le à qui administre ce "
				"site."));
}

static bool denied(struct err *e, const char *what)
{
	fail(e, E_DENIED, "%s", what);
	return hint(e, "%s", N_("Recommencez la connexion. Si cela se reproduit, signalez-le à qui "
				"administre ce site."));
}

/* One object, strictly read: a name twice would be two answers. */
static bool read_object(const char *text, size_t n, json_t **out, struct err *e)
{
	struct err why = { 0 };

	if (!json_read(text, n, out, &why) || !json_is_object(*out))
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : ce n’est pas un "
			      "objet JSON."));
	return true;
}

/* --- configuration ------------------------------------------------------------------------ */

/* An address of the configuration; NULL when absent; *ok false when it cannot be used. */
static const char *address(struct arena *a, const json_t *o, const char *name, bool *ok)
{
	const json_t *v = json_object_get(o, name);

	if (!v)
		return NULL;
	*ok = *ok && oidc_address_is_safe(json_string_value(v));
	return *ok ? arena_str(a, json_string_value(v)) : NULL;
}

static bool check_config(const json_t *o, const struct oidc_reglage *p,
			 const struct oidc_endpoints *x, struct err *e)
{
	const json_t *algs = json_object_get(o, "id_token_signing_alg_values_supported");

	if (!x->authorization || !x->token || !x->jwks)
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : sa "
			      "configuration n’a pas toutes les adresses."));
	if (p->userinfo != OIDC_USERINFO_NON && !x->userinfo)
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : sa "
			      "configuration n’a pas d’adresse « userinfo »."));
	if (json_is_array(algs) && !json_list_has(algs, jose_alg_name(p->alg)))
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : il ne signe pas "
			      "avec l’algorithme réglé (oidc_alg)."));
	if (p->pkce == OIDC_PKCE_OUI && !x->pkce)
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : il n’annonce "
			      "pas PKCE, que les réglages exigent (oidc_pkce)."));
	return true;
}

bool oidc_endpoints_read(struct arena *a, const char *text, size_t n,
			 const struct oidc_reglage *p, struct oidc_endpoints *out, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	const char *issuer;
	bool safe = true;

	*out = (struct oidc_endpoints){ 0 };
	if (!read_object(text, n, &o, e))
		return false;
	issuer = json_text_of(o, "issuer");
	if (!issuer || strcmp(issuer, p->issuer))
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : il se nomme "
			      "autrement que dans les réglages (oidc_issuer)."));
	out->authorization = address(a, o, "authorization_endpoint", &safe);
	out->token = address(a, o, "token_endpoint", &safe);
	out->jwks = address(a, o, "jwks_uri", &safe);
	out->userinfo = address(a, o, "userinfo_endpoint", &safe);
	out->end_session = address(a, o, "end_session_endpoint", &safe);
	if (!safe)
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : une adresse de "
			      "sa configuration n’est pas sûre (https)."));
	out->says_iss = json_is_true(
		json_object_get(o, "authorization_response_iss_parameter_supported"));
	out->takes_claims = json_is_true(json_object_get(o, "claims_parameter_supported"));
	out->pkce = json_list_has(json_object_get(o, "code_challenge_methods_supported"), "S256");
	return (!a->spent || arena_refuse(a, e)) && check_config(o, p, out, e);
}

/* --- keys --------------------------------------------------------------------------------- */

bool oidc_keys_read(struct arena *a, const char *text, size_t n, enum jose_alg alg,
		    struct jose_key **out, size_t *nkeys, struct err *e)
{
	if (!jwks_read(a, text, n, alg, out, nkeys, e))
		return e->kind == E_LIMIT ? false :
			wrong(e, N_("Réponse inattendue du fournisseur d’identité : ce n’est pas un "
				    "objet JSON."));
	return *nkeys || wrong(e, N_("Réponse inattendue du fournisseur d’identité : il ne publie "
			      "aucune clé qui puisse servir."));
}

/* --- tokens ------------------------------------------------------------------------------- */

/* "invalid_client" is a wrong secret: for whoever administers. */
static void note_refusal(int status, const char *error)
{
	size_t n = error ? strspn(error, "abcdefghijklmnopqrstuvwxyz_") : 0;

	log_warning("échange du code refusé par le fournisseur d’identité : %d %.*s", status,
		    (int)(n < 40 ? n : 40), error ? error : "");
}

bool oidc_tokens_read(struct arena *a, int status, const char *text, size_t n,
		      struct oidc_tokens *out, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	const char *type, *id, *access;

	*out = (struct oidc_tokens){ 0 };
	if (!read_object(text, n, &o, e))
		return false;
	if (status != 200) {
		note_refusal(status, json_text_of(o, "error"));
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : il refuse "
				   "l’échange du code."));
	}
	type = json_text_of(o, "token_type");
	id = json_text_of(o, "id_token");
	access = json_text_of(o, "access_token");
	if (!type || strcasecmp(type, "Bearer") || !id || !access || !*access
	    || strlen(access) > JOSE_TOKEN_MOST)
		return wrong(e, N_("Réponse inattendue du fournisseur d’identité : il manque un "
			      "jeton à l’échange du code."));
	out->id_token = arena_str(a, id);
	out->access_token = arena_str(a, access);
	return !a->spent || arena_refuse(a, e);
}

static bool same_text(const char *a, const char *b)
{
	return a && strlen(a) == strlen(b) && box_same(a, b, strlen(b));
}

/* Our client_id, alone: another audience might be somebody who can replay the token. */
static bool audience_is_ours(const json_t *o, const char *client_id)
{
	const json_t *aud = json_object_get(o, "aud");

	if (json_is_array(aud) && json_array_size(aud) == 1)
		aud = json_array_get(aud, 0);
	return json_is_string(aud) && !strcmp(json_string_value(aud), client_id);
}

/* A moment of the token in seconds; false when it is none. */
static bool moment_of(const json_t *o, const char *name, double *out)
{
	const json_t *v = json_object_get(o, name);

	*out = json_number_value(v);
	return json_is_number(v) && isfinite(*out);
}

/* at_hash: the left half of the SHA-256 of the access token (Core 3.1.3.6). */
static bool hash_is_of(const char *hash, const char *access_token)
{
	char text[BASE64_ROOM(SHA256_BYTES / 2)];
	uint8_t whole[SHA256_BYTES];
	struct sha256 *h = sha256_new();

	sha256_add(h, access_token, strlen(access_token));
	sha256_end(h, whole);
	base64_write(whole, SHA256_BYTES / 2, text);
	return same_text(hash, text);
}

/* iss, aud and azp, of an id_token or of a signed userinfo. */
static bool check_parties(const json_t *o, const struct oidc_expect *x, struct err *e)
{
	const json_t *azp = json_object_get(o, "azp");

	if (!same_text(json_text_of(o, "iss"), x->issuer))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle vient d’un "
			      "autre fournisseur."));
	if (!audience_is_ours(o, x->client_id)
	    || (azp && (!json_is_string(azp) || strcmp(json_string_value(azp), x->client_id))))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle est destinée "
			      "à un autre site."));
	return true;
}

/* exp and iat of an id_token must be there; those of a userinfo may. */
static bool check_times(const json_t *o, const struct oidc_expect *x, bool must, struct err *e)
{
	double now = (double)x->now, at;

	if (moment_of(o, "exp", &at) ? at + OIDC_SKEW <= now
	    : must || json_object_get(o, "exp"))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle est périmée."));
	if (moment_of(o, "iat", &at) ? at > now + OIDC_SKEW || at < now - OIDC_IAT_OLDEST
	    : must || json_object_get(o, "iat"))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle n’est pas de "
			      "maintenant."));
	if (moment_of(o, "nbf", &at) ? at > now + OIDC_SKEW : json_object_get(o, "nbf") != NULL)
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle n’est pas "
			      "encore valable."));
	return true;
}

static bool take_sub(struct arena *a, const json_t *o, struct oidc_claims *out, struct err *e)
{
	const char *sub = json_text_of(o, "sub");
	size_t n = sub ? strlen(sub) : 0;

	for (size_t i = 0; i < n; i++) {
		if (sub[i] < ' ' || sub[i] > '~')
			n = 0;          /* Core 2: at most 255 ASCII characters */
	}
	if (!n || n > OIDC_SUB_MOST)
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle ne dit pas "
			      "qui est là."));
	out->sub = arena_str(a, sub);
	return true;
}

/* --- who is there --------------------------------------------------------------------------- */

/* A claim that people read; the value it had when this one is absent. */
static void take(struct arena *a, const json_t *o, const char *name, const char **out)
{
	const char *text = json_text_of(o, name);
	char *copy;

	if (!text || !*text || strlen(text) > CLAIM_MOST)
		return;
	copy = (char *)(uintptr_t)arena_str(a, text);
	for (char *p = copy; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	}
	*out = copy;
}

static void take_claims(struct arena *a, const json_t *o, struct oidc_claims *c)
{
	const char *siret = json_text_of(o, "siret");
	struct err ignored = { 0 };
	char right[STRUCTURE_SIRET];

	take(a, o, "given_name", &c->prenom);
	take(a, o, "family_name", &c->nom);
	take(a, o, "usual_name", &c->nom);
	take(a, o, "email", &c->courriel);
	take(a, o, "idp_id", &c->idp);
	if (siret && siret_read(siret, right, &ignored))
		memcpy(c->siret, right, sizeof right);
}

bool oidc_id_token_read(struct arena *a, const char *text, size_t n,
			const struct oidc_expect *x, struct oidc_claims *out, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	const json_t *hash;

	*out = (struct oidc_claims){ 0 };
	if (!read_object(text, n, &o, e) || !check_parties(o, x, e) || !check_times(o, x, true, e))
		return false;
	if (!same_text(json_text_of(o, "nonce"), x->nonce))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle répond à une "
			      "autre demande."));
	hash = json_object_get(o, "at_hash");
	if (hash && x->access_token && !hash_is_of(json_string_value(hash), x->access_token))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : ses deux jetons ne "
			      "vont pas ensemble."));
	if (!take_sub(a, o, out, e))
		return false;
	out->mfa = json_list_has(json_object_get(o, "amr"), "mfa");
	take_claims(a, o, out);
	return !a->spent || arena_refuse(a, e);
}

bool oidc_userinfo_read(struct arena *a, const char *text, size_t n, bool is_signed,
			const struct oidc_expect *x, struct oidc_claims *c, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;

	if (!read_object(text, n, &o, e))
		return false;
	if (is_signed && (!check_parties(o, x, e) || !check_times(o, x, false, e)))
		return false;
	if (!same_text(json_text_of(o, "sub"), c->sub))
		return denied(e, N_("Réponse du fournisseur d’identité refusée : elle parle de deux "
			      "personnes."));
	take_claims(a, o, c);
	return !a->spent || arena_refuse(a, e);
}

/* --- where to go back to --------------------------------------------------------------------- */

bool oidc_path_is_ours(const char *path)
{
	if (!path || path[0] != '/' || path[1] == '/' || strlen(path) > PATH_MOST)
		return false;
	for (const char *p = path; *p; p++) {
		if (*p <= ' ' || *p > '~' || strchr("\\#\"<>", *p))
			return false;
	}
	return true;
}
