#include "accompany/accompany.h"

#include "accompany/consentement.h"
#include "accompany/federation.h"
#include "base/log.h"

enum { MEMORY = 4 << 20, LONG_MS = 5 * 60 * 1000 };

/* The slow part runs in two seconds of every five minutes: a few times; again changes
 * nothing. */
static bool is_time(const struct core *core)
{
	return env_now(core->env) % LONG_MS < 2000;
}

void accompany_tend(struct core *core)
{
	struct arena a = arena_new(MEMORY);
	struct err e = { 0 };

	if (!consentement_answers(core, &a, &e)
	    || (is_time(core) && (!mandat_tend(core, &a, &e) || !federation_tend(core, &e))))
		log_error("accompagner : %s", e.msg);
	arena_free(&a);
}
