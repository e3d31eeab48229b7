#include "admit/identite.h"

#include <string.h>

#include "admit/identite.sql.h"
#include "base/date.h"
#include "core/trace.h"

bool identite_find(struct db *db, struct arena *a, const char *fournisseur,
		   const char *sujet, const char **agent, struct err *e)
{
	struct identite_of_row row;
	bool found;

	*agent = NULL;
	if (!identite_of(db, a, fournisseur, sujet, &row, &found, e))
		return false;
	if (found)
		*agent = row.agent_id;
	return true;
}

bool identite_list(struct db *db, struct arena *a, const char *agent, struct identite **out,
		   size_t *n, struct err *e)
{
	struct identites_of_row *rows;

	if (!identites_of(db, a, agent, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n + 1, struct identite);
	for (size_t i = 0; *out && i < *n; i++)
		(*out)[i] = (struct identite){ rows[i].fournisseur, rows[i].sujet, rows[i].liee_le,
					       rows[i].vue_le };
	return *out || arena_refuse(a, e);
}

static bool note(struct tx *tx, const struct env *env, enum trace_action action,
		 const struct identite_acte *x, struct err *e)
{
	return trace_put(tx, env, &(struct trace){
		.action = action, .agent = x->par->id, .session = x->par->session,
		.cible = x->par->id, .structure = x->par->ici ? x->par->ici->structure : NULL,
		.objet = x->nom,
	}, e);
}

bool identite_link(struct tx *tx, const struct env *env, struct arena *a,
		   const struct identite_acte *x, struct err *e)
{
	const char *agent;
	char now[ISO_TEXT];

	if (!identite_find(tx_db(tx), a, x->fournisseur, x->sujet, &agent, e))
		return false;
	if (agent && !strcmp(agent, x->par->id))
		return true;
	if (agent) {
		fail(e, E_CONFLICT, "%s", N_("Cette identité est déjà liée à un autre compte."));
		return hint(e, "%s", N_("Si c’est aussi votre compte, connectez-vous avec, et retirez-la "
					"d’abord. Sinon, prévenez votre référent."));
	}
	iso_write(env_now(env), now);
	return identite_put(tx, x->fournisseur, x->sujet, x->par->id, now, NULL, e)
	       && note(tx, env, TRACE_IDENTITE_LIEE, x, e);
}

static bool leaves_a_way(struct tx *tx, struct arena *a, const struct identite_acte *x,
			 struct err *e)
{
	struct identite_others_row row;

	if (!identite_others(tx_db(tx), a, x->par->id, &row, e))
		return false;
	if (row.autre || row.identites > 1)
		return true;
	fail(e, E_CONFLICT, "%s", N_("Sans cette identité, vous ne pourriez plus vous connecter."));
	return hint(e, "%s", N_("Choisissez d’abord un mot de passe, puis retirez-la."));
}

bool identite_unlink(struct tx *tx, const struct env *env, struct arena *a,
		     const struct identite_acte *x, struct err *e)
{
	int64_t changed = 0;

	if (!leaves_a_way(tx, a, x, e)
	    || !identite_drop(tx, x->fournisseur, x->sujet, x->par->id, &changed, e))
		return false;
	if (!changed)
		return fail(e, E_MISSING, "%s", N_("Cette identité n’est pas liée à votre compte."));
	return note(tx, env, TRACE_IDENTITE_RETIREE, x, e);
}

bool identite_seen(struct tx *tx, const struct env *env, const struct identite_acte *x,
		   struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return identite_set_seen(tx, x->fournisseur, x->sujet, now, NULL, e);
}
