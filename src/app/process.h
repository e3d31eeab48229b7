/*
 * Tremplin is five processes.  `main` serves pages, confined.  Before it opens anything it
 * forks a keeper, which forks and, when they die, forks again:
 *	signer		owns DIR/cles, nothing else (store/signer.h)
 *	sender		mail, SMS, questions to other servers (store/remote.h)
 *	renderer	makes PDF with another program, when it is there (store/renderer.h)
 * The keeper reads nothing from anybody.  All end when main ends, however it ends.
 */
#pragma once

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "core/core.h"

struct processes;

struct processes_ask {
	const char *dir;                /* the data folder: made when it is not there */
	const char *tls_cert, *tls_key; /* files that the keeper may be asked for; or NULL */
	const struct env *env;
	void (*at_end)(void *at);       /* in the keeper, when all the others have ended; or NULL */
	void *at;
};

/* While this process has one thread and no store open.  E_STORE, E_LIMIT. */
bool processes_start(const struct processes_ask *ask, struct processes **out, struct err *e);

/* Once the store is open and main confined: starts what reads answers; fills core's signer,
 * remote, renderer. */
bool processes_meet(struct processes *p, struct core *core, struct err *e);

/* E_BUSY when one that is needed is not there just now. */
bool processes_are_up(struct processes *p, struct err *e);

/* What is in the two files now, for server_options.tls_again; `processes` is a struct
 * processes.  E_INPUT when one cannot be read, E_REMOTE without a keeper. */
bool processes_certificate(void *processes, struct buf *cert, struct buf *key,
			   struct err *e);

/* Lets them finish, at most some seconds.  NULL inside is allowed. */
void processes_stop(struct processes **p, struct core *core);
