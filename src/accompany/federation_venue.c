/* A browser that a site sends to us, and its way back. */
#include <string.h>

#include "accompany/federation_inside.h"
#include "base/log.h"
#include "web/html.h"
#include "web/page.h"

bool federation_open(struct req *r, struct err *e)
{
	bool on;

	if (!federation_is_on(r, &on, e))
		return false;
	if (on)
		return true;
	fail(e, E_MISSING, "%s", N_("Aucun site ne peut se connecter par ici."));
	return hint(e, "%s", N_("Vérifiez l’adresse, ou repartez de l’accueil."));
}

/* "https://site.fr:8443" of an address. */
static const char *origin_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");

	return host ? arena_strn(a, url, (size_t)(host - url) + 3 + strcspn(host + 3, "/?#")) : "";
}

static bool unknown_site(struct err *e, const char *what)
{
	fail(e, E_INPUT, "%s", what);
	return hint(e, "%s", N_("Personne n’a été connecté. Revenez au site et recommencez ; si cela "
				"se reproduit, signalez-le à qui administre ce site."));
}

static bool find_client(struct venue *v, bool *found, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	*found = false;
	return !v->d.client_id
	       || (db_acquire(v->r->core->store, &db, e)
		   && federation_client_get(db, v->r->a, v->d.client_id, &v->client, found, e));
}

/* Which of two is meant cannot be known: neither is followed. */
static bool is_in_doubt(const struct demande *d)
{
	return d->twice && (!strcmp(d->twice, "client_id") || !strcmp(d->twice, "redirect_uri"));
}

bool venue_read(struct req *r, const char *texte, struct venue *v, struct err *e)
{
	bool found;

	*v = (struct venue){ .r = r, .texte = texte };
	demande_read(r->a, texte, strlen(texte), &v->d);
	if (!find_client(v, &found, e))
		return false;
	if (!found || is_in_doubt(&v->d))
		return unknown_site(e, N_("Le site qui vous envoie ici n’est pas connu de ce Tremplin."));
	if (!federation_address_is(v->client.retours, v->d.redirect_uri))
		return unknown_site(e, N_("Le site qui vous envoie ici demande un retour à une adresse qui "
					  "n’est pas la sienne."));
	v->origin = origin_of(r->a, v->d.redirect_uri);
	v->refus = demande_check(&v->d, &v->client);
	return true;
}

void venue_log(const struct venue *v)
{
	for (int i = 0; i < v->d.nunknown; i++) {
		const char *name = v->d.unknown[i];
		size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

		log_warning("fédération : %s envoie un paramètre inconnu : %.*s", v->client.id,
			    (int)(n < 40 ? n : 40), name);
	}
	if (v->refus.error)
		log_warning("fédération : demande de %s refusée : %s (%s)", v->client.id,
			    v->refus.error, v->refus.why);
}

/* --- the way back ----------------------------------------------------------------------- */

static void put_pair(struct html *h, bool *first, const char *name, const char *value)
{
	if (!value)
		return;
	buf_char(h->out, *first ? '?' : '&');
	buf_str(h->out, name);
	buf_char(h->out, '=');
	html_url_part(h, value);
	*first = false;
}

static bool send(struct venue *v, struct res *s, const char *code, const char *error,
		 const char *why)
{
	CLEANUP(buf_free) struct buf b = buf_new(16 << 10);
	struct html h = { .out = &b, .lang = v->r->lang };
	bool first = !strchr(v->d.redirect_uri, '?');

	buf_str(&b, v->d.redirect_uri);
	put_pair(&h, &first, "code", code);
	put_pair(&h, &first, "error", error);
	put_pair(&h, &first, "error_description", why);
	put_pair(&h, &first, "state", v->d.state);
	put_pair(&h, &first, "iss", v->r->core->site.adresse);
	s->status = 303;
	s->location = arena_str(v->r->a, buf_text(&b));
	s->cache = CACHE_NO_STORE;
	return true;
}

bool venue_send_code(struct venue *v, struct res *s, const char *code)
{
	return send(v, s, code, NULL, NULL);
}

bool venue_send_error(struct venue *v, struct res *s, const char *error, const char *why)
{
	return send(v, s, NULL, error, why);
}
