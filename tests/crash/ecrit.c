/*
 * ecrit DIR ROUND : eight threads write rows through store_write until they are killed;
 * each id goes to standard output once store_write has said that it is on disk.
 * ecrit --verify DIR : reads ids on standard input, prints what is lost, doubled or broken.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sauvegarde.h"

enum { THREADS = 8, ID_ROOM = 32 };

static const enum query_type texts[] = { Q_TEXT, Q_TEXT };
static const struct query add = {
	"add", "INSERT INTO source (id, nom) VALUES (?1, ?2)", texts, 2, NULL, 0, 0, false,
	"source",
};
/* what an id is found by: its row, and the row that the same job wrote beside it */
static const struct query_column count_columns[] = { { Q_INT, false, 0, 0 } };
static const struct query seen = {
	"seen", "SELECT (SELECT count(*) FROM source WHERE id = ?1) + 10 * "
	"(SELECT count(*) FROM reglage WHERE cle = ?1)", texts, 1, count_columns, 1,
	sizeof(int64_t), true, NULL,
};
static const struct query add_twin = {
	"add_twin", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2)", texts, 2, NULL, 0, 0, false,
	"reglage",
};
/* half a job: one of the two rows without the other */
static const struct query torn = {
	"torn", "SELECT (SELECT count(*) FROM source WHERE id NOT IN (SELECT cle FROM reglage)) + "
	"(SELECT count(*) FROM reglage WHERE cle NOT IN (SELECT id FROM source))", NULL, 0,
	count_columns, 1, sizeof(int64_t), true, NULL,
};

static const struct query rows = {
	"rows", "SELECT count(*) FROM source", NULL, 0, count_columns, 1, sizeof(int64_t), true, NULL,
};

struct writer_arg {
	struct store *s;
	int round, thread;
};

static bool add_job(struct tx *tx, void *arg, struct err *e)
{
	const union query_value v[] = { { .text = arg }, { .text = arg } };

	return query_exec(tx, &add, v, NULL, e) && query_exec(tx, &add_twin, v, NULL, e);
}

static void *write_rows(void *arg)
{
	const struct writer_arg *w = arg;
	char id[ID_ROOM];
	struct err e;

	for (long i = 0;; i++) {
		int n = snprintf(id, sizeof id, "%d-%d-%ld", w->round, w->thread, i);

		if (!store_write(w->s, add_job, id, &e)) {
			fprintf(stderr, "ecrit: %s\n", e.msg);
			_exit(3);
		}
		id[n++] = '\n';
		if (write(STDOUT_FILENO, id, (size_t)n) != n)   /* one write: lines stay whole */
			_exit(3);
	}
	return NULL;
}

static int run_writers(const char *dir, int round)
{
	struct writer_arg w[THREADS];
	pthread_t t[THREADS];
	struct store *s;
	struct err e;

	if (!store_open(dir, STORE_SERVE, &env_system, &s, &e)) {
		fprintf(stderr, "ecrit: %s %s\n", e.msg, e.hint);
		return 1;
	}
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	for (int i = 0; i < THREADS; i++) {
		w[i] = (struct writer_arg){ s, round, i };
		pthread_create(&t[i], NULL, write_rows, &w[i]);
	}
	pthread_join(t[0], NULL);
	return 1;
}

static int verify(const char *dir)
{
	char id[ID_ROOM], copy[1100];
	long wrong = 0, all = 0, rounds = 0;
	int64_t n = 0;
	struct store *s;
	struct db *db = NULL;
	struct arena a = arena_new(1 << 20);
	struct err e;

	if (!store_open(dir, STORE_SERVE, &env_system, &s, &e) || !db_acquire(s, &db, &e)) {
		fprintf(stderr, "ecrit: %s\n", e.msg);
		return 1;
	}
	while (fgets(id, sizeof id, stdin)) {
		id[strcspn(id, "\n")] = '\0';
		if (strcmp(id, "ready") == 0) {
			rounds++;
			continue;
		}
		all++;
		const union query_value v[] = { { .text = id } };
		if (!query_one(db, &a, &seen, v, &n, NULL, &e) || n != 11) {
			printf("acknowledged and not there once: %s (%ld)\n", id, (long)n);
			wrong++;
		}
	}
	if (!query_one(db, &a, &torn, NULL, &n, NULL, &e) || n) {
		printf("half a job was kept: %ld rows\n", (long)n);
		wrong++;
	}
	/* killed between the commit and the answer: at most one row of each thread */
	if (!query_one(db, &a, &rows, NULL, &n, NULL, &e) || n < all || n > all + rounds * THREADS) {
		printf("%ld rows for %ld acknowledged\n", (long)n, all);
		wrong++;
	}
	db_release(&db);
	/* the copy is refused unless integrity_check says ok */
	snprintf(copy, sizeof copy, "%s/copy.db", dir);
	unlink(copy);
	if (!store_backup(s, copy, &e)) {
		printf("%s\n", e.msg);
		wrong++;
	}
	store_close(s);
	arena_free(&a);
	printf("%ld acknowledged, %ld wrong\n", all, wrong);
	return wrong != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--verify") == 0)
		return verify(argv[2]);
	if (argc == 3)
		return run_writers(argv[1], (int)strtol(argv[2], NULL, 10));
	fputs("usage: ecrit DIR ROUND | ecrit --verify DIR\n", stderr);
	return 2;
}
