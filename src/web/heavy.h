/*
 * Requests that cost much memory and time (a password to check) are not answered on the
 * common pool: they would take all its threads.  Who serves gives an executor for them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct heavy_job {
	/* Who asks and for which account, as numbers that tell them apart and nothing else:
	 * turns are given fairly between the first, then between the second. */
	uint64_t client, account;
	/* One of the two is called, once, on a thread of the executor: the work, or the refusal
	 * when others must come first. */
	void (*run)(void *arg);
	void (*refuse)(void *arg);
	void *arg;
};

struct heavy {
	void *at;
	/* false: there is no room at all; neither function will be called. */
	bool (*push)(void *at, const struct heavy_job *job);
};
