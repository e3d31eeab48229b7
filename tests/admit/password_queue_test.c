#include "admit/password_queue.h"
#include "test.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

/* A queue of one thread that a first job keeps busy, so that the order of the others shows. */
struct line;
struct asked {
	struct line *line;
	char name;
};

struct line {
	struct password_queue *q;
	sem_t gate;
	pthread_mutex_t lock;
	char order[40];                 /* who was served; in lower case: refused */
	size_t n;
	struct asked jobs[40];
	size_t njobs;
	struct err err;
};

static void note(struct line *l, char c)
{
	pthread_mutex_lock(&l->lock);
	l->order[l->n++] = c;
	pthread_mutex_unlock(&l->lock);
}

static void hold_gate(void *arg)
{
	sem_wait(&((struct line *)arg)->gate);
}

static void serve(void *arg)
{
	note(((struct asked *)arg)->line, ((struct asked *)arg)->name);
}

static void turn_away(void *arg)
{
	note(((struct asked *)arg)->line, (char)(((struct asked *)arg)->name | 32));
}

static bool comes(struct line *l, char name, uint64_t client, uint64_t account)
{
	struct heavy_job j = { client, account, serve, turn_away, &l->jobs[l->njobs] };

	l->jobs[l->njobs++] = (struct asked){ l, name };
	return password_queue_push(l->q, &j);
}

/* Its only thread is busy. */
static void line_open(struct line *l, int room)
{
	struct heavy_job first = { 0, 0, hold_gate, hold_gate, l };

	memset(l, 0, sizeof *l);
	pthread_mutex_init(&l->lock, NULL);
	sem_init(&l->gate, 0, 0);
	accepts(password_queue_new(1, room, &l->q, &l->err), &l->err);
	holds(password_queue_push(l->q, &first));
	while (password_queue_waiting(l->q))
		sched_yield();
}

static size_t line_length(struct line *l)
{
	size_t n;

	pthread_mutex_lock(&l->lock);
	n = l->n;
	pthread_mutex_unlock(&l->lock);
	return n;
}

/* Lets the thread go on, waits until n have been told, and gives their order. */
static const char *line_served(struct line *l, size_t n)
{
	sem_post(&l->gate);
	while (line_length(l) < n)
		sched_yield();
	password_queue_stop(&l->q);
	return l->order;
}

TEST("who asks for one password waits behind one turn of who asks for many")
{
	struct line l;

	line_open(&l, 16);
	for (uint64_t account = 1; account <= 6; account++)
		holds(comes(&l, 'A', 10, account));
	holds(comes(&l, 'B', 20, 1));
	holds(comes(&l, 'C', 30, 1));
	same(line_served(&l, 8), "ABCAAAAA");
}

TEST("behind one address, turns of the password queue go round the accounts")
{
	struct line l;

	line_open(&l, 16);
	for (int i = 0; i < 3; i++)
		holds(comes(&l, 'A', 10, 1));
	holds(comes(&l, 'B', 10, 2));
	holds(comes(&l, 'C', 10, 3));
	same(line_served(&l, 5), "ABCAA");
}

TEST("one account has four places in the password queue and no more")
{
	struct line l;

	line_open(&l, 16);
	for (int i = 0; i < PASSWORD_PER_ACCOUNT; i++)
		holds(comes(&l, 'A', 10, 1));
	holds(!comes(&l, 'A', 10, 1));
	holds(comes(&l, 'B', 20, 1));
	same(line_served(&l, PASSWORD_PER_ACCOUNT + 1), "ABAAA");
}

TEST("a full password queue takes a place back from the address that has most of them")
{
	struct line l;

	line_open(&l, 4);
	for (uint64_t account = 1; account <= 4; account++)
		holds(comes(&l, 'A', 10, account));
	holds(!comes(&l, 'A', 10, 5));
	holds(comes(&l, 'B', 20, 1));
	holds(comes(&l, 'C', 30, 1));
	holds(comes(&l, 'D', 40, 1));
	holds(!comes(&l, 'E', 50, 1));          /* nobody waits for two more than this one */
	same(line_served(&l, 7), "aaaABCD");
}

TEST("a password queue that stops tells all who wait")
{
	struct line l;

	line_open(&l, 4);
	holds(comes(&l, 'A', 10, 1));
	holds(comes(&l, 'B', 20, 1));
	sem_post(&l.gate);
	password_queue_stop(&l.q);
	equals(l.n, 2);
	holds(!l.q);
}

static void count(void *arg)
{
	atomic_fetch_add((_Atomic int *)arg, 1);
}

TEST("each job of the password queue is answered once, whatever comes at the same time")
{
	_Atomic int done = 0;
	struct password_queue *q = NULL;
	struct err e = { 0 };
	int taken = 0;

	accepts(password_queue_new(8, 64, &q, &e), &e);
	for (uint64_t i = 0; i < 5000; i++) {
		struct heavy_job j = { i % 7, i % 31, count, count, &done };

		taken += password_queue_push(q, &j);
	}
	password_queue_stop(&q);
	equals(done, taken);
	holds(taken > 64);
}
