#include "admit/hacheur.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STACK = 256 << 10, NICE = 10 /* below the others */, KEEP_S = 20 };

struct hacheur {
	pthread_t thread;
	bool started, busy;
	sem_t go, done;
	struct password_memory memory;  /* kept while there is work, then given back */
	/* between go and done: of the thread */
	const char *hash, *password;    /* hash NULL and out set: to make one */
	char *out;
	bool end, ok;
	struct err err;
};

struct hacheurs {
	pthread_mutex_t lock;           /* never taken by the threads below */
	pthread_cond_t freed;
	int n;
	struct hacheur at[];
};

static void wait_for(sem_t *s)
{
	while (sem_wait(s) && errno == EINTR)
		continue;
}

/* The same; memory that has not served for a while is given back meanwhile. */
static void wait_for_work(struct hacheur *h)
{
	struct timespec until;
	int r;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += KEEP_S;
	do
		r = h->memory.p ? sem_timedwait(&h->go, &until) : sem_wait(&h->go);
	while (r && errno == EINTR);
	if (!r)
		return;
	password_memory_drop(&h->memory);
	wait_for(&h->go);
}

static void *run(void *arg)
{
	struct hacheur *h = arg;

	id_t self = (id_t)syscall(SYS_gettid);

	/* Linux: of this thread alone.  Where it is refused, only slower for the others. */
	setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + NICE);
	for (;;) {
		wait_for_work(h);
		if (h->end)
			break;
		h->ok = h->out ? password_hash(&h->memory, h->password, h->out, &h->err)
			       : password_is(&h->memory, h->hash, h->password);
		sem_post(&h->done);
	}
	password_memory_drop(&h->memory);
	return NULL;
}

static bool start(struct hacheur *h)
{
	pthread_attr_t attr;

	sem_init(&h->go, 0, 0);
	sem_init(&h->done, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	h->started = !pthread_create(&h->thread, &attr, run, h);
	pthread_attr_destroy(&attr);
	return h->started;
}

bool hacheurs_new(int threads, struct hacheurs **out, struct err *e)
{
	struct hacheurs *h = calloc(1, sizeof *h + (size_t)threads * sizeof h->at[0]);
	bool ok = h != NULL;

	if (h) {
		pthread_mutex_init(&h->lock, NULL);
		pthread_cond_init(&h->freed, NULL);
		for (; ok && h->n < threads; h->n++)
			ok = start(&h->at[h->n]);
	}
	*out = h;
	if (ok)
		return true;
	hacheurs_free(out);
	return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
}

void hacheurs_free(struct hacheurs **at)
{
	struct hacheurs *h = *at;

	*at = NULL;
	if (!h)
		return;
	for (int i = 0; i < h->n; i++) {
		if (!h->at[i].started)
			continue;
		h->at[i].end = true;
		sem_post(&h->at[i].go);
		pthread_join(h->at[i].thread, NULL);
	}
	pthread_cond_destroy(&h->freed);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

static struct hacheur *find_free(struct hacheurs *h)
{
	for (int i = 0; i < h->n; i++) {
		if (!h->at[i].busy)
			return &h->at[i];
	}
	return NULL;
}

static struct hacheur *take(struct hacheurs *h)
{
	struct hacheur *one;

	pthread_mutex_lock(&h->lock);
	while (!(one = find_free(h)))
		pthread_cond_wait(&h->freed, &h->lock);
	one->busy = true;
	pthread_mutex_unlock(&h->lock);
	return one;
}

static void give_back(struct hacheurs *h, struct hacheur *one)
{
	pthread_mutex_lock(&h->lock);
	one->busy = false;
	pthread_cond_signal(&h->freed);
	pthread_mutex_unlock(&h->lock);
}

static bool ask(struct hacheurs *h, const char *hash, const char *password, char *out,
		struct err *e)
{
	struct hacheur *one = take(h);
	bool ok;

	one->hash = hash;
	one->password = password;
	one->out = out;
	sem_post(&one->go);
	wait_for(&one->done);
	ok = one->ok;
	if (out && !ok)
		*e = one->err;
	give_back(h, one);
	return ok;
}

bool hacheurs_hash(struct hacheurs *h, const char *password, char out[PASSWORD_TEXT],
		   struct err *e)
{
	return h ? ask(h, NULL, password, out, e) : password_hash(NULL, password, out, e);
}

bool hacheurs_is(struct hacheurs *h, const char *hash, const char *password)
{
	return h ? ask(h, hash, password, NULL, NULL) : password_is(NULL, hash, password);
}
