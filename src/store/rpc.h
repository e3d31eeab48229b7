/*
 * Questions to another process of ours, and its answers, over a pair of sockets
 * (socketpair, AF_UNIX, SOCK_SEQPACKET).  Any number of threads ask at once.  Every size has
 * a ceiling and every question a deadline.
 *
 * The other process may die at any moment.  Whoever started it (app/process.c) keeps its end
 * of the pair, says so (rpc_gone), and starts another, which goes on with what waits in the
 * socket.  What the dead one had taken is E_REMOTE, at once.
 */
#pragma once

#include "store/db.h"

struct rpc;

enum { RPC_MOST = 64 << 20 };           /* bytes of a message, at the very most */

/* A pair: [0] asks, [1] answers.  Both close on exec. */
bool rpc_pair(int fds[2], struct err *e);

/*
 * The side that asks.  Takes `fd` over, and starts the thread that reads answers.  `most`:
 * bytes of an answer; `calls`: questions of more than one packet that may be answered at
 * once (1..32).
 */
bool rpc_open(int fd, size_t most, int calls, struct rpc **out, struct err *e);
void rpc_close(struct rpc **r);         /* for CLEANUP; who still waits gets E_REMOTE */

/* The other side has said that it is there, and is not gone. */
bool rpc_is_up(struct rpc *r);

/*
 * Asks, and waits for the answer at most `ms`.  It lives in `a`, a NUL follows it.
 * The error is the one of the other side; or E_REMOTE when it died or did not answer in
 * time (*lost, when given, is then true: it may have done what was asked, or not), E_LIMIT
 * when the answer does not fit.
 */
bool rpc_call(struct rpc *r, unsigned op, struct bytes ask, int ms, struct arena *a,
	      struct bytes *answer, bool *lost, struct err *e);

struct rpc_service {
	/* Answers into `a`.  May be called from several threads when `threads` > 0. */
	bool (*answer)(void *at, unsigned op, struct bytes ask, struct arena *a,
		       struct bytes *answer, struct err *e);
	void *at;
	size_t ask_most;                /* bytes of a question */
	size_t memory;                  /* of the arena of an answer */
	int threads;                    /* 0: one question after the other, on this thread */
};

/* The side that answers: says that it is there, then serves until the other side is gone. */
void rpc_serve(int fd, const struct rpc_service *s);

/* Said on the end of one that died, by who noticed. */
void rpc_gone(int fd);
