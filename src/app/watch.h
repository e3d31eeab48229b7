/*
 * A thread that looks four times a second whether the store has changed, by this process
 * or another, and then reads the repertoire anew and swaps it in one pointer.
 */
#pragma once

#include "base/err.h"
#include "core/core.h"

struct watch;

bool watch_start(struct core *core, int64_t seen, struct watch **out, struct err *e);
void watch_stop(struct watch **w);      /* waits for it; for CLEANUP */

/* Reads the store's territories and places now. */
bool watch_read(struct store *s, struct repertoire **out, struct err *e);
