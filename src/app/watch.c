#include "app/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"
#include "accompany/accompany.h"
#include "accompany/personne_conserve.h"
#include "admit/conservation.h"
#include "base/log.h"
#include "core/repertoire.h"
#include "detect/voix.h"
#include "observe/releve.h"
#include "orient/lieu_absence.h"
#include "store/db.h"

enum { EVERY_MS = 250 };

struct watch {
	struct core *core;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;
	int64_t stored;                 /* store_version at the last look */
	int64_t tidied;                 /* when what is too old was last erased */
	int64_t seen;                   /* generation of what is in memory */
};

bool watch_read(struct store *s, struct repertoire **out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t version;

	/* The number first: what is written meanwhile is read again next time. */
	if (!db_acquire(s, &db, e)
	    || !store_generation(db, repertoire_tables, &version, e)
	    || !repertoire_read(db, out, e))
		return false;
	(*out)->version = version;
	return true;
}

/* Whether something was written, by whatever process, and whether it was ours to read. */
static bool has_moved(struct watch *w, bool *out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t stored, seen;

	*out = false;
	if (!store_version(w->core->store, &stored, e))
		return false;
	if (stored == w->stored)
		return true;
	if (!db_acquire(w->core->store, &db, e)
	    || !store_generation(db, repertoire_tables, &seen, e))
		return false;
	w->stored = stored;
	*out = seen != w->seen;
	return true;
}

/* Indices after what they are made of, so that nobody waits seconds for a page. */
static void prepare(struct watch *w, int64_t stored)
{
	struct err e = { 0 };

	if (stored != w->stored && !releves_prepare(w->core, &e))
		log_error("%s", e.msg);
}

static void renew(struct watch *w)
{
	struct repertoire *newer;
	struct err e = { 0 };
	bool moved;

	if (!has_moved(w, &moved, &e)) {
		log_error("%s", e.msg);
		return;
	}
	if (!moved)
		return;
	if (!watch_read(w->core->store, &newer, &e)) {
		w->stored = -1;
		log_error("%s", e.msg);
		return;
	}
	w->seen = newer->version;
	log_info("%zu lieux et %zu communes en mémoire", newer->nlieux, newer->ncommunes);
	repertoire_swap(w->core->slot, newer);
}

static bool leave_search(struct tx *tx, void *arg, struct err *e)
{
	const struct env *env = arg;
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return lieu_absence_passer(tx, now, NULL, e);
}

/* What is past its time goes, at the start and four times a day. */
static void tidy(struct watch *w)
{
	int64_t now = env_now(w->core->env);
	struct err e = { 0 };
	size_t swept;

	/* a clock that went back does not put it off */
	if (now >= w->tidied && now - w->tidied < CONSERVE_EVERY_MS)
		return;
	w->tidied = now;
	if (!conservation_run(w->core->store, w->core->env, &e)
	    || !store_write(w->core->store, leave_search, (void *)(uintptr_t)w->core->env, &e)
	    || !personne_conserve(w->core, &e))
		log_error("%s", e.msg);
	if (!voix_sweep(w->core->store, w->core->env, &swept, &e))
		log_error("%s", e.msg);
}

static void wait_a_while(struct watch *w)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += EVERY_MS * 1000000l;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static void *run(void *arg)
{
	struct watch *w = arg;
	int64_t stored;

	pthread_mutex_lock(&w->lock);
	while (!w->stopping) {
		wait_a_while(w);
		if (w->stopping)
			break;
		stored = w->stored;
		pthread_mutex_unlock(&w->lock);
		renew(w);
		prepare(w, stored);
		tidy(w);
		if (w->core->entry.tend)
			w->core->entry.tend(w->core);
		accompany_tend(w->core);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool watch_start(struct core *core, int64_t seen, struct watch **out, struct err *e)
{
	struct watch *w = calloc(1, sizeof *w);
	pthread_condattr_t attr;

	if (!w)
		return fail(e, E_STORE, "La mémoire manque.");
	w->core = core;
	w->seen = seen;
	w->stored = -1;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, run, w)) {
		free(w);
		return fail(e, E_STORE, "Le système refuse un fil d’exécution de plus.");
	}
	*out = w;
	return true;
}

void watch_stop(struct watch **w)
{
	if (!*w)
		return;
	pthread_mutex_lock(&(*w)->lock);
	(*w)->stopping = true;
	pthread_cond_signal(&(*w)->wake);
	pthread_mutex_unlock(&(*w)->lock);
	pthread_join((*w)->thread, NULL);
	pthread_cond_destroy(&(*w)->wake);
	pthread_mutex_destroy(&(*w)->lock);
	free(*w);
	*w = NULL;
}
