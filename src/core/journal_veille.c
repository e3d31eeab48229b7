#include "core/journal_veille.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "core/journal_verif.h"

enum {
	MEMORY = 64 << 20, LOOK_MS = 1000, HURRY = 1024,
	HURRY_MS = 10 * 1000, VERIFY_MS = 24 * 3600 * 1000,
	SHARE = 100,                    /* of the time of one core, at most, goes to verifying */
};

struct journal_veille {
	struct core *core;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping, asked;
	int64_t signed_ms, verified_ms; /* monotonic; 0: not yet */
	int64_t took_ms;                /* the last verification */
	int64_t signes;                 /* leaves under the last head */
	bool sick;                      /* the last try failed: said once in the log */
	struct journal_constat said;
};

const char *journal_site_name(const struct site *site, struct arena *a)
{
	const char *host = strstr(site->adresse ? site->adresse : "", "://");

	return host && host[3] ? arena_cat(a, host + 3, "/journal", NULL) : "";
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool count(struct core *core, struct arena *a, int64_t *n, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(core->store, &db, e) && journal_count(db, a, n, e);
}

/* Worth a head now: somebody waits, much was added, or a minute has passed. */
static bool is_due(struct journal_veille *v, int64_t n, bool asked)
{
	int64_t age = now_ms() - v->signed_ms;

	return n > v->signes && (asked || !v->signed_ms || age >= JOURNAL_EVERY_MS
				 || (n - v->signes >= HURRY && age >= HURRY_MS));
}

static void look(struct journal_veille *v, bool asked)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct core *core = v->core;
	struct journal_tete t;
	struct err e = { 0 };
	int64_t n;
	bool good;

	good = count(core, &a, &n, &e);
	if (good && !is_due(v, n, asked))
		return;
	good = good && journal_seal(core->store, core->signer,
		journal_site_name(&core->site, &a), &a,
				    &t, &e);
	v->signed_ms = now_ms();
	if (good)
		v->signes = (int64_t)t.head.size;
	if (!good && !v->sick)
		log_error("journal : %s %s", e.msg, e.hint);
	if (good && v->sick)
		log_info("journal : il est signé de nouveau");
	v->sick = !good;
}

/* All of it, against the leaves as they are in the store now. */
static bool verify(struct core *core, struct arena *a, struct journal_verif *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	unsigned char public[BOX_PUBLIC];

	v->folder = journal_folder(core->store, a);
	v->public = public;
	return signer_public(core->signer, "journal", public, e) && db_acquire(core->store, &db, e)
	       && journal_verify(db, a, v, e);
}

/* Never, too long ago, or not of the last head: soon when it is quick, else when it is worth it. */
static bool is_stale(const struct journal_veille *v)
{
	int64_t age = now_ms() - v->verified_ms;

	return !v->verified_ms || age >= VERIFY_MS
	       || (v->signes != v->said.jusque && age >= JOURNAL_EVERY_MS / 2
		   && age >= SHARE * v->took_ms);
}

static void check(struct journal_veille *v)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct journal_verif found = { 0 };
	struct err e = { 0 };
	bool good;

	v->verified_ms = now_ms();
	good = verify(v->core, &a, &found, &e);
	v->took_ms = now_ms() - v->verified_ms;
	if (!good) {
		log_error("journal : %s %s", e.msg, e.hint);
		return;
	}
	for (size_t i = 0; i < found.nfautes && i < JOURNAL_FAUTES; i++)
		log_error("journal : %s", found.fautes[i]);
	if (!found.nfautes && !v->said.verifie)
		log_info("journal : vérifié jusqu’à l’acte %lld", (long long)found.signes);
	pthread_mutex_lock(&v->lock);
	v->said = (struct journal_constat){ true, !found.nfautes, found.signes,
					    env_now(v->core->env) };
	pthread_mutex_unlock(&v->lock);
}

static void wait_a_while(struct journal_veille *v)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LOOK_MS / 1000;
	pthread_cond_timedwait(&v->wake, &v->lock, &until);
}

static void *run(void *arg)
{
	struct journal_veille *v = arg;
	bool asked;

	pthread_mutex_lock(&v->lock);
	while (!v->stopping) {
		asked = v->asked;
		v->asked = false;
		pthread_mutex_unlock(&v->lock);
		look(v, asked);
		if (is_stale(v))
			check(v);
		pthread_mutex_lock(&v->lock);
		if (!v->stopping && !v->asked)
			wait_a_while(v);
	}
	pthread_mutex_unlock(&v->lock);
	return NULL;
}

bool journal_veille_start(struct core *core, struct journal_veille **out, struct err *e)
{
	struct journal_veille *v = calloc(1, sizeof *v);
	pthread_condattr_t attr;

	if (!v)
		return fail(e, E_STORE, "La mémoire manque.");
	v->core = core;
	pthread_mutex_init(&v->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&v->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&v->thread, NULL, run, v)) {
		free(v);
		return fail(e, E_STORE, "Le système refuse un fil d’exécution de plus.");
	}
	pthread_setname_np(v->thread, "tremplin-journal");
	*out = core->journal = v;
	return true;
}

void journal_veille_stop(struct journal_veille **at)
{
	struct journal_veille *v = *at;

	*at = NULL;
	if (!v)
		return;
	pthread_mutex_lock(&v->lock);
	v->stopping = true;
	pthread_cond_signal(&v->wake);
	pthread_mutex_unlock(&v->lock);
	pthread_join(v->thread, NULL);
	v->core->journal = NULL;
	pthread_cond_destroy(&v->wake);
	pthread_mutex_destroy(&v->lock);
	free(v);
}

void journal_veille_ask(struct core *core)
{
	struct journal_veille *v = core->journal;

	if (!v)
		return;
	pthread_mutex_lock(&v->lock);
	v->asked = true;
	pthread_cond_signal(&v->wake);
	pthread_mutex_unlock(&v->lock);
}

struct journal_constat journal_veille_said(struct core *core)
{
	struct journal_veille *v = core->journal;
	struct journal_constat said = { 0 };

	if (!v)
		return said;
	pthread_mutex_lock(&v->lock);
	said = v->said;
	pthread_mutex_unlock(&v->lock);
	return said;
}
