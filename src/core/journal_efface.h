/*
 * Erasing what acts of the journal say: the salt and the text go, the leaves stay.  What was
 * erased is declared by a leaf ("journal.efface"), so that "journal verify" tells an
 * erasure from a theft.  Declaring nothing (nothing was there) adds no leaf.
 */
#pragma once

#include "core/effacement.h"
#include "core/journal.h"

/* All acts about a person; `motif`: "personne", "duree", "fin-de-mandat". */
bool journal_erase_person(struct tx *tx, const struct env *env, const char *usager,
			  const char *motif, const char *par, int64_t *n, struct err *e);
/* All acts about a thing: a mandat whose time of archive is over. */
bool journal_erase_about(struct tx *tx, const struct env *env, const char *objet,
			 const char *motif, const char *par, int64_t *n, struct err *e);
/* How long each family of acts is kept, and why. */
struct journal_duree {
	const char *famille;            /* "mandat", of "mandat.signe" */
	int jours;                      /* 0: as long as the journal; it names nobody */
	const char *quoi, *fondement;   /* messages: what, and the legal ground with its source */
};
extern const struct journal_duree journal_durees[];     /* ends with a NULL famille */

/* "un an", "sept ans", "sans limite": a message. */
const char *journal_duree_words(const struct journal_duree *d);

/* The row of a kind; NULL: no such family (journal_append refuses it). */
const struct journal_duree *journal_duree_of(const char *genre);

/* Erases what is past its time, some thousands of acts a job.  For the job of retention. */
bool journal_conserve(struct store *s, struct err *e);

extern const struct effaceur journal_effaceurs[];
