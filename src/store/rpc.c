/* The side that asks. */
#include "store/rpc.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "store/rpc_inside.h"

enum { STACK = 256 << 10 };

/* One question, on the stack of who asked it. */
struct call {
	uint64_t id;
	bool done, lost;
	struct message answer;
	pthread_cond_t heard;
	struct call *next;
};

struct rpc {
	int fd;
	pthread_t thread;
	pthread_mutex_t lock;
	struct call *calls;             /* those that wait */
	uint64_t ids;
	bool met, up, over;
	struct inbox in;                /* of the reading thread */
};

/* --- the thread that reads ------------------------------------------------------------------- */

static void end_call(struct call *c)
{
	c->done = true;
	pthread_cond_signal(&c->heard);
}

/* Nobody will answer what was asked before now. */
static void lose_all(struct rpc *r)
{
	for (struct call *c = r->calls; c; c = c->next) {
		c->lost = !c->done;
		end_call(c);
	}
}

/* A message without an id: the other side begins, or is gone. */
static void hear_news(struct rpc *r, unsigned op)
{
	if (op == RPC_GONE || r->met)
		lose_all(r);
	r->up = op == RPC_HELLO;
	r->met |= r->up;
}

static void hear_answer(struct rpc *r, struct message *m, enum packet_taken taken)
{
	struct call *c = r->calls;

	while (c && c->id != m->head.id)
		c = c->next;
	if (!c || c->done)
		return;
	if (taken == PACKET_REFUSED) {
		m->head.kind = E_LIMIT;
	} else if (!m->own) {
		m->own = malloc(m->text.n + 1);
		if (!m->own)
			m->head.kind = E_LIMIT;
		else
			memcpy(m->own, m->text.p, m->text.n + 1);
	}
	m->text.p = m->own;
	c->answer = *m;
	m->own = NULL;
	end_call(c);
}

static void *read_answers(void *arg)
{
	unsigned char packet[PACKET + 1];
	struct rpc *r = arg;
	struct message m;
	ssize_t n;

	while ((n = recv(r->fd, packet, PACKET, 0)) > 0 || (n < 0 && errno == EINTR)) {
		enum packet_taken taken = inbox_take(&r->in, packet, n > 0 ? (size_t)n : 0, &m);

		if (taken == PACKET_PART)
			continue;
		pthread_mutex_lock(&r->lock);
		if (!m.head.id)
			hear_news(r, m.head.op);
		else
			hear_answer(r, &m, taken);
		pthread_mutex_unlock(&r->lock);
		free(m.own);
	}
	pthread_mutex_lock(&r->lock);
	r->over = true;
	r->up = false;
	lose_all(r);
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static bool start_reading(struct rpc *r)
{
	pthread_attr_t attr;
	bool ok;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	ok = !pthread_create(&r->thread, &attr, read_answers, r);
	pthread_attr_destroy(&attr);
	if (ok)
		pthread_setname_np(r->thread, "tremplin-rpc");
	return ok;
}

bool rpc_open(int fd, size_t most, int calls, struct rpc **out, struct err *e)
{
	struct rpc *r = calloc(1, sizeof *r);

	*out = r;
	if (!r) {
		close(fd);
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	}
	r->fd = fd;
	r->in.most = most < RPC_MOST ? most : RPC_MOST;
	r->in.nparts = calls < INBOX_PARTS ? calls : INBOX_PARTS;
	pthread_mutex_init(&r->lock, NULL);
	if (start_reading(r))
		return true;
	close(fd);
	pthread_mutex_destroy(&r->lock);
	free(r);
	*out = NULL;
	return fail(e, E_LIMIT, "Le système refuse un fil d’exécution de plus.");
}

void rpc_close(struct rpc **at)
{
	struct rpc *r = *at;

	*at = NULL;
	if (!r)
		return;
	shutdown(r->fd, SHUT_RDWR);
	pthread_join(r->thread, NULL);
	close(r->fd);
	inbox_free(&r->in);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

bool rpc_is_up(struct rpc *r)
{
	bool up;

	pthread_mutex_lock(&r->lock);
	up = r->up;
	pthread_mutex_unlock(&r->lock);
	return up;
}

/* --- one question --------------------------------------------------------------------------- */

static bool enter(struct rpc *r, struct call *c)
{
	pthread_condattr_t clock;
	bool ok;

	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&c->heard, &clock);
	pthread_condattr_destroy(&clock);
	pthread_mutex_lock(&r->lock);
	ok = !r->over;
	c->id = ++r->ids;
	c->next = r->calls;
	r->calls = c;
	pthread_mutex_unlock(&r->lock);
	return ok;
}

static void leave(struct rpc *r, struct call *c)
{
	struct call **at = &r->calls;

	pthread_mutex_lock(&r->lock);
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	pthread_mutex_unlock(&r->lock);
	pthread_cond_destroy(&c->heard);
}

static void wait_answer(struct rpc *r, struct call *c, int64_t until)
{
	struct timespec t = { (time_t)(until / 1000), (long)(until % 1000) * 1000000 };

	pthread_mutex_lock(&r->lock);
	while (!c->done && pthread_cond_timedwait(&c->heard, &r->lock, &t) != ETIMEDOUT)
		;
	if (!c->done)
		c->done = c->lost = true;
	pthread_mutex_unlock(&r->lock);
}

/* The error that the other side has sent, or one of our own. */
static bool read_error(const struct message *m, struct err *e)
{
	if (m->head.kind > E_REMOTE || m->text.n != sizeof *e || !m->text.p)
		return fail(e, m->head.kind == E_LIMIT ? E_LIMIT : E_REMOTE,
			    "La réponse d’un autre processus de Tremplin ne peut pas être lue.");
	memcpy(e, m->text.p, sizeof *e);
	e->kind = (enum err_kind)m->head.kind;
	e->msg[sizeof e->msg - 1] = e->hint[sizeof e->hint - 1] = '\0';
	return false;
}

static bool read_answer(const struct message *m, struct arena *a, struct bytes *answer,
			struct err *e)
{
	char *copy;

	if (m->head.kind != E_OK)
		return read_error(m, e);
	copy = arena_alloc(a, m->text.n + 1);
	if (!copy)
		return arena_refuse(a, e);
	if (m->text.n)
		memcpy(copy, m->text.p, m->text.n);
	*answer = (struct bytes){ copy, m->text.n };
	return true;
}

static bool refuse_lost(struct err *e)
{
	fail(e, E_REMOTE, "Un autre processus de Tremplin n’a pas répondu.");
	return hint(e, "Réessayez dans un instant.");
}

bool rpc_call(struct rpc *r, unsigned op, struct bytes ask, int ms, struct arena *a,
	      struct bytes *answer, bool *lost, struct err *e)
{
	struct packet_head head = { .op = op, .ms = (uint32_t)ms };
	int64_t until = rpc_now() + ms;
	struct call c = { 0 };
	bool good;

	if (ask.n > RPC_MOST)
		return fail(e, E_LIMIT, "Cette demande est trop longue.");
	if (enter(r, &c)) {
		head.id = c.id;
		if (rpc_send(r->fd, head, ask, until))
			wait_answer(r, &c, until);
		else
			c.lost = true;
	} else {
		c.lost = true;
	}
	leave(r, &c);
	if (lost)
		*lost = c.lost;
	good = c.lost ? refuse_lost(e) : read_answer(&c.answer, a, answer, e);
	free(c.answer.own);
	return good;
}
