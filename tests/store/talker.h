/* A server of the tests that says what it was told: one thread, one port of 127.0.0.1. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { TALKER_ASKED = 1 << 16, TALKER_ANSWERS = 16 };

struct talker {
	int fd, port;
	/* sent to one question after the other; the last repeats; NULL: closes without a word,
	 * "": says nothing and keeps the connection */
	const char *answers[TALKER_ANSWERS];
	size_t nanswers;
	size_t asked;                   /* questions that came */
	size_t connections;
	char heard[TALKER_ASKED];       /* the last question, whole */
	bool stop;
	pthread_t thread;
};

/* Listens and answers until talker_end. */
void talker_begin(struct talker *t);
void talker_end(struct talker *t);
