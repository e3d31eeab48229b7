/*
 * Witnesses: whoever sees the head of a journal, checks that it only grew since the last
 * time, remembers it and signs it too (C2SP tlog-cosignature, Ed25519).  Then nobody can be
 * shown another past, not even by who holds the server and its keys.
 *
 * A witness is another Tremplin (tlog-witness over HTTP), or a file on a USB stick.
 */
#pragma once

#include "core/journal_preuve.h"

/* --- this Tremplin, witness of another ---------------------------------------------------- */

/* The key with which we witness; its name follows that of the site, or the key itself. */
bool journal_witness_key(struct signer *g, const char *nom, struct arena *a,
			 struct note_key *out, struct err *e);

struct journal_witness {
	int status;                     /* 200, 400, 403, 404, 409, 422 as tlog-witness says */
	const char *type, *body;
};

/*
 * Answers add-checkpoint.  What is signed is remembered before, in one transaction with the
 * comparison: two requests at once cannot make us sign two pasts.  False: nothing was decided.
 */
bool journal_witness_add(struct store *s, struct signer *g, const struct note_key *own,
			 struct bytes body, struct arena *a, struct journal_witness *out,
			 struct err *e);

/* --- a file that witnesses ------------------------------------------------------------------ */

enum { TEMOIN_FILE = 24 << 10 };

/* "tremplin temoin v1", its secret, its name, the key of the journal, then the last head. */
struct temoin_file {
	unsigned char secret[BOX_KEY];
	struct note_key own;            /* NOTE_WITNESS */
	struct note_key journal;        /* NOTE_LOG */
	const char *note;               /* the last head, as the journal signed it */
	struct note_head head;
};

/* Borrows nothing; texts live in `a`.  E_INPUT when it is no such file. */
bool temoin_read(const char *p, size_t n, struct arena *a, struct temoin_file *out,
		 struct err *e);
bool temoin_write(const struct temoin_file *t, struct buf *b, struct err *e);
/* A new one, with a secret of its own, for the journal of that key; it has seen nothing yet. */
bool temoin_new(const struct env *env, const char *nom, const struct note_key *journal,
		struct temoin_file *out, struct err *e);

/*
 * Shows it a newer head and the proof that comes with it.  It remembers the head and writes its
 * line of signature in `line` (without line end), or refuses: E_CONFLICT, and nothing changed.
 */
bool temoin_see(struct temoin_file *t, int64_t now_ms, const struct journal_tete *tete,
		const struct merkle_hash *proof, size_t nproof, struct arena *a,
		const char **line, struct err *e);

/* --- the journal that was witnessed ---------------------------------------------------------- */

/* Keeps what a witness answered to the last head (lines of signature), when it is right:
 * E_CONFLICT when none is of that witness. */
bool journal_cosigned_by(struct store *s, const struct journal_tete *t, const struct note_key *w,
			 const char *lines, size_t n, struct err *e);
