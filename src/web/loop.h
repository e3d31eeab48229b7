/*
 * Inside the server: one event loop and its connections (server.c, connection.c).
 * Everything here belongs to the loop's own thread, but the mailbox.
 */
#pragma once

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/metrics.h"
#include "web/pool.h"
#include "web/server.h"
#include "web/tls.h"

enum {
	OVER_MOST = 256,        /* connections past the ceiling that are told so */
	BIG_MOST = 4,           /* that send a file at the same time; more get 503 */
};

struct loop {
	struct server *s;
	struct event_base *base;
	struct event *wake, *tick;
	int wake_fd;                    /* an eventfd: the mailbox has something */
	pthread_t thread;
	struct conn *conns;
	struct exchange *spare;
	int nspare;
	int64_t now;                    /* milliseconds, monotonic, of this turn */
	time_t date_at;
	char date[64];                  /* "Date: ...\r\n" of this second */
	bool stopping;
	int64_t stop_at;                /* when what still runs is left */
	struct metrics metrics;

	pthread_mutex_t lock;           /* of the mailbox: */
	struct exchange *answered;      /* by the pool */
	struct conn *arrived;           /* accepted for this loop */
	bool stop_asked;
};

struct server {
	struct server_options o;
	struct http1_limits limits;
	const struct dispatcher *d;
	struct tls *tls;                /* NULL: plain http */
	int fd, port;
	int notify;                     /* to systemd; -1 when nobody listens */
	struct event *listening, *resume;
	struct event *signals[3];
	struct loop *loops;
	unsigned turn;                  /* which loop takes the next connection */
	struct pool *pool;
	_Atomic int connections;
	_Atomic int big;                /* connections that send a file */
};

enum conn_state {
	CONN_READING,                   /* waits for a request, or for its rest */
	CONN_RUNNING,                   /* the pool answers */
	CONN_SENDING,                   /* the answer has not all left */
	CONN_LINGERING,                 /* all is said: what still comes is thrown away */
};

struct conn {
	struct loop *loop;
	struct conn *next, **at;
	struct bufferevent *bev;
	int fd;
	struct net_address from;
	enum conn_state state;
	int64_t deadline;
	bool started;                   /* bytes of a request have come */
	bool in_body;                   /* its head is complete */
	bool close;                     /* nothing is read after this answer */
	bool big;                       /* it sends a file: one of server.big */
	size_t need;                    /* bytes of the whole request; 0: not known yet */
	bool over;                      /* one connection too many: gets a 503 */
};

/* A connection just accepted, without a loop yet; NULL without memory. */
struct conn *conn_new(int fd, const struct sockaddr *from, bool over);
/* Its loop takes it and starts to read. */
void conn_adopt(struct loop *l, struct conn *c);
/* The pool has answered. */
void conn_answered(struct conn *c, struct exchange *x);
/* Deadlines, once in a while; closes idle ones when the loop stops. */
void conn_look(struct conn *c);
void conn_free(struct conn *c);

struct exchange *loop_exchange(struct loop *l);         /* NULL without memory */
void loop_give_back(struct loop *l, struct exchange *x);
void exchange_free(struct server *s, struct exchange *x);

bool loop_open(struct server *s, struct loop *l, struct err *e);
void *loop_run(void *loop);                             /* until it is told to stop */
void loop_close(struct server *s, struct loop *l);      /* all but its base */
void loop_wake(struct loop *l);                         /* from any thread */

/* Events of the first loop: somebody connects; descriptors may be free again. */
void on_connection(evutil_socket_t fd, short what, void *server);
void on_resume(evutil_socket_t fd, short what, void *server);

int64_t now_ms(void);           /* monotonic, coarse */
int64_t now_us(void);           /* monotonic */

/* From a thread of the pool: x goes to the mailbox of its loop. */
void loop_post(struct loop *l, struct exchange *x);
