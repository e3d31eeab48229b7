/*
 * Sheets of paper typed back, one after the other.  A sheet counts once: its number, which
 * the person holds, says so.  It may be typed twice, by two people: the second typing is
 * held against the first, what differs is read again on the paper, and how far they agree
 * is counted (all sheets together, never by agent).
 */
#pragma once

#include "detect/recueil.h"

enum saisie_issue {
	SAISIE_GARDEE, SAISIE_COMPTEE,
	SAISIE_RIEN,            /* no consent, or nothing is kept here: only that it was typed */
	SAISIE_ATTEND,          /* the second typing */
	SAISIE_DIFFERE,         /* from the first: see differe; nothing was kept yet */
};

struct saisie {
	struct recueil r;               /* numero is the sheet's */
	/* the person agreed, is 18 or more, and this structure may */
	bool garder;
	bool compter;                   /* when it is not kept: only that somebody answered */
	bool deux_fois;                 /* this one is the first of two */
	bool verifie;                   /* what differed was read again on the paper */
	/* results */
	enum saisie_issue issue;
	const struct reponse *premiere; /* as typed the first time; SAISIE_DIFFERE */
	const bool *differe;            /* an item each; SAISIE_DIFFERE */
	int comparees, identiques;      /* answers; 0, 0 when it was not compared */
};

enum { SAISIE_JOURS = 60 };     /* how long a first typing waits for the second */

/*
 * E_INPUT: no such number.  E_CONFLICT: this sheet was typed already, or the first time
 * with another version.  E_DENIED: the first time in another structure.
 */
bool saisie_put(struct store *s, const struct env *env, struct arena *a, struct saisie *k,
		struct err *e);

struct saisie_bilan {
	int64_t feuilles, comparees, identiques;        /* typed twice in this structure */
	int64_t attendent;                              /* sheets that wait for the second time */
};
bool saisie_bilan(struct db *db, struct arena *a, const char *instrument,
		  const char *structure, struct saisie_bilan *out, struct err *e);
