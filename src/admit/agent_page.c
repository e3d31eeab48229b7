/* /agent/agents: who works in a structure, one of them, and what is done to an account. */
#include "admit/agents_page.h"

#include <string.h>

#include "admit/agents.htm.h"
#include "admit/equipe.sql.h"
#include "admit/lien.sql.h"
#include "base/date.h"

const struct choice carte_retours[] = {
	{ "rendue", N_("La carte est revenue : elle servira à quelqu’un d’autre"), NULL },
	{ "perdue", N_("La carte n’est pas revenue : elle ne servira plus"), NULL },
	{ NULL, NULL, NULL },
};

const struct field agents_fields[] = {
	{ AT(agents_entree, structure), .kind = F_TEXT, .max = 40, .label = N_("Structure") },
	{ AT(agents_entree, fait), .kind = F_CHOICE, .choices = faits,
	  .label = N_("Ce qui est fait") },
	{ 0 },
};

const struct field roles_fields[] = {
	{ AT(place_entree, structure), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Structure") },
	{ AT(place_entree, roles), .kind = F_CHOICES, .choices = agent_roles,
	  .label = N_("Rôles") },
	{ 0 },
};

const struct field deplacer_fields[] = {
	{ AT(place_entree, structure), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Structure") },
	{ AT(place_entree, vers), .kind = F_TEXT, .max = 40, .label = N_("Nouvelle structure") },
	{ 0 },
};

const struct field depart_fields[] = {
	{ AT(place_entree, structure), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Structure") },
	{ AT(place_entree, carte), .kind = F_CHOICE, .choices = carte_retours,
	  .label = N_("Sa carte de codes") },
	{ 0 },
};

static const char *agent_named(struct req *r, const struct agent *g)
{
	return arena_cat(r->a, g->prenom, " ", g->nom, NULL);
}

/* --- the list --------------------------------------------------------------------------- */

static bool fill_list(struct req *r, struct agents_view *v, struct err *e)
{
	bool *managed = NEW_ARRAY(r->a, v->n, bool);
	const char **roles = NEW_ARRAY(r->a, v->n, const char *);

	if (!managed || !roles)
		return arena_refuse(r->a, e);
	v->no_referent = v->n > 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct agent *g = &v->g[i];
		unsigned mine = agent_place(g, v->s->id)->roles;

		managed[i] = equipe_manages(req_agent(r), g);
		roles[i] = roles_text(r, mine);
		if (g->etat == AGENT_ACTIF && mine & ROLE_REFERENT)
			v->no_referent = false;
	}
	v->managed = managed;
	v->roles = roles;
	return true;
}

bool agents_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct agents_entree *in = r->in;
	struct structure st;
	struct agents_view v = { .s = &st };
	struct html h = page_html(r, s);
	struct page page;
	struct agent *list;

	if (!in->structure && !req_agent(r)->ici)
		return res_see_other(s, "/agent/structures");   /* an admin who works nowhere */
	if (!db_acquire(r->core->store, &db, e)
	    || !equipe_structure(r, db, in->structure, &st, e)
	    || !agent_list(db, r->a, st.id, &list, &v.n, e))
		return false;
	v.g = list;
	v.fait = in->fait >= 0 ? tr(r->lang, faits[in->fait].label) : NULL;
	if (!fill_list(r, &v, e))
		return false;
	page = page_for(r, title_of(r, N_("Agents de la structure"), st.nom));
	agents_page(&h, &page, &v);
	return true;
}

/* --- one agent --------------------------------------------------------------------------- */

static const char *factor_kind(struct req *r, const char *sorte)
{
	return tr(r->lang, !strcmp(sorte, "carte") ? N_("Carte de codes") :
		  !strcmp(sorte, "cle") ? N_("Clé de sécurité") : N_("Application"));
}

static bool fill_factors(struct req *r, struct db *db, struct agent_view *v, struct err *e)
{
	struct equipe_factors_row *rows;
	struct agent_factor_view *f;

	if (!equipe_factors(db, r->a, v->g->id, &rows, &v->nfactors, e))
		return false;
	f = NEW_ARRAY(r->a, v->nfactors, struct agent_factor_view);
	if (!f)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->nfactors; i++) {
		f[i] = (struct agent_factor_view){ factor_kind(r, rows[i].sorte), rows[i].nom,
			rows[i].carte, day_text(r, rows[i].cree_le) };
		v->carte = v->carte || rows[i].carte;
	}
	v->factors = f;
	return true;
}

static bool fill_places(struct req *r, struct agent_view *v, struct err *e)
{
	const struct agent *g = v->g;
	struct agent_place_view *p = NEW_ARRAY(r->a, g->nplaces, struct agent_place_view);

	if (!p)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < g->nplaces; i++)
		p[i] = (struct agent_place_view){ &g->places[i], roles_text(r, g->places[i].roles),
			equipe_roles_to_give(req_agent(r), g->places[i].structure) != 0 };
	v->places = p;
	return true;
}

static bool fill_invitation(struct req *r, struct db *db, struct agent_view *v, struct err *e)
{
	struct lien_waiting_row row;
	char now[ISO_TEXT];
	bool found;

	iso_write(env_now(r->env), now);
	if (!lien_waiting(db, r->a, v->g->id, now, &row, &found, e))
		return false;
	v->invitation = found ? day_text(r, row.expire_le) : NULL;
	return true;
}

bool agent_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct fait_entree *in = r->in;
	struct agent g;
	struct agent_view v = { .g = &g };
	struct html h = page_html(r, s);
	struct page page;

	if (!db_acquire(r->core->store, &db, e) || !equipe_asked(r, db, &g, e)
	    || !fill_places(r, &v, e) || !fill_factors(r, db, &v, e)
	    || !fill_invitation(r, db, &v, e))
		return false;
	v.self = !strcmp(g.id, req_agent(r)->id);
	v.fait = in->fait >= 0 ? tr(r->lang, faits[in->fait].label) : NULL;
	page = page_for(r, agent_named(r, &g));
	agent_page(&h, &page, &v);
	return true;
}

/* Back to the page of the agent, which says what was done. */
static bool see_agent(struct req *r, struct res *s, const char *fait)
{
	return res_see_other(s, arena_cat(r->a, "/agent/agents/", r->params[0], "?fait=", fait,
					  NULL));
}

/* --- suspend, restore --------------------------------------------------------------------- */

bool agent_suspend_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct html h = page_html(r, s);
	struct page page;
	struct agent g;

	if (!db_acquire(r->core->store, &db, e) || !equipe_asked(r, db, &g, e))
		return false;
	page = page_for(r, title_of(r, N_("Suspendre le compte"), agent_named(r, &g)));
	agent_suspend_form(&h, &page, &g);
	return true;
}

static bool suspend(struct equipe *q, void *arg, struct err *e)
{
	const struct req *r = arg;

	return equipe_suspend(q, r->params[0], e);
}

bool agent_suspend(struct req *r, struct res *s, struct err *e)
{
	return equipe_do(r, suspend, r, e) && see_agent(r, s, "suspendu");
}

static bool restore(struct equipe *q, void *arg, struct err *e)
{
	const struct req *r = arg;

	return equipe_restore(q, r->params[0], e);
}

bool agent_restore(struct req *r, struct res *s, struct err *e)
{
	return equipe_do(r, restore, r, e) && see_agent(r, s, "retabli");
}

static bool close_sessions(struct equipe *q, void *arg, struct err *e)
{
	const struct req *r = arg;

	return equipe_close_sessions(q, r->params[0], e);
}

bool agent_close_sessions(struct req *r, struct res *s, struct err *e)
{
	return equipe_do(r, close_sessions, r, e) && see_agent(r, s, "sessions");
}

/* --- in one structure ----------------------------------------------------------------------- */

/* The agent of the address and the structure that the form names, where who asks may act. */
static bool find_place(struct req *r, struct db *db, struct agent *g, struct place_view *v,
		       struct err *e)
{
	v->in = r->in;
	v->g = g;
	if (!equipe_asked(r, db, g, e))
		return false;
	v->p = agent_place(g, v->in->structure);
	if (!v->p && !v->in->structure)
		v->p = equipe_place_managed(req_agent(r), g);
	if (!v->p)
		return fail(e, E_MISSING, "%s", N_("Cette personne n’a pas de rôle dans cette "
						   "structure."));
	v->may = equipe_roles_to_give(req_agent(r), v->p->structure);
	v->last = g->nplaces == 1;
	return v->may ? true : fail(e, E_DENIED, "%s", N_("Vous ne répondez pas des agents de "
							  "cette structure."));
}

/* A form that could not be taken: what the verb said, at its field. */
static bool say_at(struct req *r, const struct field *fields, const char *name,
		   const struct err *why)
{
	req_refuse(r, fields, name, arena_cat(r->a, tr(r->lang, why->msg), *why->hint ? " " : "",
					      tr(r->lang, why->hint), NULL));
	return true;
}

struct place_change {
	const char *agent;
	const struct place_entree *in;
};

static bool show_roles(struct req *r, struct res *s, const struct place_view *v)
{
	struct page page = page_for(r, title_of(r, N_("Changer les rôles"), agent_named(r, v->g)));
	struct html h = page_html(r, s);

	agent_roles_form(&h, &page, r, v);
	return true;
}

bool agent_roles_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct agent g;

	r->nerrors = 0;                 /* nothing was sent yet */
	return db_acquire(r->core->store, &db, e) && find_place(r, db, &g, &v, e)
	       && show_roles(r, s, &v);
}

static bool set_roles(struct equipe *q, void *arg, struct err *e)
{
	const struct place_change *c = arg;

	return equipe_set_roles(q, c->agent, c->in->structure, (unsigned)c->in->roles, e);
}

bool agent_roles_set(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct place_change c;
	struct agent g;

	if (!db_acquire(r->core->store, &db, e) || !find_place(r, db, &g, &v, e))
		return false;
	db_release(&db);
	c = (struct place_change){ g.id, v.in };
	if (!r->nerrors && equipe_do(r, set_roles, &c, e))
		return see_agent(r, s, "roles");
	if (!r->nerrors && e->kind != E_INPUT && e->kind != E_CONFLICT)
		return false;
	if (!r->nerrors)
		say_at(r, roles_fields, "roles", e);
	return show_roles(r, s, &v);
}

/* Active structures that who asks answers for, but the one of today. */
static bool fill_others(struct req *r, struct db *db, struct place_view *v, struct err *e)
{
	struct structure *all;
	size_t n;

	if (!structure_list(db, r->a, NULL, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i].etat == STRUCTURE_ACTIVE && strcmp(all[i].id, v->p->structure) != 0
		    && equipe_roles_to_give(req_agent(r), all[i].id))
			all[v->nvers++] = all[i];
	}
	v->vers = all;
	return true;
}

static bool show_move(struct req *r, struct res *s, const struct place_view *v)
{
	struct page page = page_for(r, title_of(r, N_("Changer de structure"), agent_named(r, v->g)));
	struct html h = page_html(r, s);

	agent_move_form(&h, &page, r, v);
	return true;
}

bool agent_move_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct agent g;

	r->nerrors = 0;
	return db_acquire(r->core->store, &db, e) && find_place(r, db, &g, &v, e)
	       && fill_others(r, db, &v, e) && show_move(r, s, &v);
}

static bool move(struct equipe *q, void *arg, struct err *e)
{
	const struct place_change *c = arg;

	return equipe_move(q, c->agent, c->in->structure, c->in->vers, e);
}

bool agent_move(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct place_change c;
	struct agent g;

	if (!db_acquire(r->core->store, &db, e) || !find_place(r, db, &g, &v, e)
	    || !fill_others(r, db, &v, e))
		return false;
	db_release(&db);
	c = (struct place_change){ g.id, v.in };
	if (!v.in->vers)
		req_refuse(r, deplacer_fields, "vers", tr(r->lang, N_("Choisissez une structure")));
	if (!r->nerrors && equipe_do(r, move, &c, e))
		return see_agent(r, s, "deplace");
	if (!r->nerrors && e->kind != E_CONFLICT)
		return false;
	if (!r->nerrors)
		say_at(r, deplacer_fields, "vers", e);
	return show_move(r, s, &v);
}

static bool has_card(struct req *r, struct db *db, struct place_view *v, struct err *e)
{
	struct equipe_cards_row *rows;
	size_t n;

	if (!equipe_cards(db, r->a, v->g->id, &rows, &n, e))
		return false;
	v->carte = n > 0;
	return true;
}

static bool show_leave(struct req *r, struct res *s, const struct place_view *v)
{
	struct page page = page_for(r, title_of(r, N_("Quitte la structure"), agent_named(r, v->g)));
	struct html h = page_html(r, s);

	agent_leave_form(&h, &page, r, v);
	return true;
}

bool agent_leave_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct agent g;

	r->nerrors = 0;
	return db_acquire(r->core->store, &db, e) && find_place(r, db, &g, &v, e)
	       && has_card(r, db, &v, e) && show_leave(r, s, &v);
}

static bool leave(struct equipe *q, void *arg, struct err *e)
{
	const struct place_change *c = arg;

	return equipe_leave(q, c->agent, c->in->structure, c->in->carte == 0, e);
}

bool agent_leave(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct place_view v = { 0 };
	struct place_change c;
	struct agent g;

	if (!db_acquire(r->core->store, &db, e) || !find_place(r, db, &g, &v, e)
	    || !has_card(r, db, &v, e))
		return false;
	db_release(&db);
	c = (struct place_change){ g.id, v.in };
	if (v.carte && v.last && v.in->carte < 0)
		req_refuse(r, depart_fields, "carte", tr(r->lang, N_("Dites si sa carte est "
								     "revenue")));
	if (r->nerrors)
		return show_leave(r, s, &v);
	return equipe_do(r, leave, &c, e)
	       && res_see_other(s, arena_cat(r->a, "/agent/agents?structure=", v.p->structure,
					     "&fait=parti", NULL));
}
