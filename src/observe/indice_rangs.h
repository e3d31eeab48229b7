/*
 * How sure a rank is: the index is drawn again many times with weights around the chosen
 * ones (Dirichlet), another normaliser, an indicator less; the ranks of each draw give an
 * interval per territory.  After Saisana, Saltelli and Tarantola (2005); docs/observer/rangs.md.
 *
 * The same seed gives the same intervals whatever the number of threads.
 */
#pragma once

#include "observe/indice.h"

enum { RANGS_TIRAGES = 10000 };

struct rangs_tirage {
	uint32_t tirages;               /* 1 to RANGS_TIRAGES */
	uint64_t graine;
	double concentration;           /* the method's, unless the user says otherwise */
	double retrait;
	int fils;                       /* threads; 0: as many as processors, 8 at most */
};

/* What draws read: `essais` sets of columns, the first is the method's own. */
struct rangs_jeu {
	const struct methode *m;
	const struct indice_choix *choix;
	size_t n;
	const uint8_t *etat;
	const double *totaux;           /* NaN: no rank in any draw */
	double *const *const *essais;   /* [nessais][indicator], NULL column: not given */
	int nessais;
};

struct rangs_tirage rangs_defaut(const struct methode *m);

/*
 * The 5 % and 95 % quantiles of the ranks of each unit over the draws: the smallest rank that
 * at least that share of draws does not pass.  0, 0 without a total.  E_LIMIT when the
 * ranks of all draws would not fit in 512 MB.
 */
bool rangs_tirer(const struct rangs_jeu *j, const struct rangs_tirage *t, uint32_t *bas,
		 uint32_t *haut, struct err *e);

/*
 * Share of the draws in which unit a has a higher total than unit b (a tie counts half).
 * NaN when one has no total.
 */
double rangs_devant(const struct rangs_jeu *j, const struct rangs_tirage *t, size_t a, size_t b);

/*
 * Is unit a clearly above all these?  Only when it is above each of them in at least 95 % of
 * the draws; false without a total, or when there is nobody to compare with.
 */
bool rangs_nettement(const struct rangs_jeu *j, const struct rangs_tirage *t, size_t a,
		     const size_t *voisins, size_t n);
