/* Acting in somebody's name: the right is asked in the transaction that writes the act. */
#pragma once

#include "accompany/mandat.h"

extern const struct choice acte_resultats[];

enum { ACTE_FAIT = 600, ACTE_COURT = 200 };

struct acte {
	/* drawn when the page was shown: sent twice, written once */
	const char *id;
	const char *mandat, *agent;
	int demarche, resultat;
	const char *fait;               /* what was done */
	const char *reference, *suite, *documents;      /* NULL */
	const char *raison;             /* of an agent who is not named; NULL */
	const char *site;               /* client_id of a site opened in their name; NULL */
};

/* May they, now?  The errors of acte_record; `x` needs mandat, agent, demarche, raison. */
bool acte_allowed(struct db *db, const struct env *env, struct arena *a, const struct acte *x,
		  struct err *e);

/*
 * One row, one leaf of the journal, one line of the person's history; `numero` is the leaf's.
 * E_CONFLICT: the mandat ended, was stopped, or this démarche was, whenever the page was
 * opened; E_DENIED: another structure, an agent who is no aidant there any more, or who is
 * not named and gave no reason.  The same id again changes nothing and gives the leaf that
 * it had.
 */
bool acte_record(struct tx *tx, const struct env *env, struct arena *a, const struct acte *x,
		 int64_t *numero, struct err *e);

struct acte_ligne {
	const char *id, *le, *fait, *reference, *suite, *documents, *agent, *raison;
	int demarche, resultat;
	int64_t numero;
};
bool acte_list(struct db *db, struct arena *a, const char *mandat, struct acte_ligne **out,
	       size_t *n, struct err *e);
bool acte_get(struct db *db, struct arena *a, const char *id, struct acte_ligne *out,
	      struct err *e);
