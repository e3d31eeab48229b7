/*
 * An instrument: a versioned questionnaire, read from one JSON file (docs/instruments.md
 * is its grammar).  It says everything: what is asked, how scores are made, which profile
 * follows and why, where to send the person and with which words, what is kept, and the
 * test cases that it must pass.  The engine knows none of its questions.
 *
 *     instrument_read     text of a file -> struct instrument, or FILE:LINE: what is wrong
 *     reponses_read       answers in JSON -> struct reponse per item
 *     instrument_score    answers -> struct diagnostic; total, no I/O, cannot fail
 *     instrument_check    runs its test cases, walks its paths, names rules that never fire
 *
 * An instrument is immutable once it was answered: a change is a new version.
 * Texts are in the first of `langues`; instrument_say gives the others.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/expression.h"
#include "format/json.h"
#include "web/route.h"

enum {
	INSTRUMENT_ITEMS = 64, INSTRUMENT_OPTIONS = 60, INSTRUMENT_SCORES = 32,
	INSTRUMENT_CLASSES = 16, INSTRUMENT_RULES = 200, INSTRUMENT_BYTES = 1 << 20,
	INSTRUMENT_TEXTS = 2000,
	BESOINS = 3,            /* never more proposals than these */
	PHRASES = 3,            /* of one kind on a page */
};

enum item_type {
	ITEM_CHOIX,             /* one option */
	ITEM_CHOIX_MULTIPLE,    /* any number; an option that is `exclusif` stands alone */
};

struct option {
	const char *id, *texte, *aide;
	double valeur;          /* NaN when it has none */
	bool exclusif;
};

struct item {
	const char *id;
	enum item_type type;
	const char *texte;      /* the question as it is written */
	const char *court;      /* a few words for it: in tables, on paper */
	const char *aide;       /* below the question; may be NULL */
	const char *oral;       /* what to say aloud; NULL: the question */
	const struct option *options;
	int noptions;
	const struct expression *si;    /* asked when it holds; NULL: always */
	const char *si_papier;  /* "si vous avez coché A" for the paper form; NULL */
};

struct instrument_page {                   /* what is asked together, on one screen */
	const char *id, *titre;
	int question;           /* its number for people: two pages may share one */
	const int *items;
	int nitems;
};

struct score {
	const char *id, *titre;
	enum { SCORE_SOMME, SCORE_MOYENNE, SCORE_FORMULE } calcul;
	const int *items;
	int nitems;
	double part_minimale;   /* of its items that must be answered; a sum is then prorated */
	const struct expression *formule;
};

struct classe {
	const char *id;
	const char *professionnel;      /* the words of POSTURE.md; never the id */
};

/* When `si` holds, the class gains `poids`.  The heaviest class wins, the one declared
 * first when two weigh the same; `parce_que` of its rules are the reasons. */
struct regle {
	const struct expression *si;
	int classe;
	double poids;           /* > 0 */
	const char *parce_que;
};

struct orientation_regle {
	const struct expression *quand;
	int service;            /* index in lieu_services */
	int prise_en_charge;    /* index in lieu_prises_en_charge, -1 */
	const char *delai;      /* "aujourdhui", "semaine", "plus_tard" */
	double priorite;        /* the highest come first */
	const char *dire;       /* to the person */
	const char *pourquoi;   /* to the person */
};

enum phrase_genre { PHRASE_TITRE, PHRASE_SAVEZ, PHRASE_BLOQUE, PHRASE_PEUT, PHRASE_GENRES };

struct phrase {
	const struct expression *quand;
	enum phrase_genre genre;
	const char *texte;
};

struct traduction {
	const char *langue, *texte, *dit;
};

/* A test case of the file: answers, and what must come of them. */
struct cas {
	const char *nom;
	const struct reponse *reponses;
	const char *profil, *second;    /* NULL: not said */
	int urgent;                     /* 0, 1; -1: not said */
	int services[BESOINS];          /* in order */
	int nservices;                  /* -1: not said */
};

struct instrument {
	const char *file;       /* for errors */
	const char *id, *version, *licence, *source, *titre, *avertissement;
	const char *const *langues;
	int nlangues;
	int est_secondes;
	enum { CONSERVER_RIEN, CONSERVER_COMPTES, CONSERVER_REPONSES } conserver;
	const struct item *items;
	int nitems;
	const struct instrument_page *pages;
	int npages, nquestions;
	const struct expression *urgent;        /* NULL: never */
	int voie_item;          /* whose option names a line of data/demarches.csv; -1 */
	const struct score *scores;
	int nscores;
	const struct classe *classes;
	int nclasses;
	const int *typologie_items;     /* those that must be answered enough */
	int ntypologie_items;
	double part_minimale;           /* below this share: "indetermine" */
	const struct expression *suffit;        /* and unless this holds; NULL */
	const char *indetermine;        /* words for the professional */
	const char *indetermine_parce_que;
	const struct regle *regles;
	int nregles;
	const struct orientation_regle *orientation;
	int norientation;
	const struct phrase *phrases;
	int nphrases;
	const struct cas *cas;
	int ncas;
	const struct traduction *traductions;   /* sorted by language, then text */
	int ntraductions;
	const char *const *textes;      /* every text that people can read, as they come */
	int ntextes;
	const struct expression_scope *scope;   /* the items, then "profil"; the scores */
	const char *text;       /* the file itself, borrowed: for errors */
	size_t size;
};

/*
 * Reads an instrument.  `file` names it in errors ("data/instruments/reperage.json").
 * `text` is borrowed for as long as the instrument lives; everything else is in `a`.
 * E_INPUT "FILE:LINE: path : what" for the first thing that is wrong; unknown members are
 * refused, so that a spelling mistake is never silent.
 */
bool instrument_read(struct arena *a, const char *file, const char *text, size_t n,
		     const struct instrument **out, struct err *e);

/* The embedded one of that name, or, when `name` is a path or ends in .json, that file. */
bool instrument_open(struct arena *a, const char *name, const struct instrument **out,
		     struct err *e);

int instrument_item(const struct instrument *in, const char *id);       /* -1 */
int item_option(const struct item *it, const char *id);                 /* -1 */

/* A text of the instrument in a language; the text itself when it is not translated. */
const char *instrument_say(const struct instrument *in, const char *langue,
			   const char *texte);

/* --- answers ------------------------------------------------------------------------ */

/* Words that stand for the two states that are not options, in JSON and in forms. */
#define REPONSE_NE_SAIT_PAS "ne_sait_pas"
#define REPONSE_REFUS "refus"

/*
 * Answers from JSON: an object, or an object under "reponses", of item ids; an option, a
 * list of options, "ne_sait_pas", "refus", or null.  Absent is SANS_REPONSE.  Exactly
 * nitems of them.  E_INPUT names what is unknown.
 */
bool reponses_read(struct arena *a, const struct instrument *in, const json_t *json,
		   struct reponse **out, struct err *e);

/* One answer from words, as a form sends them; false when they mean nothing here. */
bool reponse_read(const struct item *it, const char *words, struct reponse *out);
/* And back: "smartphone", "a,b", "ne_sait_pas", "" when there is no answer. */
const char *reponse_write(struct arena *a, const struct item *it, const struct reponse *r);

/* Is this item asked, given the answers? */
bool item_asked(const struct instrument *in, int item, const struct reponse *r);
bool page_asked(const struct instrument *in, int page, const struct reponse *r);

/* --- what follows ------------------------------------------------------------------- */

struct besoin {
	const struct orientation_regle *regle;
};

struct diagnostic {
	const struct instrument *instrument;
	double scores[INSTRUMENT_SCORES];       /* NaN: too little was answered */
	double part;                    /* share of the typology's items that were answered */
	int classe, seconde;            /* -1: indetermine, none */
	double marge;                   /* 0 (level) to 1 (alone) between the two */
	uint64_t regles[(INSTRUMENT_RULES + 63) / 64];  /* those that hold */
	bool urgent;
	struct besoin besoins[BESOINS]; /* by priority; no service twice */
	int nbesoins;
	const struct phrase *phrases[PHRASE_GENRES][PHRASES];
	int nphrases[PHRASE_GENRES];
};

/* Answers of items that are not asked do not count.  `r`: nitems of them. */
void instrument_score(const struct instrument *in, const struct reponse *r,
		      struct diagnostic *out);

static inline bool diagnostic_rule(const struct diagnostic *d, int i)
{
	return d->regles[i / 64] >> (i % 64) & 1;
}

const char *diagnostic_profil(const struct diagnostic *d);      /* id, or "indetermine" */
/* "très proche", "assez proche", "loin", from the margin; "" when there is no second */
const char *diagnostic_proche(const struct diagnostic *d);
/* The i-th reason of a class (-1: of being undetermined); NULL past the last. */
const char *diagnostic_raison(const struct diagnostic *d, int classe, int i);

/* One JSON object: scores, profil, raisons, second, marge, besoins, phrases... */
void diagnostic_json(struct json_out *j, const char *name, const struct diagnostic *d,
		     const char *langue);

/* --- checking ----------------------------------------------------------------------- */

struct instrument_report {
	int cas, cas_manques;           /* test cases, and how many failed */
	uint64_t chemins;               /* combinations of answers that were walked */
	/* all there are, options that no rule tells apart taken once */
	bool tous;
	int avertissements;
};

/*
 * Runs the test cases and walks the paths (all of them when they are at most a few
 * million, else a repeatable sample), writing a FILE:LINE: sentence to `out` for each case
 * that fails and each rule that never fires.  False when a case failed.
 */
bool instrument_check(struct arena *a, const struct instrument *in, FILE *out,
		      struct instrument_report *report, struct err *e);
