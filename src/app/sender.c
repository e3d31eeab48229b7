#include "app/sender.h"

#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/config.h"
#include "app/keeper.h"
#include "app/outside.h"
#include "app/sandbox.h"
#include "base/log.h"
#include "store/httpc.h"
#include "store/poste.h"
#include "store/remote.h"
#include "store/rpc.h"

enum { SETTINGS_MEMORY = 1 << 20, FETCHES = 8, POST_TRY_MS = 100 };

struct sender {
	const struct role_place *place;
	struct arena a;
	struct site site;
	struct store *store;
	struct remote *remote;
	struct envoi_reglages envoi;
	bool sends;                     /* false: messages do not leave, the log says why */
	struct poste *poste;
	pthread_t posting;
	atomic_bool stop;
};

/* The settings that are wrong are told by main, which refuses to start. */
static bool open_remote(struct sender *s, struct err *e)
{
	return config_read(&s->a, s->place->dir, &s->site, e)
	       && outside_open(s->place->dir, &s->site, &s->a, &s->remote, e);
}

/* What a library loads when a name is looked up for the first time, it loads now. */
static void warm_up(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;

	if (!getaddrinfo("localhost", "443", &hints, &found))
		freeaddrinfo(found);
}

/*
 * Before confinement: secrets and certificates are read, the lock of the post is taken.
 * Questions to other servers are answered even when messages cannot leave.  A command that
 * sends its trial just now has the lock: then the post begins when it has ended.
 */
static void open_post(struct sender *s)
{
	struct err e = { 0 };

	s->sends = config_envoi(&s->a, s->place->dir, &s->site, REGLAGES_PARTIR, &s->envoi, &e)
		&& (poste_open(s->store, &s->envoi, &s->poste, &e) || e.kind == E_CONFLICT);
	if (!s->sends)
		log_error("les messages ne partent pas : %s %s", e.msg, e.hint);
}

static void *run_post(void *arg)
{
	const struct timespec a_while = { 0, POST_TRY_MS * 1000000L };
	struct sender *s = arg;
	struct err e;

	pthread_setname_np(pthread_self(), "tremplin-post");
	while (!s->poste && !atomic_load(&s->stop)) {
		if (!poste_open(s->store, &s->envoi, &s->poste, &e))
			nanosleep(&a_while, NULL);
	}
	if (s->poste)
		poste_run(s->poste, &s->stop);
	return NULL;
}

static void start_post(struct sender *s)
{
	if (s->sends && pthread_create(&s->posting, NULL, run_post, s)) {
		log_error("les messages ne partent pas : le système refuse un fil d’exécution.");
		s->sends = false;
	}
}

/* The post turns at least twice a second: it sees that it is over. */
static void stop_post(struct sender *s)
{
	atomic_store(&s->stop, true);
	if (s->sends)
		pthread_join(s->posting, NULL);
	poste_close(&s->poste);
	envoi_reglages_close(&s->envoi);
}

static const char *path_of(struct sender *s, const char *name)
{
	return arena_printf(&s->a, "%s/%s", s->place->dir, name);
}

/* A path of the settings; what is not there is passed over. */
static const char *named(const char *path)
{
	return path ? path : "/nonexistent";
}

static void confine(struct sender *s)
{
	const unsigned both = SANDBOX_READ | SANDBOX_WRITE;
	const struct sandbox_path paths[] = {
		{ path_of(s, "tremplin.db"), both }, { path_of(s, "tremplin.db-wal"), both },
		{ path_of(s, "tremplin.db-shm"), both }, { path_of(s, "config"), SANDBOX_READ },
		{ path_of(s, "envoi.lock"), both }, { path_of(s, "messages"), both | SANDBOX_MAKE },
		{ named(s->envoi.dossier), both | SANDBOX_MAKE },
		{ named(s->envoi.sms_autorite), SANDBOX_READ },
		{ named(s->envoi.smtp.ca_file), SANDBOX_READ },
		{ "/etc", SANDBOX_READ }, { "/usr", SANDBOX_READ | SANDBOX_RUN },
		{ "/lib", SANDBOX_READ | SANDBOX_RUN }, { "/lib64", SANDBOX_READ | SANDBOX_RUN },
		{ "/run/systemd/resolve", SANDBOX_READ }, { "/dev/urandom", SANDBOX_READ },
		{ "/dev/null", both }, { NULL, 0 },
	};

	role_confine(ROLE_SENDER, s->place->dir, paths);
}

static bool answer(void *remote, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *out, struct err *e)
{
	return remote_answer(remote, op, ask, a, out, e);
}

void sender_run(const struct role_place *place)
{
	struct sender s = { .place = place, .a = arena_new(SETTINGS_MEMORY) };
	struct rpc_service service = { .answer = answer, .ask_most = REMOTE_ASK_MOST,
				       .memory = REMOTE_MEMORY, .threads = FETCHES };
	struct err e = { 0 };

	if (!store_open(place->dir, STORE_BESIDE, place->env, &s.store, &e)
	    || !open_remote(&s, &e)) {
		log_error("%s : %s", roles[ROLE_SENDER].title, e.msg);
		_exit(1);
	}
	if (!httpc_prepare(&e))
		log_error("%s %s", e.msg, e.hint);     /* pages are served all the same */
	warm_up();
	open_post(&s);
	store_rest(s.store);
	confine(&s);
	start_post(&s);
	service.at = s.remote;
	rpc_serve(place->fd, &service);
	stop_post(&s);
	remote_close(&s.remote);
	store_close(s.store);
	arena_free(&s.a);
}
