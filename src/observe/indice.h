/*
 * The engine of indices: arrays in, arrays out; no store, no file, no page.
 *
 *     indice_normer      raw values of the unit level -> scores (one column per indicator)
 *     indice_monter      scores of parts -> scores of the territories that hold them
 *     indice_totaux      scores + choice of the user -> one total per territory
 *     indice_ranger      totals -> ranks
 *     rangs_tirer        the doubt: ranks under other weights and normalisers (indice_rangs.h)
 *
 * A missing value is NaN everywhere, never 0.  Columns are arrays of n doubles, one per
 * indicator of the method, NULL for an indicator that nobody gave.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "observe/methode.h"

#define INDICE_RIEN UINT32_MAX

enum {
	/* Counts among the territories of its level: has a rank among them.  Without it (an
	 * arrondissement beside its commune, an EPT beside its métropole) the rank is the one it
	 * would have. */
	UNITE_CLASSEE = 1,
	/* Feeds the roll-up: a commune whose arrondissements are given too does not. */
	UNITE_COMPTE = 2,
	/* Without inhabitants: "sans objet". */
	UNITE_VIDE = 4,
	/* An arrondissement, or a commune of before: a part of a commune of today. */
	UNITE_PARTIE = 8,
};

/* The territories of one level, sorted by code. */
struct unites {
	enum niveau niveau;
	size_t n;
	const char **codes, **noms;     /* noms: "" when not known */
	double *population;             /* NaN: not known */
	uint8_t *etat;
};

/* What the user chose: a weight per indicator (0: left out) and per group. */
struct indice_choix {
	double poids[METHODE_INDICATEURS];
	double groupes[METHODE_GROUPES];        /* NaN as in the method: transparent */
};

/* --- choice (indice_choix.c) --------------------------------------------------------- */

/* The method's own. */
void choix_defaut(const struct methode *m, struct indice_choix *out);

/*
 * Reads a choice from a query string; what it does not name stays as in the method, and
 * keys that are not its own (methode, lang, page...) are passed over:
 *     poids=poverty_rate:2,older_65_rate:0    weights; 0 leaves out, a decimal comma is fine
 *     poids.poverty_rate=2                    the same, as a form sends it; empty: the method's
 *     sans=older_65_rate,nscol15p_rate        left out
 *     avec=library_distance                   taken in, with the method's weight
 * A group of the method is named like an indicator.  E_INPUT names what is unknown, no
 * number, outside 0 to 1000, or weights that sum to zero.
 */
bool choix_lire(const struct methode *m, const char *query, struct indice_choix *out,
		struct err *e);

/* The shortest query that choix_lire reads back as `c`; "" for the method's own choice. */
void choix_ecrire(struct buf *b, const struct methode *m, const struct indice_choix *c);

bool choix_est_defaut(const struct methode *m, const struct indice_choix *c);

/* False, with the words, when a group that has a chosen indicator weighs nothing. */
bool choix_valable(const struct methode *m, const struct indice_choix *c, struct err *e);

/* The nearest group, from g up, that has a weight of its own. */
int choix_groupe(const struct methode *m, const struct indice_choix *c, int g);

/*
 * Share of the total that each indicator has when all (or those of the bits of `present`)
 * are there: they sum to 1.  All zero when nothing of what is chosen is present.  For a
 * geometric mean these are the exponents.
 */
void choix_parts(const struct methode *m, const struct indice_choix *c, uint64_t present,
		 double parts[METHODE_INDICATEURS]);

/* --- normalisers (indice_norme.c) ---------------------------------------------------- */

/* What normalisers look at besides the values. */
struct norme_champ {
	size_t n;
	const double *population;       /* may be NULL: every unit weighs 1 */
	const uint32_t *parent;         /* of PORTEE_PARENT: group of each unit, INDICE_RIEN */
	size_t nparents;
};

/*
 * Scores of raw values; `out` may be `x`.  NaN where x is, where the log does not exist,
 * and where PORTEE_PARENT has no parent.  When all values are equal, min-max gives the
 * middle and z-score 0: nothing tells the units apart.  Distributions count units, one each
 * (a decile is a tenth of the units, not of the people); `inverse`: high values score low.
 */
bool indice_norme(const struct norme *m, bool inverse, const struct norme_champ *champ,
		  const double *x, double *out, struct err *e);

/* --- parts and wholes (indice_montee.c) ---------------------------------------------- */

/* Who weighs what in whom, worked out once for all columns. */
struct montee {
	struct montee_part {
		uint32_t unite, vers;
		double poids;
	} *parts;
	size_t nparts, n;               /* n territories above */
	double *tous;                   /* of each: the weight of all its parts */
};

/*
 * vers[i] is where unit i goes, INDICE_RIEN when nowhere.  Units that do not count
 * (UNITE_COMPTE), have no known population or nobody weigh nothing.  `egale`: every part
 * weighs 1.
 */
bool montee_faire(struct arena *a, const struct unites *u, const uint32_t *vers, bool egale,
		  size_t n, struct montee *out, struct err *e);

struct montee_colonne {                 /* x of the units; out and couvert of the n above */
	const double *x;
	double *out, *couvert;
};

/*
 * Weighted means of the parts that have a value, NaN where none has; `couvert` (between 0
 * and 1) is the share of the weight that has one.  Of `ncolonnes` columns, side by side.
 */
void indice_monter(const struct montee *m, const struct montee_colonne *c, int ncolonnes);

/* --- totals and ranks (indice_total.c) ----------------------------------------------- */

/* One total of one unit, its scores in `x`, NaN when missing; 0 or NaN for `couverture`.
 * The share of the chosen weight that was there goes to *part (may be NULL). */
double indice_total(const struct methode *m, const struct indice_choix *c, const double *x,
		    double *part);

/*
 * Totals of n units from columns, before the stretching of `sortie`.  NaN: nothing that is
 * chosen is known, or less of it than the method wants; or the unit is UNITE_VIDE.
 */
void indice_totaux(const struct methode *m, const struct indice_choix *c,
		   double *const *colonnes, const uint8_t *etat, size_t n, double *out);

/* Observed range of totals, for a `sortie` without "de"; the totals themselves, stretched. */
void indice_etendue(const double *totaux, size_t n, double etendue[2]);
void indice_etirer(const struct methode *m, const double etendue[2], double *totaux, size_t n);

/*
 * Ranks: 1 for the highest; equal to 1e-9, the same rank, and the next ones skipped
 * (1 2 2 4).  0 without a total.  Gives how many units are ranked (UNITE_CLASSEE with a total).
 */
bool indice_ranger(const double *totaux, const uint8_t *etat, size_t n, uint32_t *rangs,
		   size_t *classes, struct err *e);
