/* What the tests of the journal share: a folder, its key, acts. */
#pragma once

#include "tests/test.h"

#include "core/journal_tete.h"
#include "core/journal_verif.h"
#include "store/db.h"

struct journal_world {
	const char *dir;
	struct store *s;
	struct signer *g;
	struct arena a;
	struct db *db;
};

struct journal_world journal_world_open(const char *dir);
void journal_world_close(struct journal_world *w);      /* for CLEANUP */

/* One act about that person, whose text says `quoi`; its leaf. */
int64_t act_put(struct journal_world *w, const char *genre, const char *usager, const char *quoi);
void acts_put(struct journal_world *w, int n);

/* A head now. */
struct journal_tete seal_now(struct journal_world *w);

/* How many faults "journal verify" finds; the first sentence in `said` (may be NULL). */
size_t faults(struct journal_world *w, const struct note_head *kept, const char **said);

/* Runs one statement on the file itself, as whoever steals the disk would. */
void harm(struct journal_world *w, const char *statement);

/* How many files under `dir` hold these bytes, those of sauvegardes/ left out. */
int files_with(const char *dir, const char *bytes);
