/*
 * Sockets and time: connections are read, requests cut out of them, given to a dispatcher,
 * and its answers sent.  Nothing here knows a page.
 *
 * A few event loops (libevent) each own their connections, without locks.  The dispatcher
 * says which requests may wait: these run on a bounded pool of threads, and the reply goes
 * back to the loop of its connection.  A connection answers one request after the other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "web/heavy.h"
#include "web/http1.h"
#include "web/proxy.h"

struct server_options {
	const char *listen;             /* "127.0.0.1:8080", "[::1]:8080"; port 0: any free one */
	const char *tls_cert, *tls_key; /* PEM files; both or none */
	/* On SIGHUP: what is in these files now, which this process may not read any more.
	 * NULL: SIGHUP is not looked at. */
	bool (*tls_again)(void *at, struct buf *cert, struct buf *key, struct err *e);
	void *tls_at;
	bool keep_signals;              /* leaves SIGTERM and SIGINT alone (tests) */
	/* 0 takes the usual value, in brackets */
	int loops;                      /* [2] */
	int threads, queue;             /* of the pool [64, 256] */
	int connections;                /* at most; more get 503 [10000] */
	/* of a request [8192, 65536]; dispatcher.most may say more */
	int head_bytes, body_bytes;
	int head_ms, body_ms;           /* for a whole head, then a whole body [10000, 30000] */
	int idle_ms;                    /* between two requests [60000] */
	int stop_ms;                    /* to finish what runs when asked to stop [10000] */
	int answer_bytes;               /* of one answer [32 MB] */
	struct heavy heavy;             /* for what costs much; push NULL: the pool */
};

enum { EXCHANGE_ARENA = 4 << 20 };

/* One request and its answer.  Reused; the arena and the buffers are empty at first. */
struct exchange {
	/* asked; lives until the answer is sent */
	struct http1_head asked;
	const char *content;            /* the body as received, asked.length bytes */
	bool tls;
	struct net_address from;        /* of the other end of the connection */
	/* said by dispatcher.waits: it costs much, and for whom (heavy_job) */
	bool heavy;
	uint64_t client, account;
	/* answered */
	int status;
	struct buf head;                /* "HTTP/1.1 200 OK\r\n" and fields; the server adds
					   Content-Length, Date, Connection and the end */
	struct buf body;
	const char *out;                /* what is sent after the head; must live as long as the */
	size_t out_size;                /* exchange: the body, or a file of ours */
	int file;                       /* instead of `out`: its out_size bytes; closed once
					   sent.  0: none */
	size_t file_from, file_most;    /* a part of it; file_most 0: all of it */
	bool no_content;                /* a 304: not even a length */
	bool close;                     /* the connection ends with this answer */
	struct arena a;                 /* for whoever answers */
	void *own;                      /* the dispatcher's, kept from one request to the next */
	/* the server's */
	struct conn *conn;
	struct exchange *next;
	size_t size;                    /* of the request, head and body */
	int64_t began;                  /* microseconds, monotonic */
};

struct dispatcher {
	void *at;
	/* On a loop: true when this request must be answered on the pool. */
	bool (*waits)(void *at, struct exchange *x);
	/* Fills the answer.  On a loop or on the pool. */
	void (*answer)(void *at, struct exchange *x);
	/* Fills an answer of this status to a request that never was one (400, 408, 413, 414,
	 * 417, 431, 501, 503, 505): `asked` may be empty.  On a loop; 503 also where
	 * server_options.heavy refuses. */
	void (*refuse)(void *at, struct exchange *x, int status);
	/* How long the body of this request may be, when it is longer than the usual: its head
	 * is there.  On a loop; NULL: never longer. */
	size_t (*most)(void *at, struct exchange *x);
	/* Frees x->own.  May be NULL. */
	void (*forget)(void *at, struct exchange *x);
};

struct server;

/*
 * Binds the address and reads the certificate: all that needs rights.  Starts no thread.
 * E_INPUT or E_CONFLICT with what to do.
 */
bool server_open(const struct server_options *o, struct server **out, struct err *e);

/*
 * Serves until SIGTERM, SIGINT or server_stop, then finishes what runs.  The calling thread
 * is one of the loops.  Tells systemd (NOTIFY_SOCKET) that it is ready, then stopping.
 * false with E_BUSY when something still ran after stop_ms: leave the process at once,
 * without closing what it may use.
 */
bool server_run(struct server *s, const struct dispatcher *d, struct err *e);

/* Who does what costs much (server_options.heavy), before server_run. */
void server_heavy(struct server *s, struct heavy heavy);

void server_stop(struct server *s);             /* from any thread, or before server_run */
void server_close(struct server **s);           /* for CLEANUP; NULL inside is allowed */

int server_port(const struct server *s);        /* the one bound */
bool server_https(const struct server *s);      /* serves TLS itself */

/* What has happened since the start, in the text format of Prometheus. */
void server_metrics(struct server *s, struct buf *out);
