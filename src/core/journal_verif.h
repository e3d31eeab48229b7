/*
 * Verifying the journal from one end to the other: each record against its leaf, the leaves
 * against every head that was signed, the tiles against the leaves, the lines of witnesses,
 * and that nothing is missing that was not declared erased.
 */
#pragma once

#include "core/journal_tete.h"

enum { JOURNAL_FAUTES = 20 };

struct journal_verif {
	/* what to verify against */
	const char *folder;             /* DIR/journal; NULL: the tiles are left alone */
	const unsigned char *public;    /* the journal's key, BOX_PUBLIC bytes */
	const struct note_head *garde;  /* a head that somebody kept; NULL */
	void (*progress)(size_t done, size_t all);      /* NULL */

	/* what was found */
	int64_t feuilles, lisibles, effaces;
	int64_t signes;                 /* leaves under the last head; those after wait for one */
	int64_t tetes, temoignages, tuiles;
	struct merkle_hash racine;      /* of all leaves */
	const char *fautes[JOURNAL_FAUTES];     /* sentences; the first ones */
	size_t nfautes;                 /* all of them */
};

/* False only when it could not be verified; faults are in `v`. */
bool journal_verify(struct db *db, struct arena *a, struct journal_verif *v, struct err *e);

/* "12,17-20": leaves that an erasure declares.  Calls `range` for each; false when it is not
 * written so (E_INPUT) or `range` says false. */
bool journal_ranges_read(const char *text, bool (*range)(void *at, int64_t from, int64_t to),
			 void *at, struct err *e);
