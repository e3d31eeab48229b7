/* A provider in memory: its configuration and its keys, kept as long as it allows. */
#include <stdlib.h>
#include <string.h>

#include "admit/oidc_inside.h"
#include "base/log.h"
#include "crypto/sha256.h"

enum {
	KEEP_LEAST_S = 300, KEEP_USUAL_S = 3600, KEEP_MOST_S = 24 * 3600,
	DOWN_MS = 15000, FORCED_MS = 60000, MEMORY = 256 << 10,
};

/* --- all of them ------------------------------------------------------------------------ */

bool oidc_new(const struct oidc_reglages *r, struct oidc **out, struct err *e)
{
	struct oidc *o = NULL;

	*out = NULL;
	for (int i = 0; i < OIDC_PROVIDERS; i++) {
		struct oidc_provider *v;

		if (!r->p[i].issuer)
			continue;
		if (!o && !(o = calloc(1, sizeof *o)))
			return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
		v = &o->v[o->n++];
		v->p = &r->p[i];
		v->config_memory = arena_new(MEMORY);
		v->keys_memory = arena_new(MEMORY);
		pthread_mutex_init(&v->lock, NULL);
	}
	*out = o;
	return true;
}

void oidc_free(struct oidc **at)
{
	struct oidc *o = *at;

	*at = NULL;
	for (int i = 0; o && i < o->n; i++) {
		arena_free(&o->v[i].config_memory);
		arena_free(&o->v[i].keys_memory);
		for (int k = 0; k < OIDC_PARKED_MOST; k++)
			free(o->v[i].parked[k].text);
		pthread_mutex_destroy(&o->v[i].lock);
	}
	free(o);
}

const struct oidc_provider *oidc_nth(const struct oidc *o, int i)
{
	return o && i >= 0 && i < o->n ? &o->v[i] : NULL;
}

struct oidc_provider *oidc_find(struct oidc *o, const char *chemin)
{
	for (int i = 0; o && chemin && i < o->n; i++) {
		if (!strcmp(o->v[i].p->chemin, chemin))
			return &o->v[i];
	}
	return NULL;
}

struct oidc_provider *oidc_by_issuer(struct oidc *o, const char *issuer)
{
	for (int i = 0; o && i < o->n; i++) {
		if (!strcmp(o->v[i].p->issuer, issuer))
			return &o->v[i];
	}
	return NULL;
}

const struct oidc_reglage *oidc_reglage_of(const struct oidc_provider *v)
{
	return v->p;
}

/* --- asking --------------------------------------------------------------------------------- */

static bool other_way(struct err *e)
{
	return hint(e, "%s", N_("Connectez-vous d’une autre façon, ou réessayez dans un moment."));
}

/* One more question at once; false when it is down or too many wait already. */
static bool may_ask(struct oidc_provider *v, int64_t now, struct err *e)
{
	bool down, many;

	pthread_mutex_lock(&v->lock);
	down = now < v->down_until;
	many = v->asking >= OIDC_ASKING_MOST;
	v->asking += !down && !many;
	pthread_mutex_unlock(&v->lock);
	if (down)
		fail(e, E_REMOTE, "%s", N_("Ce fournisseur d’identité ne répond pas en ce moment."));
	else if (many)
		fail(e, E_BUSY, "%s", N_("Beaucoup de monde attend ce fournisseur d’identité en ce "
					 "moment."));
	return (!down && !many) || other_way(e);
}

static bool badly_set(const struct oidc_provider *v, const struct err *why, struct err *e)
{
	log_error("%s : %s %s", v->p->nom, why->msg, why->hint);
	fail(e, E_REMOTE, "%s", N_("La connexion par ce fournisseur d’identité n’est pas bien réglée "
				   "sur ce site."));
	return hint(e, "%s", N_("Connectez-vous d’une autre façon, et signalez-le à qui administre ce "
				"site."));
}

bool oidc_ask(struct oidc_provider *v, struct core *c, const struct remote_ask *ask,
	      struct arena *a, struct remote_answer *out, struct err *e)
{
	struct remote_ask timed = *ask;
	struct err why = { 0 };
	bool ok, down;

	if (!may_ask(v, env_now(c->env), e))
		return false;
	timed.timeout_ms = OIDC_WAIT_MS;
	ok = remote_fetch(c->remote, &timed, a, out, &why);
	down = !ok || out->status >= 500;
	pthread_mutex_lock(&v->lock);
	v->asking--;
	v->down_until = down ? env_now(c->env) + DOWN_MS : 0;
	pthread_mutex_unlock(&v->lock);
	if (!down)
		return true;
	/* a setting: for whoever administers, in the log */
	if (why.kind == E_DENIED || why.kind == E_INPUT || why.kind == E_STORE)
		return badly_set(v, &why, e);
	log_warning("%s : %s", v->p->nom, ok ? "erreur du serveur" : why.msg);
	fail(e, E_REMOTE, "%s", N_("Ce fournisseur d’identité ne répond pas en ce moment."));
	return other_way(e);
}

static bool get(struct oidc_provider *v, struct core *c, const char *url, struct arena *a,
		struct remote_answer *out, struct err *e)
{
	struct remote_ask ask = { .url = url, .accept = "application/json" };

	if (!oidc_ask(v, c, &ask, a, out, e))
		return false;
	if (out->status == 200)
		return true;
	log_warning("%s répond %d", v->p->nom, out->status);
	fail(e, E_REMOTE, "%s", N_("Réponse inattendue du fournisseur d’identité."));
	return other_way(e);
}

/* Until when an answer may be kept. */
static int64_t keep_until(int64_t now, int64_t max_age)
{
	int64_t s = max_age < 0 ? KEEP_USUAL_S : max_age;

	s = s < KEEP_LEAST_S ? KEEP_LEAST_S : s > KEEP_MOST_S ? KEEP_MOST_S : s;
	return now + s * 1000;
}

/* --- configuration ------------------------------------------------------------------------ */

static const char *copy(struct arena *a, const char *s)
{
	return s ? arena_str(a, s) : NULL;
}

static struct oidc_endpoints copy_config(struct arena *a, const struct oidc_endpoints *x)
{
	struct oidc_endpoints to = *x;

	to.authorization = copy(a, x->authorization);
	to.token = copy(a, x->token);
	to.jwks = copy(a, x->jwks);
	to.userinfo = copy(a, x->userinfo);
	to.end_session = copy(a, x->end_session);
	return to;
}

/* Discovery 1.0, section 4: a final slash of the issuer does not count. */
static const char *config_url(struct arena *a, const char *issuer)
{
	size_t n = strlen(issuer);

	return arena_cat(a, arena_strn(a, issuer, n - (issuer[n - 1] == '/')),
			 "/.well-known/openid-configuration", NULL);
}

static bool config_known(struct oidc_provider *v, int64_t now, struct arena *a,
			 struct oidc_endpoints *out)
{
	bool known;

	pthread_mutex_lock(&v->lock);
	known = now < v->config_until;
	if (known)
		*out = copy_config(a, &v->config);
	pthread_mutex_unlock(&v->lock);
	return known;
}

bool oidc_config(struct oidc_provider *v, struct core *c, struct arena *a,
		 struct oidc_endpoints *out, struct err *e)
{
	struct remote_answer got;
	int64_t now = env_now(c->env);

	if (config_known(v, now, a, out))
		return !a->spent || arena_refuse(a, e);
	if (!get(v, c, config_url(a, v->p->issuer), a, &got, e)
	    || !oidc_endpoints_read(a, got.body.p, got.body.n, v->p, out, e))
		return false;
	pthread_mutex_lock(&v->lock);
	arena_reset(&v->config_memory);
	v->config = copy_config(&v->config_memory, out);
	v->config_until = v->config_memory.spent ? 0 : keep_until(now, got.max_age);
	pthread_mutex_unlock(&v->lock);
	return true;
}

/* --- keys --------------------------------------------------------------------------------- */

static struct jose_key *copy_keys(struct arena *a, const struct jose_key *keys, size_t n)
{
	struct jose_key *to = NEW_ARRAY(a, n + 1, struct jose_key);

	for (size_t i = 0; to && i < n; i++)
		to[i] = (struct jose_key){
			copy(a, keys[i].kid), copy(a, keys[i].kty), copy(a, keys[i].n),
			copy(a, keys[i].e), copy(a, keys[i].crv), copy(a, keys[i].x),
			copy(a, keys[i].y),
		};
	return to;
}

static bool keys_known(struct oidc_provider *v, int64_t now, struct arena *a,
		       struct jose_key **keys, size_t *n)
{
	bool known;

	pthread_mutex_lock(&v->lock);
	known = now < v->keys_until;
	if (known) {
		*n = v->nkeys;
		*keys = copy_keys(a, v->keys, v->nkeys);
	}
	pthread_mutex_unlock(&v->lock);
	return known && *keys;
}

static bool fetch_keys(struct oidc_provider *v, struct core *c, struct arena *a,
		       const char *url, struct jose_key **keys, size_t *n, struct err *e)
{
	struct remote_answer got;

	if (!get(v, c, url, a, &got, e)
	    || !oidc_keys_read(a, got.body.p, got.body.n, v->p->alg, keys, n, e))
		return false;
	pthread_mutex_lock(&v->lock);
	arena_reset(&v->keys_memory);
	v->keys = copy_keys(&v->keys_memory, *keys, *n);
	v->nkeys = v->keys ? *n : 0;
	v->keys_until = v->keys_memory.spent ? 0 : keep_until(env_now(c->env), got.max_age);
	pthread_mutex_unlock(&v->lock);
	return true;
}

bool oidc_try(struct oidc_provider *v, struct core *c, struct arena *a,
	      struct oidc_endpoints *x, size_t *nkeys, struct err *e)
{
	struct jose_key *keys;

	*nkeys = 0;
	return oidc_config(v, c, a, x, e)
	       && (v->p->alg == JOSE_HS256 || fetch_keys(v, c, a, x->jwks, &keys, nkeys, e));
}

/* A token names a key that we do not know: the provider may have made it since.  Not more
 * than once a minute, or any token could make us ask. */
static bool may_force(struct oidc_provider *v, int64_t now)
{
	bool may;

	pthread_mutex_lock(&v->lock);
	may = now >= v->keys_forced + FORCED_MS;
	if (may)
		v->keys_forced = now;
	pthread_mutex_unlock(&v->lock);
	return may;
}

static bool verify_with_keys(struct oidc_provider *v, struct core *c, struct arena *a,
			     const char *url, const char *token, struct bytes *payload,
			     struct err *e)
{
	int64_t now = env_now(c->env);
	struct jose_key *keys = NULL;
	const char *p;
	size_t n = 0;
	bool known = keys_known(v, now, a, &keys, &n);

	if (!known && !fetch_keys(v, c, a, url, &keys, &n, e))
		return false;
	if (!jose_verify(a, token, v->p->alg, keys, n, &p, &payload->n, e)) {
		if (e->kind != E_MISSING || !known || !may_force(v, now)
		    || !fetch_keys(v, c, a, url, &keys, &n, e)
		    || !jose_verify(a, token, v->p->alg, keys, n, &p, &payload->n, e))
			return false;
	}
	payload->p = p;
	return true;
}

bool oidc_verify(struct oidc_provider *v, struct core *c, struct arena *a,
		 const struct oidc_endpoints *x, const char *token, struct bytes *payload,
		 struct err *e)
{
	bool ok = v->p->alg == JOSE_HS256
		? remote_verify(c->remote, v->p->chemin, token, a, payload, e)
		: verify_with_keys(v, c, a, x->jwks, token, payload, e);

	if (!ok && e->kind == E_MISSING)
		fail(e, E_DENIED, "%s", N_("Réponse du fournisseur d’identité refusée : elle est "
					   "signée avec une clé qu’il n’a pas publiée."));
	else if (!ok && (e->kind == E_INPUT || e->kind == E_DENIED))
		fail(e, E_DENIED, "%s", N_("Réponse du fournisseur d’identité refusée : elle n’est "
					   "pas signée comme convenu."));
	if (!ok && e->kind == E_DENIED)
		hint(e, "%s", N_("Recommencez la connexion. Si cela se reproduit, signalez-le à qui "
				 "administre ce site."));
	return ok;
}

/* --- states -------------------------------------------------------------------------------- */

static uint64_t number_of(const char *state)
{
	struct sha256 *h = sha256_new();
	uint8_t raw[SHA256_BYTES];
	uint64_t n;

	sha256_add(h, state, strlen(state));
	sha256_end(h, raw);
	memcpy(&n, raw, sizeof n);
	return n;
}

bool oidc_state_first(struct oidc_provider *v, const struct env *env, const char *state)
{
	uint64_t number = number_of(state);
	int64_t now = env_now(env);
	bool first = true;

	pthread_mutex_lock(&v->lock);
	for (int i = 0; i < OIDC_USED_MOST; i++) {
		if (v->used[i].state == number && now < v->used[i].until)
			first = false;
	}
	if (first) {
		v->used[v->used_next].state = number;
		v->used[v->used_next].until = now + OIDC_LOGIN_MS;
		v->used_next = (v->used_next + 1) % OIDC_USED_MOST;
	}
	pthread_mutex_unlock(&v->lock);
	return first;
}

/* --- what was typed -------------------------------------------------------------------------- */

void oidc_park(struct oidc_provider *v, const struct env *env, const char *state,
	       const char *text)
{
	char *copy = strdup(text);

	pthread_mutex_lock(&v->lock);
	free(v->parked[v->parked_next].text);
	v->parked[v->parked_next].text = copy;
	v->parked[v->parked_next].state = number_of(state);
	v->parked[v->parked_next].until = env_now(env) + OIDC_LOGIN_MS;
	v->parked_next = (v->parked_next + 1) % OIDC_PARKED_MOST;
	pthread_mutex_unlock(&v->lock);
}

const char *oidc_unpark(struct oidc_provider *v, const struct env *env, struct arena *a,
			const char *state)
{
	uint64_t number = number_of(state);
	int64_t now = env_now(env);
	const char *out = NULL;

	pthread_mutex_lock(&v->lock);
	for (int i = 0; i < OIDC_PARKED_MOST; i++) {
		if (!v->parked[i].text || v->parked[i].state != number)
			continue;
		if (now < v->parked[i].until)
			out = arena_str(a, v->parked[i].text);
		free(v->parked[i].text);
		v->parked[i].text = NULL;
	}
	pthread_mutex_unlock(&v->lock);
	return out;
}
