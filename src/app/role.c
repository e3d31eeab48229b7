/* What each process does, once the keeper has forked it. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/fault.h"
#include "app/keeper.h"
#include "app/render.h"
#include "app/sandbox.h"
#include "app/sender.h"
#include "base/log.h"
#include "store/keyring.h"
#include "store/rpc.h"
#include "store/signer.h"

enum { PATH_ROOM = 4200 };

void role_confine(enum role r, const char *dir, const struct sandbox_path *paths)
{
	static const enum sandbox_role boxes[ROLES] = {
		[ROLE_SIGNER] = SANDBOX_SIGNER, [ROLE_SENDER] = SANDBOX_SENDER,
		[ROLE_RENDERER] = SANDBOX_RENDERER,
	};
	struct confinement got;
	struct err e = { 0 };

	if (!sandbox_enter(boxes[r], paths, &got, &e)) {
		log_error("%s : %s", roles[r].title, e.msg);
		_exit(1);
	}
	fault_role(roles[r].name, dir);
}

/* --- signer ----------------------------------------------------------------------------------- */

static bool answer_signer(void *keys, unsigned op, struct bytes ask, struct arena *a,
			  struct bytes *answer, struct err *e)
{
	return signer_answer(keys, op, ask, a, answer, e);
}

/* It opens a few files, makes none that is large, and uses little memory. */
static void limit_signer(void)
{
	struct rlimit descriptors = { 32, 32 }, size = { 1 << 16, 1 << 16 };

	setrlimit(RLIMIT_NOFILE, &descriptors);
	setrlimit(RLIMIT_FSIZE, &size);
}

static void run_signer(const struct role_place *p)
{
	char path[PATH_ROOM];
	const struct sandbox_path paths[] = {
		{ path, SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE }, { NULL, 0 },
	};
	struct rpc_service service = { .answer = answer_signer, .ask_most = SIGNER_ASK_MOST,
				       .memory = SIGNER_MEMORY };
	struct keyring *keys = NULL;
	struct err e = { 0 };

	snprintf(path, sizeof path, "%s/cles", p->dir);
	if (!keyring_open(p->dir, p->env, &keys, &e)) {
		log_error("%s", e.msg);
		_exit(1);
	}
	limit_signer();
	role_confine(ROLE_SIGNER, p->dir, paths);
	service.at = keys;
	rpc_serve(p->fd, &service);
	keyring_close(&keys);
}

/* --- all -------------------------------------------------------------------------------------- */

const struct role_work roles[ROLES] = {
	[ROLE_SIGNER] = { "le signataire", "tremplin-signer", true, false, NULL, run_signer },
	[ROLE_SENDER] = { "l’expéditeur", "tremplin-sender", true, true, NULL, sender_run },
	[ROLE_RENDERER] = { "le rendu PDF", "tremplin-render", false, false, render_is_possible, render_run },
};
