/* What session.c and session_memory.c share. */
#pragma once

#include <pthread.h>

#include "admit/session.h"

enum { SESSION_SETS = 512, SESSION_WAYS = 4, SESSION_LOCKS = 16 };

/* When the store was read: anything that moves changes the version, rows of the tables of
 * accounts the generation too. */
struct moment_of {
	int64_t version, generation;
};

struct remembered {                     /* a session that was found */
	char empreinte[65];             /* "": free */
	struct moment_of at;
	int64_t vu_ms, written_ms;      /* seen; the same as the store has it */
	struct agent_session session;   /* in memory of its own: */
	struct arena a;
};

struct sessions {
	struct store *store;
	const struct env *env;
	int64_t flushed_ms;
	pthread_mutex_t lock[SESSION_LOCKS];    /* of each sixteenth of the sets */
	struct remembered at[SESSION_SETS][SESSION_WAYS];
};

/* When memory last saw a session; 0: not there. */
int64_t sessions_seen(struct sessions *m, const char *id);
