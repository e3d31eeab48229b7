/* A login by a provider: to it, and back from it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "admit/oidc_inside.h"
#include "base/buf.h"
#include "base/log.h"
#include "crypto/box.h"
#include "crypto/sha256.h"
#include "web/session.h"

static const char awaited_key[] = ".oidc", leaving_key[] = ".oidc-sortie";

enum {
	SECRET_BYTES = 32, SECRET_TEXT = BASE64_ROOM(SECRET_BYTES),
	URL_MOST = JOSE_TOKEN_MOST + 4000, PARTS = 7, ERROR_MOST = 40,
};

/* --- addresses ----------------------------------------------------------------------------- */

const char *oidc_retour_url(struct req *r, const struct oidc_provider *v)
{
	return arena_cat(r->a, core_address(r), "/agent/oidc/", v->p->chemin, "/retour", NULL);
}

const char *oidc_sortie_url(struct req *r, const struct oidc_provider *v)
{
	return arena_cat(r->a, core_address(r), "/agent/oidc/", v->p->chemin, "/sortie", NULL);
}

/* name=value, percent-encoded, after what an address or a body already has. */
static void put(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_char(b, '=');
	for (const char *p = value; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		    || strchr("-._~", c))
			buf_char(b, *p);
		else
			buf_printf(b, "%%%02X", c);
	}
}

static void add(struct buf *b, const char *name, const char *value)
{
	buf_char(b, '&');
	put(b, name, value);
}

/* An address of the provider, ready for its first parameter. */
static struct buf address_begin(const char *url)
{
	struct buf b = buf_new(URL_MOST);

	buf_str(&b, url);
	buf_char(&b, strchr(url, '?') ? '&' : '?');
	return b;
}

static void draw(const struct env *env, char out[SECRET_TEXT])
{
	unsigned char raw[SECRET_BYTES];

	env_random(env, raw, sizeof raw);
	base64_write(raw, sizeof raw, out);
}

/* --- what is awaited ---------------------------------------------------------------------- */

struct awaited {
	const char *chemin, *state, *nonce, *verifier;  /* verifier "" without PKCE */
	int64_t since;
	enum oidc_but but;
	const char *retour;             /* "" when there is none */
};

static void await(struct req *r, const struct awaited *w)
{
	session_set(r->session, r->a, awaited_key,
		    arena_printf(r->a, "%s %s %s %s %lld %d %s", w->chemin, w->state, w->nonce,
				 w->verifier, (long long)w->since, (int)w->but, w->retour));
}

/* What the session awaits, and it awaits it no more; false: nothing, or for too long. */
static bool awaited_take(struct req *r, struct awaited *w)
{
	const char *kept = session_get(r->session, awaited_key), *part[PARTS];
	int64_t age;

	if (!kept)
		return false;
	kept = arena_str(r->a, kept);
	session_set(r->session, r->a, awaited_key, NULL);
	for (int i = 0; i < PARTS; i++) {
		size_t n = i < PARTS - 1 ? strcspn(kept, " ") : strlen(kept);

		part[i] = arena_strn(r->a, kept, n);
		kept += n + (kept[n] == ' ');
	}
	*w = (struct awaited){ part[0], part[1], part[2], part[3], strtoll(part[4], NULL, 10),
			       part[5][0] == '1' ? OIDC_LIAISON : OIDC_CONNEXION, part[6] };
	age = env_now(r->env) - w->since;
	return age >= 0 && age < OIDC_LOGIN_MS;
}

/* --- to the provider -------------------------------------------------------------------------- */

/* S256 of RFC 7636. */
static void challenge_of(const char *verifier, char out[BASE64_ROOM(SHA256_BYTES)])
{
	struct sha256 *h = sha256_new();
	uint8_t raw[SHA256_BYTES];

	sha256_add(h, verifier, strlen(verifier));
	sha256_end(h, raw);
	base64_write(raw, sizeof raw, out);
}

static bool uses_pkce(const struct oidc_provider *v, const struct oidc_endpoints *x)
{
	return v->p->pkce == OIDC_PKCE_OUI || (v->p->pkce == OIDC_PKCE_AUTO && x->pkce);
}

/* Only what ProConnect lists: any other parameter would be its error Y000400. */
static const char *authorization_url(struct req *r, const struct oidc_provider *v,
				     const struct oidc_endpoints *x, const struct awaited *w)
{
	CLEANUP(buf_free) struct buf b = address_begin(x->authorization);
	char challenge[BASE64_ROOM(SHA256_BYTES)];

	put(&b, "response_type", "code");
	add(&b, "client_id", v->p->client_id);
	add(&b, "redirect_uri", oidc_retour_url(r, v));
	add(&b, "scope", v->p->scopes);
	add(&b, "state", w->state);
	add(&b, "nonce", w->nonce);
	if (w->but == OIDC_LIAISON)     /* not who was there before, on a shared computer */
		add(&b, "prompt", "login");
	if (v->p->mfa && (v->p->proconnect || x->takes_claims))
		add(&b, "claims", "{\"id_token\":{\"amr\":{\"essential\":true}}}");
	if (*w->verifier) {
		challenge_of(w->verifier, challenge);
		add(&b, "code_challenge", challenge);
		add(&b, "code_challenge_method", "S256");
	}
	return b.full ? NULL : arena_strn(r->a, b.p, b.n);
}

bool oidc_begin(struct req *r, struct oidc_provider *v, enum oidc_but but, const char *retour,
		const char *reprise, const char **url, struct err *e)
{
	char state[SECRET_TEXT], nonce[SECRET_TEXT], verifier[SECRET_TEXT] = "";
	struct awaited w = { v->p->chemin, state, nonce, verifier, env_now(r->env), but,
			     oidc_path_is_ours(retour) ? retour : "" };
	struct oidc_endpoints x;

	if (!oidc_config(v, r->core, r->a, &x, e))
		return false;
	draw(r->env, state);
	draw(r->env, nonce);
	if (uses_pkce(v, &x))
		draw(r->env, verifier);
	await(r, &w);
	if (reprise)
		oidc_park(v, r->env, state, reprise);
	*url = authorization_url(r, v, &x, &w);
	if (!*url || r->a->spent)
		return fail(e, E_LIMIT, "L’adresse du fournisseur d’identité est trop longue.");
	return true;
}

/* --- back from it ----------------------------------------------------------------------------- */

static bool start_again(struct err *e)
{
	fail(e, E_CONFLICT, "%s", N_("Cette connexion n’a pas commencé dans ce navigateur, ou il y a "
				     "plus de dix minutes, ou elle a déjà servi."));
	return hint(e, "%s", N_("Recommencez depuis la page de connexion."));
}

static bool same_text(const char *a, const char *b)
{
	return a && strlen(a) == strlen(b) && box_same(a, b, strlen(b));
}

/* The words of an error come from an address that anybody can write: only its code is kept,
 * when it is one. */
static const char *error_code(struct arena *a, const char *error)
{
	size_t n = strspn(error, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n && n <= ERROR_MOST && !error[n] ? arena_str(a, error) : NULL;
}

static bool provider_said_no(const char *error, struct err *e)
{
	if (!strcmp(error, "access_denied") || !strcmp(error, "interaction_required")
	    || !strcmp(error, "login_required")) {
		fail(e, E_DENIED, "%s", N_("La connexion a été abandonnée."));
		return hint(e, "%s", N_("Recommencez, ou connectez-vous d’une autre façon."));
	}
	if (!strcmp(error, "temporarily_unavailable") || !strcmp(error, "server_error"))
		fail(e, E_REMOTE, "%s", N_("Ce fournisseur d’identité ne répond pas en ce moment."));
	else
		fail(e, E_REMOTE, "%s", N_("Ce fournisseur d’identité a refusé la connexion."));
	return hint(e, "%s", N_("Connectez-vous d’une autre façon. Si cela se reproduit, signalez-le à "
				"qui administre ce site."));
}

/* Mix-up (RFC 9207): an answer that another provider gave is not taken to this one. */
static bool comes_from(const struct oidc_provider *v, const struct oidc_endpoints *x,
		       const struct oidc_back *back, struct err *e)
{
	if (back->iss ? !strcmp(back->iss, v->p->issuer) : !x->says_iss)
		return true;
	fail(e, E_DENIED, "%s", N_("Cette réponse ne vient pas du fournisseur d’identité choisi."));
	return hint(e, "%s", N_("Recommencez depuis la page de connexion. Si cela se reproduit, "
				"signalez-le à qui administre ce site."));
}

static bool exchange(struct req *r, struct oidc_provider *v, const struct oidc_endpoints *x,
		     const char *code, const struct awaited *w, struct oidc_tokens *out,
		     struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(URL_MOST);
	struct remote_ask ask = { .url = x->token, .method = "POST", .accept = "application/json",
				  .secret = v->p->chemin };
	struct remote_answer got;

	put(&b, "grant_type", "authorization_code");
	add(&b, "client_id", v->p->client_id);
	add(&b, "redirect_uri", oidc_retour_url(r, v));
	add(&b, "code", code);
	if (*w->verifier)
		add(&b, "code_verifier", w->verifier);
	if (b.full)
		return fail(e, E_LIMIT, "Le code du fournisseur d’identité est trop long.");
	ask.body = (struct bytes){ b.p, b.n };
	return oidc_ask(v, r->core, &ask, r->a, &got, e)
	       && oidc_tokens_read(r->a, got.status, got.body.p, got.body.n, out, e);
}

static bool type_is(const char *type, const char *wanted)
{
	size_t n = strlen(wanted);

	return !strncasecmp(type, wanted, n) && (!type[n] || type[n] == ';' || type[n] == ' ');
}

static bool unsigned_userinfo(struct err *e)
{
	fail(e, E_DENIED, "%s", N_("Réponse du fournisseur d’identité refusée : elle est sans "
				   "signature, alors que les réglages en demandent une."));
	return hint(e, "%s", N_("Connectez-vous d’une autre façon, et signalez-le à qui administre ce "
				"site."));
}

static bool ask_userinfo(struct req *r, struct oidc_provider *v, const struct oidc_endpoints *x,
			 const struct oidc_expect *expect, struct oidc_claims *who, struct err *e)
{
	struct remote_ask ask = {
		.url = x->userinfo, .accept = "application/jwt, application/json",
		.authorization = arena_cat(r->a, "Bearer ", expect->access_token, NULL),
	};
	struct remote_answer got;
	struct bytes text;
	bool is_signed;

	if (!oidc_ask(v, r->core, &ask, r->a, &got, e))
		return false;
	if (got.status != 200)
		return fail(e, E_REMOTE, "%s", N_("Ce fournisseur d’identité refuse de dire qui vous "
						  "êtes."));
	is_signed = type_is(got.type, "application/jwt");
	text = got.body;
	if (!is_signed && v->p->userinfo == OIDC_USERINFO_SIGNE)
		return unsigned_userinfo(e);
	if (is_signed && !oidc_verify(v, r->core, r->a, x, got.body.p, &text, e))
		return false;
	return oidc_userinfo_read(r->a, text.p, text.n, is_signed, expect, who, e);
}

static bool who_is_there(struct req *r, struct oidc_provider *v, const struct oidc_endpoints *x,
			 const struct oidc_tokens *t, const char *nonce, struct oidc_claims *who,
			 struct err *e)
{
	struct oidc_expect expect = {
		.issuer = v->p->issuer, .client_id = v->p->client_id, .nonce = nonce,
		.access_token = t->access_token, .now = env_now(r->env) / 1000,
	};
	struct bytes said;

	if (!oidc_verify(v, r->core, r->a, x, t->id_token, &said, e)
	    || !oidc_id_token_read(r->a, said.p, said.n, &expect, who, e))
		return false;
	if (v->p->userinfo != OIDC_USERINFO_NON && !ask_userinfo(r, v, x, &expect, who, e))
		return false;
	who->mfa = who->mfa && v->p->mfa;
	return true;
}

bool oidc_end(struct req *r, struct oidc_provider *v, const struct oidc_back *back,
	      struct oidc_login *out, struct err *e)
{
	struct oidc_endpoints x;
	struct oidc_tokens t;
	struct awaited w;
	bool awaited = awaited_take(r, &w);

	*out = (struct oidc_login){ 0 };
	if (!awaited || strcmp(w.chemin, v->p->chemin) || !same_text(back->state, w.state)
	    || !oidc_state_first(v, r->env, w.state))
		return start_again(e);
	out->but = w.but;
	out->retour = oidc_path_is_ours(w.retour) ? w.retour : NULL;
	out->reprise = oidc_unpark(v, r->env, r->a, w.state);
	if (!oidc_config(v, r->core, r->a, &x, e) || !comes_from(v, &x, back, e))
		return false;
	if (back->error) {
		out->error = error_code(r->a, back->error);
		return provider_said_no(back->error, e);
	}
	if (!back->code || !*back->code)
		return start_again(e);
	if (!exchange(r, v, &x, back->code, &w, &t, e)
	    || !who_is_there(r, v, &x, &t, w.nonce, &out->who, e))
		return false;
	out->id_token = t.id_token;
	return true;
}

/* --- leaving ---------------------------------------------------------------------- */

bool oidc_logout(struct req *r, struct oidc_provider *v, const char *id_token,
		 const char **url, struct err *e)
{
	CLEANUP(buf_free) struct buf b = { 0 };
	struct oidc_endpoints x;
	char state[SECRET_TEXT];

	*url = NULL;
	if (!v->p->deconnexion)
		return true;
	if (!oidc_config(v, r->core, r->a, &x, e))
		return false;
	if (!x.end_session)
		return true;
	draw(r->env, state);
	session_set(r->session, r->a, leaving_key, arena_cat(r->a, v->p->chemin, " ", state, NULL));
	b = address_begin(x.end_session);
	put(&b, "id_token_hint", id_token);
	add(&b, "state", state);
	add(&b, "post_logout_redirect_uri", oidc_sortie_url(r, v));
	if (!b.full)
		*url = arena_strn(r->a, b.p, b.n);
	return !r->a->spent || arena_refuse(r->a, e);
}

bool oidc_logged_out(struct req *r, const struct oidc_provider *v, const char *state)
{
	const char *kept = session_get(r->session, leaving_key);
	bool ok = kept && state
		&& same_text(arena_cat(r->a, v->p->chemin, " ", state, NULL), kept);

	if (kept)
		session_set(r->session, r->a, leaving_key, NULL);
	return ok;
}
