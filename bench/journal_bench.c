/*
 * The journal: `journal_bench DIR ajouter CLIENTS SECONDS` prints durable acts a second, each
 * client a thread that records one act a job and waits for the disk; `journal_bench DIR
 * verifier N` fills a journal of N acts, signs a head of it, and prints the seconds to verify
 * all of it and the microseconds of one proof of an act.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/journal_preuve.h"
#include "core/journal_verif.h"

enum { CLIENTS_MOST = 512, AT_ONCE = 5000, PROOFS = 2000 };

struct bench {
	struct store *s;
	atomic_bool stop;
};

struct client {
	struct bench *b;
	int64_t done;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool good, const struct err *e)
{
	if (good)
		return;
	fprintf(stderr, "journal_bench: %s\n", e->msg);
	exit(1);
}

static bool one(struct tx *tx, const char *usager, struct err *e)
{
	return journal_append(tx, &env_system, &(struct journal_entry){
			.genre = "acte.fait", .structure = "01a205b0-2011-7dcb-a113-e72129aefae4",
			.usager = usager, .acteur = "01a205a7-9cf5-72a8-be69-0f851d25d86c",
			.objet = "01a205a7-9d0f-7d08-aa02-2c40e63049ff",
			.mots = (struct journal_mot[]){ { "demarche", "logement" }, { "fait", "demande envoyée" },
				{ "resultat", "en attente" }, { 0 } } }, NULL, e);
}

static bool add_one(struct tx *tx, void *arg, struct err *e)
{
	return one(tx, arg, e);
}

static void *run(void *arg)
{
	struct client *c = arg;
	struct err e;

	while (!c->b->stop) {
		must(store_write(c->b->s, add_one, "01a205a7-9d01-770a-b308-e7ccc7683f96", &e), &e);
		c->done++;
	}
	return NULL;
}

static void add_acts(struct store *s, int clients, int during)
{
	struct bench b = { .s = s };
	struct client c[CLIENTS_MOST];
	pthread_t t[CLIENTS_MOST];
	int64_t all = 0;
	double began;

	for (int i = 0; i < clients; i++) {
		c[i] = (struct client){ &b, 0 };
		pthread_create(&t[i], NULL, run, &c[i]);
	}
	began = seconds();
	nanosleep(&(struct timespec){ during, 0 }, NULL);
	b.stop = true;
	for (int i = 0; i < clients; i++) {
		pthread_join(t[i], NULL);
		all += c[i].done;
	}
	printf("%.0f\n", (double)all / (seconds() - began));
}

static bool many(struct tx *tx, void *arg, struct err *e)
{
	char usager[64];

	for (int64_t i = 0; i < *(int64_t *)arg; i++) {
		snprintf(usager, sizeof usager, "01a205a7-9d01-770a-b308-%012ld", (long)(i % 5000));
		if (!one(tx, usager, e))
			return false;
	}
	return true;
}

static void verify(struct store *s, const char *dir, int64_t n)
{
	struct arena a = arena_new(1u << 30);
	unsigned char public[BOX_PUBLIC];
	struct journal_verif v = { .public = public };
	struct signer *g;
	struct db *db = NULL;
	struct journal_tete t;
	struct err e = { 0 };
	double began;

	for (int64_t left = n, now; left > 0; left -= now) {
		now = left < AT_ONCE ? left : AT_ONCE;
		must(store_write(s, many, &now, &e), &e);
	}
	must(signer_open_local(dir, &env_system, &g, &e)
	     && signer_public(g, "journal", public, &e) && db_acquire(s, &db, &e), &e);
	began = seconds();
	must(journal_seal(s, g, "", &a, &t, &e), &e);
	printf("mis en tuiles et signé : %.2f s\n", seconds() - began);
	v.folder = journal_folder(s, &a);
	began = seconds();
	must(journal_verify(db, &a, &v, &e), &e);
	printf("vérifié, %zu faute : %.2f s pour %ld actes\n", v.nfautes, seconds() - began, (long)n);
	began = seconds();
	for (int i = 0; i < PROOFS; i++) {
		CLEANUP(tuiles_free) struct tuiles *tiles = tuiles_new(v.folder, t.head.size);
		struct merkle_hash proof[MERKLE_PROOF];
		size_t size;

		must(merkle_prove((uint64_t)i * 7919 % (uint64_t)n, t.head.size,
			tuiles_node, tiles, proof, &size,
				  &e), &e);
	}
	printf("preuve d’inclusion : %.1f µs\n", (seconds() - began) / PROOFS * 1e6);
	began = seconds();
	for (int i = 0; i < PROOFS; i++) {
		const char *text;

		must(journal_prove(db, v.folder, (int64_t)i * 7919 % n, &t, &a, &text, &e), &e);
	}
	printf("fichier de preuve entier : %.1f µs\n", (seconds() - began) / PROOFS * 1e6);
	db_release(&db);
	signer_close(&g);
	arena_free(&a);
}

static int number(const char *text, long most)
{
	long n = strtol(text, NULL, 10);

	return (int)(n < 1 ? 1 : n > most ? most : n);
}

int main(int argc, char **argv)
{
	struct store *s;
	struct err e = { 0 };

	if (argc < 4 || (strcmp(argv[2], "ajouter") && strcmp(argv[2], "verifier"))) {
		fputs("usage: journal_bench DIR ajouter CLIENTS SECONDS | DIR verifier N\n", stderr);
		return 2;
	}
	must(store_open(argv[1], STORE_CREATE, &env_system, &s, &e), &e);
	if (argc == 5)
		add_acts(s, number(argv[3], CLIENTS_MOST), number(argv[4], 3600));
	else
		verify(s, argv[1], strtoll(argv[3], NULL, 10));
	store_close(s);
	return 0;
}
