/* Who comes: by mail, on paper, or with an account of another structure; the first one. */
#include "admit/equipe_inside.h"

#include <string.h>

#include "admit/courriel.h"
#include "admit/equipe.sql.h"
#include "base/date.h"
#include "base/utf8.h"

enum { CLE = 320 };

static void name_key(const char *prenom, const char *nom, struct arena *a, char out[CLE])
{
	utf8_fold(arena_cat(a, nom, " ", prenom, NULL), out, CLE);
}

/* "Amina", "Benali": "amina.b", then "amina.be"..., then "amina.benali2". */
static const char *identifiant_of(struct arena *a, const char *prenom, const char *nom, int turn)
{
	char first[CLE], last[CLE];
	size_t n = 0;

	utf8_fold(prenom, first, sizeof first);
	utf8_fold(nom, last, sizeof last);
	for (char *p = first; *p; p++)
		*p = *p == ' ' ? '-' : *p;
	for (char *p = last; *p; p++) {
		if (*p != ' ')
			last[n++] = *p;
	}
	last[n] = '\0';
	first[strnlen(first, 24)] = last[strnlen(last, 24)] = '\0';
	utf8_trim_end(first);
	utf8_trim_end(last);
	n = strlen(last);
	if ((size_t)turn < n)
		return arena_printf(a, "%s.%.*s", first, turn + 1, last);
	return arena_printf(a, "%s.%s%d", first, last, turn - (int)n + 2);
}

static bool free_identifiant(struct equipe *q, const struct invitation *i, const char **out,
			     struct err *e)
{
	enum { TURNS = 2000 };

	for (int turn = 0; turn < TURNS; turn++) {
		struct equipe_identifiant_row row;
		bool taken;

		*out = identifiant_of(q->a, i->prenom, i->nom, turn);
		if (!utf8_valid(*out, strlen(*out)))
			continue;               /* a letter of two bytes was cut */
		if (!equipe_identifiant(tx_db(q->tx), q->a, *out, &row, &taken, e))
			return false;
		if (!taken)
			return true;
	}
	return fail(e, E_LIMIT, "%s", N_("Trop de personnes portent ce nom."));
}

static bool refuse_here(struct equipe *q, const struct agent *g, struct err *e)
{
	equipe_refuse(q, E_CONFLICT, g->etat == AGENT_INVITE ?
		      N_("%1 est déjà invité dans cette structure.") :
		      N_("%1 a déjà un compte dans cette structure."), agent_name(q->a, g), e);
	return hint(e, "%s", g->etat == AGENT_INVITE ?
		    N_("Pour refaire l’invitation, ouvrez sa fiche dans la liste des agents.") :
		    N_("Pour changer ses rôles, ouvrez sa fiche dans la liste des agents."));
}

/* The address is one of somebody who works elsewhere: the same person, or a mistake. */
static bool take_in(struct equipe *q, const struct invitation *i, const struct agent *g,
		    struct err *e)
{
	char typed[CLE], known[CLE];

	name_key(i->prenom, i->nom, q->a, typed);
	name_key(g->prenom, g->nom, q->a, known);
	if (strcmp(typed, known) != 0) {
		fail(e, E_CONFLICT, "%s", N_("Cette adresse est celle d’un autre compte, à un "
					     "autre nom."));
		return hint(e, "%s", N_("Vérifiez l’adresse et le nom. Deux personnes n’ont "
					"jamais la même adresse."));
	}
	if (g->etat == AGENT_SUSPENDU) {
		equipe_refuse(q, E_CONFLICT, N_("Le compte de %1 est suspendu."),
			      agent_name(q->a, g), e);
		return hint(e, "%s", N_("Un administrateur peut le rétablir."));
	}
	return equipe_give(q, g->id, i->structure, i->roles, e);
}

static bool add_agent(struct equipe *q, const struct invitation *i, struct invited *out,
		      struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT], cle[CLE];

	uuid_new(q->env, id);
	iso_write(env_now(q->env), now);
	name_key(i->prenom, i->nom, q->a, cle);
	out->agent = arena_str(q->a, id);
	return free_identifiant(q, i, &out->identifiant, e)
	       && equipe_agent_add(q->tx, id, i->prenom, i->nom, cle, i->courriel,
				   out->identifiant, q->lang->tag, i->structure, now, NULL, e)
	       && equipe_note(q, TRACE_INVITE, out->agent, i->structure, NULL, e)
	       && equipe_give(q, out->agent, i->structure, i->roles, e);
}

static bool put_link(struct equipe *q, const char *agent, const struct lien_secret *s,
		     struct err *e)
{
	return lien_put(q->tx, q->env, s, &(struct lien){
		.sorte = LIEN_INVITATION, .agent = agent, .cree_par = q->par,
		.minutes = LIEN_INVITATION_MIN }, e);
}

/* No second account for the same person, as far as can be told. */
static bool is_new_here(struct equipe *q, const struct invitation *i, struct err *e)
{
	struct equipe_homonym_row row;
	struct agent g;
	char cle[CLE];
	bool found;

	name_key(i->prenom, i->nom, q->a, cle);
	if (!equipe_homonym(tx_db(q->tx), q->a, cle, i->structure, &row, &found, e))
		return false;
	if (!found)
		return true;
	if (!agent_get(tx_db(q->tx), q->a, row.id, &g, e))
		return false;
	if (i->courriel && g.courriel)
		return true;            /* two people of one name, each with an address */
	refuse_here(q, &g, e);
	return hint(e, "%s", N_("Si c’est une autre personne du même nom, donnez à chacune une "
				"adresse e-mail, ou ajoutez un second prénom."));
}

static bool roles_are_given(const struct agent *by, const struct invitation *i, struct err *e)
{
	unsigned may = equipe_roles_to_give(equipe_by(by), i->structure);

	if (!may) {
		fail(e, E_DENIED, "%s", N_("Vous ne répondez pas des agents de cette structure."));
		return hint(e, "%s", N_("Demandez à un référent de la structure, ou à un "
					"administrateur."));
	}
	if (!i->roles)
		return fail(e, E_INPUT, "%s", N_("Choisissez au moins un rôle."));
	return i->roles & ~may ? fail(e, E_DENIED, "%s", N_("Seul un administrateur donne ce "
							   "rôle.")) : true;
}

bool equipe_invite(struct equipe *q, const struct invitation *asked,
		   const struct lien_secret *s, struct invited *out, struct err *e)
{
	struct equipe_agent_by_mail_row row;
	struct invitation i = *asked;
	struct structure st;
	struct agent by, g;
	bool found = false;

	*out = (struct invited){ 0 };
	if (i.courriel && !(i.courriel = courriel_read(q->a, i.courriel, e)))
		return false;
	if (!equipe_who(q, &by, e) || !equipe_active_structure(q, i.structure, &st, e)
	    || !roles_are_given(&by, &i, e))
		return false;
	if (i.courriel && !equipe_agent_by_mail(tx_db(q->tx), q->a, i.courriel, &row, &found, e))
		return false;
	if (!found)
		return is_new_here(q, &i, e) && add_agent(q, &i, out, e)
		       && put_link(q, out->agent, s, e);
	if (!agent_get(tx_db(q->tx), q->a, row.id, &g, e))
		return false;
	if (agent_place(&g, i.structure))
		return refuse_here(q, &g, e);
	*out = (struct invited){ g.id, g.identifiant, .known = g.etat == AGENT_ACTIF };
	return take_in(q, &i, &g, e) && (out->known || put_link(q, g.id, s, e));
}

bool equipe_invite_again(struct equipe *q, const char *agent, const struct lien_secret *s,
			 struct err *e)
{
	struct agent by, g;

	if (!equipe_both(q, agent, &by, &g, e))
		return false;
	if (g.etat != AGENT_INVITE) {
		equipe_refuse(q, E_CONFLICT, g.etat == AGENT_ACTIF ?
			      N_("%1 a déjà ouvert son compte.") :
			      N_("%1 ne peut pas être invité : son compte est fermé ou suspendu."),
			      agent_name(q->a, &g), e);
		return hint(e, "%s", N_("Pour un mot de passe, un téléphone ou une carte perdus, "
					"choisissez « Redonner un accès » sur sa fiche."));
	}
	return put_link(q, agent, s, e) && equipe_note_all(q, TRACE_INVITE, &g, NULL, e);
}

bool equipe_give_access(struct equipe *q, const char *agent, const struct lien_secret *s,
			struct err *e)
{
	struct agent by, g;

	if (!equipe_both(q, agent, &by, &g, e))
		return false;
	if (by.id && !strcmp(by.id, agent)) {
		fail(e, E_CONFLICT, "%s", N_("On ne se redonne pas un accès à soi-même."));
		return hint(e, "%s", N_("Votre téléphone, votre carte et votre mot de passe se "
					"changent dans « Mon compte »."));
	}
	if (g.etat != AGENT_ACTIF) {
		equipe_refuse(q, E_CONFLICT, g.etat == AGENT_INVITE ?
			      N_("%1 n’a pas encore ouvert son compte.") :
			      N_("Le compte de %1 est fermé ou suspendu."), agent_name(q->a, &g), e);
		return hint(e, "%s", g.etat == AGENT_INVITE ?
			    N_("Refaites l’invitation depuis sa fiche.") :
			    N_("Rétablissez-le d’abord."));
	}
	return equipe_shut_out(q, agent, "referent", e)
	       && lien_put(q->tx, q->env, s, &(struct lien){
			.sorte = LIEN_SECOURS, .agent = agent, .cree_par = q->par,
			.minutes = LIEN_SECOURS_MIN }, e)
	       && equipe_note_all(q, TRACE_ACCES_REDONNE, &g, NULL, e);
}

/* --- the first one --------------------------------------------------------------------- */

bool equipe_has_admin(struct db *db, struct arena *a, bool *has, struct err *e)
{
	struct equipe_admins_row admins;

	if (!equipe_admins(db, a, &admins, e))
		return false;
	*has = admins.n > 0;
	return true;
}

bool equipe_first(struct equipe *q, const struct premier *p, const struct lien_secret *s,
		  struct invited *out, struct err *e)
{
	struct structure st = { .nom = p->structure, .type = p->type, .etat = STRUCTURE_ACTIVE,
				.pouvoirs = POUVOIR_LIEUX | POUVOIR_INSTRUMENTS };
	struct invitation i = { p->prenom, p->nom, p->courriel, NULL, ROLE_ADMIN | ROLE_REFERENT };
	bool has;

	*out = (struct invited){ 0 };
	if (i.courriel && !(i.courriel = courriel_read(q->a, i.courriel, e)))
		return false;
	if (!equipe_has_admin(tx_db(q->tx), q->a, &has, e))
		return false;
	if (has) {
		fail(e, E_CONFLICT, "%s", N_("Ce territoire a déjà un administrateur."));
		return hint(e, "%s", N_("Demandez-lui une invitation."));
	}
	if (!structure_save(q->tx, q->env, q->a, &st, e)
	    || !equipe_note(q, TRACE_STRUCTURE_CREE, NULL, st.id, st.nom, e))
		return false;
	i.structure = st.id;
	return equipe_invite(q, &i, s, out, e);
}
