/*
 * Where pages that check passwords are answered: a few threads, and a bounded queue that is
 * fair; the hashing itself is done by hacheur.h, as many at once.  Turns go round the
 * addresses that wait, and for one address round its accounts: who hammers waits for himself.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "web/heavy.h"

enum {
	PASSWORD_THREADS = 8,           /* 8 x 64 MiB at once */
	PASSWORD_WAITING = 128,         /* about five seconds of two cores */
	PASSWORD_WAIT_MS = 10000,       /* who waited longer is told to try again */
	PASSWORD_PER_ACCOUNT = 4,       /* waiting for one account from one address */
};

struct password_queue;

/* Starts its threads.  E_LIMIT when the system refuses them. */
bool password_queue_new(int threads, int waiting, struct password_queue **out, struct err *e);

/*
 * heavy.push.  When the queue is full, the newest of the address that waits most gives its
 * place (its `refuse` is called) to an address that waits less; false when there is none.
 */
bool password_queue_push(void *queue, const struct heavy_job *job);

size_t password_queue_waiting(struct password_queue *q);

/* Refuses what waits, ends what runs, frees.  NULL inside is allowed. */
void password_queue_stop(struct password_queue **q);
