/*
 * A survey that estimates start from: respondents with a weight, what they are (age,
 * diploma...), and what was found of them.  Either a CSV file, a respondent a row, or the
 * shares that a published survey gives (data/enquetes/, a JSON file): these become as many
 * respondents as the survey had, so that their doubt is the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "observe/calage.h"

enum { ENQUETE_VARIABLES = 8, ENQUETE_MODALITES = 200, ENQUETE_RESULTATS = 20,
	ENQUETE_REPONDANTS = 2 << 20 };

struct enquete_resultat {
	const char *nom;                /* "eloigne": as data writes it */
	const char *libelle;            /* as professionals read it */
	bool concerne;                  /* of those that mediation is for first */
};

struct enquete {
	const char *nom;                /* "capuni-2022" */
	const char *titre, *source, *licence, *url;     /* "" when not said */
	const char *champ;              /* of whom it speaks: "18 ans et plus, Bretagne" */
	const char *avertissement;      /* what it is not */
	int annee;                      /* 0: not said */
	struct calage_plan plan;        /* groups of respondents alike in all variables */
	struct enquete_resultat *resultats;
	size_t nresultats;
	size_t n, ecartes;              /* respondents; those left out, an answer being missing */
	double *poids;
	uint32_t *groupes, *strates;    /* of each respondent; strates 0..nstrates-1 */
	uint16_t *reponses;             /* which result */
	size_t nstrates;
	/* by margin, when the file says from which indicators it comes ("pop_15_29+pop_30_44");
	 * NULL otherwise */
	const char **indicateurs;
};

/* Columns of a CSV file of respondents. */
struct enquete_colonnes {
	const char *resultat;           /* needed */
	const char *poids, *strate;     /* NULL: the column of that name if there is one */
	const char *concernes;          /* results that mediation is for, "a,b"; NULL: none said */
};

/*
 * Variables and their modalities are those of `variables` (of the margins), found by the
 * names of columns and the words of cells.  E_INPUT, with FILE:LINE: a column that is not
 * there, a weight that is negative or no number, a modality that the margins have not.
 * A respondent without an answer to a variable or to the result is left out and counted.
 */
bool enquete_csv(struct arena *a, const char *path, const struct enquete_colonnes *c,
		 const struct calage_variable *variables, size_t nvariables,
		 struct enquete **out, struct err *e);

/* By name among those of data/enquetes/, or a file of one's own (.json). */
bool enquete_open(struct arena *a, const char *name, struct enquete **out, struct err *e);

/* The same from memory; `path` is for messages. */
bool enquete_csv_text(struct arena *a, const char *path, const char *p, size_t n,
		      const struct enquete_colonnes *c, const struct calage_variable *variables,
		      size_t nvariables, struct enquete **out, struct err *e);
bool enquete_json_text(struct arena *a, const char *path, const char *p, size_t n,
		       struct enquete **out, struct err *e);

/* Index of a result; -1. */
int enquete_resultat_find(const struct enquete *q, const char *nom);
