#include "tests/admit/equipe_world.h"

#include "admit/identite.h"

#define PROCONNECT "https://fca.exemple.gouv.fr/api/v2"

struct acting {
	struct identite_acte x;
	bool (*verb)(struct tx *tx, const struct env *env, struct arena *a,
		     const struct identite_acte *x, struct err *e);
};

static bool acted(struct equipe *q, void *arg, struct err *e)
{
	struct acting *k = arg;

	return k->verb(q->tx, q->env, q->a, &k->x, e);
}

static bool act(struct team *w, const char *agent, const char *sub,
		bool (*verb)(struct tx *tx, const struct env *env, struct arena *a,
			     const struct identite_acte *x, struct err *e))
{
	struct agent g = team_read(w, agent);
	struct acting k = { { &g, PROCONNECT, sub, "ProConnect" }, verb };

	w->err = (struct err){ 0 };
	g.session = "session";
	return team_do(w, agent, acted, &k);
}

static const char *whose(struct team *w, const char *sub)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *agent;

	accepts(db_acquire(w->store, &db, &w->err)
		&& identite_find(db, &w->a, PROCONNECT, sub, &agent, &w->err), &w->err);
	return agent;
}

TEST("an identity belongs to the account that linked it, and to no other")
{
	TEAM(w);

	holds(!whose(&w, "amina-sub"));
	accepts(act(&w, w.amina, "amina-sub", identite_link), &w.err);
	same(whose(&w, "amina-sub"), w.amina);
	equals(team_lines(&w, w.amina, TRACE_IDENTITE_LIEE), 1);
	accepts(act(&w, w.amina, "amina-sub", identite_link), &w.err);
	equals(team_lines(&w, w.amina, TRACE_IDENTITE_LIEE), 1);
	refuses(E_CONFLICT, act(&w, w.rosa, "amina-sub", identite_link), &w.err);
	same(whose(&w, "amina-sub"), w.amina);
	/* subjects are letter for letter */
	holds(!whose(&w, "Amina-sub"));
	holds(!whose(&w, "amina-sub "));
}

TEST("only its own agent unlinks an identity, and not the last way in")
{
	TEAM(w);

	accepts(act(&w, w.amina, "amina-sub", identite_link), &w.err);
	refuses(E_MISSING, act(&w, w.rosa, "amina-sub", identite_unlink), &w.err);
	same(whose(&w, "amina-sub"), w.amina);
	accepts(act(&w, w.amina, "amina-sub", identite_unlink), &w.err);
	holds(!whose(&w, "amina-sub"));
	equals(team_lines(&w, w.amina, TRACE_IDENTITE_RETIREE), 1);
	refuses(E_MISSING, act(&w, w.amina, "amina-sub", identite_unlink), &w.err);
}

TEST("without mail or password, the last identity stays: it is the only way in")
{
	TEAM(w);
	const char *ines;

	accepts(team_invite(&w, w.rosa, "Inès", "Sans-Courriel", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	ines = w.last.agent;
	accepts(act(&w, ines, "un", identite_link), &w.err);
	refuses(E_CONFLICT, act(&w, ines, "un", identite_unlink), &w.err);
	same(whose(&w, "un"), ines);
	accepts(act(&w, ines, "deux", identite_link), &w.err);
	accepts(act(&w, ines, "un", identite_unlink), &w.err);
	holds(!whose(&w, "un"));
}
