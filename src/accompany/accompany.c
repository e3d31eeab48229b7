#include "accompany/accompany.h"

#include "accompany/consentement.h"
#include "base/log.h"

enum { MEMORY = 4 << 20, LONG_MS = 5 * 60 * 1000 };

/* The slow part runs once in every five minutes of the clock that is there, whatever it did. */
static bool is_time(const struct core *core)
{
	return env_now(core->env) % LONG_MS < 300;
}

void accompany_tend(struct core *core)
{
	struct arena a = arena_new(MEMORY);
	struct err e = { 0 };

	if (!consentement_answers(core, &a, &e)
	    || (is_time(core) && !mandat_tend(core, &a, &e)))
		log_error("accompagner : %s", e.msg);
	arena_free(&a);
}
