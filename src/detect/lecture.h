/*
 * How hard an instrument is to read: sentences that are long, words that are rare in
 * everyday French, words that data/mots_simples.csv says otherwise.  A help to the author,
 * not a mark: only readers can say that a text is easy.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "detect/instrument.h"

enum {
	LECTURE_LIGNES = 40,            /* of each kind, at most */
	LECTURE_PHRASE = 15,            /* words: beyond, a sentence is long */
	LECTURE_MOT = 12,               /* letters: beyond, a word is long */
};

struct lecture_mot {
	const char *mot, *plutot;       /* plutot NULL: only long */
};

struct lecture {
	int phrases, mots;              /* counted in every text that people read */
	double mots_par_phrase;
	int longue;                     /* words of the longest sentence */
	const char *longues[LECTURE_LIGNES];    /* sentences that are long */
	int nlongues;
	struct lecture_mot rares[LECTURE_LIGNES];
	int nrares;
	const char *niveau;             /* a message: easy, average, hard to read */
};

bool lecture_make(struct arena *a, const struct instrument *in, struct lecture *out,
		  struct err *e);
