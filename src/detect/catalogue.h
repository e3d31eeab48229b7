/*
 * Which instruments there are: those of the program, and those that the territory wrote.
 * One that was published never changes; a change is a new version, and the one that was
 * published last is the one that is asked.  A shipped one that was answered is kept as it
 * was then, so that its answers can always be read and scored again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "detect/instrument.h"
#include "store/db.h"

enum instrument_etat { INSTRUMENT_BROUILLON, INSTRUMENT_PUBLIE, INSTRUMENT_RETIRE };
extern const struct choice instrument_etats[];  /* in that order */

struct catalogue_ligne {
	const char *id, *version, *titre;
	enum instrument_etat etat;
	bool livre;                     /* of the program */
	int64_t reponses;               /* kept; 0 for a shipped one that nobody answered */
	const struct instrument *in;    /* NULL for a draft that cannot be read yet */
	const char *fichier;            /* its text */
	const char *structure;          /* where it was written; NULL */
};

/* All of them: shipped first, then the territory's, the newest version first. */
bool catalogue_list(struct db *db, struct arena *a, struct catalogue_ligne **out, size_t *n,
		    struct err *e);

/* The one that is asked today under that name: the territory's own when it published one. */
bool catalogue_current(struct db *db, struct arena *a, const char *id,
		       const struct instrument **out, struct err *e);   /* E_MISSING */
/* That very version. */
bool catalogue_version(struct db *db, struct arena *a, const char *id, const char *version,
		       const struct instrument **out, struct err *e);   /* E_MISSING */

/* A draft and its text, whether or not it can be read, and the structure that writes it
 * (NULL: the territory).  E_CONFLICT when it is no draft. */
bool catalogue_draft(struct db *db, struct arena *a, const char *id, const char *version,
		     const char **text, const char **structure, struct err *e);

/*
 * Writes a draft: a new one, or the one of that id and version.  The text must be read as an
 * instrument whose id and version these are.  E_CONFLICT when that version is published, or
 * when the program has an instrument of that name and version.
 */
bool catalogue_save(struct store *s, const struct env *env, struct arena *a, const char *text,
		    const char *structure, const struct instrument **out, struct err *e);
/* E_INPUT when a test case fails: it is not published. */
bool catalogue_publish(struct store *s, const struct env *env, struct arena *a, const char *id,
		       const char *version, struct err *e);
bool catalogue_retire(struct store *s, const struct env *env, const char *id,
		      const char *version, struct err *e);
bool catalogue_drop(struct store *s, const char *id, const char *version, struct err *e);

/* In a job: makes sure that this version is in the store, as it is. */
bool catalogue_hold(struct tx *tx, struct arena *a, const struct env *env,
		    const struct instrument *in, struct err *e);
