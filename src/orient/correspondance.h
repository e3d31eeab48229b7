/*
 * A mapping written by hand (docs/mappings.md): how the columns of one source become the 32
 * fields of the schema, without code.  Read whole and checked before any row is.
 */
#pragma once

#include "orient/lieu_format.h"

enum regle_kind {
	REGLE_COLONNE,          /* what the column holds */
	REGLE_VALEUR,           /* what another block gives, "@name" */
	REGLE_OUI,              /* `valeur` when the column says yes */
	REGLE_VAUT,             /* `valeur` when the column is `texte` */
	REGLE_CONTIENT,         /* `valeur` when the column has `texte` inside */
	REGLE_SINON,            /* `valeur` when nothing came before */
};

struct bloc;

struct regle {
	enum regle_kind kind;
	const char *colonne;            /* key of the column; of REGLE_VALEUR the name */
	const char *texte;              /* folded */
	const char *valeur;
	const struct bloc *bloc;        /* of REGLE_VALEUR, found when all is read */
	long line;
	struct regle *next;
};

/* "old -> new|new"; key "*" is every other value. */
struct terme {
	const char *key, *valeur;
	long line;
	struct terme *next;
};

struct table_valeurs {
	const char *nom;
	struct terme *termes;
	long line;
	struct table_valeurs *next;
};

enum ordre_date { DATE_AUCUN, DATE_JMA, DATE_MJA, DATE_AMJ };
enum { COUPER_MOST = 6, JOURS = 7, COMMUNE_DANS = 4 };

/* A field, or a named value that fields use. */
struct bloc {
	const char *nom;
	int champ;                      /* enum lieu_field; -1: a named value */
	struct regle *regles;
	const char *joindre;            /* between all values; NULL: the first of them */
	const char *couper[COUPER_MOST];
	int ncouper;
	bool liste;                     /* several values, joined by '|' */
	const char *table_nom;
	const struct table_valeurs *table;
	enum ordre_date date;
	int morceau;                    /* rank of the piece kept, from 1, -1 the last; 0: all */
	const char *entre;              /* what stands between the pieces */
	int visite;                     /* of the search for loops */
	long line;
	struct bloc *next;
};

struct colonne {
	const char *key, *nom;
	bool ignoree, facultative;
	struct colonne *next;
};

struct correspondance {
	const char *nom;                /* of the file, for messages */
	const char *titre, *source;
	const struct lieu_format *format;       /* a known one reads the rows; NULL */
	const char *liste, *liste_cle, *cle;    /* of lieu_rows_ask */
	bool tout_facultatif;           /* every column but the name's may be absent */
	bool tout_ignore;               /* columns that are not named are left out */
	const char *feuille;            /* sheet of a workbook; NULL */
	long entete;                    /* line of the header; 0 */
	bool complet, reunir;
	struct bloc *blocs;
	struct table_valeurs *tables;
	struct colonne *colonnes;       /* all that the file may have */
	const char *jours[JOURS];       /* columns of the hours by day; NULL */
	bool par_jour;
	const char *horaires;           /* column of hours in one text; NULL */
	const char *adresse;            /* column of an address in one line; NULL */
	const char *communes[COMMUNE_DANS];     /* columns where the commune may be named */
	int ncommunes;
	long epsg;                      /* of x and y; 0: degrees */
	const char *x, *y;
};

/* Reads a mapping; E_INPUT at FILE:LINE.  What it gives lives in `a`. */
bool correspondance_read(struct arena *a, const char *file, const char *text, size_t n,
			 const struct correspondance **out, struct err *e);

/* One of ours by its name ("gironde"), or a file; *out NULL, and true, when the text is
 * neither the name of one nor that of a file. */
bool correspondance_find(struct arena *a, const char *name,
			 const struct correspondance **out, struct err *e);
/* Names of ours: "gironde, haute-vienne". */
const char *correspondance_names(struct arena *a);

/* Has the file the columns that the mapping was written for?  E_INPUT names those that
 * went and those that came. */
bool correspondance_fits(const struct correspondance *c, const struct lieu_rows_ask *ask,
			 struct arena *a, struct err *e);

/* The draft that the mapping makes of a row. */
void correspondance_map(const struct correspondance *c, struct lieu_mapping *m,
			const struct lieu_row *row, struct lieu_draft *d);

/* "05/05/2021 14:29", "5 mai 2021", "20210505" as "2021-05-05"; the text when unread. */
const char *date_ordonnee(struct arena *a, const char *text, enum ordre_date ordre);
