#include "admit/password_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

enum { STACK = 512 << 10, SERVED = 512 };

struct waiting {
	struct heavy_job job;
	uint64_t order;                 /* of arrival */
	int64_t came_ms;
	bool refused;                   /* gave its place: only to be told so */
};

struct password_queue {
	pthread_mutex_t lock;
	pthread_cond_t came;
	pthread_t *threads;
	int nthreads;
	struct waiting *jobs;           /* in no order */
	size_t n, room;                 /* room: those that wait, and as many to be refused */
	size_t live, most;              /* those that wait for their turn */
	uint64_t order, turn;
	/* by address and by account (two that meet share a place): when a turn was last given,
	 * and how many wait */
	uint64_t served[SERVED];
	size_t held[SERVED], held_account[SERVED];
	bool stopping;
};

/* --- whose turn it is ------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t slot(uint64_t who)
{
	return (who ^ who >> 32) % SERVED;
}

static size_t client_slot(const struct heavy_job *j)
{
	return slot(j->client);
}

static size_t account_slot(const struct heavy_job *j)
{
	return slot((j->account ^ j->client) * 0x9e3779b97f4a7c15u);
}

/* One more, or one less, waits for its turn. */
static void hold(struct password_queue *q, const struct heavy_job *j, size_t by)
{
	q->live += by;
	q->held[client_slot(j)] += by;
	q->held_account[account_slot(j)] += by;
}

/* a comes before b. */
static bool before(const struct password_queue *q, const struct waiting *a,
		   const struct waiting *b)
{
	uint64_t x = q->served[client_slot(&a->job)], y = q->served[client_slot(&b->job)];

	if (a->refused != b->refused)
		return a->refused;
	if (x == y) {
		x = q->served[account_slot(&a->job)];
		y = q->served[account_slot(&b->job)];
	}
	return x != y ? x < y : a->order < b->order;
}

static struct waiting take(struct password_queue *q)
{
	struct waiting *next = &q->jobs[0], w;

	for (size_t i = 1; i < q->n; i++) {
		if (before(q, &q->jobs[i], next))
			next = &q->jobs[i];
	}
	w = *next;
	*next = q->jobs[--q->n];
	if (!w.refused) {
		hold(q, &w.job, (size_t)-1);
		w.refused = now_ms() - w.came_ms > PASSWORD_WAIT_MS;
	}
	if (!w.refused) {
		q->turn++;
		q->served[client_slot(&w.job)] = q->turn;
		q->served[account_slot(&w.job)] = q->turn;
	}
	return w;
}

/* --- the threads ------------------------------------------------------------------ */

static void *run(void *arg)
{
	struct password_queue *q = arg;

	pthread_mutex_lock(&q->lock);
	for (;;) {
		struct waiting w;

		while (!q->n && !q->stopping)
			pthread_cond_wait(&q->came, &q->lock);
		if (!q->n)
			break;
		w = take(q);
		w.refused |= q->stopping;
		pthread_mutex_unlock(&q->lock);
		(w.refused ? w.job.refuse : w.job.run)(w.job.arg);
		pthread_mutex_lock(&q->lock);
	}
	pthread_mutex_unlock(&q->lock);
	return NULL;
}

static bool start(struct password_queue *q, int threads)
{
	pthread_attr_t attr;
	bool ok = true;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	while (ok && q->nthreads < threads) {
		ok = !pthread_create(&q->threads[q->nthreads], &attr, run, q);
		q->nthreads += ok;
	}
	pthread_attr_destroy(&attr);
	return ok;
}

bool password_queue_new(int threads, int waiting, struct password_queue **out, struct err *e)
{
	struct password_queue *q = calloc(1, sizeof *q);

	if (q) {
		pthread_mutex_init(&q->lock, NULL);
		pthread_cond_init(&q->came, NULL);
		q->most = (size_t)waiting;
		q->room = 2 * q->most;
		q->jobs = calloc(q->room, sizeof *q->jobs);
		q->threads = calloc((size_t)threads, sizeof *q->threads);
	}
	if (!q || !q->jobs || !q->threads || !start(q, threads)) {
		password_queue_stop(&q);
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	}
	*out = q;
	return true;
}

void password_queue_stop(struct password_queue **at)
{
	struct password_queue *q = *at;

	*at = NULL;
	if (!q)
		return;
	pthread_mutex_lock(&q->lock);
	q->stopping = true;
	pthread_cond_broadcast(&q->came);
	pthread_mutex_unlock(&q->lock);
	for (int i = 0; i < q->nthreads; i++)
		pthread_join(q->threads[i], NULL);
	pthread_cond_destroy(&q->came);
	pthread_mutex_destroy(&q->lock);
	free(q->jobs);
	free(q->threads);
	free(q);
}

/* --- who comes in ----------------------------------------------------------------- */

/* The newest job of the address that waits most, when it waits for two more than this one. */
static struct waiting *who_gives(struct password_queue *q, const struct heavy_job *job)
{
	size_t most = q->held[client_slot(job)] + 1;
	struct waiting *found = NULL;

	for (size_t i = 0; i < q->n; i++) {
		struct waiting *w = &q->jobs[i];
		size_t n = w->refused ? 0 : q->held[client_slot(&w->job)];

		if (n > most || (found && n == most && w->order > found->order
				 && w->job.client == found->job.client)) {
			most = n;
			found = w;
		}
	}
	return found;
}

static bool has_place(struct password_queue *q, const struct heavy_job *job)
{
	struct waiting *gives;

	if (q->stopping || q->n == q->room
	    || q->held_account[account_slot(job)] >= PASSWORD_PER_ACCOUNT)
		return false;
	if (q->live < q->most)
		return true;
	gives = who_gives(q, job);
	if (!gives)
		return false;
	hold(q, &gives->job, (size_t)-1);
	gives->refused = true;
	return true;
}

bool password_queue_push(void *queue, const struct heavy_job *job)
{
	struct password_queue *q = queue;
	bool ok;

	pthread_mutex_lock(&q->lock);
	ok = has_place(q, job);
	if (ok) {
		q->jobs[q->n++] = (struct waiting){ .job = *job, .order = q->order++,
						  .came_ms = now_ms() };
		hold(q, job, 1);
		pthread_cond_signal(&q->came);
	}
	pthread_mutex_unlock(&q->lock);
	return ok;
}

size_t password_queue_waiting(struct password_queue *q)
{
	size_t n;

	pthread_mutex_lock(&q->lock);
	n = q->live;
	pthread_mutex_unlock(&q->lock);
	return n;
}
