/*
 * Finding that rows of several sources are one real place: pairs that share a block (pivot,
 * telephone, neighbouring cells of about 300 m, postal code with a word of the name or with a
 * number in the street) are measured; the score says sure, doubtful or different.  Sure
 * pairs merge; doubtful ones wait for a person, whose word holds for ever for these rows.
 *
 * Cost: n log n.  Blocks that are too full compare each row with its neighbours in the order
 * of names only, so that a dense town does not cost the square of its places.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "store/db.h"

struct rapprochement_ask {
	bool tout;              /* all rows again; else those that are new or changed */
	bool essai;             /* say, and write nothing */
	FILE *paires;           /* each pair that was measured, with its measures; NULL */
	double au_moins;        /* of `paires`: the least score */
};

struct rapprochement_totals {
	size_t lignes;          /* rows of sources */
	size_t neuves;          /* of them: new or changed */
	size_t paires;          /* measured */
	size_t fusionnes;       /* places that became part of another */
	size_t doutes;          /* pairs that somebody is asked about from now on */
	size_t retenus;         /* hidden until it is known whether they are protected places */
	size_t lieux;           /* places after that */
};

/* Inside a job, so that no reader ever sees a place before it was compared. */
bool rapprochement_run(struct tx *tx, const struct env *env,
		       const struct rapprochement_ask *ask, struct rapprochement_totals *out,
		       struct err *e);

/* Finds and says, writes nothing (ask->essai). */
bool rapprochement_essai(struct db *db, const struct rapprochement_ask *ask,
			 struct rapprochement_totals *out, struct err *e);

/* --- what a person decides ------------------------------------------------------------ */

enum rapprochement_mot { MOT_MEME, MOT_DIFFERENT, MOT_PLUS_TARD };

/* The pair, by the rows of its sources in any order. */
struct rapprochement_paire {
	const char *source_a, *id_a, *source_b, *id_b;
};

/* Keeps the word and does it: 'meme' merges, 'different' lets go what was held back;
 * 'plus tard' takes an earlier word back: apart again, hidden again beside a protected one.
 * agent_id may be NULL (command line).  E_MISSING when a row is gone. */
bool rapprochement_decider(struct tx *tx, const struct rapprochement_paire *p,
			   enum rapprochement_mot mot, const char *agent_id, const char *now,
			   struct err *e);

/* Takes a row out of its place and keeps that it is different from all that stay. */
bool rapprochement_separer(struct tx *tx, const char *source_id, const char *id_source,
			   const char *agent_id, const char *now, const char **lieu_id,
			   struct arena *a, struct err *e);
