/*
 * Disclosure control: which counts of people may be published.
 *
 * A count of 1 to seuil - 1 people is hidden (primary).  As totals are published too, what is
 * hidden could be found again by subtraction; so other cells are hidden with it (complement)
 * until, for each primary cell, at least `possibles` whole values remain possible for who
 * knows everything that is published, the rule, and that counts are not negative.  Each such
 * value is one of a whole table of counts that fits all that is published: not a bound of an
 * approximation.  Zeros are published: nobody is in them, and hiding them protects nobody.
 *
 * Tables are territories (a forest: communes in EPCI in départements) by columns, the first
 * of which is the total of the others.  There each count is an arc of a network whose nodes
 * are the sums, so moves of counts are flows and their bounds are exact (Cox 1995; Castro
 * 2007).  Several breakdowns of the same people (by age, then by status) share the total:
 * then what must stay possible is shown by whole tables too, but no longer the narrowest.
 *
 * Rule and threshold: k = 11, that of INSEE for fiscal households; docs/observer/secret.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/repertoire.h"

enum secret_etat {
	SECRET_PUBLIE,          /* may be shown */
	SECRET_PRIMAIRE,        /* hidden: too few people, or too few since last time */
	SECRET_COMPLEMENT,      /* hidden so that others cannot be worked out */
};

#define SECRET_SANS_PARENT UINT32_MAX
enum { SECRET_CACHE = -1 };     /* in `avant`: this cell was hidden */

struct secret_regle {
	int64_t seuil;          /* 11: counts of 1 to 10 are hidden */
	int64_t possibles;      /* 10: values that must remain possible for each of them */
};
extern const struct secret_regle secret_regle_usuelle;

struct secret_table {
	size_t lignes, colonnes;
	const size_t *ventilations;     /* columns of each breakdown, after that of the total; */
	size_t nventilations;           /* NULL, 0: all of them are one */
	/* row of which each is a part; NULL: no row is part of another */
	const uint32_t *parents;
	const int64_t *valeurs;         /* lignes x colonnes, row after row; column 0 is the total
	                                 * of each breakdown when there are several */
	/* The same cells when they were last published: a value (0 when there was nobody), or
	 * SECRET_CACHE.  NULL: never.  A cell that has changed by less than the threshold is
	 * hidden, so that the difference of two periods tells nothing.  `cumul`: counts only
	 * grow (since the first of January); then what was hidden stays hidden. */
	const int64_t *avant;
	bool cumul;
	const char *const *noms;        /* of rows, for messages; NULL: their numbers */
};

struct secret_bilan {
	size_t cellules, zeros;         /* all, and those where nobody is */
	size_t primaires, complements;
};

/*
 * Fills etats (one enum secret_etat a cell).  E_INPUT, naming row and column, for a negative
 * count, a sum that is not that of its parts, a cumulated count that went down, parents that
 * turn in a circle.  The same table gives the same result.  bilan may be NULL.
 */
bool secret_protect(struct arena *a, const struct secret_table *t,
		    const struct secret_regle *r, uint8_t *etats, struct secret_bilan *bilan,
		    struct err *e);

/*
 * What can be deduced of each cell from what etats lets be published: bas[i]..haut[i], exact;
 * haut is INT64_MAX when nothing bounds it.  A published cell is its own value.  E_INPUT for
 * a table of several breakdowns: their bounds are not those of a network.
 */
bool secret_deduce(struct arena *a, const struct secret_table *t, const uint8_t *etats,
		   int64_t *bas, int64_t *haut, struct err *e);

/* Cells of etats, counted. */
struct secret_bilan secret_compte(const struct secret_table *t, const uint8_t *etats);

/* --- rows of territories ---------------------------------------------------------------- */

enum { SECRET_EPCI = 1, SECRET_DEPARTEMENT = 2, SECRET_REGION = 4, SECRET_TOTAL = 8 };

struct secret_ligne {
	const char *niveau;             /* "commune", "epci", "departement", "region", "total";
	                                 * "ligne": a code that is no commune's */
	const char *code, *nom;
	bool partie;                    /* of an EPCI that lies in several départements: here,
	                                 * the part in that of its parent row */
};

/*
 * Rows for n communes (their order is kept, they come first) and for the levels asked above
 * them (bits).  A level that nothing places a commune in is skipped for that commune.
 */
bool secret_lignes(struct arena *a, const struct repertoire *r, const char *const *codes,
		   size_t n, int niveaux, struct secret_ligne **lignes, uint32_t **parents,
		   size_t *nlignes, struct err *e);

/* Fills the other rows from the first n ones, which no row is a part of. */
void secret_sommes(const uint32_t *parents, size_t n, size_t lignes, size_t colonnes,
		   int64_t *valeurs);
