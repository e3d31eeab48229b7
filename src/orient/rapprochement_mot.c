/* What a person decides of a pair, or takes back. */
#include "orient/rapprochement.h"

#include <string.h>

#include "orient/lieu_fusion.h"
#include "orient/rapprochement.sql.h"

static const char *const etats[] = { "meme", "different", "plus_tard" };

static struct rapprochement_paire in_order(const struct rapprochement_paire *p)
{
	int d = strcmp(p->source_a, p->source_b);

	if (!d)
		d = strcmp(p->id_a, p->id_b);
	if (d <= 0)
		return *p;
	return (struct rapprochement_paire){ p->source_b, p->id_b, p->source_a, p->id_a };
}

/* Shows a place again that was hidden for its likeness to a protected one, when no other
 * question of that kind waits. */
static bool let_go(struct tx *tx, struct arena *a, const char *lieu_id, const char *now,
		   struct err *e)
{
	struct rapprochement_retenu_par_row n;

	if (!rapprochement_retenu_par(tx_db(tx), a, lieu_id, &n, e))
		return false;
	return n.n || lieu_relacher(tx, lieu_id, now, e);
}

/* A pair goes back to those that wait: apart again, and hidden again beside a protected one. */
static bool take_back(struct tx *tx, struct arena *a, const struct rapprochement_paire *p,
		      const char *now, struct err *e)
{
	struct rapprochement_lieu_de_row x, y;
	const char *id;
	bool one, two, held;

	if (!rapprochement_lieu_de(tx_db(tx), a, p->source_a, p->id_a, &x, &one, e)
	    || !rapprochement_lieu_de(tx_db(tx), a, p->source_b, p->id_b, &y, &two, e))
		return false;
	if (strcmp(x.lieu_id, y.lieu_id) == 0
	    && (!lieu_separer(tx, a, p->source_b, p->id_b, now, &id, e)
		|| !rapprochement_lieu_de(tx_db(tx), a, p->source_a, p->id_a, &x, &one, e)
		|| !rapprochement_lieu_de(tx_db(tx), a, p->source_b, p->id_b, &y, &two, e)))
		return false;
	if (!strcmp(x.publication, "protege") == !strcmp(y.publication, "protege"))
		return true;
	return lieu_retenir(tx, strcmp(x.publication, "protege") ? x.lieu_id : y.lieu_id, now,
			    &held, e);
}

bool rapprochement_decider(struct tx *tx, const struct rapprochement_paire *pair,
			   enum rapprochement_mot mot, const char *agent_id, const char *now,
			   struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(32 << 20);
	struct rapprochement_paire p = in_order(pair);
	struct rapprochement_lieu_de_row x, y;
	struct rapprochement_mot_de_row before;
	const char *garde;
	bool one, two, known;

	if (!rapprochement_lieu_de(tx_db(tx), &a, p.source_a, p.id_a, &x, &one, e)
	    || !rapprochement_lieu_de(tx_db(tx), &a, p.source_b, p.id_b, &y, &two, e))
		return false;
	if (!one || !two)
		return fail(e, E_MISSING, "une de ces deux fiches n'est plus dans la liste.");
	if (!rapprochement_mot_de(tx_db(tx), &a, p.source_a, p.id_a, p.source_b, p.id_b, &before,
				  &known, e)
	    || !rapprochement_mot(tx, p.source_a, p.id_a, p.source_b, p.id_b, etats[mot], agent_id,
				  now, NULL, e))
		return false;
	switch (mot) {
	case MOT_MEME:
		return strcmp(x.lieu_id, y.lieu_id) == 0
		       || (lieu_fusionner(tx, &a, x.lieu_id, y.lieu_id, now, &garde, e)
			   && rapprochement_regles(tx, now, NULL, e));
	case MOT_DIFFERENT:
		return let_go(tx, &a, x.lieu_id, now, e) && let_go(tx, &a, y.lieu_id, now, e);
	case MOT_PLUS_TARD:
		return !known || (strcmp(before.etat, etats[MOT_MEME])
				  && strcmp(before.etat, etats[MOT_DIFFERENT]))
		       || take_back(tx, &a, &p, now, e);
	}
	return true;
}

bool rapprochement_separer(struct tx *tx, const char *source_id, const char *id_source,
			   const char *agent_id, const char *now, const char **lieu_id,
			   struct arena *a, struct err *e)
{
	struct rapprochement_lieu_de_row here;
	struct rapprochement_lignes_de_row *rows;
	size_t n;
	bool found;

	if (!rapprochement_lieu_de(tx_db(tx), a, source_id, id_source, &here, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "cette ligne n'est plus dans la liste.");
	if (!rapprochement_lignes_de(tx_db(tx), a, here.lieu_id, &rows, &n, e)
	    || !lieu_separer(tx, a, source_id, id_source, now, lieu_id, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct rapprochement_paire p = in_order(&(struct rapprochement_paire){
			source_id, id_source, rows[i].source_id, rows[i].id_source });

		if (strcmp(rows[i].source_id, source_id) == 0
		    && strcmp(rows[i].id_source, id_source) == 0)
			continue;
		if (!rapprochement_mot(tx, p.source_a, p.id_a, p.source_b, p.id_b, "different",
				       agent_id, now, NULL, e))
			return false;
	}
	return true;
}
