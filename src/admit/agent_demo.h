/* The fictitious structures and agents of the demonstration, and the ways in. */
#pragma once

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"
#include "store/signer.h"

enum { DEMO_AGENTS = 20 };

struct demo_agent {
	const char *nom;                /* "Rosa Keita" */
	const char *role;               /* "referent, CCAS de Bondy (fictif)" */
	const char *path;               /* one-time link */
};

/*
 * Puts data/demonstration/agents.csv in a store that has no agent; gives each who has not
 * come in yet a new link.  Texts live in a.
 */
bool agents_demo(struct store *s, struct signer *signer, const struct env *env,
		 struct arena *a, struct demo_agent out[DEMO_AGENTS], size_t *n, struct err *e);
