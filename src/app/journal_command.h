/* "journal verify", "root", "checkpoint", "prove", "check", "export", "audit"; witnesses:
 * "temoin", "suivre", "cosigner" (journal_temoin_command.c). */
#pragma once

#include "core/command.h"
#include "core/journal_preuve.h"
#include "store/db.h"

extern const struct command journal_commands[];
extern const struct command journal_temoin_commands[];

/* What the commands of the journal stand on: the store of --data and its key. */
struct livre {
	struct call *c;
	struct arena a;
	struct store *s;
	struct db *db;
	bool makes;                     /* the key is made when there is none */
	struct signer *signer;          /* NULL: only --cle was given */
	const char *folder;             /* DIR/journal */
	unsigned char public[BOX_PUBLIC];
};

/* E_INPUT when neither DIR/cles nor --cle gives the key of the journal. */
bool livre_open(struct call *c, struct livre *l, struct err *e);
void livre_close(struct livre *l);              /* for CLEANUP */

/* The last head, and the key that verifies it. */
bool livre_last(struct livre *l, struct journal_tete *t, struct note_key *key, struct err *e);

/* A file of at most `most` bytes, whole, in l->a. */
bool livre_file(struct livre *l, const char *path, size_t most, const char **p, size_t *n,
		struct err *e);
