/*
 * A bounded pool of small threads for what waits for the disk.  Threads start when work
 * comes and none is free; the queue has a ceiling, past which work is refused at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct pool;
typedef void pool_job(void *arg);

bool pool_new(int threads, int queue, struct pool **out, struct err *e);

/* Runs job(arg) on a thread of the pool, soon.  false: the queue is full, or stopping. */
bool pool_push(struct pool *p, pool_job *job, void *arg);

size_t pool_waiting(struct pool *p);    /* jobs that no thread has taken */
size_t pool_running(struct pool *p);

/*
 * Takes no more work and waits until all that was taken is done, at most `ms`; then frees
 * it.  false when a job still runs: the pool is then left as it is.
 */
bool pool_stop(struct pool **p, int64_t ms);
