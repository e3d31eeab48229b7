/*
 * Counters of one event loop, written by it alone and read by any thread; no address, path
 * or person in them.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { METRICS_BUCKETS = 12 };

struct metrics {
	_Atomic uint64_t classes[6];                    /* answers by first digit of the status */
	_Atomic uint64_t buckets[METRICS_BUCKETS + 1];  /* answers by duration */
	_Atomic uint64_t microseconds;
	_Atomic uint64_t bytes;                         /* sent, heads included */
	_Atomic uint64_t accepted;
};

/* What is so now. */
struct metrics_now {
	int64_t connections, connections_most, waiting, running;
};

void metrics_note(struct metrics *m, int status, int64_t microseconds, size_t bytes);

void metrics_accepted(struct metrics *m);

/* The sum of n of them, as Prometheus reads it. */
void metrics_write(struct buf *out, const struct metrics *const *all, int n,
		   const struct metrics_now *now);
