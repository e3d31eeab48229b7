/* /agent/preuve, /agent/garde, /agent/deconnexion */
#include <string.h>

#include "admit/connexion.sql.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/garde.h"
#include "admit/garde.htm.h"
#include "admit/garde_inside.h"
#include "admit/oidc_page.h"
#include "core/trace.h"
#include "web/session.h"

const struct field preuve_fields[] = {
	{ AT(preuve_in, code_secret), .kind = F_TEXT, .max = 20, .label = N_("Code"),
	  .hint = N_("Les 6 ou 8 chiffres affichés maintenant.") },
	{ AT(preuve_in, mot_de_passe), .kind = F_TEXT, .max = MOT_DE_PASSE_MOST,
	  .label = N_("Mot de passe") },
	{ 0 },
};

/* --- the two pages ---------------------------------------------------------------- */

static bool is_alive(const struct agent_session *now)
{
	return now->state == AGENT_SESSION_OPEN || now->state == AGENT_SESSION_COVERED;
}

bool preuve_show(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Est-ce toujours vous ?"));
	struct html h = page_html(r, s);
	struct code_view v = { .r = r, .page = &page, .suite = *suite };
	struct agent_session now;

	if (!entree_session(r, &now, e))
		return false;
	if (!is_alive(&now))
		return connexion_show(r, s, suite, POURQUOI_SESSION, e);
	if (!code_view_fill(r, now.agent.id, &v, e))
		return false;
	preuve_page(&h, &v);
	return true;
}

bool garde_show(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Écran de garde"));
	struct html h = page_html(r, s);
	struct code_view v = { .r = r, .page = &page, .suite = *suite, .garde = true };
	struct agent_session now;

	if (!entree_session(r, &now, e))
		return false;
	if (!is_alive(&now))
		return connexion_show(r, s, suite, now.state ? POURQUOI_SESSION : POURQUOI_RIEN, e);
	if (!code_view_fill(r, now.agent.id, &v, e))
		return false;
	garde_page(&h, &v);
	return true;
}

static bool preuve_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);

	return preuve_show(r, s, &suite, e);
}

/* --- a proof ---------------------------------------------------------------------- */

static bool check_password(struct req *r, struct res *s, const char *agent, const char *password,
			   bool *right, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct freins *f = entree_freins(r);
	int64_t wait = frein_wait(f, FREIN_CODE, agent);
	struct connexion_account_row who;

	*right = false;
	if (wait) {
		refuse_wait(r, s, preuve_fields, "mot_de_passe", wait);
		return true;
	}
	if (!db_acquire(r->core->store, &db, e) || !connexion_account(db, r->a, agent, &who, e))
		return false;
	db_release(&db);
	if (!mot_de_passe_is(entree_hacheurs(r), r->core->signer, who.mot_de_passe, password,
			     right, e))
		return false;
	if (!*right) {
		frein_fail(f, FREIN_CODE, agent);
		req_refuse(r, preuve_fields, "mot_de_passe", N_("Ce mot de passe n’est pas le bon."));
	}
	return true;
}

static bool show_again(struct req *r, struct res *s, const struct agent_session *now,
		       const struct suite *suite, struct err *e)
{
	return now->state == AGENT_SESSION_COVERED ? garde_show(r, s, suite, e) :
		preuve_show(r, s, suite, e);
}

static bool preuve_post(struct req *r, struct res *s, struct err *e)
{
	const struct preuve_in *in = r->in;
	struct suite suite = suite_of(r);
	struct agent_session now;
	struct code_found found = { 0 };
	struct finish f = { 0 };
	bool right = false;

	if (!entree_session(r, &now, e))
		return false;
	if (!is_alive(&now))
		return connexion_show(r, s, &suite, POURQUOI_SESSION, e);
	if (!r->nerrors && !in->code_secret && !in->mot_de_passe)
		req_refuse(r, preuve_fields, req_typed(r, "mot_de_passe") ? "mot_de_passe" : "code_secret",
			   N_("Donnez un code, ou votre mot de passe."));
	if (r->nerrors)
		return show_again(r, s, &now, &suite, e);
	if (in->code_secret ? !code_check(r, s, now.agent.id, now.agent.ici ?
			now.agent.ici->structure : NULL, in->code_secret, &found, e) :
	    !check_password(r, s, now.agent.id, in->mot_de_passe, &right, e))
		return false;
	if (!found.ok && !right)
		return show_again(r, s, &now, &suite, e);
	f.agent = now.agent.id;
	if (found.ok) {
		f.also = facteur_used;
		f.arg = &found;
	}
	return entree_proved(r, s, &f, &suite, e);
}

/* --- the cover screen ------------------------------------------------------------- */

static bool cover_job(struct tx *tx, void *id, struct err *e)
{
	return agent_session_cover(tx, id, true, e);
}

bool garde_cover(struct req *r, const char *session, struct err *e)
{
	return store_write(r->core->store, cover_job, (void *)(uintptr_t)session, e);
}

/* What was being typed in the page, when its script could say so. */
static const char *draft_of(struct req *r)
{
	const char *text = req_typed(r, "brouillon"), *vers = req_typed(r, "vers");
	struct err e = { 0 };
	struct form f;

	if (!text || !retour_is_ours(vers) || !form_parse(r->a, text, strlen(text), &f, &e) || !f.n)
		return NULL;
	return reprise_seal_form(r, &entree_of(r)->box, req_agent(r)->id, vers, &f);
}

static bool garde_post(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);

	suite.reprise = draft_of(r);
	if (!garde_cover(r, req_agent(r)->session, e))
		return false;
	if (!suite.reprise)
		return res_see_other(s, path_with_suite(r, "/agent/garde", &suite));
	r->agent = NULL;                /* the page is of nobody from here on */
	return garde_show(r, s, &suite, e);
}

static bool garde_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);
	struct agent_session now;

	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN)    /* it was lifted: nothing to hide */
		return entree_go_on(r, s, now.agent.id, &suite, e);
	return garde_show(r, s, &suite, e);
}

/* --- logging out ------------------------------------------------------------------ */

struct leaving {
	const struct env *env;
	const struct agent_session *now;
};

static bool leave_job(struct tx *tx, void *arg, struct err *e)
{
	const struct leaving *l = arg;
	const struct agent *g = &l->now->agent;
	struct trace line = { .action = TRACE_DECONNEXION, .agent = g->id, .session = l->now->id,
			      .cible = g->id, .structure = g->ici ? g->ici->structure : NULL };

	return agent_session_close(tx, l->env, l->now->id, "agent", e)
	       && trace_put(tx, l->env, &line, e);
}

static bool deconnexion_post(struct req *r, struct res *s, struct err *e)
{
	struct agent_session now;
	struct leaving l = { r->env, &now };
	struct oidc_provider *v;
	const char *jeton = oidc_jeton_take(r, &v), *sortie = NULL;
	struct err ignored = { 0 };
	struct page page;
	struct html h;

	if (!entree_session(r, &now, e))
		return false;
	if (is_alive(&now) && !store_write(r->core->store, leave_job, &l, e))
		return false;
	r->agent = NULL;
	session_set(r->session, r->a, AGENT_TOKEN, NULL);
	session_renew(r->session);
	if (!poste_has_any(r)) {
		session_end(r->session);
		s->clear_site_data = true;
	}
	/* what it sends back with is awaited in the cookie: cleared when they come back */
	if (jeton && oidc_logout(r, v, jeton, &sortie, &ignored) && sortie)
		s->clear_site_data = false;
	page = admit_page(r, s, N_("Vous êtes déconnecté"));
	h = page_html(r, s);
	deconnexion_page(&h, &page, v ? oidc_reglage_of(v)->nom : NULL, sortie);
	return true;
}

const struct route garde_routes[] = {
	{ GET, "/agent/preuve", preuve_get, CAN_PUBLIC, NULL, 0, N_("Est-ce toujours vous ?"),
	  ROUTE_SLOW, NULL },
	{ POST, "/agent/preuve", preuve_post, CAN_PUBLIC, preuve_fields, sizeof(struct preuve_in),
	  N_("Prouver de nouveau qui l’on est"), ROUTE_SLOW | ROUTE_HEAVY, NULL },
	{ GET, "/agent/garde", garde_get, CAN_PUBLIC, NULL, 0, N_("Écran de garde"), ROUTE_SLOW,
	  NULL },
	{ POST, "/agent/garde", garde_post, &can_agent, NULL, 0, N_("Masquer l’écran"), ROUTE_SLOW,
	  NULL },
	{ GET, "/agent/changer", changer_get, CAN_PUBLIC, NULL, 0, N_("Changer d’agent"), ROUTE_SLOW,
	  NULL },
	{ POST, "/agent/changer", changer_post, CAN_PUBLIC, NULL, 0,
	  N_("Suspendre sa session pour laisser la place"), ROUTE_SLOW, NULL },
	{ POST, "/agent/changer/revenir", revenir_post, CAN_PUBLIC, place_fields,
	  sizeof(struct place_in), N_("Reprendre une session suspendue"), ROUTE_SLOW, NULL },
	{ POST, "/agent/changer/prenom", prenom_post, CAN_PUBLIC, place_fields,
	  sizeof(struct place_in), N_("Afficher son prénom sur ce poste, ou non"), ROUTE_SLOW, NULL },
	{ POST, "/agent/deconnexion", deconnexion_post, CAN_PUBLIC, NULL, 0, N_("Se déconnecter"),
	  ROUTE_SLOW | ROUTE_FORGETS, NULL },
	{ 0 },
};
