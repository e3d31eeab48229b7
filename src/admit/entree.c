/* What logging in needs while a server runs: made when it starts, ended when it stops. */
#include <stdlib.h>
#include <string.h>

#include "admit/entree_inside.h"
#include "store/db.h"

struct entree *entree_of(const struct req *r)
{
	return r->core->entry.entree;
}

struct hacheurs *entree_hacheurs(const struct req *r)
{
	return entree_of(r)->hacheurs;
}

struct sessions *entree_sessions(const struct req *r)
{
	return entree_of(r)->sessions;
}

struct freins *entree_freins(const struct req *r)
{
	return entree_of(r)->freins;
}

struct heavy entree_heavy(struct entree *n)
{
	return (struct heavy){ n->queue, password_queue_push };
}

bool entree_open(struct core *core, struct entree **out, struct err *e)
{
	struct entree *n = calloc(1, sizeof *n);

	if (!n)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	n->core = core;
	pthread_mutex_init(&n->lock, NULL);
	box_make(core->env, &n->box);
	if (!sessions_new(core->store, core->env, &n->sessions, e)
	    || !freins_new(core->signer, core->env, &n->freins, e)
	    || !freins_load(n->freins, core->store, e)
	    || !hacheurs_new(PASSWORD_THREADS, &n->hacheurs, e)
	    || !password_queue_new(PASSWORD_THREADS, PASSWORD_WAITING, &n->queue, e)) {
		entree_close(&n);
		return false;
	}
	core->entry.agent_of = entree_agent_of;
	core->entry.ask_login = entree_ask_login;
	core->entry.ask_proof = entree_ask_proof;
	core->entry.tend = entree_tend;
	core->entry.entree = n;
	*out = n;
	return true;
}

void entree_close(struct entree **at)
{
	struct entree *n = *at;
	struct err e = { 0 };

	*at = NULL;
	if (!n)
		return;
	password_queue_stop(&n->queue);
	hacheurs_free(&n->hacheurs);
	if (n->freins)
		freins_flush(n->freins, n->core->store, &e);
	freins_free(&n->freins);
	sessions_free(&n->sessions);
	pthread_mutex_destroy(&n->lock);
	free(n);
}
