#include "accompany/federation_client.h"

#include <string.h>
#include <strings.h>

#include "accompany/federation.sql.h"
#include "base/date.h"
#include "core/jwks.h"
#include "crypto/sha256.h"
#include "format/json.h"

enum { BASIC_MOST = 600, ASSERTION_MS = 10 * 60 * 1000, SKEW_S = 60, JTI_MOST = 300 };

static const char bearer_type[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/* id and secret that came; NULL when they did not. */
struct said {
	const char *id, *secret;
	bool wrong;                     /* two ways at once, or unreadable */
};

/* Standard base64, with its padding, as base64url without. */
static const char *from_base64(struct arena *a, const char *text)
{
	char url[BASIC_MOST], out[BASIC_MOST];
	size_t n = strcspn(text, "="), size;

	if (n >= sizeof url || text[n + strspn(text + n, "=")])
		return NULL;
	for (size_t i = 0; i < n; i++)
		url[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	if (!base64_read(url, n, out, sizeof out, &size) || memchr(out, 0, size))
		return NULL;
	return arena_strn(a, out, size);
}

/* RFC 6749, 2.3.1: both were encoded as in a form. */
static const char *decoded(struct arena *a, const char *text, size_t n)
{
	const char *pair = arena_cat(a, "v=", arena_strn(a, text, n), NULL);
	struct form f = { 0 };
	struct err e = { 0 };

	return form_parse(a, pair, strlen(pair), &f, &e) && f.n == 1 && !f.pairs[0].bad ?
		f.pairs[0].value : NULL;
}

static void read_basic(struct req *r, const char *head, struct said *out)
{
	const char *both = strncasecmp(head, "Basic ", 6) ? NULL : from_base64(r->a, head + 6);
	const char *colon = both ? strchr(both, ':') : NULL;

	out->wrong = !colon;
	if (!colon)
		return;
	out->id = decoded(r->a, both, (size_t)(colon - both));
	out->secret = decoded(r->a, colon + 1, strlen(colon + 1));
	out->wrong = !out->id || !out->secret;
}

static struct said read_said(struct req *r, const struct form *f)
{
	const char *head = req_header(r, "authorization"), *id = form_value(f, "client_id");
	const char *secret = form_value(f, "client_secret");
	struct said s = { 0 };

	if (head) {
		read_basic(r, head, &s);
		s.wrong = s.wrong || secret || (id && strcmp(id, s.id) != 0);
		return s;
	}
	return (struct said){ id, secret, !id || !secret };
}

static bool mark_is(const char *kept, const char *mark)
{
	return kept && strlen(kept) == SHA256_HEX - 1 && box_same(kept, mark, SHA256_HEX - 1);
}

static bool secret_is(const struct federation_client *c, const char *secret, const char *now)
{
	char mark[SHA256_HEX];

	federation_mark(secret, mark);
	return mark_is(c->secret, mark)
	       || (c->secret_avant_fin && strcmp(c->secret_avant_fin, now) > 0
		   && mark_is(c->secret_avant, mark));
}

/* --- private_key_jwt (RFC 7523) ---------------------------------------------------------- */

static json_t *payload_of(struct arena *a, const char *token)
{
	const char *dot = strchr(token, '.'), *end = dot ? strchr(dot + 1, '.') : NULL;
	size_t room = strlen(token), n;
	char *out = arena_alloc(a, room + 1);
	struct err ignored = { 0 };
	json_t *o = NULL;

	if (!end || !out || !base64_read(dot + 1, (size_t)(end - dot - 1), out, room, &n))
		return NULL;
	return json_read(out, n, &o, &ignored) ? o : NULL;
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? text : "";
}

/* For our token endpoint or for us, and nobody else (RFC 7523, 3). */
static bool audience_is_us(struct req *r, const json_t *o)
{
	const json_t *aud = json_object_get(o, "aud");
	const char *said, *base = r->core->site.adresse;

	if (json_is_array(aud) && json_array_size(aud) == 1)
		aud = json_array_get(aud, 0);
	said = json_string_value(aud);
	return said && (!strcmp(said, base)
			|| !strcmp(said, arena_cat(r->a, base, "/federation/jeton", NULL)));
}

/* Of now, with an end that is near, and a name so that it serves once. */
static bool times_are_right(struct req *r, const json_t *o, char until[ISO_TEXT])
{
	const json_t *exp = json_object_get(o, "exp"), *iat = json_object_get(o, "iat");
	const json_t *nbf = json_object_get(o, "nbf");
	double now = (double)env_now(r->env) / 1000, end = json_number_value(exp);
	size_t n = strlen(text_of(o, "jti"));

	if (!json_is_number(exp) || !n || n > JTI_MOST || !(end > now)
	    || end > now + ASSERTION_MS / 1000.0
	    || (iat && !(json_number_value(iat) <= now + SKEW_S))
	    || (nbf && !(json_number_value(nbf) <= now + SKEW_S)))
		return false;
	iso_write((int64_t)end * 1000 + 1000, until);
	return true;
}

struct once {
	const char *client, *mark, *until;
	int64_t changed;
};

static bool once_job(struct tx *tx, void *arg, struct err *e)
{
	struct once *x = arg;

	return federation_signe_add(tx, x->client, x->mark, x->until, &x->changed, e);
}

static bool signature_is_theirs(struct req *r, const struct federation_client *c,
				const char *token)
{
	static const enum jose_alg algs[] = { JOSE_ES256, JOSE_RS256 };
	struct err ignored = { 0 };
	struct jose_key *keys;
	const char *payload;
	size_t nkeys, n;

	for (size_t i = 0; i < 2; i++) {
		if (jwks_read(r->a, c->cles, strlen(c->cles), algs[i], &keys, &nkeys, &ignored)
		    && nkeys && jose_verify(r->a, token, algs[i], keys, nkeys, &payload,
		    	&n, &ignored))
			return true;
	}
	return false;
}

/* *known stays false when something is not right. */
static bool assertion_proves(struct req *r, const struct form *f, struct federation_client *out,
			     bool *known, struct err *e)
{
	const char *token = form_value(f, "client_assertion"), *id = form_value(f, "client_id");
	const char *type = form_value(f, "client_assertion_type");
	CLEANUP(json_done) json_t *o = payload_of(r->a, token);
	CLEANUP(db_release) struct db *db = NULL;
	char mark[SHA256_HEX], until[ISO_TEXT];
	struct once x = { .mark = mark, .until = until };
	bool found;

	if (!o || !type || strcmp(type, bearer_type) != 0 || req_header(r, "authorization")
	    || form_value(f, "client_secret") || (id && strcmp(id, text_of(o, "sub")) != 0)
	    || strcmp(text_of(o, "iss"), text_of(o, "sub")) != 0 || !audience_is_us(r, o)
	    || !times_are_right(r, o, until))
		return true;
	if (!db_acquire(r->core->store, &db, e)
	    || !federation_client_get(db, r->a, text_of(o, "sub"), out, &found, e))
		return false;
	db_release(&db);
	if (!found || !out->cles || !signature_is_theirs(r, out, token))
		return true;
	x.client = out->id;
	federation_mark(text_of(o, "jti"), mark);
	if (!store_write(r->core->store, once_job, &x, e))
		return false;
	*known = x.changed;
	return true;
}

bool federation_client_proves(struct req *r, const struct form *f,
			      struct federation_client *out, bool *known, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct said s = read_said(r, f);
	char now[ISO_TEXT];

	*known = false;
	if (form_value(f, "client_assertion"))
		return assertion_proves(r, f, out, known, e);
	iso_write(env_now(r->env), now);
	if (s.wrong)
		return true;
	if (!db_acquire(r->core->store, &db, e)
	    || !federation_client_get(db, r->a, s.id, out, known, e))
		return false;
	*known = *known && secret_is(out, s.secret, now);
	return true;
}
