/*
 * A draft of an instrument, changed by plain forms: each function takes the text of the
 * file and gives the new one.  What the forms do not know (scores, typology, tests) stays
 * as it was written.  Nothing is checked here: catalogue_save reads the result.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct brouillon_general {
	const char *titre, *avertissement, *source, *pour_qui;
	const char *conserver;          /* "rien", "comptes", "reponses" */
	int est_secondes;               /* 0: worked out from the questions */
};

struct brouillon_question {
	const char *type, *texte, *aide;        /* aide NULL or "" : none */
	/* a line each: "Texte" or "Texte = 3"; of lines to match "Loupe -> Chercher" */
	const char *options, *lignes;
	const char *min, *max;          /* as typed; NULL */
	const char *si, *si_papier;     /* NULL */
};

/* A new one, with one question: its id is made of the title. */
bool brouillon_nouveau(struct arena *a, const char *titre, const char **out, struct err *e);

bool brouillon_change(struct arena *a, const char *text, const struct brouillon_general *g,
		      const char **out, struct err *e);
/* n: which of "items"; -1: a new one at the end. */
bool brouillon_pose(struct arena *a, const char *text, int n,
		    const struct brouillon_question *q, const char **out, struct err *e);
/* by: -1 up, 1 down, 0 away. */
bool brouillon_bouge(struct arena *a, const char *text, int n, int by, const char **out,
		     struct err *e);

/*
 * What is said at the end: `quand` is an expression; genre "titre", "savez", "bloque",
 * "peut", or the short name of a service (then it is an orientation, with `pourquoi`).
 */
bool brouillon_dit(struct arena *a, const char *text, const char *quand, const char *genre,
		   const char *texte, const char *pourquoi, const char **out, struct err *e);
/* A score of the questions whose ids are given; calcul "somme", "moyenne" or "maximum". */
bool brouillon_note(struct arena *a, const char *text, const char *titre, const char *calcul,
		    const char *const *items, int n, const char **out, struct err *e);

/* Two readings of a score: from `seuil` on, and below; each with its words and its reason. */
struct brouillon_lecture {
	const char *score, *seuil;      /* the score's id; a number as typed */
	const char *haut, *haut_parce_que, *bas, *bas_parce_que;
};

/* Takes the place of the typology that was there. */
bool brouillon_lecture(struct arena *a, const char *text, const struct brouillon_lecture *l,
		       const char **out, struct err *e);

/* Takes one away; list "phrases", "orientation", "scores", or "typologie" (all of it). */
bool brouillon_tait(struct arena *a, const char *text, const char *list, int n,
		    const char **out, struct err *e);

bool brouillon_version(struct arena *a, const char *text, const char *version,
		       const char **out, struct err *e);

/* A question as its form shows it. */
bool brouillon_lit(struct arena *a, const char *text, int n, struct brouillon_question *out,
		   struct err *e);

/* A name of a-z, 0-9 and _ made of words: "Qu’est-ce qui bloque ?" is "qu_est_ce_qui_bloque". */
const char *nom_de(struct arena *a, const char *words);
