/* The side that answers. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "store/rpc_inside.h"

enum { QUEUE = 64, ANSWER_WAIT_MS = 30000, STACK = 512 << 10 };

struct asked {
	struct message m;
	int64_t came;
};

struct serving {
	int fd;
	const struct rpc_service *s;
	struct inbox in;
	/* with threads: */
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct asked queue[QUEUE];      /* a ring */
	size_t first, waiting;
	bool over;
};

static void send_error(struct serving *w, const struct packet_head *asked, const struct err *e)
{
	struct packet_head head = { .id = asked->id, .kind = (uint32_t)e->kind };

	rpc_send(w->fd, head, (struct bytes){ e, sizeof *e }, rpc_now() + ANSWER_WAIT_MS);
}

static void refuse(struct serving *w, const struct packet_head *asked, enum err_kind kind,
		   const char *why)
{
	struct err e = { 0 };

	fail(&e, kind, "%s", why);
	send_error(w, asked, &e);
}

/* Answers one question and forgets it; not one that nobody waits for any more. */
static void answer(struct serving *w, struct asked *k)
{
	const struct packet_head *h = &k->m.head;
	struct arena a = arena_new(w->s->memory);
	struct bytes out = { NULL, 0 };
	struct err e = { 0 };

	if (rpc_now() - k->came < h->ms) {
		if (!w->s->answer(w->s->at, h->op, k->m.text, &a, &out, &e))
			send_error(w, h, &e);
		else
			rpc_send(w->fd, (struct packet_head){ .id = h->id }, out,
				 rpc_now() + ANSWER_WAIT_MS);
	}
	arena_free(&a);
	free(k->m.own);
}

/* --- with threads --------------------------------------------------------------------------- */

static void *work(void *arg)
{
	struct serving *w = arg;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct asked k;

		while (!w->waiting && !w->over)
			pthread_cond_wait(&w->work, &w->lock);
		if (!w->waiting)
			break;
		k = w->queue[w->first];
		w->first = (w->first + 1) % QUEUE;
		w->waiting--;
		pthread_mutex_unlock(&w->lock);
		answer(w, &k);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* The text of a message of one packet is in the packet, which is used again. */
static bool keep(struct message *m)
{
	if (m->own)
		return true;
	m->own = malloc(m->text.n + 1);
	if (!m->own)
		return false;
	memcpy(m->own, m->text.p, m->text.n + 1);
	m->text.p = m->own;
	return true;
}

static void queue(struct serving *w, struct asked *k)
{
	bool full = !keep(&k->m);

	pthread_mutex_lock(&w->lock);
	full |= w->waiting == QUEUE;
	if (!full) {
		w->queue[(w->first + w->waiting++) % QUEUE] = *k;
		pthread_cond_signal(&w->work);
	}
	pthread_mutex_unlock(&w->lock);
	if (!full)
		return;
	refuse(w, &k->m.head, E_BUSY, "Trop de demandes attendent leur tour.");
	free(k->m.own);
}

/* --- both ----------------------------------------------------------------------------------- */

static void take(struct serving *w, unsigned char *packet, size_t n, bool threads)
{
	struct asked k = { .came = rpc_now() };
	enum packet_taken taken = inbox_take(&w->in, packet, n, &k.m);

	if (taken == PACKET_PART || !k.m.head.id)
		return;
	if (taken == PACKET_REFUSED)
		refuse(w, &k.m.head, E_LIMIT, "Cette demande est trop longue.");
	else if (threads)
		queue(w, &k);
	else
		answer(w, &k);
}

static void read_questions(struct serving *w, bool threads)
{
	unsigned char packet[PACKET + 1];
	ssize_t n;

	rpc_send(w->fd, (struct packet_head){ .op = RPC_HELLO }, (struct bytes){ 0 },
		 rpc_now() + ANSWER_WAIT_MS);
	while ((n = recv(w->fd, packet, PACKET, 0)) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			take(w, packet, (size_t)n, threads);
	}
}

static void end_threads(struct serving *w, pthread_t *threads, int n)
{
	pthread_mutex_lock(&w->lock);
	w->over = true;
	pthread_cond_broadcast(&w->work);
	pthread_mutex_unlock(&w->lock);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

static int start_threads(struct serving *w, pthread_t *threads, int wanted)
{
	pthread_attr_t attr;
	int n = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	while (n < wanted && !pthread_create(&threads[n], &attr, work, w))
		n++;
	pthread_attr_destroy(&attr);
	if (n < wanted)
		log_warning("rpc: %d threads of %d", n, wanted);
	return n;
}

void rpc_serve(int fd, const struct rpc_service *s)
{
	struct serving *w = calloc(1, sizeof *w);
	pthread_t threads[16];
	int n;

	if (!w)
		return;
	*w = (struct serving){ .fd = fd, .s = s, .in = { .most = s->ask_most, .nparts = 8 } };
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	n = start_threads(w, threads, s->threads < 16 ? s->threads : 16);
	read_questions(w, n > 0);
	end_threads(w, threads, n);
	inbox_free(&w->in);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
