/*
 * Heads of the journal: from time to time what was appended gets into tiles, and the root of
 * the tree is signed (C2SP tlog-checkpoint, key "journal" of the signer).
 *
 * The tree has a name, its origin: the first line of heads and the name of the key.  After a
 * restore it has another one, declared by a leaf: no two heads of one name disagree.
 */
#pragma once

#include "core/journal.h"
#include "core/journal_tuile.h"
#include "crypto/note.h"
#include "store/signer.h"

enum { JOURNAL_EVERY_MS = 60 * 1000, JOURNAL_NOTE = 16 << 10 };

struct journal_tete {
	struct note_head head;
	const char *note;               /* signed by us alone */
	const char *cosignee;           /* the same with the lines of witnesses */
};

/*
 * Signs a head of all that is in the journal now, unless the last one says so already.
 * `nom`: how to name the tree at its first head, "aide.exemple.fr/journal"; NULL or "": after
 * its key.  Not inside a job.  E_MISSING: nothing is in the journal; E_STORE: what is there is
 * not what was signed (an older copy of the store, a leaf that changed), or the disk is full:
 * nothing is signed then.
 */
bool journal_seal(struct store *s, struct signer *g, const char *nom, struct arena *a,
		  struct journal_tete *out, struct err *e);

/* The last head; E_MISSING when nothing was signed yet. */
bool journal_last(struct db *db, struct arena *a, struct journal_tete *out, struct err *e);

/* DIR/journal. */
const char *journal_folder(const struct store *s, struct arena *a);

/*
 * After a restore (which leaves DIR/journal/quitte): appends the leaf that declares it, names
 * the head that it left and gives the tree its new name.  Does nothing otherwise.
 */
bool journal_resume(struct store *s, struct err *e);
