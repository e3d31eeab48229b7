/*
 * The security log: who did what to an account, when, from which session.  The referents of
 * the structure and the agent concerned read it; nothing is ever counted by agent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"
#include "web/route.h"

enum trace_action {
	TRACE_INVITE, TRACE_ACTIVE, TRACE_SUSPENDU, TRACE_RETABLI, TRACE_PARTI, TRACE_DEPLACE,
	TRACE_ROLE_DONNE, TRACE_ROLE_RETIRE,
	TRACE_CONNEXION, TRACE_CONNEXION_REFUSEE, TRACE_COMPTE_BLOQUE, TRACE_DECONNEXION,
	TRACE_SESSION_FERMEE, TRACE_PREUVE, TRACE_CHANGE_STRUCTURE,
	TRACE_MOT_DE_PASSE, TRACE_COURRIEL,
	TRACE_FACTEUR_AJOUTE, TRACE_FACTEUR_RETIRE, TRACE_FACTEUR_DEBLOQUE,
	TRACE_CARTE_REMISE, TRACE_CARTE_PERDUE,
	TRACE_CARTES_IMPORTEES, TRACE_CODES_SECOURS, TRACE_CODE_SECOURS_UTILISE,
	TRACE_ACCES_REDONNE,
	TRACE_IDENTITE_LIEE, TRACE_IDENTITE_RETIREE,
	TRACE_STRUCTURE_CREE, TRACE_STRUCTURE_MODIFIEE, TRACE_STRUCTURE_SUSPENDUE,
	TRACE_REGLAGE,
	TRACE_ACTIONS
};

extern const struct choice trace_actions[];     /* slug in the store, label that people read */

struct trace {
	enum trace_action action;
	const char *agent, *session;    /* who; NULL: nobody yet, or the command line */
	const char *cible;              /* agent whose account it is; NULL */
	const char *structure;          /* whose referents may read it; NULL: admins only */
	const char *objet;              /* serial of a card, name; never a secret; NULL */
};

struct trace_line {
	const char *id, *le;            /* UTC, ISO 8601 */
	enum trace_action action;
	const char *agent, *cible;      /* names; NULL */
	const char *structure, *session, *objet;        /* name, id, text; NULL */
};

bool trace_put(struct tx *tx, const struct env *env, const struct trace *t, struct err *e);

struct trace_ask {
	const char *structure;          /* NULL: every structure (admins) */
	const char *cible;              /* lines about that account; NULL: every account */
	const char *depuis, *avant;     /* first instant, and the one after the last; NULL */
	const char *suite;              /* id of the last line already shown; NULL: the newest */
	size_t most;
};

/* The newest first. */
bool trace_read(struct db *db, struct arena *a, const struct trace_ask *ask,
		struct trace_line **out, size_t *n, struct err *e);
