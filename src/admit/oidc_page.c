/* /agent/oidc/{fournisseur}: to a provider of identity, back from it, and out of it. */
#include "admit/oidc_page.h"

#include <stdlib.h>
#include <string.h>

#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/garde_inside.h"
#include "admit/identite_inside.h"
#include "admit/oidc.htm.h"
#include "base/log.h"
#include "web/message.h"
#include "web/session.h"

static const char token_key[] = ".oidc-jeton";

static const struct field debut_fields[] = {
	{ AT(oidc_debut_in, retour), .kind = F_TEXT, .max = 1500, .label = N_("Page") },
	{ AT(oidc_debut_in, lier), .kind = F_TEXT, .max = 5, .label = N_("Pour relier") },
	{ 0 },
};

static const struct field retour_fields[] = {
	{ AT(oidc_retour_in, code), .kind = F_TEXT, .max = 3000, .label = N_("Code") },
	{ AT(oidc_retour_in, state), .kind = F_TEXT, .max = 100, .label = N_("État") },
	{ AT(oidc_retour_in, iss), .kind = F_TEXT, .max = 1000, .label = N_("Fournisseur") },
	{ AT(oidc_retour_in, error), .kind = F_TEXT, .max = 200, .label = N_("Erreur") },
	{ 0 },
};

static const struct field sortie_fields[] = {
	{ AT(oidc_sortie_in, state), .kind = F_TEXT, .max = 100, .label = N_("État") },
	{ 0 },
};

const char *oidc_bouton(struct arena *a, const struct lang *l, const struct oidc_provider *v)
{
	const struct oidc_reglage *p = oidc_reglage_of(v);

	return p->proconnect ? message(a, l, N_("S’identifier avec %1"), p->nom) :
		message(a, l, N_("Se connecter avec %1"), p->nom);
}

static struct oidc_provider *asked(struct req *r, struct err *e)
{
	struct oidc_provider *v = oidc_find(r->core->oidc, r->params[0]);

	if (!v) {
		fail(e, E_MISSING, "%s", N_("Ce site ne connaît pas ce fournisseur d’identité."));
		hint(e, "%s", N_("Repartez de la page de connexion."));
	}
	return v;
}

/* What went wrong, and the other ways in.  Nothing of it is anybody's secret. */
static bool refuse(struct req *r, struct res *s, const struct oidc_provider *v,
		   const struct err *why, const char *code)
{
	struct page page = admit_page(r, s, N_("La connexion n’a pas abouti"));
	struct html h = page_html(r, s);
	struct oidc_refus_view view = { &page, why, oidc_reglage_of(v)->nom,
					oidc_reglage_of(v)->chemin, code };

	s->status = err_status(why->kind);
	log_warning("connexion par %s : %s %s", view.nom, why->msg, code ? code : "");
	oidc_refus(&h, &view);
	return true;
}

/* --- to it ------------------------------------------------------------------------------- */

static bool debut_get(struct req *r, struct res *s, struct err *e)
{
	const struct oidc_debut_in *in = r->in;
	struct oidc_provider *v = asked(r, e);
	enum oidc_but but = in->lier ? OIDC_LIAISON : OIDC_CONNEXION;
	const char *url;
	struct err why = { 0 };

	if (!v)
		return false;
	if (!oidc_begin(r, v, but, in->retour, NULL, &url, &why))
		return refuse(r, s, v, &why, NULL);
	s->status = 303;
	s->location = url;
	s->cache = CACHE_NO_STORE;
	return true;
}

/*
 * What was typed before the session ended goes along.  A form may not end on another site
 * (Content-Security-Policy: form-action): one more page, with a link.
 */
static bool debut_post(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);
	struct oidc_provider *v = asked(r, e);
	struct oidc_suivre_view view;
	struct err why = { 0 };
	struct page page;
	struct html h;

	if (!v)
		return false;
	if (!oidc_begin(r, v, OIDC_CONNEXION, suite.retour, suite.reprise, &view.url, &why))
		return refuse(r, s, v, &why, NULL);
	page = admit_page(r, s, N_("Vous allez vous identifier"));
	h = page_html(r, s);
	view.page = &page;
	view.nom = oidc_reglage_of(v)->nom;
	oidc_suivre(&h, &view);
	return true;
}

/* --- back from it ------------------------------------------------------------------------- */

struct seen {
	const struct env *env;
	struct identite_acte x;
};

static bool seen_job(struct tx *tx, void *arg, struct err *e)
{
	const struct seen *k = arg;

	return identite_seen(tx, k->env, &k->x, e);
}

static void keep_token(struct req *r, const struct oidc_provider *v, const char *id_token)
{
	if (oidc_reglage_of(v)->deconnexion)
		session_set(r->session, r->a, token_key,
			    arena_cat(r->a, oidc_reglage_of(v)->chemin, " ", id_token, NULL));
}

/* The identity is of this agent: the first step is done, and the second when the provider
 * saw two factors and the settings trust it. */
static bool come_in(struct req *r, struct res *s, struct oidc_provider *v,
		    const struct oidc_login *login, const char *agent, struct err *e)
{
	struct suite suite = { login->retour, login->reprise };
	struct finish f = { .agent = agent, .preuve = "mfa" };
	struct seen k = { r->env, { NULL, oidc_reglage_of(v)->issuer, login->who.sub, NULL } };
	const char *preuve = arena_str(r->a, oidc_reglage_of(v)->chemin);

	if (!store_write(r->core->store, seen_job, &k, e))
		return false;
	keep_token(r, v, login->id_token);
	if (!login->who.mfa)
		return entree_first(r, s, agent, preuve, &suite, e);
	entree_first_known(r, agent, preuve);
	return entree_finish(r, s, &f, &suite, e);
}

static bool whose(struct req *r, struct oidc_provider *v, const char *sub, const char **agent,
		  struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e)
	       && identite_find(db, r->a, oidc_reglage_of(v)->issuer, sub, agent, e);
}

static bool retour_get(struct req *r, struct res *s, struct err *e)
{
	const struct oidc_retour_in *in = r->in;
	struct oidc_back back = { in->code, in->state, in->iss, in->error };
	struct oidc_provider *v = asked(r, e);
	struct oidc_login login;
	const char *agent;
	struct err why = { 0 };

	if (!v)
		return false;
	s->cache = CACHE_NO_STORE;
	if (!oidc_end(r, v, &back, &login, &why))
		return refuse(r, s, v, &why, login.error);
	if (!whose(r, v, login.who.sub, &agent, e))
		return false;
	if (agent && login.but == OIDC_CONNEXION) {
		if (come_in(r, s, v, &login, agent, &why))
			return true;
		if (why.kind != E_DENIED) {
			*e = why;
			return false;
		}
		return refuse(r, s, v, &why, NULL); /* a suspended account, and whom to ask */
	}
	identite_wait(r, v, &login.who);
	if (login.but == OIDC_LIAISON)
		return res_see_other(s, "/agent/identites/lier");
	keep_token(r, v, login.id_token);
	return res_see_other(s, "/agent/identite-inconnue");
}

/* --- out of it ----------------------------------------------------------------------------- */

const char *oidc_jeton_take(struct req *r, struct oidc_provider **v)
{
	const char *kept = session_get(r->session, token_key);
	const char *space = kept ? strchr(kept, ' ') : NULL, *token;

	*v = NULL;
	if (!space)
		return NULL;
	*v = oidc_find(r->core->oidc, arena_strn(r->a, kept, (size_t)(space - kept)));
	token = arena_str(r->a, space + 1);
	session_set(r->session, r->a, token_key, NULL);
	return *v ? token : NULL;
}

static bool sortie_get(struct req *r, struct res *s, struct err *e)
{
	const struct oidc_sortie_in *in = r->in;
	struct oidc_provider *v = asked(r, e);
	struct agent_session now;
	bool known;
	struct page page;
	struct html h;

	if (!v || !entree_session(r, &now, e))
		return false;
	known = oidc_logged_out(r, v, in->state);
	if (known && now.state == AGENT_SESSION_NONE && !poste_has_any(r)) {
		session_end(r->session);
		s->clear_site_data = true;
	}
	page = admit_page(r, s, known ? N_("Vous êtes déconnecté") : N_("Déconnexion"));
	h = page_html(r, s);
	oidc_sorti(&h, &page, oidc_reglage_of(v)->nom, known);
	return true;
}

const struct route oidc_routes[] = {
	{ GET, "/agent/oidc/{fournisseur}", debut_get, CAN_PUBLIC, debut_fields,
	  sizeof(struct oidc_debut_in), N_("S’identifier chez un fournisseur d’identité"), ROUTE_SLOW,
	  NULL },
	{ POST, "/agent/oidc/{fournisseur}", debut_post, CAN_PUBLIC, NULL, 0,
	  N_("S’identifier chez un fournisseur d’identité, avec ce qui était écrit"), ROUTE_SLOW, NULL },
	{ GET, "/agent/oidc/{fournisseur}/retour", retour_get, CAN_PUBLIC, retour_fields,
	  sizeof(struct oidc_retour_in), N_("Revenir du fournisseur d’identité"), ROUTE_SLOW, NULL },
	{ GET, "/agent/oidc/{fournisseur}/sortie", sortie_get, CAN_PUBLIC, sortie_fields,
	  sizeof(struct oidc_sortie_in), N_("Revenir après la déconnexion"), ROUTE_SLOW, NULL },
	{ GET, "/agent/identite-inconnue", inconnue_get, CAN_PUBLIC, NULL, 0,
	  N_("Cette identité n’est pas encore connue"), ROUTE_SLOW, NULL },
	{ POST, "/agent/identite-inconnue", inconnue_post, CAN_PUBLIC, NULL, 0,
	  N_("Demander un compte aux référents de sa structure"), ROUTE_SLOW, NULL },
	{ GET, "/agent/identites", identites_get, &can_agent, NULL, 0, N_("Mes identités extérieures"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/identites/lier", lier_get, &can_agent_proved, NULL, 0,
	  N_("Relier une identité à mon compte"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/identites/lier", lier_post, &can_agent_proved, NULL, 0,
	  N_("Relier cette identité"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/identites/retirer", retirer_post, &can_agent_proved, identite_fields,
	  sizeof(struct identite_in), N_("Séparer une identité de mon compte"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
