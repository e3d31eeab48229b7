#include "store/rpc.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "store/rpc_inside.h"
#include "store/wire.h"
#include "test.h"

enum { ECHO = 1, FAIL, SLOW, MUCH, MOST = 1 << 20 };

static bool serve_one(void *at, unsigned op, struct bytes ask, struct arena *a,
		      struct bytes *answer, struct err *e)
{
	char *much;

	(void)at;
	switch (op) {
	case ECHO:
		*answer = ask;
		return true;
	case FAIL:
		fail(e, E_CONFLICT, "non : %.*s", (int)ask.n, (const char *)ask.p);
		return hint(e, "plus tard");
	case SLOW:
		poll(NULL, 0, 300);
		*answer = ask;
		return true;
	default:
		much = arena_alloc(a, MOST + 1);
		*answer = (struct bytes){ much, MOST + 1 };
		return much;
	}
}

struct pair {
	int fds[2];
	struct rpc_service service;
	pthread_t thread;
	struct rpc *rpc;
	struct arena a;
	struct bytes answer;
	struct err e;
};

static void *serve(void *arg)
{
	struct pair *w = arg;

	rpc_serve(w->fds[1], &w->service);
	return NULL;
}

static void begin(struct pair *w, int threads)
{
	*w = (struct pair){ .service = { serve_one, NULL, MOST, 4 << 20, threads },
			    .a = arena_new(8 << 20) };
	accepts(rpc_pair(w->fds, &w->e), &w->e);
	equals(pthread_create(&w->thread, NULL, serve, w), 0);
	accepts(rpc_open(w->fds[0], MOST, 8, &w->rpc, &w->e), &w->e);
}

static void end(struct pair *w)
{
	rpc_close(&w->rpc);
	pthread_join(w->thread, NULL);
	close(w->fds[1]);
	arena_free(&w->a);
}

static bool ask(struct pair *w, unsigned op, const void *p, size_t n, int ms)
{
	w->e = (struct err){ 0 };
	return rpc_call(w->rpc, op, (struct bytes){ p, n }, ms, &w->a, &w->answer, NULL, &w->e);
}

TEST("a question of any size gets its answer, and a NUL after it")
{
	static const size_t sizes[] = { 0, 1, PACKET_TEXT - 1, PACKET_TEXT, PACKET_TEXT + 1, 300000, MOST };
	static char text[MOST];
	struct pair w;

	for (size_t i = 0; i < MOST; i++)
		text[i] = (char)(i * 7 + i / 251);
	begin(&w, 0);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		accepts(ask(&w, ECHO, text, sizes[i], 5000), &w.e);
		equals(w.answer.n, sizes[i]);
		assert_memory_equal(w.answer.p, text, sizes[i]);
		equals(((const char *)w.answer.p)[sizes[i]], '\0');
		arena_reset(&w.a);
	}
	holds(rpc_is_up(w.rpc));
	end(&w);
}

TEST("an error of the other side arrives with its kind, its sentence and what to do")
{
	struct pair w;

	begin(&w, 0);
	refuses(E_CONFLICT, ask(&w, FAIL, "ici", 3, 5000), &w.e);
	same(w.e.msg, "non : ici");
	same(w.e.hint, "plus tard");
	end(&w);
}

TEST("what is longer than a ceiling is refused, on each side, and the next question passes")
{
	static char text[MOST + 1];
	struct pair w;

	begin(&w, 0);
	refuses(E_LIMIT, ask(&w, ECHO, text, sizeof text, 5000), &w.e);
	refuses(E_LIMIT, ask(&w, MUCH, "", 0, 5000), &w.e);
	accepts(ask(&w, ECHO, "x", 1, 5000), &w.e);
	end(&w);
}

TEST("a question has a deadline, and its late answer is nobody else's")
{
	bool lost = false;
	struct pair w;

	begin(&w, 0);
	holds(!rpc_call(w.rpc, SLOW, (struct bytes){ "tard", 4 }, 30, &w.a, &w.answer, &lost, &w.e));
	equals(w.e.kind, E_REMOTE);
	holds(lost && *w.e.hint);
	accepts(ask(&w, ECHO, "autre", 5, 5000), &w.e);
	same(w.answer.p, "autre");
	end(&w);
}

struct asker {
	struct pair *w;
	int number, right;
};

static void *ask_many(void *arg)
{
	struct asker *k = arg;

	for (int i = 0; i < 200; i++) {
		struct arena a = arena_new(1 << 20);
		size_t n = (size_t)(k->number * 131 + i * 977) % 90000;
		char *text = arena_alloc(&a, n + 1);
		struct bytes answer;
		struct err e = { 0 };

		memset(text, 'a' + k->number, n);
		k->right += rpc_call(k->w->rpc, ECHO, (struct bytes){ text, n }, 10000, &a, &answer,
				     NULL, &e)
			    && answer.n == n && !memcmp(answer.p, text, n);
		arena_free(&a);
	}
	return NULL;
}

TEST("many threads ask at once and each gets its own answer")
{
	struct asker askers[8];
	pthread_t threads[8];
	struct pair w;

	for (int answering = 0; answering <= 3; answering += 3) {
		begin(&w, answering);
		for (int i = 0; i < 8; i++) {
			askers[i] = (struct asker){ &w, i, 0 };
			pthread_create(&threads[i], NULL, ask_many, &askers[i]);
		}
		for (int i = 0; i < 8; i++) {
			pthread_join(threads[i], NULL);
			equals(askers[i].right, 200);
		}
		end(&w);
	}
}

TEST("several slow answers are made at once when there are threads for them")
{
	struct pair w;
	struct packet_head head = { .op = SLOW, .ms = 2000 };
	int64_t start = rpc_now();

	begin(&w, 4);
	for (head.id = 1000; head.id < 1004; head.id++) /* asked, not waited for */
		holds(rpc_send(w.fds[0], head, (struct bytes){ 0 }, rpc_now() + 100));
	accepts(ask(&w, SLOW, "", 0, 5000), &w.e);      /* the fifth */
	holds(rpc_now() - start < 1200);                /* one after the other: 1,500 */
	end(&w);
}

TEST("the death of the other side is told at once to who waits, and afterwards")
{
	struct pair w = { .a = arena_new(1 << 16) };
	struct rpc *r;

	accepts(rpc_pair(w.fds, &w.e), &w.e);
	accepts(rpc_open(w.fds[0], MOST, 8, &r, &w.e), &w.e);
	w.rpc = r;
	holds(!rpc_is_up(r));
	close(w.fds[1]);
	refuses(E_REMOTE, ask(&w, ECHO, "x", 1, 60000), &w.e);
	refuses(E_REMOTE, ask(&w, ECHO, "x", 1, 60000), &w.e);
	rpc_close(&r);
	arena_free(&w.a);
}

static void *ask_slowly(void *arg)
{
	struct pair *w = arg;

	holds(!ask(w, ECHO, "perdu", 5, 60000));
	return NULL;
}

TEST("what the dead one had taken is lost at once, and its successor answers what follows")
{
	unsigned char packet[PACKET];
	struct pair w = { .service = { serve_one, NULL, MOST, 4 << 20, 0 }, .a = arena_new(1 << 16) };
	pthread_t waiting;

	accepts(rpc_pair(w.fds, &w.e), &w.e);
	accepts(rpc_open(w.fds[0], MOST, 8, &w.rpc, &w.e), &w.e);
	holds(rpc_send(w.fds[1], (struct packet_head){ .op = RPC_HELLO }, (struct bytes){ 0 },
		       rpc_now() + 100));
	pthread_create(&waiting, NULL, ask_slowly, &w);
	holds(recv(w.fds[1], packet, sizeof packet, 0) > 0);    /* taken, and dead */
	rpc_gone(w.fds[1]);
	pthread_join(waiting, NULL);
	equals(w.e.kind, E_REMOTE);
	holds(!rpc_is_up(w.rpc));
	equals(pthread_create(&w.thread, NULL, serve, &w), 0);
	for (int i = 0; i < 500 && !rpc_is_up(w.rpc); i++)
		poll(NULL, 0, 10);
	accepts(ask(&w, ECHO, "encore", 6, 5000), &w.e);
	end(&w);
}

TEST("fields of a message are read as they were written, and nothing past its end")
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	struct wire w;

	wire_put_int(&b, -7);
	wire_put_text(&b, "Bondy");
	wire_put_text(&b, NULL);
	wire_put_bytes(&b, (struct bytes){ "a\0b", 3 });
	for (size_t n = 0; n <= b.n; n++) {
		w = wire_of((struct bytes){ b.p, n });
		equals(wire_get_int(&w), n >= 8 ? -7 : 0);
		wire_get_text(&w);
		wire_get_text(&w);
		wire_get_bytes(&w);
		equals(wire_done(&w), n == b.n);
	}
	w = wire_of((struct bytes){ b.p, b.n });
	wire_get_int(&w);
	same(wire_get_text(&w), "Bondy");
	holds(!wire_get_text(&w));
	equals(wire_get_text(&w), NULL);                /* a NUL within is no text */
	holds(w.bad);
}
