#include "web/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

enum { STACK = 512 << 10 };

struct work {
	pool_job *job;
	void *arg;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t came, done;
	struct work *queue;             /* a ring */
	size_t first, waiting, room;
	size_t threads, most, idle, running;
	bool stopping;
};

static void *pool_thread(void *arg)
{
	struct pool *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct work w;

		p->idle++;
		while (!p->waiting && !p->stopping)
			pthread_cond_wait(&p->came, &p->lock);
		p->idle--;
		if (!p->waiting)
			break;
		w = p->queue[p->first];
		p->first = (p->first + 1) % p->room;
		p->waiting--;
		p->running++;
		pthread_mutex_unlock(&p->lock);
		w.job(w.arg);
		pthread_mutex_lock(&p->lock);
		p->running--;
	}
	p->threads--;
	pthread_cond_broadcast(&p->done);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* One thread more; with the lock held.  Work can wait for another when it fails. */
static bool start_thread(struct pool *p)
{
	pthread_attr_t attr;
	pthread_t t;
	bool ok;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ok = !pthread_create(&t, &attr, pool_thread, p);
	pthread_attr_destroy(&attr);
	p->threads += ok;
	return ok;
}

bool pool_new(int threads, int queue, struct pool **out, struct err *e)
{
	struct pool *p = calloc(1, sizeof *p);
	pthread_condattr_t attr;

	if (!p || !(p->queue = calloc((size_t)queue, sizeof *p->queue))) {
		free(p);
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	}
	p->most = (size_t)threads;
	p->room = (size_t)queue;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->came, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->done, &attr);
	pthread_condattr_destroy(&attr);
	*out = p;
	return true;
}

bool pool_push(struct pool *p, pool_job *job, void *arg)
{
	bool ok;

	pthread_mutex_lock(&p->lock);
	if (p->idle <= p->waiting && p->threads < p->most && !start_thread(p))
		log_warning("pool: no new thread");
	ok = p->waiting < p->room && !p->stopping && p->threads;
	if (ok)
		p->queue[(p->first + p->waiting++) % p->room] = (struct work){ job, arg };
	pthread_mutex_unlock(&p->lock);
	if (ok)                         /* who wakes finds the lock free */
		pthread_cond_signal(&p->came);
	return ok;
}

size_t pool_waiting(struct pool *p)
{
	size_t n;

	pthread_mutex_lock(&p->lock);
	n = p->waiting;
	pthread_mutex_unlock(&p->lock);
	return n;
}

size_t pool_running(struct pool *p)
{
	size_t n;

	pthread_mutex_lock(&p->lock);
	n = p->running;
	pthread_mutex_unlock(&p->lock);
	return n;
}

static struct timespec in_ms(int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

bool pool_stop(struct pool **at, int64_t ms)
{
	struct pool *p = *at;
	struct timespec until = in_ms(ms);
	int r = 0;

	if (!p)
		return true;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->came);
	while (p->threads && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&p->done, &p->lock, &until);
	if (p->threads) {
		pthread_mutex_unlock(&p->lock);
		return false;
	}
	pthread_mutex_unlock(&p->lock);
	pthread_cond_destroy(&p->came);
	pthread_cond_destroy(&p->done);
	pthread_mutex_destroy(&p->lock);
	free(p->queue);
	free(p);
	*at = NULL;
	return true;
}
