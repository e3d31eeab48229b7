/*
 * Confinement of a process by itself: Landlock says which files, seccomp which system
 * calls.  For ever, and for all that it starts.  Where the kernel lacks one, the other is
 * used; what is active is told, never assumed.
 *
 * Before threads: only the calling one is confined, and those that it starts afterwards.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum sandbox_role {
	SANDBOX_SERVE,          /* accepts connections; opens none, starts no program */
	SANDBOX_SIGNER,         /* its keys and its socket pair: nothing else */
	SANDBOX_SENDER,         /* the network; starts no program */
	SANDBOX_RENDERER,       /* starts programs; no network */
};

enum sandbox_may {
	SANDBOX_READ = 1,       /* read files, and folders under it */
	SANDBOX_WRITE = 2,      /* write files that are there */
	SANDBOX_MAKE = 4,       /* in a folder: make, rename and remove files */
	SANDBOX_RUN = 8,        /* execute files */
};

struct sandbox_path {
	const char *path;       /* NULL ends a list; what is not there is passed over */
	unsigned may;
};

struct confinement {
	int landlock;           /* version of its interface; 0: none */
	bool seccomp;
	bool asked;             /* false: built for sanitizers, which need more */
};

/* What this kernel offers; changes nothing. */
struct confinement sandbox_offer(void);

/* E_STORE only when a lock that is there cannot be closed: then do not go on. */
bool sandbox_enter(enum sandbox_role role, const struct sandbox_path *paths,
		   struct confinement *got, struct err *e);

/* "Landlock (version 7) et seccomp", "seccomp, sans Landlock", "aucun" */
const char *confinement_words(const struct confinement *c);

/* Nobody of this account may look into this process; it leaves no core file. */
void sandbox_hide(void);
