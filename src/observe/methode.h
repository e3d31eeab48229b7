/*
 * A method of index, read from one JSON file (docs/observer/methodes.md is its grammar):
 * which indicators, which direction, how a raw value becomes a score, how scores are
 * weighed (a tree) and brought together, what is done when one is missing, how parts make
 * a whole, and how sure the ranks are.  The engine (observe/indice.h) knows no indicator.
 *
 *     methode_read     text of a file -> struct methode, or FILE:LINE: what is wrong
 *     methode_open     by name among those of data/methodes/, or a file of one's own
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	METHODE_INDICATEURS = 64,       /* a mask of them is a uint64_t */
	METHODE_GROUPES = 32,
	METHODE_SEUILS = 20,
	METHODE_NORMES = 4,             /* other normalisers that the rank intervals try */
	METHODE_COLONNES = 4,
	METHODE_BYTES = 1 << 20,
};

/* From the smallest territory up: a unit belongs to one of each level above its own. */
enum niveau {
	NIVEAU_IRIS, NIVEAU_COMMUNE, NIVEAU_EPCI, NIVEAU_DEPARTEMENT, NIVEAU_REGION,
	NIVEAU_PAYS, NIVEAUX,
};

extern const char *const niveau_mots[NIVEAUX + 1];      /* "iris", "commune"... NULL */
extern const char *const niveau_pluriels[NIVEAUX];      /* "IRIS", "communes"... */
int niveau_find(const char *mot);                       /* -1 */

enum norme_type {
	NORME_DECILE,   /* ceil(classes * F(x)), F the ECDF over the unit level */
	NORME_POINTS,   /* -k..+k by the thresholds of F that x passes */
	NORME_MINMAX,   /* linear between bounds */
	NORME_ZSCORE,   /* (x - mean) / standard deviation (n, not n - 1) */
	NORME_RAPPORT,  /* 100 * x / population-weighted mean */
	NORME_CENTILE,  /* 100 * F(x) */
};

/* What F counts of the units that have exactly the value x. */
enum egalites { EGALITES_HAUT, EGALITES_MILIEU, EGALITES_BAS };

enum portee { PORTEE_NATIONALE, PORTEE_PARENT, PORTEE_FIXE };

struct norme {
	enum norme_type type;
	int classes;                    /* decile: 10 */
	enum egalites egalites;
	double seuils[METHODE_SEUILS];  /* points: rising, in ]0, 1[; an even number */
	int nseuils;
	enum portee portee;             /* min-max */
	enum niveau parent;             /* of PORTEE_PARENT */
	double bas, haut;               /* PORTEE_FIXE: in the indicator's unit, after the log */
	double vers[2];                 /* min-max: where the bounds go */
	bool borner;                    /* min-max: what is outside is brought to the bound */
	bool log;                       /* of x, base 10, before all else; x > 0 or no score */
	bool ponderer;                  /* z-score: mean and deviation weigh by population */
};

struct methode_indicateur {
	const char *code;               /* name of its column */
	const char *libelle;
	const char *unite;              /* "%", "km"; "" */
	const char *source;             /* where values come from; "" */
	/* other names that its column has in files; case and accents do not count */
	const char *colonnes[METHODE_COLONNES];
	int ncolonnes;
	bool inverse;                   /* a high raw value is a low score */
	double poids;                   /* >= 0, among the children of its group */
	bool choisi;                    /* in the total unless the user says otherwise */
	int groupe;                     /* index in groupes[] */
	struct norme norme;
};

enum agregation { AGREGATION_ARITHMETIQUE, AGREGATION_GEOMETRIQUE };

/* Groups come before their children; groupes[0] is the whole index. */
struct methode_groupe {
	const char *code, *libelle;
	int parent;                     /* -1 for the first */
	/* NaN: none of its own, its children weigh as if they stood in the parent */
	double poids;
	enum agregation agregation;
};

enum manquant {
	MANQUANT_ECARTER,       /* left out, the other weights grow */
	MANQUANT_REFUSER,       /* no score */
	MANQUANT_PARENT,        /* the value of the territory it lies in; failing that, left out */
};

struct methode {
	const char *file;               /* for errors */
	const char *nom, *version, *titre, *resume, *source, *licence;
	const char *avertissement;      /* "" when there is none */
	/* stored indicators "<notes><code>" are scores of this method; "" when there are none */
	const char *notes;
	enum niveau unite;              /* where distributions, means and bounds are taken */
	bool haut_risque;               /* a high score is more missing around people */
	double echelle[2];              /* of the final score */
	bool sortie;                    /* the total is stretched from sortie_de to sortie_vers */
	bool sortie_observee;           /* sortie_de is the observed range */
	double sortie_de[2], sortie_vers[2];
	enum manquant manquant;
	enum niveau manquant_niveau;
	double couverture;              /* share of the weight that must be there, 0..1 */
	bool montee_egale;              /* parts weigh the same; otherwise by population */
	struct methode_indicateur indicateurs[METHODE_INDICATEURS];
	int n;
	struct methode_groupe groupes[METHODE_GROUPES];
	int ngroupes;
	double concentration;           /* of the Dirichlet draws: mean parameter of a child */
	double retrait;                 /* share of draws that leave one indicator out */
	struct norme essais[METHODE_NORMES];    /* other normalisers that draws may take */
	int nessais;
};

/*
 * Reads a method.  `file` names it in errors; everything lives in `a`.  E_INPUT
 * "FILE:LINE: path : what" for the first thing that is wrong; unknown members are refused,
 * so that a spelling mistake is never silent.
 */
bool methode_read(struct arena *a, const char *file, const char *text, size_t n,
		  const struct methode **out, struct err *e);

/* The embedded one of that name, or, when `name` holds a slash or ends in .json, that file. */
bool methode_open(struct arena *a, const char *name, const struct methode **out,
		  struct err *e);

/* The embedded methods, in the order of their names; each must be readable. */
bool methode_list(struct arena *a, const struct methode ***out, size_t *n, struct err *e);

int methode_indicateur(const struct methode *m, const char *code);      /* -1 */
int methode_groupe(const struct methode *m, const char *code);          /* -1 */

/* Bounds that a score of this normaliser cannot leave; -INFINITY, INFINITY when it can. */
void norme_bornes(const struct norme *n, double *bas, double *haut);
/* In words: "décile national de 1 à 10". */
const char *norme_mots(struct arena *a, const struct norme *n, enum niveau unite);
