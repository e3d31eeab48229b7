/* Leaving a site (OpenID Connect RP-Initiated Logout 1.0). */
#include <string.h>

#include "accompany/federation.htm.h"
#include "accompany/federation_inside.h"
#include "core/agent.h"
#include "core/jwks.h"
#include "format/json.h"
#include "store/signer.h"
#include "web/form.h"
#include "web/html.h"
#include "web/page.h"
#include "web/right.h"

struct leaving {
	struct req *r;
	const char *agent, *client;
};

static bool leave_job(struct tx *tx, void *arg, struct err *e)
{
	struct leaving *l = arg;

	return federation_leave_site(tx, l->r->env, l->agent, l->client, e);
}

/* A GET that writes: only an end, of what this very agent began. */
static bool leave(struct req *r, const char *client, struct err *e)
{
	struct leaving l = { r, NULL, client };

	if (!can_agent.allows(r))
		return true;
	l.agent = req_agent(r)->id;
	return store_write(r->core->store, leave_job, &l, e);
}

static const char *with_state(struct req *r, const char *address, const char *state)
{
	CLEANUP(buf_free) struct buf b = buf_new(8 << 10);
	struct html h = { .out = &b, .lang = r->lang };

	buf_str(&b, address);
	if (state && *state) {
		buf_str(&b, strchr(address, '?') ? "&state=" : "?state=");
		html_url_part(&h, state);
	}
	return arena_str(r->a, buf_text(&b));
}

/* The client that an id_token of ours was for, even an old one; NULL. */
static const char *hinted(struct req *r, const char *token)
{
	static const enum jose_alg algs[] = { JOSE_RS256, JOSE_ES256 };
	CLEANUP(json_done) json_t *o = NULL;
	const char *jwks, *payload = NULL, *aud;
	struct err ignored = { 0 };
	struct jose_key *keys;
	size_t nkeys, n;

	if (!token || !signer_published(r->core->signer, r->a, &jwks, &ignored))
		return NULL;
	for (size_t i = 0; i < 2 && !payload; i++) {
		if (!jwks_read(r->a, jwks, strlen(jwks), algs[i], &keys, &nkeys, &ignored) || !nkeys
		    || !jose_verify(r->a, token, algs[i], keys, nkeys, &payload, &n, &ignored))
			payload = NULL;
	}
	if (!payload || !json_read(payload, n, &o, &ignored))
		return NULL;
	aud = json_string_value(json_object_get(o, "aud"));
	return aud ? arena_str(r->a, aud) : NULL;
}

/* The page says that one left the site, and is still here. */
static bool left_page(struct req *r, struct res *s, const char *nom)
{
	struct page page = page_for(r, N_("Vous avez quitté le site"));
	struct html h = page_html(r, s);

	s->cache = CACHE_NO_STORE;
	sortie_page(&h, &page, nom, req_agent(r) != NULL);
	return true;
}

bool sortie_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *id = req_typed(r, "client_id"), *to = req_typed(r, "post_logout_redirect_uri");
	const char *hint_of = hinted(r, req_typed(r, "id_token_hint"));
	struct federation_client client;
	bool found = false;

	if (hint_of && (!id || !*id))
		id = hint_of;
	if (!federation_open(r, e) || !db_acquire(r->core->store, &db, e)
	    || (id && !federation_client_get(db, r->a, id, &client, &found, e)))
		return false;
	db_release(&db);
	if (!found)
		return left_page(r, s, NULL);
	if (!leave(r, client.id, e))
		return false;
	if (!to || (hint_of && strcmp(hint_of, client.id) != 0)
	    || !federation_address_is(client.sorties, to))
		return left_page(r, s, client.nom);
	s->status = 303;
	s->cache = CACHE_NO_STORE;
	s->location = with_state(r, to, req_typed(r, "state"));
	return true;
}
