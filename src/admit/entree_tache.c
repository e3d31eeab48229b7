/*
 * What is done a little later, by the thread that watches: whoever asks gets the same
 * answer in the same time, whether the account exists or not.
 */
#include <stdio.h>
#include <string.h>

#include "admit/connexion.sql.h"
#include "admit/entree_inside.h"
#include "admit/lien.h"
#include "base/log.h"
#include "core/envoi_texte.h"
#include "core/trace.h"

enum { FLUSH_MS = 2000, TASK_MEMORY = 1 << 20 };

/* --- what waits ------------------------------------------------------------------- */

static struct tache *same_task(struct entree *n, const struct tache *t)
{
	for (size_t i = 0; i < n->ntaches; i++) {
		if (n->taches[i].kind == t->kind && !strcmp(n->taches[i].name, t->name))
			return &n->taches[i];
	}
	return NULL;
}

/* Two of a kind for one name are one, twice. */
static bool add_task(struct entree *n, const struct tache *t)
{
	struct tache *there;
	bool ok = true;

	pthread_mutex_lock(&n->lock);
	there = same_task(n, t);
	if (there)
		there->count++;
	else if (n->ntaches < ENTREE_TASKS)
		n->taches[n->ntaches++] = *t;
	else
		ok = false;
	pthread_mutex_unlock(&n->lock);
	return ok;
}

bool entree_mail_link(struct req *r, const char *name, const char *navigateur)
{
	struct tache t = { .kind = TACHE_LIEN, .count = 1 };

	snprintf(t.name, sizeof t.name, "%s", name);
	snprintf(t.navigateur, sizeof t.navigateur, "%s", navigateur);
	snprintf(t.address, sizeof t.address, "%s", core_address(r));
	return add_task(entree_of(r), &t);
}

void entree_note_refused(struct req *r, const char *name)
{
	struct tache t = { .kind = TACHE_REFUS, .count = 1 };

	snprintf(t.name, sizeof t.name, "%s", name);
	add_task(entree_of(r), &t);
}

static bool take_task(struct entree *n, struct tache *out)
{
	bool any;

	pthread_mutex_lock(&n->lock);
	any = n->ntaches > 0;
	if (any) {
		*out = n->taches[0];
		memmove(n->taches, n->taches + 1, --n->ntaches * sizeof *n->taches);
	}
	pthread_mutex_unlock(&n->lock);
	return any;
}

/* --- links by mail ---------------------------------------------------------------- */

struct doing {
	struct entree *n;
	const struct tache *t;
	struct arena a;
	struct connexion_agent_row who;
	struct lien_secret secret;
	struct envoi mail;
};

static bool link_job(struct tx *tx, void *arg, struct err *e)
{
	struct doing *d = arg;
	struct lien l = { .sorte = LIEN_CONNEXION, .agent = d->who.id,
			  .navigateur = d->t->navigateur, .minutes = LIEN_CONNEXION_MIN };
	char id[UUID_TEXT];

	return lien_put(tx, d->n->core->env, &d->secret, &l, e) && envoi_put(tx, &d->mail, id, e);
}

static bool mail_link(struct doing *d, struct err *e)
{
	struct core *c = d->n->core;
	const char *values[2];

	if (!d->who.courriel || strcmp(d->who.etat, "actif"))
		return true;
	if (!lien_draw(c->signer, c->env, &d->secret, e))
		return false;
	values[0] = arena_cat(&d->a, d->t->address,
			      lien_path(&d->a, LIEN_CONNEXION, d->secret.code), NULL);
	values[1] = arena_printf(&d->a, "%d", LIEN_CONNEXION_MIN);
	d->mail = (struct envoi){ .canal = ENVOI_COURRIEL, .destinataire = d->who.courriel };
	return envoi_texte(&d->a, &c->site, ENVOI_CONNEXION_LIEN, lang_find(d->who.langue), values,
			   env_now(c->env), &d->mail, e)
	       && store_write(c->store, link_job, d, e);
}

/* --- refusals, in the log of who is concerned ------------------------------------- */

static bool refusal_job(struct tx *tx, void *arg, struct err *e)
{
	struct doing *d = arg;
	const char *times = arena_printf(&d->a, "%d×", d->t->count);
	struct trace line = { .action = TRACE_CONNEXION_REFUSEE, .cible = d->who.id,
			      .structure = d->who.structure_id, .objet = times };

	return trace_put(tx, d->n->core->env, &line, e);
}

static bool note_refusals(struct doing *d, struct err *e)
{
	return store_write(d->n->core->store, refusal_job, d, e);
}

static bool do_task(struct doing *d, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	bool found;

	if (!db_acquire(d->n->core->store, &db, e)
	    || !connexion_agent(db, &d->a, d->t->name, &d->who, &found, e))
		return false;
	if (!found)
		return true;
	return d->t->kind == TACHE_LIEN ? mail_link(d, e) : note_refusals(d, e);
}

static void do_one(struct entree *n, const struct tache *t)
{
	struct doing d = { .n = n, .t = t, .a = arena_new(TASK_MEMORY) };
	struct err e = { 0 };

	if (!do_task(&d, &e))
		log_error("%s %s", e.msg, e.hint);
	arena_free(&d.a);
}

void entree_tend(struct core *core)
{
	struct entree *n = core->entry.entree;
	int64_t now = env_now(core->env);
	struct err e = { 0 };
	struct tache t;

	while (take_task(n, &t))
		do_one(n, &t);
	if (now - n->flushed_ms < FLUSH_MS && now >= n->flushed_ms)
		return;
	n->flushed_ms = now;
	if (!freins_flush(n->freins, core->store, &e) || !sessions_flush(n->sessions, &e))
		log_error("%s", e.msg);
}
