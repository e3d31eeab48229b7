/*
 * Durable one-row writes a second: `store_bench DIR CLIENTS SECONDS` prints one number.
 * Each client is a thread that calls store_write again as soon as it has been answered.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/db.h"

enum { CLIENTS_MOST = 512 };

static const enum query_type types[] = { Q_TEXT, Q_TEXT };
static const struct query add = {
	"add", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2)", types, 2, NULL, 0, 0, false,
	"reglage",
};

struct bench {
	struct store *s;
	atomic_bool stop;
};

struct client {
	struct bench *b;
	int id;
	int64_t done;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool add_row(struct tx *tx, void *arg, struct err *e)
{
	const union query_value v[] = {
		{ .text = arg }, { .text = "2026-11-22T10:00:00Z 01890a5d-ac96-774b-bcce-b302099a8057" },
	};

	return query_exec(tx, &add, v, NULL, e);
}

static void *run(void *arg)
{
	struct client *c = arg;
	struct err e;
	char key[40];

	while (!c->b->stop) {
		snprintf(key, sizeof key, "%08lx-%04x", (long)c->done, c->id);
		if (!store_write(c->b->s, add_row, key, &e)) {
			fprintf(stderr, "store_bench: %s\n", e.msg);
			exit(1);
		}
		c->done++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int n = argc > 3 ? (int)strtol(argv[2], NULL, 10) : 0;
	time_t length = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
	double start;
	static struct client c[CLIENTS_MOST];
	static pthread_t t[CLIENTS_MOST];
	struct bench b = { .stop = false };
	int64_t all = 0;
	struct err e;

	if (n < 1 || n > CLIENTS_MOST) {
		fputs("usage: store_bench DIR CLIENTS SECONDS\n", stderr);
		return 2;
	}
	if (!store_open(argv[1], STORE_SERVE, &env_system, &b.s, &e)) {
		fprintf(stderr, "store_bench: %s\n", e.msg);
		return 1;
	}
	start = seconds();
	for (int i = 0; i < n; i++) {
		c[i] = (struct client){ .b = &b, .id = i };
		pthread_create(&t[i], NULL, run, &c[i]);
	}
	nanosleep(&(struct timespec){ length, 0 }, NULL);
	b.stop = true;
	for (int i = 0; i < n; i++) {
		pthread_join(t[i], NULL);
		all += c[i].done;
	}
	printf("%.0f\n", (double)all / (seconds() - start));
	store_close(b.s);
	return 0;
}
