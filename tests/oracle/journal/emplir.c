/* emplir DIR N : appends acts to the journal of DIR until it has N. */
#include <stdio.h>
#include <stdlib.h>

#include "core/journal.h"

enum { AT_ONCE = 5000 };

static bool append(struct tx *tx, void *arg, struct err *e)
{
	const int64_t *many = arg;
	char usager[32], quoi[64];

	for (int64_t i = 0; i < *many; i++) {
		snprintf(usager, sizeof usager, "personne-%ld", (long)(i % 97));
		snprintf(quoi, sizeof quoi, "démarche « %ld »", (long)i);
		if (!journal_append(tx, &env_system, &(struct journal_entry){
				.genre = i % 10 ? "acte.fait" : "mandat.signe", .structure = "structure-1",
				.usager = usager, .acteur = "agent-1", .objet = "mandat-1",
				.mots = (struct journal_mot[]){ { "quoi", quoi }, { 0 } } }, NULL, e))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct arena a = arena_new(1 << 20);
	struct db *db = NULL;
	struct store *s;
	struct err e = { 0 };
	int64_t n = 0, all, many;

	if (argc != 3) {
		fputs("usage: emplir DIR N\n", stderr);
		return 2;
	}
	all = strtoll(argv[2], NULL, 10);
	if (!store_open(argv[1], STORE_CREATE, &env_system, &s, &e) || !db_acquire(s, &db, &e)
	    || !journal_count(db, &a, &n, &e)) {
		fprintf(stderr, "emplir: %s %s\n", e.msg, e.hint);
		return 1;
	}
	db_release(&db);
	for (; n < all; n += many) {
		many = all - n < AT_ONCE ? all - n : AT_ONCE;
		if (!store_write(s, append, &many, &e)) {
			fprintf(stderr, "emplir: %s\n", e.msg);
			return 1;
		}
	}
	store_close(s);
	arena_free(&a);
	return 0;
}
