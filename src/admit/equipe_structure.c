/* Structures: writing them, suspending, closing. */
#include "admit/equipe_inside.h"

#include <string.h>

#include "admit/equipe.sql.h"
#include "base/date.h"

/* A referent changes how their structure is reached, nothing else. */
static bool keep_the_rest(struct equipe *q, const struct agent *by, struct structure *s,
			  struct err *e)
{
	struct structure was;

	if (!by || agent_may(by, ROLE_ADMIN, NULL))
		return true;
	if (!s->id || !agent_may(by, ROLE_REFERENT, s->id)) {
		fail(e, E_DENIED, "%s", N_("Cette structure n’est pas de celles dont vous "
					   "répondez."));
		return hint(e, "%s", N_("Demandez à un de ses référents, ou à un administrateur."));
	}
	if (!structure_get(tx_db(q->tx), q->a, s->id, &was, e))
		return false;
	was.adresse = s->adresse;
	was.telephone = s->telephone;
	was.courriel = s->courriel;
	*s = was;
	return true;
}

bool equipe_save_structure(struct equipe *q, struct structure *s, struct err *e)
{
	bool is_new = !s->id;
	struct agent by;

	return equipe_who(q, &by, e) && keep_the_rest(q, equipe_by(&by), s, e)
	       && structure_save(q->tx, q->env, q->a, s, e)
	       && equipe_note(q, is_new ? TRACE_STRUCTURE_CREE : TRACE_STRUCTURE_MODIFIEE, NULL,
			      s->id, s->nom, e);
}

static bool close_sessions_of(struct equipe *q, const char *structure, struct err *e)
{
	struct equipe_only_here_row *rows;
	char now[ISO_TEXT];
	size_t n;

	iso_write(env_now(q->env), now);
	if (!equipe_only_here(tx_db(q->tx), q->a, structure, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!equipe_sessions_close(q->tx, rows[i].agent_id, now, "compte", NULL, e))
			return false;
	}
	return true;
}

bool equipe_set_state(struct equipe *q, const char *structure, enum structure_etat etat,
		      struct err *e)
{
	struct structure s;
	struct agent by;

	if (!equipe_who(q, &by, e) || !structure_get(tx_db(q->tx), q->a, structure, &s, e))
		return false;
	if (by.id && !agent_may(&by, ROLE_ADMIN, NULL))
		return fail(e, E_DENIED, "%s", N_("Seul un administrateur suspend ou ferme une "
						  "structure."));
	if (s.etat == etat)
		return equipe_refuse(q, E_CONFLICT, N_("« %1 » est déjà dans cet état."), s.nom, e);
	s.etat = etat;
	return structure_save(q->tx, q->env, q->a, &s, e)
	       && equipe_note(q, TRACE_STRUCTURE_SUSPENDUE, NULL, s.id,
			      structure_etats[etat].slug, e)
	       && (etat == STRUCTURE_ACTIVE || close_sessions_of(q, structure, e));
}
