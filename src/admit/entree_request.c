/* Who asks; the steps of coming in; where to go after. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admit/appareil.h"
#include "admit/connexion.sql.h"
#include "admit/entree_inside.h"
#include "admit/facteur.h"
#include "base/log.h"
#include "core/trace.h"
#include "web/html.h"
#include "web/session.h"

#define PENDING ".entree"

/* --- who is there ----------------------------------------------------------------- */

bool entree_session(struct req *r, struct agent_session *out, struct err *e)
{
	const char *token = r->session ? session_get(r->session, AGENT_TOKEN) : NULL;

	return agent_session_find(entree_of(r)->sessions, r->a, token, true, out, e);
}

bool entree_agent_of(struct req *r)
{
	struct agent_session *found = NEW(r->a, struct agent_session);
	struct err e = { 0 };

	if (!found || !r->session)
		return false;
	if (!entree_session(r, found, &e)) {
		log_error("%s", e.msg);
		return false;
	}
	if (found->state != AGENT_SESSION_OPEN)
		return false;
	r->agent = &found->agent;
	return true;
}

/* --- where to go after ------------------------------------------------------------ */

bool retour_is_ours(const char *path)
{
	return path && path[0] == '/' && path[1] != '/' && path[1] != '\\' && strlen(path) < 1500
	       && !strpbrk(path, "\\\r\n\t") && strncmp(path, "/agent/connexion", 16);
}

struct suite suite_of(struct req *r)
{
	const char *retour = req_typed(r, "retour"), *reprise = req_typed(r, "reprise");

	return (struct suite){
		.retour = retour_is_ours(retour) ? retour : NULL,
		.reprise = reprise && *reprise ? reprise : NULL,
	};
}

const char *path_with_suite(struct req *r, const char *path, const struct suite *suite)
{
	CLEANUP(buf_free) struct buf b = buf_new(8 << 10);
	struct html h = { .out = &b, .lang = r->lang };

	if (!suite || !suite->retour)
		return path;
	html_url_part(&h, suite->retour);
	return arena_cat(r->a, path, "?retour=", buf_text(&b), NULL);
}

static struct suite suite_here(struct req *r, const char *agent)
{
	const char *query = r->query[0] ? arena_cat(r->a, "?", r->query, NULL) : "";
	const char *path = arena_cat(r->a, r->path, query, NULL);

	if (r->method == GET)
		return (struct suite){ .retour = retour_is_ours(path) ? path : NULL };
	if (!agent)
		return (struct suite){ NULL, NULL };
	return (struct suite){ .reprise = reprise_seal(r, &entree_of(r)->box, agent) };
}

bool entree_ask_login(struct req *r, struct res *s, struct err *e)
{
	struct agent_session was;
	struct suite suite;
	enum connexion_why why;

	if (!entree_session(r, &was, e))
		return false;
	suite = suite_here(r, was.state ? was.agent.id : NULL);
	why = was.state == AGENT_SESSION_OVER ? POURQUOI_SESSION : POURQUOI_RIEN;
	s->cache = CACHE_NO_STORE;
	if (r->method == GET)
		return res_see_other(s, path_with_suite(r, was.state == AGENT_SESSION_COVERED ?
			"/agent/garde" : "/agent/connexion", &suite));
	s->status = 403;
	return was.state == AGENT_SESSION_COVERED ? garde_show(r, s, &suite, e) :
		connexion_show(r, s, &suite, why, e);
}

bool entree_ask_proof(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_here(r, r->agent->id);

	s->cache = CACHE_NO_STORE;
	if (r->method == GET)
		return res_see_other(s, path_with_suite(r, "/agent/preuve", &suite));
	s->status = 403;
	return preuve_show(r, s, &suite, e);
}

/* --- the first factor ------------------------------------------------------------- */

void entree_first_known(struct req *r, const char *agent, const char *preuve)
{
	session_renew(r->session);
	session_set(r->session, r->a, PENDING, arena_printf(r->a, "%s|%s|%" PRId64, agent, preuve,
							    env_now(r->env)));
}

bool entree_first(struct req *r, struct res *s, const char *agent, const char *preuve,
		  const struct suite *suite, struct err *e)
{
	entree_first_known(r, agent, preuve);
	if (suite->reprise)             /* too long for an address */
		return code_show(r, s, suite, e);
	return res_see_other(s, path_with_suite(r, "/agent/connexion/code", suite));
}

bool entree_pending(struct req *r, struct attente *out)
{
	const char *text = session_get(r->session, PENDING);
	const char *bar = text ? strchr(text, '|') : NULL;
	const char *last = bar ? strchr(bar + 1, '|') : NULL;
	int64_t at = last ? strtoll(last + 1, NULL, 10) : 0;

	if (!last || env_now(r->env) - at > ENTREE_FIRST_MS || env_now(r->env) < at)
		return false;
	*out = (struct attente){ arena_strn(r->a, text, (size_t)(bar - text)),
				 arena_strn(r->a, bar + 1, (size_t)(last - bar - 1)) };
	return true;
}

/* --- the second ------------------------------------------------------------------- */

struct opening {
	const struct env *env;
	const struct finish *f;
	struct arena *a;
	const char *preuves, *appareil, *before;        /* id of the session before, or NULL */
	struct agent agent;
	struct agent_session_made made;
	int secours;
};

static bool may_open(const struct agent *g, struct err *e)
{
	switch (g->etat) {
	case AGENT_ACTIF:
		return true;
	case AGENT_SUSPENDU:
		fail(e, E_DENIED, "%s", N_("Votre compte est suspendu."));
		return hint(e, "%s", N_("Le référent de votre structure vous dira pourquoi, et peut le rétablir."));
	case AGENT_PARTI:
		fail(e, E_DENIED, "%s", N_("Ce compte est fermé."));
		return hint(e, "%s", N_("Si vous travaillez de nouveau ici, demandez une invitation à votre référent."));
	case AGENT_INVITE:
		break;
	}
	fail(e, E_DENIED, "%s", N_("Votre compte n’est pas encore ouvert."));
	return hint(e, "%s", N_("Suivez d’abord le lien de votre invitation."));
}

static bool open_job(struct tx *tx, void *arg, struct err *e)
{
	struct opening *o = arg;
	struct agent_session_ask ask = { .agent = o->f->agent, .preuves = o->preuves,
					 .appareil = o->appareil };

	if ((o->f->also && !o->f->also(tx, o->f->arg, e))
	    || !agent_get(tx_db(tx), o->a, o->f->agent, &o->agent, e) || !may_open(&o->agent, e)
	    || (o->before && !agent_session_close(tx, o->env, o->before, "agent", e)))
		return false;
	ask.structure = o->agent.ici ? o->agent.ici->structure : NULL;
	return agent_session_open(tx, o->env, &ask, &o->made, e)
	       && secours_left(tx_db(tx), o->a, o->f->agent, &o->secours, e);
}

/* A session that this browser still has, and that the new one replaces. */
static const char *session_before(struct req *r)
{
	struct agent_session was;
	struct err e = { 0 };

	if (!entree_session(r, &was, &e))
		return NULL;
	return was.state == AGENT_SESSION_OPEN || was.state == AGENT_SESSION_COVERED ? was.id :
		NULL;
}

bool entree_finish(struct req *r, struct res *s, const struct finish *f,
		   const struct suite *suite, struct err *e)
{
	struct opening *o = NEW(r->a, struct opening);
	struct attente first = { NULL, NULL };

	if (!o)
		return arena_refuse(r->a, e);
	entree_pending(r, &first);
	o->env = r->env;
	o->f = f;
	o->a = r->a;
	o->before = session_before(r);
	o->preuves = first.preuve ? arena_cat(r->a, first.preuve, "+", f->preuve, NULL) : f->preuve;
	o->appareil = appareil_words(r->a, req_header(r, "user-agent"));
	if (!store_write(r->core->store, open_job, o, e))
		return false;
	frein_forget(entree_freins(r), FREIN_CODE, f->agent);
	session_renew(r->session);
	session_set(r->session, r->a, PENDING, NULL);
	session_set(r->session, r->a, AGENT_TOKEN, o->made.token);
	session_set(r->session, r->a, "langue", o->agent.langue);
	if (o->secours <= CODES_SECOURS_FEW && !suite->reprise && !suite->retour)
		return peu_de_codes_show(r, s, o->secours, e);
	return entree_go_on(r, s, f->agent, suite, e);
}

/* --- a proof ---------------------------------------------------------------------- */

struct proving {
	const struct env *env;
	const struct finish *f;
	const char *session, *structure;
	char token[AGENT_TOKEN_TEXT];
};

static bool prove_job(struct tx *tx, void *arg, struct err *e)
{
	struct proving *p = arg;
	struct trace line = { .action = TRACE_PREUVE, .agent = p->f->agent, .session = p->session,
			      .cible = p->f->agent, .structure = p->structure };

	return (!p->f->also || p->f->also(tx, p->f->arg, e))
	       && agent_session_renew(tx, p->env, p->session, true, p->token, e)
	       && trace_put(tx, p->env, &line, e);
}

bool entree_proved(struct req *r, struct res *s, const struct finish *f,
		   const struct suite *suite, struct err *e)
{
	struct agent_session now;
	struct proving p = { .env = r->env, .f = f };

	if (!entree_session(r, &now, e))
		return false;
	if ((now.state != AGENT_SESSION_OPEN && now.state != AGENT_SESSION_COVERED)
	    || strcmp(now.agent.id, f->agent))
		return connexion_show(r, s, suite, POURQUOI_SESSION, e);
	p.session = now.id;
	p.structure = now.agent.ici ? now.agent.ici->structure : NULL;
	if (!store_write(r->core->store, prove_job, &p, e))
		return false;
	frein_forget(entree_freins(r), FREIN_CODE, f->agent);
	session_renew(r->session);
	session_set(r->session, r->a, AGENT_TOKEN, p.token);
	return entree_go_on(r, s, f->agent, suite, e);
}
