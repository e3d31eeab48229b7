/*
 * The identity that an outside provider (ProConnect...) gives to an agent: linked by the
 * agent, who proved both; never guessed from a mail address, and no right comes with it.
 */
#pragma once

#include "core/agent.h"
#include "store/db.h"

struct identite {
	const char *fournisseur;        /* issuer, exactly */
	const char *sujet;              /* sub */
	const char *liee_le, *vue_le;   /* vue_le: NULL before it served */
};

/* Whose it is; *agent is NULL when nobody has linked it. */
bool identite_find(struct db *db, struct arena *a, const char *fournisseur,
		   const char *sujet, const char **agent, struct err *e);

/* Those of an agent, the oldest first. */
bool identite_list(struct db *db, struct arena *a, const char *agent, struct identite **out,
		   size_t *n, struct err *e);

/* Who does it (the agent of the session), to what; `nom` of the provider, for the log. */
struct identite_acte {
	const struct agent *par;
	const char *fournisseur, *sujet, *nom;
};

/* Links it, with its line in the log.  Twice is once.  E_CONFLICT when another account has it. */
bool identite_link(struct tx *tx, const struct env *env, struct arena *a,
		   const struct identite_acte *x, struct err *e);

/* Forgets it, with its line.  E_MISSING; E_CONFLICT when no other way to log in is left. */
bool identite_unlink(struct tx *tx, const struct env *env, struct arena *a,
		     const struct identite_acte *x, struct err *e);

/* It has just served to log in. */
bool identite_seen(struct tx *tx, const struct env *env, const struct identite_acte *x,
		   struct err *e);
