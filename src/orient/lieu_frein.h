/*
 * Brakes against floods of reports and guessed codes, in memory alone: who is counted by a
 * number drawn at start, so that nothing of an address is kept.  When the table is full the
 * oldest count goes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"

struct lieu_freins;

struct lieu_freins *lieu_freins_new(const struct env *env);     /* NULL without memory */
void lieu_freins_free(struct lieu_freins *f);

/*
 * One more of `what` from `who`; true while there are at most `most` within `ms`.  With f NULL
 * (tests) always.
 */
bool lieu_frein(struct lieu_freins *f, const char *what, const char *who, int most, int64_t ms);
