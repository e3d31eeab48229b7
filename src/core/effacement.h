/*
 * What is kept of a person, given back whole or erased, whatever the module that keeps it.
 *
 * Each module says in a table what it holds of somebody and how it erases it; app/modules.c
 * lists the tables (core->effaceurs).  An erasure is written in DIR/journal/effacements before
 * it is done, so that it is done again when a backup from before is restored: the list is
 * carried over by the restore (store/sauvegarde.c) and holds ids alone.
 */
#pragma once

#include <stdbool.h>

#include "base/env.h"
#include "base/err.h"
#include "format/json.h"
#include "store/db.h"

struct effacer {
	struct tx *tx;
	const struct env *env;
	const char *cle;                /* id of the person, number of a questionnaire... */
	const char *par;                /* agent or usager who asked; NULL: the command line */
	bool encore;                    /* done again after a restore */
};

struct effaceur {
	const char *sorte;              /* "usager", "reponse": what kind of thing `cle` names */
	const char *nom;                /* of its part in an export: "mandats" */
	/* Erases all that it holds under that key; nothing there is no error. */
	bool (*efface)(const struct effacer *x, struct err *e);
	/* Writes the members of one object; NULL: nothing that a person can read. */
	bool (*donne)(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		      struct err *e);
};

/* Tables end with a NULL sorte, the list of tables with NULL. */
typedef const struct effaceur *const *effaceurs;

/*
 * Erases in one job what every table of that kind holds under the key, then empties the
 * write-ahead log as soon as nobody reads.  E_INPUT: a key with spaces or longer than 100.
 */
bool effacement_run(struct store *s, effaceurs all, const char *sorte, const char *cle,
		    const char *par, struct err *e);

/*
 * Only writes in the list that this goes: for what erases by itself, in its own job, once it
 * knows that something was there (anybody may try numbers).
 */
bool effacement_note(struct store *s, const char *sorte, const char *cle, struct err *e);

/* All that is kept of a person, as one JSON document: {"usager":ID,"le":...,"mandats":{...}}. */
bool effacement_export(struct db *db, const struct env *env, effaceurs all, const char *sorte,
		       const char *cle, struct buf *b, struct err *e);

/* After a restore: does again all that the list says. */
bool effacement_replay(struct store *s, effaceurs all, struct err *e);

/*
 * What a folder that was restored has still to do before it serves: replay the erasures, then
 * declare the restore in the journal (journal_resume).  Nothing when it was not restored.
 */
bool effacement_resume(struct store *s, effaceurs all, struct err *e);
