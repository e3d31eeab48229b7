/* /agent/compte, /agent/sessions */
#include <stdlib.h>
#include <string.h>

#include "admit/compte.h"
#include "admit/compte.htm.h"
#include "admit/compte.sql.h"
#include "admit/connexion.sql.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/equipe_request.h"
#include "base/date.h"
#include "core/envoi_texte.h"
#include "core/trace.h"
#include "web/message.h"
#include "web/session.h"

static const struct choice langues[] = {
	{ "fr", "Français", NULL }, { "en", "English", NULL }, { 0 },
};

const struct field motdepasse_fields[] = {
	{ AT(motdepasse_in, mot_de_passe), .kind = F_TEXT, .required = true,
	  .max = MOT_DE_PASSE_MOST, .label = N_("Nouveau mot de passe"),
	  .hint = N_("12 caractères au moins. Quatre mots qui n’ont rien à voir ensemble : facile à "
		     "retenir, difficile à deviner."),
	  .missing = N_("Choisissez un mot de passe.") },
	{ 0 },
};

const struct field langue_fields[] = {
	{ AT(langue_in, langue), .kind = F_CHOICE, .required = true, .choices = langues,
	  .label = N_("Langue") },
	{ 0 },
};

/* --- moments ---------------------------------------------------------------------- */

static const char *moment_text(struct req *r, int64_t ms)
{
	struct civil c = zone_local(&zone_paris, ms);
	char day[I18N_TEXT], hour[I18N_TEXT];

	return message(r->a, r->lang, N_("le %1 à %2"), date_long(r->lang, &c, day),
		       time_short(r->lang, c.hour * 60 + c.minute, hour));
}

static const char *iso_text(struct req *r, const char *iso)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c;

	return iso_read(iso, &c) ? moment_text(r, zone_instant(&utc, &c)) : "";
}

/* --- what warns ------------------------------------------------------------------- */

static bool warn_one(struct tx *tx, struct req *r, const char *to, const char *langue,
		     const char *what, struct err *e)
{
	const struct lang *l = lang_find(langue) ? lang_find(langue) : langs[0];
	const char *values[] = { tr(l, what), moment_text(r, env_now(r->env)) };
	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = to };
	char id[UUID_TEXT];

	return envoi_texte(r->a, &r->core->site, ENVOI_COMPTE_CHANGE, l, values, env_now(r->env),
			   &m, e)
	       && envoi_put(tx, &m, id, e);
}

bool compte_warn(struct tx *tx, struct req *r, const char *agent, const char *what,
		 struct err *e)
{
	struct connexion_account_row who;

	if (!connexion_account(tx_db(tx), r->a, agent, &who, e))
		return false;
	return !who.courriel || warn_one(tx, r, who.courriel, who.langue, what, e);
}

/* --- the page --------------------------------------------------------------------- */

static const char *done_words(struct req *r)
{
	const char *fait = req_typed(r, "fait");

	if (fait && !strcmp(fait, "mot-de-passe"))
		return tr(r->lang, N_("Votre mot de passe est changé."));
	if (fait && !strcmp(fait, "courriel"))
		return tr(r->lang, N_("Votre adresse est changée."));
	return NULL;
}

static int langue_of(const struct agent *g)
{
	int i = 0;

	while (langues[i].slug && strcmp(langues[i].slug, g->langue))
		i++;
	return langues[i].slug ? i : 0;
}

static bool compte_fill(struct req *r, struct compte_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agent_session_line *lines;
	struct connexion_account_row who;
	struct facteur *list;

	v->g = req_agent(r);
	v->fait = done_words(r);
	v->langue.langue = langue_of(v->g);
	if (!db_acquire(r->core->store, &db, e)
	    || !connexion_account(db, r->a, v->g->id, &who, e)
	    || !facteur_list(db, r->a, v->g->id, &list, &v->facteurs, e)
	    || !secours_left(db, r->a, v->g->id, &v->codes, e)
	    || !agent_session_list(entree_sessions(r), db, r->a, v->g->id, &lines, &v->sessions, e))
		return false;
	v->mot_de_passe = who.mot_de_passe != NULL;
	if (who.mot_de_passe && who.mot_de_passe_le)
		v->mot_de_passe_le = day_text(r, who.mot_de_passe_le);
	return true;
}

static bool compte_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Mon compte"));
	struct html h = page_html(r, s);
	struct compte_view v = { .r = r, .page = &page };

	if (!compte_fill(r, &v, e))
		return false;
	compte_page(&h, &v);
	return true;
}

/* --- password --------------------------------------------------------------------- */

struct changing {
	struct req *r;
	const struct agent *g;
	char hash[PASSWORD_TEXT];
	const char *langue;
};

static bool changing_trace(struct tx *tx, const struct changing *c, enum trace_action action,
			   struct err *e)
{
	struct trace line = { .action = action, .agent = c->g->id, .session = c->g->session,
			      .cible = c->g->id,
			      .structure = c->g->ici ? c->g->ici->structure : NULL };

	return trace_put(tx, c->r->env, &line, e);
}

static bool password_job(struct tx *tx, void *arg, struct err *e)
{
	const struct changing *c = arg;
	const struct env *env = c->r->env;
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return connexion_password(tx, c->g->id, c->hash, now, NULL, e)
	       && agent_session_close_others(tx, env, c->g->id, c->g->session, "compte", e)
	       && changing_trace(tx, c, TRACE_MOT_DE_PASSE, e)
	       && compte_warn(tx, c->r, c->g->id, N_("Le mot de passe de votre compte a été changé."), e);
}

static bool motdepasse_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Choisir un mot de passe"));
	struct html h = page_html(r, s);
	struct compte_view v = { .r = r, .page = &page };

	(void)e;
	compte_motdepasse_page(&h, &v);
	return true;
}

static bool motdepasse_post(struct req *r, struct res *s, struct err *e)
{
	const struct motdepasse_in *in = r->in;
	struct changing c = { .r = r, .g = req_agent(r) };
	const char *about[] = { c.g->prenom, c.g->nom, c.g->identifiant, c.g->courriel, NULL };
	const char *why = r->nerrors ? NULL : mot_de_passe_refus(in->mot_de_passe, about);

	if (why)
		req_refuse(r, motdepasse_fields, "mot_de_passe", why);
	if (r->nerrors)
		return motdepasse_show(r, s, e);
	return mot_de_passe_hash(entree_hacheurs(r), r->core->signer, in->mot_de_passe, c.hash, e)
	       && store_write(r->core->store, password_job, &c, e)
	       && res_see_other(s, "/agent/compte?fait=mot-de-passe");
}

/* --- language --------------------------------------------------------------------- */

static bool language_job(struct tx *tx, void *arg, struct err *e)
{
	const struct changing *c = arg;
	char now[ISO_TEXT];

	iso_write(env_now(c->r->env), now);
	return compte_langue(tx, c->g->id, c->langue, now, NULL, e);
}

static bool langue_post(struct req *r, struct res *s, struct err *e)
{
	const struct langue_in *in = r->in;
	struct changing c = { .r = r, .g = req_agent(r) };

	if (r->nerrors)
		return compte_get(r, s, e);
	c.langue = langues[in->langue].slug;
	if (!store_write(r->core->store, language_job, &c, e))
		return false;
	session_set(r->session, r->a, "langue", c.langue);
	return res_see_other(s, "/agent/compte");
}

/* --- sessions --------------------------------------------------------------------- */

static bool sessions_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = admit_page(r, s, N_("Mes sessions"));
	struct html h = page_html(r, s);
	struct sessions_view v = { .r = r, .page = &page };
	const struct agent *g = req_agent(r);
	struct agent_session_line *lines;
	struct session_view *list;

	if (!db_acquire(r->core->store, &db, e)
	    || !agent_session_list(entree_sessions(r), db, r->a, g->id, &lines, &v.n, e))
		return false;
	list = NEW_ARRAY(r->a, v.n, struct session_view);
	if (!list)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++)
		list[i] = (struct session_view){
			.id = lines[i].id, .appareil = tr(r->lang, lines[i].appareil),
			.depuis = iso_text(r, lines[i].cree_le), .vue = iso_text(r, lines[i].vu_le),
			.ici = !strcmp(lines[i].id, g->session), .garde = lines[i].ecran,
		};
	v.liste = list;
	sessions_page(&h, &v);
	return true;
}

struct closing {
	struct req *r;
	const struct agent *g;
	const char *id;                 /* NULL: all others */
};

static bool close_job(struct tx *tx, void *arg, struct err *e)
{
	const struct closing *c = arg;
	const struct env *env = c->r->env;
	struct trace line = { .action = TRACE_SESSION_FERMEE, .agent = c->g->id,
			      .session = c->g->session, .cible = c->g->id,
			      .structure = c->g->ici ? c->g->ici->structure : NULL };
	int64_t changed;
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	if (!c->id)
		return agent_session_close_others(tx, env, c->g->id, c->g->session, "autre_session", e)
		       && trace_put(tx, env, &line, e);
	if (!compte_session_end(tx, c->id, c->g->id, now, &changed, e))
		return false;
	return !changed || trace_put(tx, env, &line, e);
}

static bool close_sessions(struct req *r, struct res *s, const char *id, struct err *e)
{
	struct closing c = { r, req_agent(r), id };

	return store_write(r->core->store, close_job, &c, e) && res_see_other(s, "/agent/sessions");
}

static bool fermer_post(struct req *r, struct res *s, struct err *e)
{
	return close_sessions(r, s, r->params[0], e);
}

static bool fermer_autres_post(struct req *r, struct res *s, struct err *e)
{
	return close_sessions(r, s, NULL, e);
}

#define IN(fields, type) fields, sizeof(struct type)
enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

const struct route compte_routes[] = {
	{ GET, "/agent/compte", compte_get, &can_agent, NULL, 0, N_("Mon compte"), HERE, NULL },
	{ GET, "/agent/compte/mot-de-passe", motdepasse_show, &can_agent_proved, NULL, 0,
	  N_("Choisir un mot de passe"), HERE, NULL },
	{ POST, "/agent/compte/mot-de-passe", motdepasse_post, &can_agent_proved,
	  IN(motdepasse_fields, motdepasse_in), N_("Choisir un mot de passe"), HERE | ROUTE_HEAVY,
	  NULL },
	{ POST, "/agent/compte/langue", langue_post, &can_agent, IN(langue_fields, langue_in),
	  N_("Changer de langue"), HERE, NULL },
	{ GET, "/agent/sessions", sessions_get, &can_agent, NULL, 0, N_("Mes sessions"), HERE, NULL },
	{ POST, "/agent/sessions/{id}/fermer", fermer_post, &can_agent, NULL, 0,
	  N_("Fermer une de ses sessions"), HERE, NULL },
	{ POST, "/agent/sessions/fermer", fermer_autres_post, &can_agent, NULL, 0,
	  N_("Fermer toutes ses autres sessions"), HERE, NULL },
	{ 0 },
};
