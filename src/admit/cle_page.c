/* GET and POST /agent/facteurs/cle, /agent/connexion/cle */
#include "admit/cle_page.h"

#include <string.h>

#include "admit/cle.htm.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/facteur_inside.h"
#include "crypto/box.h"
#include "web/message.h"

enum { BASE64_MOST = 44000 };           /* of an attestation object of WEBAUTHN_OBJECT_MOST */

const struct field cle_ajout_fields[] = {
	{ AT(cle_ajout_in, nom), .kind = F_TEXT, .max = CLE_NOM_MOST, .label = N_("Nom de cette clé"),
	  .hint = N_("Pour la reconnaître plus tard : « clé bleue », « ordinateur du bureau ».") },
	{ AT(cle_ajout_in, client), .kind = F_TEXT, .max = BASE64_MOST, .label = N_("Navigateur") },
	{ AT(cle_ajout_in, objet), .kind = F_TEXT, .max = BASE64_MOST, .label = N_("Clé") },
	{ 0 },
};

const struct field cle_demande_fields[] = {
	{ AT(cle_demande_in, cle), .kind = F_TEXT, .max = 2000, .label = N_("Clé") },
	{ AT(cle_demande_in, client), .kind = F_TEXT, .max = BASE64_MOST, .label = N_("Navigateur") },
	{ AT(cle_demande_in, donnees), .kind = F_TEXT, .max = BASE64_MOST, .label = N_("Données") },
	{ AT(cle_demande_in, signature), .kind = F_TEXT, .max = 2000, .label = N_("Signature") },
	{ 0 },
};

/* --- what travels ---------------------------------------------------------------------------- */

/* The bytes of a base64url text; .p NULL when it is none. */
static struct webauthn_bytes bytes_of(struct arena *a, const char *text)
{
	size_t length = text ? strlen(text) : 0, n = 0;
	unsigned char *p = arena_alloc(a, length + 1);

	if (!p || !length || !base64_read(text, length, p, length, &n))
		return (struct webauthn_bytes){ NULL, 0 };
	return (struct webauthn_bytes){ p, n };
}

static const char *text_of(struct arena *a, struct webauthn_bytes b)
{
	char *text = arena_alloc(a, BASE64_ROOM(b.n));

	if (!text)
		return "";
	base64_write(b.p, b.n, text);
	return text;
}

static const char *ids_of(struct arena *a, const struct cle *list, size_t n)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_cat(a, out, i ? " " : "", text_of(a, list[i].key.id), NULL);
	return out;
}

/* The words of the layers below, as messages. */
static const char *words_of(struct req *r, const struct err *e)
{
	static const char *const by_kind[] = {
		[E_INPUT] = N_("La réponse de la clé de sécurité n’est pas lisible. Réessayez, ou utilisez un "
			       "autre moyen."),
		[E_DENIED] = N_("Cette clé de sécurité n’a pas répondu comme attendu. Réessayez, ou utilisez "
				"un autre moyen."),
		[E_CONFLICT] = N_("La demande à votre clé de sécurité a expiré, ou a déjà servi. Recommencez."),
	};
	size_t kinds = sizeof by_kind / sizeof *by_kind;

	return tr(r->lang, (size_t)e->kind < kinds && by_kind[e->kind] ? by_kind[e->kind] : e->msg);
}

/* What was asked of the browser and what it says it did: its hash, when they are the same. */
static bool check_client(struct req *r, enum cle_use use, const char *sent,
			 struct cle_awaited *awaited, struct webauthn_ask *ask, struct err *e)
{
	struct webauthn_bytes client = bytes_of(r->a, sent);
	struct cle_client_ask wanted = { use, NULL, cle_origin(r) };

	if (!cle_challenge_take(r, use, awaited, e))
		return false;
	wanted.challenge = awaited->challenge;
	*ask = (struct webauthn_ask){ .rp = cle_rp(r) };
	if (!ask->rp || !client.p)
		return fail(e, E_INPUT, "%s", "La réponse du navigateur n’est pas lisible.");
	return cle_client_read((const char *)client.p, client.n, &wanted, ask->client_hash, e);
}

static bool list_of(struct req *r, const char *agent, struct cle **list, size_t *n, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e) && cle_list(db, r->a, agent, list, n, e);
}

/* --- adding --------------------------------------------------------------------------------- */

static bool ajout_show(struct req *r, struct res *s, const struct enrolling *k,
		       const char *erreur, struct err *e)
{
	struct page page = admit_page(r, s, N_("Une clé de sécurité"));
	struct html h = page_html(r, s);
	struct cle_view v = { .r = r, .page = &page, .rp = cle_rp(r), .erreur = erreur,
			      .accueil = k->accueil, .prenom = k->who.prenom };
	struct webauthn_bytes user = { (const unsigned char *)k->agent, strlen(k->agent) };
	struct cle *list;
	size_t n;

	if (!list_of(r, k->agent, &list, &n, e))
		return false;
	page.script = "cle.js";
	v.defi = cle_challenge(r, CLE_CREATE);
	v.cles = ids_of(r->a, list, n);
	v.compte = text_of(r->a, user);
	v.nom = k->who.identifiant;
	cle_ajout(&h, &v);
	return true;
}

static bool ajout_get(struct req *r, struct res *s, struct err *e)
{
	struct enrolling k;

	return enrolling_of(r, &k, e) && ajout_show(r, s, &k, NULL, e);
}

struct adding {
	struct enrolling *k;
	const char *nom;
	struct webauthn_key key;
};

static bool add_job(struct tx *tx, void *arg, struct err *e)
{
	const struct adding *x = arg;
	struct cle_acte by = { x->k->agent, x->k->session, x->k->structure };

	return cle_add(tx, x->k->env, x->k->a, &by, x->nom, &x->key, e);
}

static bool ajout_post(struct req *r, struct res *s, struct err *e)
{
	const struct cle_ajout_in *in = r->in;
	struct cle_awaited awaited;
	struct webauthn_ask ask;
	struct enrolling k;
	struct adding x = { .k = &k };
	struct err why = { 0 };

	if (!enrolling_of(r, &k, e))
		return false;
	if (r->nerrors)
		return ajout_show(r, s, &k, NULL, e);
	x.nom = in->nom ? in->nom : tr(r->lang, N_("Clé de sécurité"));
	if (!check_client(r, CLE_CREATE, in->client, &awaited, &ask, &why)
	    || !webauthn_registered(r->a, &ask, bytes_of(r->a, in->objet), &x.key, &why)) {
		s->status = err_status(why.kind);
		return ajout_show(r, s, &k, words_of(r, &why), e);
	}
	return enrol(r, s, &k, "cle", add_job, &x, e);
}

/* --- using ------------------------------------------------------------------------------------ */

struct user {                           /* who is asked for a key */
	const char *agent;
	bool entree;                    /* comes in; else proves again */
};

/* Who gave a first factor in this browser, else whose session it is; false: nobody. */
static bool user_of(struct req *r, struct user *out, struct err *e)
{
	struct agent_session now;
	struct attente first;

	*out = (struct user){ NULL, false };
	if (entree_pending(r, &first)) {
		*out = (struct user){ first.agent, true };
		return true;
	}
	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN || now.state == AGENT_SESSION_COVERED)
		*out = (struct user){ now.agent.id, false };
	return true;
}

static bool demande_show(struct req *r, struct res *s, const struct user *u,
			 const struct suite *suite, const char *erreur, struct err *e)
{
	struct page page = admit_page(r, s, N_("Votre clé de sécurité"));
	struct html h = page_html(r, s);
	struct cle_view v = { .r = r, .page = &page, .suite = *suite, .rp = cle_rp(r),
			      .erreur = erreur, .entree = u->entree };
	struct cle *list;
	size_t n;

	if (!list_of(r, u->agent, &list, &n, e))
		return false;
	page.script = "cle.js";
	v.defi = cle_challenge(r, CLE_GET);
	v.cles = ids_of(r->a, list, n);
	cle_demande(&h, &v);
	return true;
}

static bool demande_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);
	struct user u;

	if (!user_of(r, &u, e))
		return false;
	if (!u.agent)
		return res_see_other(s, path_with_suite(r, "/agent/connexion", &suite));
	return demande_show(r, s, &u, &suite, NULL, e);
}

struct serving {
	const struct env *env;
	const char *id;
	uint32_t counter;
	int64_t drawn_ms;
};

static bool served_job(struct tx *tx, void *arg, struct err *e)
{
	const struct serving *x = arg;

	return cle_served(tx, x->env, x->id, x->counter, x->drawn_ms, e);
}

/* The key of this agent that answered, its signature right. */
static bool check_use(struct req *r, const struct user *u, struct serving *out, struct err *e)
{
	const struct cle_demande_in *in = r->in;
	struct webauthn_bytes id = bytes_of(r->a, in->cle);
	struct cle_awaited awaited;
	struct webauthn_ask ask;
	struct cle *list;
	size_t n;

	if (!list_of(r, u->agent, &list, &n, e)
	    || !check_client(r, CLE_GET, in->client, &awaited, &ask, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (list[i].key.id.n != id.n || memcmp(list[i].key.id.p, id.p, id.n))
			continue;
		out->env = r->env;
		out->id = list[i].id;
		out->drawn_ms = awaited.drawn_ms;
		return webauthn_used(&ask, &list[i].key, bytes_of(r->a, in->donnees),
				     bytes_of(r->a, in->signature), &out->counter, e);
	}
	return fail(e, E_DENIED, "%s", "Cette clé n’est pas de ce compte.");
}

static bool demande_post(struct req *r, struct res *s, struct err *e)
{
	const struct cle_demande_in *in = r->in;
	struct suite suite = suite_of(r);
	struct serving *x = NEW(r->a, struct serving);
	struct finish f = { .preuve = "cle", .also = served_job, .arg = x };
	struct err why = { 0 };
	struct user u;
	int64_t wait;

	if (!x)
		return arena_refuse(r->a, e);
	if (!user_of(r, &u, e))
		return false;
	if (!u.agent)
		return connexion_show(r, s, &suite, POURQUOI_SESSION, e);
	if (!in->cle)                   /* from the page of codes, with what had been typed */
		return demande_show(r, s, &u, &suite, NULL, e);
	wait = frein_wait(entree_freins(r), FREIN_CODE, u.agent);
	if (wait) {
		s->status = 429;
		return demande_show(r, s, &u, &suite, message(r->a, r->lang, N_("Trop d’essais. Attendez "
			"%1 avant le prochain ; rien ne sera regardé d’ici là."), wait_words(r, wait)), e);
	}
	if (!check_use(r, &u, x, &why)) {
		if (why.kind == E_DENIED)
			frein_fail(entree_freins(r), FREIN_CODE, u.agent);
		s->status = err_status(why.kind);
		return demande_show(r, s, &u, &suite, words_of(r, &why), e);
	}
	f.agent = u.agent;
	return u.entree ? entree_finish(r, s, &f, &suite, e) : entree_proved(r, s, &f, &suite, e);
}

const struct route cle_routes[] = {
	{ GET, "/agent/facteurs/cle", ajout_get, &can_enrol, NULL, 0, N_("Une clé de sécurité"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/facteurs/cle", ajout_post, &can_enrol, cle_ajout_fields,
	  sizeof(struct cle_ajout_in), N_("Ajouter une clé de sécurité"), ROUTE_SLOW | ROUTE_PRIVATE,
	  NULL },
	{ GET, "/agent/connexion/cle", demande_get, CAN_PUBLIC, NULL, 0,
	  N_("Votre clé de sécurité"), ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion/cle", demande_post, CAN_PUBLIC, cle_demande_fields,
	  sizeof(struct cle_demande_in), N_("Entrer avec une clé de sécurité"), ROUTE_SLOW, NULL },
	{ 0 },
};
