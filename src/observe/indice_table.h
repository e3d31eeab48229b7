/*
 * From files (or what is stored) to an index at every level:
 *
 *     entree_lire, entree_stockee     rows of one level: raw values, or scores
 *     table_base                      their scores; what is missing named or imputed
 *     table_monter                    the same one level up or more
 *     table_compter                   with a choice: totals, ranks, how sure the ranks are
 *
 * A table does not depend on the user's choice: a page keeps one per level and counts again
 * in a few milliseconds.
 */
#pragma once

#include "core/indicateur.h"
#include "observe/decoupage.h"
#include "observe/indice.h"
#include "observe/indice_rangs.h"

/* Why a value is there or not: enum indicateur_statut, then where we took it. */
enum { MARQUE_PARENT = STATUTS, MARQUE_PARTIES };

enum { ENTREE_NOTES = 12, ENTREE_NOTE = 220 };

struct entree {
	const struct methode *m;
	const struct decoupage *d;
	enum niveau niveau;
	bool notes;                     /* already on the method's scale */
	bool populations;               /* the file's own */
	const char *origine;            /* file, or words for what is stored */
	struct unites u;
	double *x[METHODE_INDICATEURS];         /* NULL: no column */
	uint8_t *marques[METHODE_INDICATEURS];
	/* rows of the level that lends values (manquant: parent), sorted by code; n may be 0 */
	struct unites parents;
	double *prets[METHODE_INDICATEURS];
	uint32_t *dans[NIVEAUX];        /* of each unit: index in d->unites[], or DECOUPAGE_RIEN */
	uint32_t *autre[NIVEAUX];       /* its arrondissement, its EPT; NULL: none at this level */
	/* what whoever reads the result should know, in words */
	char remarques[ENTREE_NOTES][ENTREE_NOTE];
	int nremarques;
};

void entree_remarque(struct entree *t, const char *fmt, ...) PRINTF(2, 3);

/*
 * Reads a CSV: a column of codes, one per indicator (its code or one of its other names),
 * population and nom if they are there; other columns are passed over.  niveau -1: the one
 * that the codes show.  Codes that lost their leading zero are repaired, and it is said.
 * E_INPUT "FILE:LINE: ..." for what is no number, a score outside its scale, a territory or a
 * column that comes twice, a code of another level.
 */
bool entree_lire(struct arena *a, const struct methode *m, const struct decoupage *d,
		 const char *path, int niveau, bool notes, struct entree **out, struct err *e);
bool entree_lire_texte(struct arena *a, const struct methode *m, const struct decoupage *d,
		       const char *name, const char *text, size_t n, int niveau, bool notes,
		       struct entree **out, struct err *e);

/*
 * The same in two steps, the first of which needs no découpage: it may run while that is
 * read, in a thread of its own with an arena of its own, which must outlive the entree.
 */
struct lignes;
bool lignes_lire(struct arena *a, const struct methode *m, const char *path, bool notes,
		 struct lignes **out, struct err *e);
bool entree_faire(struct lignes *l, const struct decoupage *d, int niveau, struct entree **out,
		  struct err *e);

/*
 * What is stored of the method's indicators, the latest year of each, at `niveau` (-1: the
 * method's unit if it is there, else communes); or, when none is, the stored scores.
 */
bool entree_stockee(struct arena *a, const struct methode *m, const struct decoupage *d,
		    struct db *db, int niveau, struct entree **out, struct err *e);

/* For whoever fills an entree: u, x and marques are there; finds where each unit lies, who
 * lives there, and adds the communes that only their arrondissements tell of. */
bool entree_situer(struct arena *a, struct entree *t, struct err *e);
bool entree_completer(struct arena *a, struct entree *t, struct err *e);
bool unites_new(struct arena *a, struct unites *u, enum niveau niveau, size_t n, struct err *e);

struct indice_table {
	const struct methode *m;
	const struct entree *entree;
	const struct indice_table *base;        /* NULL: this is the base */
	struct unites u;
	double *x[METHODE_INDICATEURS];         /* scores; NULL: no column */
	double *couvert[METHODE_INDICATEURS];   /* share of the people they speak for; NULL: base */
	/* the same by other normalisers: essais[s][k]; the first is x */
	double **essais[METHODE_NORMES + 1];
	int nessais;
	uint32_t *vers, *autre;         /* base: NULL; where each unit of the base goes */
};

/*
 * Scores of the rows.  Raw values of another level than the method's unit are refused unless
 * `approx` (then distributions are taken over the rows, and it is said), when a normaliser
 * needs the unit level.  `essais`: also the columns that rank intervals need.
 */
bool table_base(struct arena *a, struct entree *t, bool approx, bool essais,
		struct indice_table **out, struct err *e);

/* The same at `niveau`, at or above the base's. */
bool table_monter(struct arena *a, const struct indice_table *base, enum niveau niveau,
		  struct indice_table **out, struct err *e);

struct indice_resultat {
	double *totaux;                 /* on the output scale; NaN */
	uint32_t *rangs;                /* 0: none */
	uint32_t *bas, *haut;           /* NULL without draws */
	size_t classes;                 /* territories that are ranked */
	double etendue[2];              /* of the base's totals, for sortie_observee */
};

/* Totals and ranks for a choice; tirage NULL: without intervals. */
bool table_compter(struct arena *a, const struct indice_table *t, const struct indice_choix *c,
		   const struct rangs_tirage *tirage, struct indice_resultat *out,
		   struct err *e);

/* What draws read of a counted table. */
struct rangs_jeu table_jeu(const struct indice_table *t, const struct indice_choix *c,
			   const struct indice_resultat *r);

size_t table_find(const struct indice_table *t, const char *code);      /* u.n: not there */
