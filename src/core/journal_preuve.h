/*
 * Proofs that others check without us: that an act is in the journal, and that a head that
 * somebody kept is the beginning of a later one.
 */
#pragma once

#include "core/journal_tete.h"

enum { JOURNAL_PREUVE = 64 << 10 };

/*
 * The proof of an act against a head: a text that stands by itself, C2SP tlog-proof
 * (extension .tlog-proof).  Its "extra" line is the salt and the record, whose SHA-256 is the
 * entry.  E_MISSING: no such act, or no head covers it yet; E_CONFLICT: it was erased.
 */
bool journal_prove(struct db *db, const char *folder, int64_t numero,
		   const struct journal_tete *t, struct arena *a, const char **out,
		   struct err *e);

struct journal_proof {
	uint64_t index;
	const char *record;             /* the line of JSON; NULL when the proof has none */
	struct merkle_hash proof[MERKLE_PROOF];
	size_t nproof;
	struct note_head head;
	const char *note;
	size_t nnote;
};

/*
 * Reads such a text and checks it: the record is the entry, the entry is in the tree, the head
 * is signed by `key`.  E_INPUT: it is no proof; E_CONFLICT says what does not hold.
 */
bool journal_proof_check(const char *p, size_t n, const struct note_key *key, struct arena *a,
			 struct journal_proof *out, struct err *e);

/*
 * That the first `old` acts of head t are those of an older head: what tlog-witness sends
 * (add-checkpoint), "old N", the hashes, an empty line, the head.  E_MISSING when the head is
 * shorter than that.
 */
bool journal_prove_growth(const char *folder, uint64_t old, const struct journal_tete *t,
			  struct buf *b, struct err *e);

struct journal_growth {
	uint64_t old;
	struct merkle_hash proof[MERKLE_PROOF];
	size_t nproof;
	const char *text;               /* of the head */
	size_t ntext;
	struct note note;
	struct note_head head;
};

/* Reads what journal_prove_growth wrote; nothing is checked.  Borrows p.  E_INPUT. */
bool journal_growth_read(const char *p, size_t n, struct journal_growth *out, struct err *e);
