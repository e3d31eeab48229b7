/* Inside app/process.h: the process that starts the others, and what these do. */
#pragma once

#include <sys/types.h>

#include "app/process.h"

enum role { ROLE_SIGNER, ROLE_SENDER, ROLE_RENDERER, ROLES };

struct role_place {
	const char *dir;
	const struct env *env;
	int fd;                         /* where questions come from; closed: the end */
};

struct role_work {
	const char *title;              /* for the log, in French */
	char name[16];                  /* of the process */
	bool needed;                    /* /readyz says no without it */
	bool after_store;               /* begins once main has opened the store */
	bool (*is_wanted)(void);        /* NULL: always */
	/* In its own process; ends when nobody is left to ask. */
	void (*run)(const struct role_place *place);
};

extern const struct role_work roles[ROLES];

/* What main says to the keeper: one byte. */
enum control { CONTROL_OPENED = 'o', CONTROL_CERTIFICATE = 'c' };
bool control_say(int control, enum control what);

/* Confines the process of a role, or ends it. */
struct sandbox_path;
void role_confine(enum role r, const char *dir, const struct sandbox_path *paths);

/*
 * Never returns.  `control` is closed on the other side when main ends; fds[i] is the end of
 * each role (-1: not wanted), kept open so that the next one goes on with what waits in it.
 */
_Noreturn void keeper_run(const struct processes_ask *ask, int control, const int fds[ROLES]);
