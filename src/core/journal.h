/*
 * The journal: what was done, by whom, for whom, that nobody can change unseen.
 *
 * Whoever records an act, a right, a consent, a mandat, a login or an export appends to the
 * journal inside the same job of the store:
 *
 *	static bool sign(struct tx *tx, void *arg, struct err *e)
 *	{
 *		...
 *		return mandat_add(tx, ..., e)
 *		       && journal_append(tx, env, &(struct journal_entry){
 *				.genre = "mandat.signe", .structure = structure, .usager = usager,
 *				.acteur = agent, .objet = mandat,
 *				.mots = (struct journal_mot[]){ { "duree", "SHORT" }, { 0 } } },
 *				&numero, e);
 *	}
 *
 * What is confirmed is then in the journal once, what is refused is not.
 *
 * A leaf of the Merkle tree (RFC 6962) is the SHA-256 of 16 random bytes followed by the
 * record, a line of JSON with its keys sorted:
 *	{"acteur":…,"genre":…,"le":…,"objet":…,"structure":…,"texte":{…},"usager":…,"v":1}
 * Salt and record stand beside, and can be erased (journal_erase_*): the leaf then tells
 * nothing more, and the tree stays whole.  An erasure is a leaf too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"

enum { JOURNAL_MOTS = 24, JOURNAL_RECORD = 16 << 10, JOURNAL_SALT = 16, JOURNAL_HASH = 32 };

struct journal_mot {
	const char *nom, *valeur;       /* a NULL value is left out; a NULL name ends the list */
};

struct journal_entry {
	/* "family.act" in a-z and '-': "mandat.signe", "acte.fait", "consentement.recu",
	 * "export.personne"; the family is one of journal_durees (core/journal_efface.h), which
	 * says how long it is kept and why: E_STORE otherwise */
	const char *genre;
	const char *structure, *usager; /* ids; NULL */
	const char *acteur;             /* id of the agent or usager; NULL: the command line */
	const char *objet;              /* id of what it is about: mandat, account; NULL */
	const struct journal_mot *mots; /* in any order, no name twice; NULL: none */
};

/* Appends in the caller's transaction; `numero` (may be NULL) is the leaf's, from 0.
 * E_LIMIT when the record passes JOURNAL_RECORD bytes. */
bool journal_append(struct tx *tx, const struct env *env, const struct journal_entry *x,
		    int64_t *numero, struct err *e);

struct journal_act {
	int64_t numero;
	struct bytes engagement;        /* JOURNAL_HASH bytes */
	bool efface;                    /* erased: what follows is NULL */
	struct bytes sel;
	const char *le, *genre, *structure, *usager, *acteur, *objet;
	const char *texte;              /* the JSON object of `mots` */
	const char *record;             /* what, after the salt, hashes to `engagement` */
};

/* One leaf and what it says; E_MISSING when there is no such leaf yet. */
bool journal_get(struct db *db, struct arena *a, int64_t numero, struct journal_act *out,
		 struct err *e);

/* How many leaves there are. */
bool journal_count(struct db *db, struct arena *a, int64_t *out, struct err *e);
