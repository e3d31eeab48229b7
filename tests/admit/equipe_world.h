/*
 * A territory with two structures: Bondy (a referent Rosa, another one Remi, an aidant
 * Amina) and Aulnay (a referent Anne); an admin, Alba, who works in Bondy.
 */
#pragma once

#include "test.h"

#include "admit/equipe.h"
#include "core/trace.h"

struct team {
	struct store *store;
	struct signer *signer;
	struct arena a;
	struct err err;
	const char *bondy, *aulnay;
	const char *alba, *rosa, *remi, *amina, *anne;  /* ids */
	const char *code;                               /* of the last invitation */
	struct invited last;
};

/* One verb, done by `par` (NULL: the command line) in a job of its own. */
struct team_job {
	struct team *w;
	const char *par;
	bool (*verb)(struct equipe *q, void *arg, struct err *e);
	void *arg;
};

static inline bool team_run(struct tx *tx, void *arg, struct err *e)
{
	struct team_job *j = arg;
	struct equipe q = { tx, &env_test, &j->w->a, langs[0], j->par, j->par ? "session" : NULL };

	return j->verb(&q, j->arg, e);
}

static inline bool team_do(struct team *w, const char *par,
			   bool (*verb)(struct equipe *q, void *arg, struct err *e), void *arg)
{
	struct team_job j = { w, par, verb, arg };

	return store_write(w->store, team_run, &j, &w->err);
}

struct team_invitation {
	struct invitation i;
	struct lien_secret s;
	struct invited out;
};

static inline bool team_invite_verb(struct equipe *q, void *arg, struct err *e)
{
	struct team_invitation *i = arg;

	return equipe_invite(q, &i->i, &i->s, &i->out, e);
}

static inline bool team_invite(struct team *w, const char *par, const char *prenom,
			       const char *nom, const char *courriel, const char *structure,
			       unsigned roles)
{
	struct team_invitation i = { { prenom, nom, courriel, structure, roles }, { "", "" }, { 0 } };
	bool ok;

	accepts(lien_draw(w->signer, &env_test, &i.s, &w->err), &w->err);
	ok = team_do(w, par, team_invite_verb, &i);
	w->last = i.out;
	w->code = arena_str(&w->a, i.s.code);
	return ok;
}

/* A password makes of an invitation an account (what the login pages do). */
bool team_open_verb(struct equipe *q, void *agent, struct err *e);

static inline const char *team_agent(struct team *w, const char *prenom, const char *nom,
				     const char *structure, unsigned roles)
{
	const char *courriel = arena_printf(&w->a, "%s@exemple.fr", prenom);

	accepts(team_invite(w, NULL, prenom, nom, courriel, structure, roles), &w->err);
	accepts(team_do(w, NULL, team_open_verb, (void *)(uintptr_t)w->last.agent), &w->err);
	return w->last.agent;
}

/* Who works there at first: all in one job, so that a test waits for the disk once. */
static inline bool team_found_verb(struct equipe *q, void *arg, struct err *e)
{
	struct team *w = arg;
	const struct {
		const char **id, *prenom, *nom, **structure;
		unsigned roles;
	} first[] = {
		{ &w->alba, "Alba", "Moreau", &w->bondy, ROLE_ADMIN },
		{ &w->rosa, "Rosa", "Keita", &w->bondy, ROLE_REFERENT },
		{ &w->remi, "Remi", "Petit", &w->bondy, ROLE_REFERENT | ROLE_AIDANT },
		{ &w->amina, "Amina", "Benali", &w->bondy, ROLE_AIDANT },
		{ &w->anne, "Anne", "Le Goff", &w->aulnay, ROLE_REFERENT },
	};
	struct structure bondy = { .nom = "CCAS de Bondy", .pouvoirs = POUVOIR_MANDATS };
	struct structure aulnay = { .nom = "Médiathèque d’Aulnay", .pouvoirs = POUVOIR_MANDATS };

	if (!equipe_save_structure(q, &bondy, e) || !equipe_save_structure(q, &aulnay, e))
		return false;
	w->bondy = bondy.id;
	w->aulnay = aulnay.id;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		struct invitation v = { first[i].prenom, first[i].nom,
			arena_printf(q->a, "%s@exemple.fr", first[i].prenom), *first[i].structure,
			first[i].roles };
		struct lien_secret s;
		struct invited out;

		if (!lien_draw(w->signer, &env_test, &s, e) || !equipe_invite(q, &v, &s, &out, e)
		    || !team_open_verb(q, (void *)(uintptr_t)out.agent, e))
			return false;
		*first[i].id = out.agent;
	}
	return true;
}

static inline void team_open(struct team *w)
{
	const char *dir = test_dir();

	test_time_set("2026-11-22T10:00:00Z");
	*w = (struct team){ .a = arena_new(8 << 20) };
	accepts(store_open(dir, STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(signer_open_local(dir, &env_test, &w->signer, &w->err), &w->err);
	accepts(team_do(w, NULL, team_found_verb, w), &w->err);
}

static inline void team_close(struct team *w)
{
	signer_close(&w->signer);
	store_close(w->store);
	arena_free(&w->a);
}

#define TEAM(w) CLEANUP(team_close) struct team w; team_open(&w)

static inline struct agent team_read(struct team *w, const char *id)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agent g;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(agent_get(db, &w->a, id, &g, &w->err), &w->err);
	return g;
}

/* Lines of the log about an account with this action. */
static inline int team_lines(struct team *w, const char *cible, enum trace_action action)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct trace_line *lines;
	size_t n;
	int found = 0;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(trace_read(db, &w->a, &(struct trace_ask){ .cible = cible, .most = 100 }, &lines,
			   &n, &w->err), &w->err);
	for (size_t i = 0; i < n; i++)
		found += lines[i].action == action;
	return found;
}
