/*
 * Reading tables of figures: values with their marks, columns with their vintage, formulas.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "format/csv.h"

/*
 * A cell as statistics offices write them: a number with a point or a comma, spaces between
 * thousands; `s` or `c` secret, `ns` not significant, `nd`, nothing or NaN not available,
 * `so` or `///` without object.  False when it is neither; *statut is one of core/indicateur.h.
 */
bool valeur_lire(const char *text, double *valeur, uint8_t *statut);

/* The year that a cell bears: "2021", "2021-12-31", "31/12/2021", "2026T2"; 0. */
int annee_lire(const char *text);

enum { MILLESIMES = 12, TERMES = 8 };

/* A table whose header may stand below a few lines of title. */
struct tableau {
	struct csv *csv;
	const char *const *names;       /* of the columns, as written */
	size_t n;
	struct csv_row ahead;           /* not used yet */
};

/*
 * Opens a table.  When the first row holds none of the words `known` (folded names of key
 * columns, up to a NULL), the header is looked for in the ten rows below.
 */
bool tableau_open(const char *path, const char *const *known, struct arena *a,
		  struct tableau *out, struct err *e);
void tableau_close(struct tableau *t);
int tableau_column(const struct tableau *t, const char *name);  /* folded; -1 */
/* The first of these columns, up to a NULL; -1. */
int tableau_column_of(const struct tableau *t, const char *const *names);

/* A cell of a row; "" when the row ends before, or column is -1. */
static inline const char *cellule(const struct csv_row *row, int column)
{
	return column >= 0 && (size_t)column < row->n ? row->cells[column] : "";
}

/*
 * A column's name without its vintage: "P21_POP65P" is P_POP65P of 2021, "TP6021" is TP60
 * of 2021.  0 when it bears none (key is then the name itself).
 */
int colonne_millesime(const char *name, char key[64]);

/* What is summed: columns with their signs. */
struct somme {
	int column[TERMES];
	int8_t sign[TERMES];
	size_t n;
};

/* One line of data/indicateur_formules.csv. */
struct formule {
	const char *indicateur, *format, *numerateur, *denominateur;
	double facteur;                 /* 1 when none */
};
bool formules_read(struct arena *a, const struct formule **out, size_t *n, struct err *e);

/* A formula whose columns a table has. */
struct liaison {
	const char *indicateur;
	int annee;                      /* 0: the table's own */
	struct somme num, den;          /* den.n 0: a value as it is */
	double facteur;
};

/* Columns of a table by key and vintage. */
struct entetes {
	struct arena *a;
	const char **keys;
	int *annees;
	size_t n;
	int millesimes[MILLESIMES];     /* that the table bears, the latest first */
	size_t nmillesimes;
};
/* vintages: names bear one; otherwise they are taken as they are, without accents or case. */
bool entetes_of(const struct tableau *t, bool vintages, struct arena *a, struct entetes *out,
		struct err *e);

/* Binds "A+B-C"; false when a column is not there (its name in missing, room 64). */
bool somme_bind(const struct entetes *h, const char *expr, int annee, struct somme *out,
		char missing[64]);

/* Sums the cells of a row: a status other than a value is that of the worst cell.  False
 * with the faulty column when one is no number. */
bool somme_read(const struct somme *s, const struct csv_row *row, double *out,
		uint8_t *statut, int *faulty);
