#include "admit/equipe_inside.h"

#include <string.h>

#include "admit/equipe.sql.h"
#include "base/date.h"
#include "web/message.h"

/* --- who may -------------------------------------------------------------------------- */

unsigned equipe_roles_to_give(const struct agent *by, const char *structure)
{
	if (!by || agent_may(by, ROLE_ADMIN, structure))
		return ROLES_ALL;
	return agent_may(by, ROLE_REFERENT, structure) ? ROLES_RECEIVE : 0;
}

static bool acts_on_territory(const struct agent *g)
{
	for (size_t i = 0; i < g->nplaces; i++) {
		if (g->places[i].roles & ROLES_TERRITORY)
			return true;
	}
	return false;
}

const struct agent_place *equipe_place_managed(const struct agent *by, const struct agent *g)
{
	bool admin = !by || agent_may(by, ROLE_ADMIN, NULL);

	for (size_t i = 0; i < g->nplaces; i++) {
		if (admin || (!acts_on_territory(g)
			      && agent_may(by, ROLE_REFERENT, g->places[i].structure)))
			return &g->places[i];
	}
	return NULL;
}

bool equipe_manages(const struct agent *by, const struct agent *g)
{
	return !by || agent_may(by, ROLE_ADMIN, NULL) || equipe_place_managed(by, g);
}

/* --- what the verbs share --------------------------------------------------------------- */

bool equipe_refuse(struct equipe *q, enum err_kind kind, const char *msgid, const char *value,
		   struct err *e)
{
	return fail(e, kind, "%s", message(q->a, q->lang, msgid, value));
}

const char *agent_name(struct arena *a, const struct agent *g)
{
	return arena_cat(a, g->prenom, " ", g->nom, NULL);
}

bool equipe_who(struct equipe *q, struct agent *by, struct err *e)
{
	*by = (struct agent){ 0 };
	if (!q->par)
		return true;
	if (!agent_get(tx_db(q->tx), q->a, q->par, by, e))
		return false;
	if (by->etat == AGENT_ACTIF)
		return true;
	fail(e, E_DENIED, "%s", N_("Votre compte vient d’être suspendu : rien n’a été changé."));
	return hint(e, "%s", N_("Un autre référent ou un administrateur l’a fait juste avant. "
				"Appelez un administrateur : il peut rétablir votre compte."));
}

bool equipe_both(struct equipe *q, const char *agent, struct agent *by, struct agent *g,
		 struct err *e)
{
	if (!equipe_who(q, by, e) || !agent_get(tx_db(q->tx), q->a, agent, g, e))
		return false;
	if (equipe_manages(equipe_by(by), g))
		return true;
	fail(e, E_DENIED, "%s", N_("Ce compte n’est pas de ceux dont vous répondez."));
	return hint(e, "%s", N_("Demandez à un référent de sa structure, ou à un "
				"administrateur."));
}

bool equipe_note(struct equipe *q, enum trace_action action, const char *cible,
		 const char *structure, const char *objet, struct err *e)
{
	return trace_put(q->tx, q->env, &(struct trace){
		.action = action, .agent = q->par, .session = q->session, .cible = cible,
		.structure = structure, .objet = objet }, e);
}

bool equipe_note_all(struct equipe *q, enum trace_action action, const struct agent *g,
		     const char *objet, struct err *e)
{
	if (!g->nplaces)
		return equipe_note(q, action, g->id, NULL, objet, e);
	for (size_t i = 0; i < g->nplaces; i++) {
		if (!equipe_note(q, action, g->id, g->places[i].structure, objet, e))
			return false;
	}
	return true;
}

static const char *now_text(struct equipe *q)
{
	char now[ISO_TEXT];

	iso_write(env_now(q->env), now);
	return arena_str(q->a, now);
}

bool equipe_give(struct equipe *q, const char *agent, const char *structure, unsigned roles,
		 struct err *e)
{
	for (int i = 0; agent_roles[i].slug; i++) {
		if (roles & 1u << i
		    && (!equipe_role_add(q->tx, agent, structure, agent_roles[i].slug,
					 now_text(q), q->par, NULL, e)
			|| !equipe_note(q, TRACE_ROLE_DONNE, agent, structure,
					agent_roles[i].slug, e)))
			return false;
	}
	return true;
}

static bool take_back(struct equipe *q, const char *agent, const char *structure,
		      unsigned roles, struct err *e)
{
	for (int i = 0; agent_roles[i].slug; i++) {
		if (roles & 1u << i
		    && (!equipe_role_drop(q->tx, agent, structure, agent_roles[i].slug, NULL, e)
			|| !equipe_note(q, TRACE_ROLE_RETIRE, agent, structure,
					agent_roles[i].slug, e)))
			return false;
	}
	return true;
}

bool equipe_shut_out(struct equipe *q, const char *agent, const char *why, struct err *e)
{
	return equipe_sessions_close(q->tx, agent, now_text(q), why, NULL, e)
	       && lien_end(q->tx, q->env, agent, e);
}

bool equipe_active_structure(struct equipe *q, const char *id, struct structure *s,
			     struct err *e)
{
	if (!structure_get(tx_db(q->tx), q->a, id, s, e))
		return false;
	if (s->etat == STRUCTURE_ACTIVE)
		return true;
	equipe_refuse(q, E_CONFLICT, s->etat == STRUCTURE_SUSPENDUE ?
		      N_("« %1 » est suspendue : on ne peut y donner aucun rôle.") :
		      N_("« %1 » est fermée : on ne peut y donner aucun rôle."), s->nom, e);
	return hint(e, "%s", N_("Un administrateur peut rétablir la structure, puis recommencez."));
}

/* The last active admin stays one. */
static bool another_admin(struct equipe *q, const struct agent *g, struct err *e)
{
	struct equipe_admins_but_row others;

	if (!agent_may(g, ROLE_ADMIN, NULL))
		return true;
	if (!equipe_admins_but(tx_db(q->tx), q->a, g->id, &others, e))
		return false;
	if (others.n)
		return true;
	equipe_refuse(q, E_CONFLICT, N_("%1 est le seul administrateur actif : sans lui, "
					"personne ne pourrait plus rien rétablir."),
		      agent_name(q->a, g), e);
	return hint(e, "%s", N_("Donnez d’abord le rôle d’administrateur à quelqu’un d’autre."));
}

static bool admin_elsewhere(const struct agent *g, const char *structure)
{
	for (size_t i = 0; i < g->nplaces; i++) {
		const struct agent_place *p = &g->places[i];

		if (p->roles & ROLE_ADMIN && strcmp(p->structure, structure) != 0)
			return true;
	}
	return false;
}

/* Nobody ends their own account. */
static bool may_end(struct equipe *q, const struct agent *g, struct err *e)
{
	if (!q->par || strcmp(q->par, g->id) != 0)
		return another_admin(q, g, e);
	fail(e, E_CONFLICT, "%s", N_("On ne peut pas fermer ni suspendre son propre compte."));
	return hint(e, "%s", N_("Demandez à un autre référent ou à un administrateur."));
}

/* --- suspend, restore --------------------------------------------------------------------- */

bool equipe_suspend(struct equipe *q, const char *agent, struct err *e)
{
	struct agent by, g;

	if (!equipe_both(q, agent, &by, &g, e))
		return false;
	if (g.etat == AGENT_SUSPENDU || g.etat == AGENT_PARTI)
		return equipe_refuse(q, E_CONFLICT, g.etat == AGENT_PARTI ?
				     N_("%1 est déjà parti.") :
				     N_("Le compte de %1 est déjà suspendu."),
				     agent_name(q->a, &g), e);
	return may_end(q, &g, e)
	       && equipe_etat(q->tx, agent, agent_etats[AGENT_SUSPENDU].slug, now_text(q), NULL, e)
	       && equipe_shut_out(q, agent, "compte", e)
	       && equipe_note_all(q, TRACE_SUSPENDU, &g, NULL, e);
}

bool equipe_restore(struct equipe *q, const char *agent, struct err *e)
{
	struct equipe_opened_row was;
	struct agent by, g;

	if (!equipe_both(q, agent, &by, &g, e))
		return false;
	if (g.etat != AGENT_SUSPENDU)
		return equipe_refuse(q, E_CONFLICT, N_("Le compte de %1 n’est pas suspendu."),
				     agent_name(q->a, &g), e);
	return equipe_opened(tx_db(q->tx), q->a, agent, &was, e)
	       && equipe_etat(q->tx, agent,
			      agent_etats[was.opened ? AGENT_ACTIF : AGENT_INVITE].slug,
			      now_text(q), NULL, e)
	       && equipe_note_all(q, TRACE_RETABLI, &g, NULL, e);
}

bool equipe_close_sessions(struct equipe *q, const char *agent, struct err *e)
{
	struct agent by, g;

	return equipe_both(q, agent, &by, &g, e)
	       && equipe_sessions_close(q->tx, agent, now_text(q), "referent", NULL, e)
	       && equipe_note_all(q, TRACE_SESSION_FERMEE, &g, NULL, e);
}

/* --- roles, structures -------------------------------------------------------------------- */

bool equipe_set_roles(struct equipe *q, const char *agent, const char *structure,
		      unsigned roles, struct err *e)
{
	const struct agent_place *here;
	struct structure s;
	struct agent by, g;
	unsigned may, now;

	if (!equipe_both(q, agent, &by, &g, e)
	    || !equipe_active_structure(q, structure, &s, e))
		return false;
	here = agent_place(&g, structure);
	now = here ? here->roles : 0;
	may = equipe_roles_to_give(equipe_by(&by), structure);
	if ((roles ^ now) & ~may & roles)
		return fail(e, E_DENIED, "%s", N_("Seul un administrateur donne ce rôle."));
	roles = (roles & may) | (now & ~may);
	if (g.etat == AGENT_PARTI)
		return equipe_refuse(q, E_CONFLICT, N_("%1 est déjà parti."),
				     agent_name(q->a, &g), e);
	if (!roles) {
		fail(e, E_INPUT, "%s", N_("Il faut au moins un rôle."));
		return hint(e, "%s", N_("Pour quelqu’un qui s’en va, choisissez « Quitte la "
					"structure » sur sa fiche."));
	}
	if (now & ~roles & ROLE_ADMIN && !admin_elsewhere(&g, structure)
	    && !another_admin(q, &g, e))
		return false;
	return take_back(q, agent, structure, now & ~roles, e)
	       && equipe_give(q, agent, structure, roles & ~now, e);
}

static bool answers_for(struct equipe *q, const struct agent *by, const struct structure *s,
			struct err *e)
{
	if (equipe_roles_to_give(equipe_by(by), s->id))
		return true;
	equipe_refuse(q, E_DENIED, N_("Vous n’êtes pas référent de « %1 »."), s->nom, e);
	return hint(e, "%s", N_("Le référent de cette structure peut inviter la personne avec la "
				"même adresse e-mail ; un administrateur peut la déplacer."));
}

bool equipe_move(struct equipe *q, const char *agent, const char *from, const char *to,
		 struct err *e)
{
	const struct agent_place *here, *there;
	struct structure s, d;
	struct agent by, g;
	unsigned roles;

	if (!equipe_both(q, agent, &by, &g, e) || !structure_get(tx_db(q->tx), q->a, from, &s, e)
	    || !equipe_active_structure(q, to, &d, e)
	    || !answers_for(q, &by, &s, e) || !answers_for(q, &by, &d, e))
		return false;
	here = agent_place(&g, from);
	there = agent_place(&g, to);
	if (!here || !strcmp(from, to) || g.etat == AGENT_PARTI)
		return equipe_refuse(q, E_CONFLICT, N_("%1 ne travaille plus dans cette structure."),
				     agent_name(q->a, &g), e);
	roles = here->roles;
	if (roles & ~equipe_roles_to_give(equipe_by(&by), to))
		return fail(e, E_DENIED, "%s", N_("Seul un administrateur déplace un référent."));
	return equipe_give(q, agent, to, roles & ~(there ? there->roles : 0), e)
	       && equipe_roles_drop(q->tx, agent, from, NULL, e)
	       && equipe_sessions_move(q->tx, agent, from, to, NULL, e)
	       && equipe_last_place(q->tx, agent, to, now_text(q), NULL, e)
	       && equipe_note(q, TRACE_DEPLACE, agent, from, d.nom, e)
	       && equipe_note(q, TRACE_DEPLACE, agent, to, s.nom, e);
}

/* --- who leaves ----------------------------------------------------------------------- */

static bool free_cards(struct equipe *q, const char *agent, const char *structure, bool back,
		       struct err *e)
{
	struct equipe_cards_row *cards;
	size_t n;

	if (!equipe_cards(tx_db(q->tx), q->a, agent, &cards, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!equipe_card_state(q->tx, cards[i].carte, back ? "libre" : "perdue", NULL, e)
		    || !equipe_note(q, back ? TRACE_FACTEUR_RETIRE : TRACE_CARTE_PERDUE, agent,
				    structure, cards[i].carte, e))
			return false;
	}
	return true;
}

static bool end_account(struct equipe *q, const char *agent, const char *structure, bool back,
			struct err *e)
{
	return free_cards(q, agent, structure, back, e)
	       && equipe_factors_drop(q->tx, agent, NULL, e)
	       && equipe_codes_drop(q->tx, agent, NULL, e)
	       && equipe_identities_drop(q->tx, agent, NULL, e)
	       && equipe_shut_out(q, agent, "compte", e)
	       && equipe_account_end(q->tx, agent, now_text(q), NULL, e);
}

bool equipe_leave(struct equipe *q, const char *agent, const char *structure,
		  bool card_is_back, struct err *e)
{
	const struct agent_place *here, *other;
	struct agent by, g;

	if (!equipe_both(q, agent, &by, &g, e))
		return false;
	here = agent_place(&g, structure);
	if (!here || g.etat == AGENT_PARTI)
		return equipe_refuse(q, E_CONFLICT, N_("%1 ne travaille plus dans cette structure."),
				     agent_name(q->a, &g), e);
	if (!equipe_roles_to_give(equipe_by(&by), structure))
		return fail(e, E_DENIED, "%s", N_("Vous ne répondez pas des agents de cette "
						  "structure."));
	if (!admin_elsewhere(&g, structure) && !may_end(q, &g, e))
		return false;
	if (!equipe_roles_drop(q->tx, agent, structure, NULL, e)
	    || !equipe_note(q, TRACE_PARTI, agent, structure, NULL, e))
		return false;
	if (g.nplaces == 1)
		return end_account(q, agent, structure, card_is_back, e);
	other = &g.places[here == g.places];
	return equipe_sessions_close(q->tx, agent, now_text(q), "compte", NULL, e)
	       && equipe_last_place(q->tx, agent, other->structure, now_text(q), NULL, e);
}

bool equipe_switch(struct equipe *q, const char *structure, struct err *e)
{
	const struct agent_place *to;
	struct agent by;

	if (!equipe_who(q, &by, e))
		return false;
	to = agent_place(&by, structure);
	if (!to || !to->active) {
		fail(e, E_DENIED, "%s", to ? N_("Cette structure est suspendue : on ne peut pas y "
						"travailler.") :
		     N_("Vous n’avez pas de rôle dans cette structure."));
		return hint(e, "%s", N_("Choisissez une autre structure, ou appelez un "
					"administrateur."));
	}
	return equipe_session_place(q->tx, q->session, structure, NULL, e)
	       && equipe_last_place(q->tx, by.id, structure, now_text(q), NULL, e)
	       && equipe_note(q, TRACE_CHANGE_STRUCTURE, by.id, structure, NULL, e);
}
