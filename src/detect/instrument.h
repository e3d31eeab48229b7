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
	INSTRUMENT_ITEMS = 200, INSTRUMENT_OPTIONS = 60, INSTRUMENT_SCORES = 32,
	INSTRUMENT_CLASSES = 16, INSTRUMENT_RULES = 200, INSTRUMENT_BYTES = 1 << 20,
	INSTRUMENT_TEXTS = 4000, INSTRUMENT_LIGNES = 40, INSTRUMENT_NODES = 60,
	TEXTE_COURT = 120,      /* characters of a short text */
	TEXTE_NOTE = 1000,      /* of a free note */
	BESOINS = 3,            /* never more proposals than these */
	PHRASES = 3,            /* of one kind on a page */
};

/*
 * What is asked.  A matrix, and things to match, are read as one item a line (ITEM_CHOIX,
 * "id_ligne") under one `groupe`: scores, expressions and exports know only lines.
 */
enum item_type {
	ITEM_CHOIX,             /* one option */
	ITEM_PLUSIEURS,         /* any number; an option that is `exclusif` stands alone */
	ITEM_ECHELLE,           /* one of 3 to 5 steps, worth 1, 2, 3... unless they say else */
	ITEM_NOMBRE,            /* min to max, whole when `entier` */
	ITEM_DATE,              /* a day */
	ITEM_TEXTE,             /* a few words, held against what options recognise */
	ITEM_ORDRE,             /* options to put in order, all or none */
	ITEM_IMAGE,             /* one option, each a zone of a drawing; the list is its twin */
	ITEM_GESTE,             /* done side by side: seul, avec_aide, pas_encore, pas_essaye */
	ITEM_NOTE,              /* free words; never asked unless `active` */
	ITEM_TYPES
};
extern const char *const item_types[];  /* as files say them; then matrice, appariement */

struct option {
	const char *id, *texte, *aide;
	double valeur;          /* NaN when it has none */
	bool sans_valeur;       /* "valeur": null: counts as an answer without value, on purpose */
	bool exclusif;
	const char *const *formes;      /* of a text: what is recognised, folded; NULL at the end */
	double zone[4];         /* of an image: left, top, width, height, in hundredths */
};

struct groupe {                         /* the lines of a matrix, of things to match */
	const char *id, *texte, *aide, *oral;
	int premier, n;         /* its items, which follow each other */
	bool appariement;
};

struct item {
	const char *id;
	enum item_type type;
	const char *texte;      /* the question as it is written; of a line, its words */
	const char *court;      /* a few words for it: in tables, on paper */
	const char *aide;       /* below the question; may be NULL */
	const char *oral;       /* what to say aloud; NULL: the question */
	const struct option *options;
	int noptions;
	const struct expression *si;    /* asked when it holds; NULL: always */
	const char *si_papier;  /* "si vous avez coché A" for the paper form; NULL */
	const char *si_texte;   /* the condition as the file writes it; NULL */
	const struct groupe *groupe;    /* NULL: it stands alone */
	int source;             /* its place in "items" of the file */
	double min, max;        /* of a number; of a date, in days since 1970; may be infinite */
	bool entier;
	const char *unite;      /* "jours"; NULL */
	uint64_t juste;         /* of an order: the right one, as reponse.ordre */
	bool has_juste;
	bool active;            /* of a note */
};

struct instrument_page {                   /* what is asked together, on one screen */
	const char *id, *titre;
	int question;           /* its number for people: two pages may share one */
	const int *items;
	int nitems;
};

/*
 * What answers are worth together.  An item that was not answered, or whose answer has no
 * value, is missing; below `part_minimale` of the items answered there is no score, above it
 * sums and counts are prorated to all of them.
 */
enum score_calcul {
	SCORE_SOMME, SCORE_MOYENNE,
	SCORE_PONDEREE,         /* mean with a weight an item */
	SCORE_COMPTE,           /* items worth at least `seuil` */
	SCORE_MAXIMUM,          /* the highest */
	SCORE_FORMULE,
	SCORE_TABLE,            /* the formula, read in a table of steps */
};
extern const char *const score_calculs[];       /* as files say them */

struct marche {                         /* up to and with `jusqu_a`: worth `valeur` */
	double jusqu_a, valeur;
};

struct score {
	const char *id, *titre;
	enum score_calcul calcul;
	const int *items;
	int nitems;
	const double *poids;    /* of SCORE_PONDEREE, an item each */
	double seuil;           /* of SCORE_COMPTE */
	double part_minimale;   /* of its items that must be answered */
	const struct expression *formule;
	const struct marche *table;     /* by growing jusqu_a; past the last: no score */
	int ntable;
	bool radar;             /* an axis of the web of capacities, from `min` to `max` */
	double min, max;        /* NaN when the file does not say */
};

struct classe {
	const char *id;
	const char *professionnel;      /* the words of POSTURE.md; never the id */
	const char *parce_que;          /* a reason that holds for all of it; NULL */
	const double *centre;           /* of TYPOLOGIE_CENTRES: a value a variable */
	double part_publiee;            /* share that its source publishes, 0 to 1; NaN */
};

/* How a profile is found: `methode` of the file. */
enum typologie_methode {
	TYPOLOGIE_POIDS,        /* rules weigh for their class, the heaviest wins */
	TYPOLOGIE_REGLES,       /* the first rule that holds */
	TYPOLOGIE_CENTRES,      /* the nearest centre, each variable divided by its `echelle` */
	TYPOLOGIE_ARBRE,        /* one question after the other */
};

struct embranchement {                  /* a node of a tree: a class, or a question */
	int classe;                     /* >= 0: here it ends */
	const struct expression *si;
	const char *parce_que, *sinon;  /* why yes, why no */
	int oui, non;                   /* nodes */
};

/* When `si` holds, the class gains `poids` (TYPOLOGIE_POIDS: the heaviest class wins, the
 * one declared first when two weigh the same); `parce_que` of its rules are the reasons. */
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
	const char *agent;      /* words that the agent can say; NULL */
	const char *ressource;  /* https address of something to read or do; NULL */
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
	const double *scores;           /* nscores of them; INFINITY: not said, NaN: no score */
};

/* A cell of a quota: so many people whose answer is that option. */
struct quota {
	int item, option;
	double part;            /* share of the population, 0 to 1 */
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
	const struct groupe *groupes;
	int ngroupes;
	const char *pour_qui;           /* who answers it, in words; NULL */
	bool sans_guichet;              /* never at a counter: for populations, or for learning */
	bool ouvert;                    /* anybody may answer, without an account */
	const struct quota *quotas;
	int nquotas;
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
	enum typologie_methode methode;
	const int *variables;           /* scores by which centres are near, and what each is */
	const double *echelles;         /* divided by */
	int nvariables;
	const struct embranchement *arbre;      /* the first is the root */
	int narbre;
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
int instrument_groupe(const struct instrument *in, const char *id);     /* -1 */
int instrument_score_named(const struct instrument *in, const char *id);        /* -1 */
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

/*
 * One answer from words, as a form sends them; false when they mean nothing here.  A number
 * takes a comma or a point, a date is 2026-11-22 or 22/11/2026, an order is "a,b,c".
 * `words` must live as long as the answer to a text or a note.
 */
bool reponse_read(const struct item *it, const char *words, struct reponse *out);
/* What a person wrote, held against what each option recognises: without case, accents,
 * articles or punctuation, then one letter wrong in five, two in ten.  Its bit, or 0. */
uint64_t texte_reconnu(const struct item *it, const char *words);
/* And back: "smartphone", "a,b", "12.5", "2026-11-22", "ne_sait_pas", "" when there is no
 * answer.  A text that is one of these words gets an apostrophe, which reading drops. */
const char *reponse_write(struct arena *a, const struct item *it, const struct reponse *r);
/* All answers as one JSON object of words; what was not answered is left out. */
const char *reponses_write(struct arena *a, const struct instrument *in,
			   const struct reponse *r);
bool reponses_read_text(struct arena *a, const struct instrument *in, const char *text,
			struct reponse **out, struct err *e);

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
	uint64_t chemin, oui;           /* nodes of the tree that were asked, and said yes */
	uint64_t chemin_second, oui_second;
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

/* Only the scores and the profile, for a million of them. */
void instrument_classify(const struct instrument *in, const struct reponse *r,
			 struct diagnostic *out);

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



/* Runs the test cases alone; how many fail.  `out` (NULL: nowhere) gets a sentence for each. */
int instrument_cases(const struct instrument *in, FILE *out);

/*
 * Runs the test cases and walks the paths (all of them when they are at most a few
 * million, else a repeatable sample), writing a FILE:LINE: sentence to `out` for each case
 * that fails and each rule that never fires.  False when a case failed.
 */
bool instrument_check(struct arena *a, const struct instrument *in, FILE *out,
		      struct instrument_report *report, struct err *e);
