/*
 * How many people of each commune a survey would find, if those of the same age, diploma...
 * are like its respondents there: weights raked to the commune's counts, results added up;
 * intervals from replicates of the survey (Bayesian bootstrap, Rubin 1981, within strata),
 * raked again.  Larger territories are sums of their communes, replicate by replicate.
 *
 * The interval holds what is due to the sample, not what is due to the assumption.
 * docs/observer/estimations.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "observe/decoupage.h"
#include "observe/enquete.h"
#include "observe/marges.h"
#include "store/db.h"

enum estimation_statut {
	ESTIMATION_FAITE,
	ESTIMATION_PARTIELLE,   /* of a larger territory: communes with less than a twentieth of
	                         * its people are not in it */
	ESTIMATION_SANS_DONNEES,
	ESTIMATION_SANS_OBJET,  /* nobody lives there */
	ESTIMATION_SECRETE,     /* fewer people than may be shown: estimation_taire */
	ESTIMATION_REFUSEE,     /* its margins contradict each other: `motif` */
	ESTIMATION_STATUTS
};
extern const char *const estimation_statuts[ESTIMATION_STATUTS];        /* "estime"... */

struct estimation_valeur {
	double nombre, bas, haut;       /* people; NaN when not estimated, or without draws */
};

struct estimation_ligne {
	enum niveau niveau;
	const char *code, *nom;
	enum estimation_statut statut;
	double base;                    /* people of the margins: those that the survey speaks of */
	const char *motif;              /* "" */
	size_t communes, manquantes;    /* of a larger territory: estimated, and not */
	struct estimation_valeur *v;    /* a result each, then those concerned, together */
	bool secret;                    /* may not be shown: estimation_proteger */
};

struct estimation {
	const struct enquete *enquete;
	size_t nvaleurs;                /* results, and 1 when some are those concerned */
	struct estimation_ligne *lignes;        /* by level, then code */
	size_t n;
	size_t estimees, sans_donnees, sans_objet, refusees;    /* communes */
	int tirages;
	uint64_t graine;
	double rectifie;                /* largest share by which margins were made to agree */
	double effet;                   /* design effect of the survey's weights (Kish) */
};

enum { ESTIMATION_TIRAGES = 2000 };

/* "concernes": name of the last value when nvaleurs > enquete->nresultats. */
#define ESTIMATION_CONCERNES "concernes"

/*
 * tirages 0: no intervals.  The variables of q and m are the same.  E_INPUT when not one
 * commune can be estimated, with the first reason.  Communes of départements that the margins
 * do not speak of at all, and larger territories that lack a twentieth of their people, have
 * no row.
 */
bool estimation_compute(struct arena *a, const struct enquete *q, const struct marges *m,
			const struct decoupage *d, int tirages, uint64_t graine,
			struct estimation **out, struct err *e);

/*
 * Marks the rows that no way out may show: those of fewer people than secret_regle_usuelle
 * allows in one result, and enough others, totals too, that none of them can be worked out
 * from what is shown (estimation_secret.c).  estimation_compute ends with it.
 */
bool estimation_proteger(struct arena *a, const struct decoupage *d, struct estimation *s,
			 struct err *e);

/* niveau,code,nom,resultat,base,nombre,nombre_bas,nombre_haut,part,part_bas,part_haut,
 * statut,communes_manquantes,motif */
void estimation_csv(struct buf *b, const struct estimation *s);

/* Weights of one replicate: poids x a draw of mean 1 in each stratum; out has q->n.  false
 * when `a` is spent. */
bool estimation_tirage(struct arena *a, const struct enquete *q, uint64_t graine, int tirage,
		       double *out);

/* --- kept, for pages ---------------------------------------------------------------------- */

/* Replaces what is kept of this survey. */
bool estimation_keep(struct store *store, const struct estimation *s, struct err *e);

struct estimation_gardee {              /* one result of one territory */
	const char *enquete, *titre, *source, *champ, *avertissement;
	int annee, repondants;
	const char *resultat, *libelle;
	bool concerne;                  /* one of those, or (ESTIMATION_CONCERNES) all of them */
	const char *niveau, *code;
	enum estimation_statut statut;
	double base, nombre, bas, haut; /* NaN: not known */
	int manquantes;
	const char *calcule_le;
};

/*
 * The threshold of every way out (pages, files, API, datasets): fewer people than
 * secret_regle_usuelle.seuil (but 0) are not counted out.  Makes v all NaN then, and returns
 * true; a lower bound below it becomes NaN alone.  What estimation_proteger marked is hidden
 * besides, by its status in the store.
 */
bool estimation_taire(struct estimation_valeur *v);

/* Everything kept of a territory, by survey, then in the order of its results; small numbers
 * are hidden (ESTIMATION_SECRETE). */
bool estimation_of(struct db *db, struct arena *a, const char *niveau, const char *code,
		   struct estimation_gardee **out, size_t *n, struct err *e);

/*
 * People of each of n communes (codes sorted by strcmp) for one result, NaN where not known;
 * enquete NULL: the one that was computed last.  found: which one, "" when there is none.
 */
bool estimation_align(struct db *db, struct arena *a, const char *enquete, const char *resultat,
		      const char *const *codes, size_t n, double *nombres, const char **found,
		      struct err *e);

/* Which of n communes of that survey are hidden, whatever their number. */
bool estimation_caches(struct db *db, const char *enquete, const char *niveau,
		       const char *const *codes, size_t n, bool *caches, struct err *e);

/* The bounds of the same for n territories of a level: [low, high] each, NaN where not known. */
bool estimation_bornes(struct db *db, const char *enquete, const char *resultat,
		       const char *niveau, const char *const *codes, size_t n,
		       double (*bornes)[2], struct err *e);
