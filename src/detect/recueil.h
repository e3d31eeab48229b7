/*
 * Answers that are kept, with consent and without any name.  They are written once; only
 * the number that the person holds erases them.  Nothing says which agent asked, nor at
 * what hour.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "core/effacement.h"
#include "crypto/sha256.h"
#include "detect/instrument.h"
#include "store/db.h"

enum age { AGE_MOINS_15, AGE_15_17, AGE_18 };
extern const struct choice recueil_ages[];              /* in that order */
extern const struct choice recueil_modes[];             /* on screen, on paper... */
extern const struct choice recueil_provenances[];       /* declared, observed, tested */
extern const struct choice recueil_moments[];           /* of a workshop: before, after */

enum { RECUEIL_NUMERO = 15, RECUEIL_GROUPE = 60 };      /* "K7QM-3XPD-9FRW" and a NUL */

struct recueil {
	const struct instrument *in;
	const struct reponse *reponses;         /* nitems */
	const char *structure;                  /* NULL: answered alone */
	const char *commune;                    /* INSEE code; "" */
	const char *mode, *provenance, *langue; /* slugs; a language tag */
	const char *moment, *groupe;            /* "" */
	const char *le;                         /* the day, "2026-11-22"; NULL: today */
	const char *numero;                     /* as the person holds it; NULL: none is made */
	bool numeroter;                         /* make one when there is none */
	store_job *avec;                        /* done with it, or not at all; NULL */
	void *avec_arg;
};

/*
 * Keeps one questionnaire.  `r->numero` is filled when one is made (in a).  Words that
 * answer an open instrument wait to be read by a coordinator (detect/parole.h).
 * E_DENIED for an instrument that does not keep answers.
 */
bool recueil_keep(struct store *s, const struct env *env, struct arena *a, struct recueil *r,
		  struct err *e);
/* One more in the counts of an instrument that keeps only those. */
bool recueil_count(struct store *s, const struct env *env, struct arena *a,
		   const struct recueil *r, struct err *e);

/* The number as it was made, whatever spaces and case it is typed with; false when it is none. */
bool numero_read(const char *typed, char out[RECUEIL_NUMERO]);
/* Does its last sign answer the others?  Of every number since sheets carry them: one wrong
 * sign is always seen, two neighbours that changed places nearly always. */
bool numero_checks(const char numero[RECUEIL_NUMERO]);
/* What is kept of it. */
bool numero_hash(const char *typed, char out[SHA256_HEX]);
void numero_make(const struct env *env, char out[RECUEIL_NUMERO]);

/* Answers without those of items that are not asked; NULL when the arena is full. */
const struct reponse *recueil_asked(struct arena *a, const struct instrument *in,
				    const struct reponse *r);

/* What goes again when a backup from before is restored. */
extern const struct effaceur recueil_effaceurs[];

/* Erases all that is kept under a number; *n is how many questionnaires.  E_MISSING. */
bool recueil_erase(struct store *s, const char *numero, int64_t *n, struct err *e);

/* Those that a number holds, the oldest first. */
struct recueil_garde {
	const char *instrument, *version, *le, *moment, *reponses, *profil;
};
bool recueil_of(struct db *db, struct arena *a, const char *numero, struct recueil_garde **out,
		size_t *n, struct err *e);

/*
 * Old answers under another version of their instrument: how many keep their profile, how
 * many change and from which to which, how many cannot be read (an option that is no more).
 * Nothing is written.
 */
struct rescore {
	const char *version;            /* of the answers */
	int64_t lues, memes, changees, illisibles;
	struct rescore_passage {
		const char *de, *vers;
		int64_t nombre;
	} *passages;
	size_t npassages;
};
bool recueil_rescore(struct db *db, struct arena *a, const struct instrument *in,
		     struct rescore **out, size_t *n, struct err *e);
