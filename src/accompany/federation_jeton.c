/* What a site's server asks of ours: token, identity, keys, configuration. */
#include <string.h>
#include <strings.h>

#include "accompany/federation_client.h"
#include "accompany/federation_inside.h"
#include "base/log.h"
#include "crypto/box.h"
#include "crypto/jose.h"
#include "crypto/sha256.h"
#include "format/json.h"
#include "store/signer.h"
#include "web/form.h"

enum { BODY_MOST = 16 << 10 };

/* --- answers ---------------------------------------------------------------------------- */

static struct json_out begin(struct res *s)
{
	s->type = "application/json";
	s->cache = CACHE_NO_STORE;
	return (struct json_out){ &s->body, false };
}

/* RFC 6749, 5.2 */
static bool refuse(struct res *s, int status, const char *error, const char *why)
{
	struct json_out j = begin(s);

	s->status = status;
	if (status == 401)
		s->authenticate = "Basic realm=\"federation\"";
	json_open_object(&j, NULL);
	json_put_text(&j, "error", error);
	json_put_text(&j, "error_description", why);
	json_close_object(&j);
	return true;
}

/* The site's server is answered in its own language: nothing here is for a person. */
static bool trouble(struct res *s, const struct err *e)
{
	log_error("fédération : %s", e->msg);
	return refuse(s, e->kind == E_BUSY ? 503 : 500, e->kind == E_BUSY ?
		      "temporarily_unavailable" : "server_error", "try again in a moment");
}

/* False when it is off, or the disk refuses: then it is answered. */
static bool is_open(struct req *r, struct res *s, struct err *e)
{
	bool on;

	if (!federation_is_on(r, &on, e))
		return trouble(s, e) && false;
	return on || !refuse(s, 404, "not_found", "no client is configured here");
}

/* --- the id_token ----------------------------------------------------------------------- */

/* at_hash: the left half of the SHA-256 of the access token (Core 3.1.3.6). */
static const char *half_hash(struct arena *a, const char *token)
{
	char text[BASE64_ROOM(SHA256_BYTES / 2)];
	uint8_t whole[SHA256_BYTES];

	sha256(token, strlen(token), whole);
	base64_write(whole, SHA256_BYTES / 2, text);
	return arena_str(a, text);
}

static void put_rep_scope(struct json_out *j, int demarche)
{
	json_open_array(j, "rep_scope");
	json_put_text(j, NULL, demarches[demarche].slug);
	json_close_array(j);
}

static bool make_id_token(struct req *r, const struct echange *x, const char **token,
			  struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(8 << 10);
	int64_t now = env_now(r->env) / 1000;
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "iss", r->core->site.adresse);
	json_put_text(&j, "sub", federation_sub(r->a, x->client, x->usager));
	json_put_text(&j, "aud", x->client->id);
	json_put_int(&j, "iat", now);
	json_put_int(&j, "exp", now + FEDERATION_ID_TOKEN_S);
	json_put_int(&j, "auth_time", x->auth_s);
	json_put_text(&j, "nonce", x->nonce);
	json_put_text(&j, "acr", "eidas1");
	json_open_array(&j, "amr");
	json_put_text(&j, NULL, "mfa");
	json_close_array(&j);
	json_put_text(&j, "at_hash", half_hash(r->a, x->jeton));
	put_rep_scope(&j, x->demarche);
	json_close_object(&j);
	return signer_token(r->core->signer, jose_alg_named(x->client->algorithme),
			    (struct bytes){ b.p, b.n }, r->a, token, e);
}

/* --- the exchange ----------------------------------------------------------------------- */

static const char *const why_not[] = {
	[ECHANGE_INCONNU] = "this code is unknown", [ECHANGE_AUTRE] = "this code is another client's",
	[ECHANGE_SERVI] = "this code has served", [ECHANGE_PERIME] = "this code is over",
	[ECHANGE_RETOUR] = "redirect_uri is not the one of the demand",
	[ECHANGE_PREUVE] = "code_verifier is not right",
	[ECHANGE_DROIT] = "the person stopped this",
};

struct exchanging {
	struct req *r;
	struct echange *x;
};

static bool exchange_job(struct tx *tx, void *arg, struct err *e)
{
	struct exchanging *g = arg;

	return federation_exchange(tx, g->r->env, g->r->a, g->x, e);
}

static bool give_token(struct res *s, const struct echange *x, const char *id_token)
{
	struct json_out j = begin(s);

	json_open_object(&j, NULL);
	json_put_text(&j, "access_token", x->jeton);
	json_put_text(&j, "token_type", "Bearer");
	json_put_int(&j, "expires_in", FEDERATION_JETON_S);
	json_put_text(&j, "scope", x->portee);
	json_put_text(&j, "id_token", id_token);
	json_close_object(&j);
	return true;
}

static bool look(struct req *r, struct echange *x, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e) && federation_look(db, r->env, r->a, x, e);
}

/* The token is signed first: what is in the journal is then also answered. */
static bool exchange(struct req *r, struct res *s, struct echange *x, struct err *e)
{
	struct exchanging g = { r, x };
	char token[FEDERATION_TEXTE];
	const char *id_token = NULL;

	federation_draw(r->env, token);
	x->jeton = token;
	if (!look(r, x, e) || (x->issue == ECHANGE_BON && !make_id_token(r, x, &id_token, e))
	    || !store_write(r->core->store, exchange_job, &g, e))
		return trouble(s, e);
	if (x->issue == ECHANGE_BON && id_token)
		return give_token(s, x, id_token);
	log_warning("fédération : code refusé à %s : %s", x->client->id, why_not[x->issue]);
	return refuse(s, 400, "invalid_grant", why_not[x->issue]);
}

static bool is_twice(const struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!strcmp(f->pairs[i].name, f->pairs[k].name))
				return true;
		}
		if (f->pairs[i].bad)
			return true;
	}
	return false;
}

static bool is_form(struct req *r)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *came = req_header(r, "content-type");

	return came && !strncasecmp(came, type, sizeof type - 1) && !*r->query;
}

bool jeton_post(struct req *r, struct res *s, struct err *e)
{
	struct form f = { 0 };
	struct federation_client client;
	struct echange x = { .client = &client };
	const char *kind;
	bool known;

	if (!is_open(r, s, e))
		return true;
	if (r->raw_size > BODY_MOST || !is_form(r) || !form_parse(r->a, r->raw_body, r->raw_size,
								   &f, e) || is_twice(&f))
		return refuse(s, 400, "invalid_request", "a form, each parameter once");
	if (!federation_client_proves(r, &f, &client, &known, e))
		return trouble(s, e);
	if (!known)
		return refuse(s, 401, "invalid_client", "who asks is not known, or did not prove it");
	kind = form_value(&f, "grant_type");
	if (!kind || strcmp(kind, "authorization_code") != 0)
		return refuse(s, 400, kind && *kind ? "unsupported_grant_type" : "invalid_request",
			      "grant_type must be authorization_code");
	x.code = form_value(&f, "code");
	x.retour = form_value(&f, "redirect_uri");
	x.preuve = form_value(&f, "code_verifier");
	if (!x.code || !*x.code)
		return refuse(s, 400, "invalid_request", "code is missing");
	return exchange(r, s, &x, e);
}

/* --- who the person is ------------------------------------------------------------------ */

static bool bad_token(struct res *s)
{
	refuse(s, 401, "invalid_token", "this token is over, unknown, or the person stopped this");
	s->authenticate = "Bearer error=\"invalid_token\"";
	return true;
}

/* RFC 6750: in the head only. */
static const char *bearer(struct req *r)
{
	const char *head = req_header(r, "authorization");

	return head && !strncasecmp(head, "Bearer ", 7) && strlen(head + 7) < FEDERATION_TEXTE ?
		head + 7 : NULL;
}

static void put_identity(struct json_out *j, const char *text)
{
	CLEANUP(json_done) json_t *o = NULL;
	struct err e = { 0 };
	const char *name;
	json_t *v;

	if (!text || !json_read(text, strlen(text), &o, &e))
		return;
	json_object_foreach(o, name, v)
		json_put_text(j, name, json_string_value(v));
}

static bool find_identity(struct req *r, const char *token, struct identite_vue *v,
			  struct federation_client *c, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	bool found = true;

	if (!db_acquire(r->core->store, &db, e)
	    || !federation_identity(db, r->env, r->a, token, v, e)
	    || (v->bon && !federation_client_get(db, r->a, v->client, c, &found, e)))
		return false;
	v->bon = v->bon && found;
	return true;
}

static void put_claims(struct req *r, struct json_out *j, const struct identite_vue *v,
		       const struct federation_client *c)
{
	json_open_object(j, NULL);
	if (c->signe) {
		json_put_text(j, "iss", r->core->site.adresse);
		json_put_text(j, "aud", c->id);
		json_put_int(j, "iat", env_now(r->env) / 1000);
		json_put_int(j, "exp", env_now(r->env) / 1000 + FEDERATION_JETON_S);
	}
	json_put_text(j, "sub", federation_sub(r->a, c, v->sub_de));
	put_identity(j, v->identite);
	put_rep_scope(j, v->demarche);
	json_close_object(j);
}

bool identite_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(8 << 10);
	struct federation_client client;
	struct identite_vue v = { 0 };
	struct json_out j = { &b, false };
	const char *token = bearer(r);

	if (!is_open(r, s, e))
		return true;
	if (!token || *r->query)
		return bad_token(s);
	if (!find_identity(r, token, &v, &client, e))
		return trouble(s, e);
	if (!v.bon)
		return bad_token(s);
	put_claims(r, &j, &v, &client);
	begin(s);
	if (client.signe) {
		if (!signer_token(r->core->signer, jose_alg_named(client.algorithme),
				  (struct bytes){ b.p, b.n }, r->a, &token, e))
			return trouble(s, e);
		s->type = "application/jwt";
		buf_str(&s->body, token);
		return true;
	}
	buf_add(&s->body, b.p, b.n);
	return true;
}

/* --- what anybody may know -------------------------------------------------------------- */

bool cles_get(struct req *r, struct res *s, struct err *e)
{
	const char *keys;

	if (!is_open(r, s, e))
		return true;
	if (!signer_published(r->core->signer, r->a, &keys, e))
		return trouble(s, e);
	s->type = "application/jwk-set+json";
	s->cache = CACHE_REVALIDATE;
	buf_str(&s->body, keys);
	return true;
}

static void put_list(struct json_out *j, const char *name, const char *const *words)
{
	json_open_array(j, name);
	for (; *words; words++)
		json_put_text(j, NULL, *words);
	json_close_array(j);
}

#define LIST(j, name, ...) put_list(j, name, (const char *const[]){ __VA_ARGS__, NULL })

static void put_takes(struct json_out *j)
{
	LIST(j, "response_types_supported", "code");
	LIST(j, "response_modes_supported", "query");
	LIST(j, "grant_types_supported", "authorization_code");
	LIST(j, "subject_types_supported", "pairwise");
	LIST(j, "id_token_signing_alg_values_supported", "RS256", "ES256");
	LIST(j, "userinfo_signing_alg_values_supported", "none", "RS256", "ES256");
	LIST(j, "token_endpoint_auth_methods_supported", "client_secret_basic",
	     "client_secret_post", "private_key_jwt");
	LIST(j, "token_endpoint_auth_signing_alg_values_supported", "RS256", "ES256");
	LIST(j, "code_challenge_methods_supported", "S256");
	LIST(j, "prompt_values_supported", "none", "login");
	LIST(j, "acr_values_supported", "eidas1");
	LIST(j, "claim_types_supported", "normal");
	LIST(j, "claims_supported", "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr",
	     "amr", "rep_scope", "given_name", "family_name", "preferred_username", "birthdate",
	     "gender", "birthplace", "birthcountry", "email", "phone_number");
	put_list(j, "scopes_supported", federation_portees);
	json_put_bool(j, "claims_parameter_supported", true);
	json_put_bool(j, "request_parameter_supported", false);
	json_put_bool(j, "request_uri_parameter_supported", false);
	json_put_bool(j, "authorization_response_iss_parameter_supported", true);
}

bool configuration_get(struct req *r, struct res *s, struct err *e)
{
	static const struct { const char *name, *path; } at[] = {
		{ "authorization_endpoint", FEDERATION_AUTORISER },
		{ "token_endpoint", FEDERATION_JETON }, { "userinfo_endpoint", FEDERATION_IDENTITE },
		{ "jwks_uri", FEDERATION_CLES }, { "end_session_endpoint", FEDERATION_SORTIE },
	};
	const char *base = r->core->site.adresse;
	struct json_out j;

	if (!is_open(r, s, e))
		return true;
	j = begin(s);
	s->cache = CACHE_REVALIDATE;
	json_open_object(&j, NULL);
	json_put_text(&j, "issuer", base);
	for (size_t i = 0; i < sizeof at / sizeof *at; i++)
		json_put_text(&j, at[i].name, arena_cat(r->a, base, at[i].path, NULL));
	put_takes(&j);
	json_close_object(&j);
	return true;
}
