/*
 * ecrit DIR ROUND : eight threads write rows through store_write until they are killed;
 * each id goes to standard output once store_write has said that it is on disk.
 * Each job appends to the journal too, and a ninth thread signs heads of it all the while.
 * Four more threads act under a mandat, as an aidant does ("acte ID" once it is confirmed), and
 * under one that was stopped ("refus ID").
 * ecrit --verify DIR : reads ids on standard input, prints what is lost, doubled or broken.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accompany/acte.h"
#include "core/journal_verif.h"
#include "store/sauvegarde.h"

enum { THREADS = 8, ACTORS = 4, ID_ROOM = 48 };

static const enum query_type texts[] = { Q_TEXT, Q_TEXT };
static const struct query add = {
	"add", "INSERT INTO source (id, nom) VALUES (?1, ?2)", texts, 2, NULL, 0, 0, false,
	"source",
};
/* what an id is found by: its row, and the row that the same job wrote beside it */
static const struct query_column count_columns[] = { { Q_INT, false, 0, 0 } };
static const struct query seen = {
	"seen", "SELECT (SELECT count(*) FROM source WHERE id = ?1) + 10 * "
	"(SELECT count(*) FROM reglage WHERE cle = ?1) + 100 * "
	"(SELECT count(*) FROM journal_acte WHERE objet = ?1)", texts, 1, count_columns, 1,
	sizeof(int64_t), true, NULL,
};
static const struct query add_twin = {
	"add_twin", "INSERT INTO reglage (cle, valeur) VALUES (?1, ?2)", texts, 2, NULL, 0, 0, false,
	"reglage",
};
/* half a job: one of the two rows without the other */
static const struct query torn = {
	"torn", "SELECT (SELECT count(*) FROM source WHERE id NOT IN (SELECT cle FROM reglage)) + "
	"(SELECT count(*) FROM reglage WHERE cle NOT IN (SELECT id FROM source)) + "
	"(SELECT count(*) FROM journal_acte WHERE objet NOT IN (SELECT id FROM source) "
	"AND objet NOT IN (SELECT id FROM acte)) + "
	"(SELECT count(*) FROM acte WHERE id NOT IN (SELECT objet FROM journal_acte)) + "
	"(SELECT count(*) FROM acte WHERE id NOT IN (SELECT objet FROM histoire)) + "
	"(SELECT count(*) FROM histoire WHERE objet NOT IN (SELECT id FROM acte)) + "
	"(SELECT count(*) FROM source WHERE id NOT IN (SELECT objet FROM journal_acte))", NULL, 0,
	count_columns, 1, sizeof(int64_t), true, NULL,
};

static const struct query rows = {
	"rows", "SELECT count(*) FROM source", NULL, 0, count_columns, 1, sizeof(int64_t), true, NULL,
};

/* An act, its leaf and its line of history, each once; or nothing at all of it. */
static const struct query act_seen = {
	"act_seen", "SELECT (SELECT count(*) FROM acte WHERE id = ?1) + 10 * "
	"(SELECT count(*) FROM histoire WHERE objet = ?1) + 100 * "
	"(SELECT count(*) FROM journal_acte WHERE objet = ?1)", texts, 1, count_columns, 1,
	sizeof(int64_t), true, NULL,
};

/* m0 is signed, m1 was stopped. */
#define DO(sql) { "people", sql, NULL, 0, NULL, 0, 0, false, "mandat" }
static const struct query people[] = {
	DO("INSERT OR IGNORE INTO structure (id, nom, nom_cle, type, pouvoirs, etat, cree_le, maj_le) "
	"VALUES ('s', 'CCAS', 'ccas', 'ccas', 'mandats', 'active', '', '')"),
	DO("INSERT OR IGNORE INTO agent (id, prenom, nom, nom_cle, identifiant, etat, cree_le, maj_le) "
	"VALUES ('a', 'Ana', 'B', 'b', 'ana', 'actif', '', '')"),
	DO("INSERT OR IGNORE INTO agent_role (agent_id, structure_id, role, depuis) VALUES ('a', 's', 'aidant', '')"),
	DO("INSERT OR IGNORE INTO usager (id, structure_id, numero, nom, cree_par, cree_le, maj_le) "
	"VALUES ('u', 's', '000000001', 'Un', 'a', '', '')"),
	DO("INSERT OR IGNORE INTO mandat (id, usager_id, structure_id, raison, duree, mode, etat, cree_par, cree_le, "
	"signe_le, expire_le) VALUES ('m0', 'u', 's', 'x', 'LONG', 'ecran', 'actif', 'a', '', '', '2999'), "
	"('m1', 'u', 's', 'x', 'LONG', 'ecran', 'arrete', 'a', '', '', '2999')"),
	DO("INSERT OR IGNORE INTO autorisation (mandat_id, demarche) VALUES ('m0', 'logement'), ('m1', 'logement')"),
	DO("INSERT OR IGNORE INTO mandat_agent VALUES ('m0', 'a', ''), ('m1', 'a', '')"),
};

static bool people_job(struct tx *tx, void *arg, struct err *e)
{
	(void)arg;
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		if (!query_exec(tx, &people[i], NULL, NULL, e))
			return false;
	}
	return true;
}

struct writer_arg {
	struct store *s;
	int round, thread;
};

static bool add_job(struct tx *tx, void *arg, struct err *e)
{
	const union query_value v[] = { { .text = arg }, { .text = arg } };

	return query_exec(tx, &add, v, NULL, e)
	       && journal_append(tx, &env_system, &(struct journal_entry){ .genre = "acte.fait",
				.objet = arg }, NULL, e)
	       && query_exec(tx, &add_twin, v, NULL, e);
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

struct acting {
	struct arena a;
	struct acte x;
};

static bool act_job(struct tx *tx, void *arg, struct err *e)
{
	struct acting *c = arg;
	int64_t numero;

	return acte_record(tx, &env_system, &c->a, &c->x, &numero, e);
}

static void *write_acts(void *arg)
{
	const struct writer_arg *w = arg;
	bool stopped = w->thread % 2;
	char id[ID_ROOM], said[ID_ROOM + 8];
	struct err e = { 0 };

	for (long i = 0;; i++) {
		struct acting c = { .a = arena_new(1 << 20), .x = { .id = id,
			.mandat = stopped ? "m1" : "m0", .agent = "a", .fait = "envoyé",
			.demarche = demarche_named("logement") } };
		int n;
		bool good;

		snprintf(id, sizeof id, "a-%d-%d-%ld", w->round, w->thread, i);
		good = store_write(w->s, act_job, &c, &e);
		arena_free(&c.a);
		if (good == stopped || (stopped && e.kind != E_CONFLICT)) {
			fprintf(stderr, "ecrit: act %s: %s\n", id, e.msg);
			_exit(3);
		}
		n = snprintf(said, sizeof said, "%s %s\n", good ? "acte" : "refus", id);
		if (write(STDOUT_FILENO, said, (size_t)n) != n)
			_exit(3);
	}
	return NULL;
}

struct sealer {
	struct store *s;
	const char *dir;
};

static void *seal_heads(void *arg)
{
	struct sealer *k = arg;
	struct signer *g;
	struct err e = { 0 };

	if (!signer_open_local(k->dir, &env_system, &g, &e)) {
		fprintf(stderr, "ecrit: %s\n", e.msg);
		_exit(3);
	}
	for (;;) {
		struct arena a = arena_new(1 << 20);
		struct journal_tete t;

		if (!journal_seal(k->s, g, "essai/journal", &a, &t, &e) && e.kind != E_MISSING) {
			fprintf(stderr, "ecrit: %s\n", e.msg);
			_exit(3);
		}
		arena_free(&a);
		usleep(2000);
	}
	return NULL;
}

static int run_writers(const char *dir, int round)
{
	struct writer_arg w[THREADS + ACTORS];
	struct sealer sealer;
	pthread_t t[THREADS + ACTORS + 1];
	struct store *s;
	struct err e;

	if (!store_open(dir, STORE_SERVE, &env_system, &s, &e)
	    || !store_write(s, people_job, NULL, &e)) {
		fprintf(stderr, "ecrit: %s %s\n", e.msg, e.hint);
		return 1;
	}
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	for (int i = 0; i < THREADS + ACTORS; i++) {
		w[i] = (struct writer_arg){ s, round, i };
		pthread_create(&t[i], NULL, i < THREADS ? write_rows : write_acts, &w[i]);
	}
	sealer = (struct sealer){ s, dir };
	pthread_create(&t[THREADS + ACTORS], NULL, seal_heads, &sealer);
	pthread_join(t[0], NULL);
	return 1;
}

/* Signed once more, as a server that starts does, then verified from end to end. */
static long verify_journal(struct store *s, struct db *db, const char *dir)
{
	struct arena a = arena_new(64 << 20);
	unsigned char public[BOX_PUBLIC];
	struct journal_verif v = { .folder = journal_folder(s, &a), .public = public };
	struct journal_tete t;
	struct signer *g = NULL;
	struct err e = { 0 };
	long wrong;

	if (!signer_open_local(dir, &env_system, &g, &e)
	    || (!journal_seal(s, g, "essai/journal", &a, &t, &e) && e.kind != E_MISSING)
	    || !signer_public(g, "journal", public, &e) || !journal_verify(db, &a, &v, &e)) {
		printf("journal: %s\n", e.msg);
		v.nfautes++;
	}
	for (size_t i = 0; i < v.nfautes && i < JOURNAL_FAUTES; i++)
		printf("journal: %s\n", v.fautes[i] ? v.fautes[i] : "");
	wrong = (long)v.nfautes;
	signer_close(&g);
	arena_free(&a);
	return wrong;
}

/* "acte ID": once in each place; "refus ID": in none. */
static long act_is_wrong(struct db *db, struct arena *a, const char *line)
{
	const char *id = strchr(line, ' ') + 1;
	const union query_value v[] = { { .text = id } };
	int64_t n = -1, wanted = *line == 'a' ? 111 : 0;
	struct err e;

	if (query_one(db, a, &act_seen, v, &n, NULL, &e) && n == wanted)
		return 0;
	printf("%s: %ld\n", line, (long)n);
	return 1;
}

static int verify(const char *dir)
{
	char id[ID_ROOM], copy[1100];
	long wrong = 0, all = 0, rounds = 0, acts = 0;
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
		if (strchr(id, ' ')) {
			wrong += act_is_wrong(db, &a, id);
			acts++;
			continue;
		}
		all++;
		const union query_value v[] = { { .text = id } };
		if (!query_one(db, &a, &seen, v, &n, NULL, &e) || n != 111) {
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
	wrong += verify_journal(s, db, dir);
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
	printf("%ld acknowledged, %ld acts confirmed or refused, %ld wrong\n", all, acts, wrong);
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
