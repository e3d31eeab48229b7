/*
 * What one file says, kept until all of it was read: a cell per territory and measure, not
 * the file.  Then what follows from it: communes that merged or were split, Paris and its
 * arrondissements, the territories above; and it is written in one transaction.
 */
#pragma once

#include "observe/indicateur_annuaire.h"

enum { CELL_VIDE = 255 };               /* statut of a cell that nothing filled */

struct cell {                           /* one reading */
	uint8_t statut;
	double num, den;                /* den only of a ratio */
};

struct measure {                        /* one indicator, one year */
	const char *indicateur;
	const char *nature;             /* "part", "nombre"...: how it adds up */
	int annee;
	bool ratio;                     /* num / den * facteur; otherwise num is the value */
	double facteur;
	/* cells, by row of the stage */
	uint8_t *statut, *origine;
	double *num, *den;              /* den NULL until it is needed */
};

struct stage_row {
	char code[TERRITOIRE_CODE];
	uint8_t niveau;
	bool lu;                        /* the file has a row of this very code */
	double poids;                   /* of the first reading, for the mean with others */
	int32_t repere;                 /* in the annuaire; of an IRIS: its commune's; -1 */
};

struct stage_iris {
	char code[TERRITOIRE_CODE], commune[6];
	char type;                      /* 'H', 'A', 'D', 'Z' or 0 */
	const char *nom;
	double population;              /* NaN when the file has none */
	double lat, lon;
	int annee;
};

enum { ANNEES_IRIS = 16 };

struct iris_connus {                    /* IRIS that the store has figures of, in a year */
	int annee;
	uint32_t *n;                    /* by repere of their commune */
};

struct stage {
	const struct annuaire *annuaire;
	struct arena a;                 /* names */
	struct stage_row *rows;
	size_t n, room;
	uint32_t *index;                /* open addressing by niveau and code */
	size_t index_room;
	struct measure *measures;
	size_t nmeasures, measures_room;
	struct stage_iris *iris;
	size_t niris, iris_room;
	struct iris_connus connus[ANNEES_IRIS];
	size_t nconnus;
};

struct stage stage_of(const struct annuaire *a);
void stage_drop(struct stage *s);

/* A new measure, or the one that is there; SIZE_MAX when memory is short.  The texts must
 * outlive the stage. */
size_t stage_measure(struct stage *s, const char *indicateur, const char *nature, int annee,
		     bool ratio, double facteur);

/* The row of a territory, made when it is new; SIZE_MAX when memory is short. */
size_t stage_find(struct stage *s, enum niveau n, const char *code, int32_t repere);
/* The same without making it; SIZE_MAX. */
size_t stage_look(const struct stage *s, enum niveau n, const char *code);

/*
 * Puts a reading in a cell.  A second one in the same cell is of a commune that merged:
 * counts and ratios add up, other values are averaged by weight (inhabitants; 1 when they
 * are not known).  False when memory is short.
 */
bool stage_put(struct stage *s, size_t measure, size_t row, const struct cell *c,
	       double weight, bool reporte);

bool stage_is_empty(const struct stage *s, size_t measure, size_t row);

/* The IRIS that the store has figures of: a commune is not summed from a part of them. */
bool stage_known_iris(struct stage *s, struct db *db, struct err *e);

/* What follows from what was read; counts the cells that were carried over. */
bool stage_complete(struct stage *s, size_t *carried, struct err *e);

/* The value of a cell as it is stored. */
struct indicateur_valeur stage_value(const struct stage *s, size_t measure, size_t row);

/* The values of a measure at a level, sorted by code, in `a`; n 0 when there is none. */
bool stage_values(const struct stage *s, size_t measure, enum niveau n, struct arena *a,
		  struct indicateur_valeur **out, size_t *count, struct err *e);
