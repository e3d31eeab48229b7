#include "app/process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/certificate.h"
#include "app/keeper.h"
#include "app/sandbox.h"
#include "base/log.h"
#include "store/db.h"
#include "store/remote.h"
#include "store/renderer.h"
#include "store/rpc.h"
#include "store/signer.h"

/* What main takes of an answer, and how many long ones at once. */
static const struct {
	size_t most;
	int calls;
} answers[ROLES] = {
	[ROLE_SIGNER] = { SIGNER_MEMORY, 8 },
	[ROLE_SENDER] = { REMOTE_ANSWER_MOST, 32 },
	[ROLE_RENDERER] = { RENDERER_PDF_MOST, 4 },
};

struct processes {
	pid_t keeper;
	int control;
	int fds[ROLES];                 /* main's ends; -1 when not wanted, or given to rpc */
	struct rpc *rpc[ROLES];
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Pairs of sockets: [..][0] stays with main, [..][1] goes to the keeper. */
static bool open_pairs(int fds[ROLES + 1][2], struct err *e)
{
	for (int i = 0; i <= ROLES; i++)
		fds[i][0] = fds[i][1] = -1;
	/* that of the keeper first: when main dies it is closed first, and explains the rest */
	for (int i = ROLES; i >= 0; i--) {
		if (i < ROLES && roles[i].is_wanted && !roles[i].is_wanted())
			continue;
		if (!rpc_pair(fds[i], e))
			return false;
	}
	return true;
}

static void close_pairs(int fds[ROLES + 1][2], int side)
{
	for (int i = 0; i <= ROLES; i++)
		close_fd(&fds[i][side]);
}

static _Noreturn void be_keeper(const struct processes_ask *ask, int fds[ROLES + 1][2])
{
	int ends[ROLES];

	close_pairs(fds, 0);
	for (int i = 0; i < ROLES; i++)
		ends[i] = fds[i][1];
	keeper_run(ask, fds[ROLES][1], ends);
}

bool processes_start(const struct processes_ask *ask, struct processes **out, struct err *e)
{
	struct processes *p = calloc(1, sizeof *p);
	int fds[ROLES + 1][2];

	*out = NULL;
	if (!p)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	if (!store_prepare(ask->dir, "cles", e)) {
		free(p);
		return false;
	}
	fflush(NULL);
	if (!open_pairs(fds, e) || (p->keeper = fork()) < 0) {
		close_pairs(fds, 0);
		close_pairs(fds, 1);
		free(p);
		return fail(e, E_LIMIT, "Le système refuse un processus de plus.");
	}
	if (!p->keeper)
		be_keeper(ask, fds);
	close_pairs(fds, 1);
	for (int i = 0; i < ROLES; i++)
		p->fds[i] = fds[i][0];
	p->control = fds[ROLES][0];
	*out = p;
	return true;
}

bool processes_meet(struct processes *p, struct core *core, struct err *e)
{
	control_say(p->control, CONTROL_OPENED);
	for (int i = 0; i < ROLES; i++) {
		int fd = p->fds[i];

		p->fds[i] = -1;
		if (fd >= 0 && !rpc_open(fd, answers[i].most, answers[i].calls, &p->rpc[i], e))
			return false;
	}
	return signer_open_remote(p->rpc[ROLE_SIGNER], &core->signer, e)
	       && remote_open_sender(p->rpc[ROLE_SENDER], &core->remote, e)
	       && (!p->rpc[ROLE_RENDERER]
		   || renderer_open(p->rpc[ROLE_RENDERER], &core->renderer, e));
}

bool processes_are_up(struct processes *p, struct err *e)
{
	for (int i = 0; i < ROLES; i++) {
		if (roles[i].needed && (!p->rpc[i] || !rpc_is_up(p->rpc[i])))
			return fail(e, E_BUSY, "Un processus manque : %s.", roles[i].title);
	}
	return true;
}

bool processes_certificate(void *processes, struct buf *cert, struct buf *key, struct err *e)
{
	struct processes *p = processes;

	return certificate_ask(p->control, cert, key, e);
}

void processes_stop(struct processes **at, struct core *core)
{
	struct processes *p = *at;

	*at = NULL;
	if (!p)
		return;
	close_fd(&p->control);
	signer_close(&core->signer);
	remote_close(&core->remote);
	renderer_close(&core->renderer);
	for (int i = 0; i < ROLES; i++) {
		rpc_close(&p->rpc[i]);
		close_fd(&p->fds[i]);
	}
	while (waitpid(p->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	free(p);
}
