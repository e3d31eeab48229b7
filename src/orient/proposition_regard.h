/* What the columns of an unknown file look like: how full, what kind of values. */
#pragma once

#include "orient/correspondance.h"

enum sorte {
	SORTE_POSTAL, SORTE_INSEE, SORTE_PIVOT, SORTE_TELEPHONE, SORTE_COURRIEL, SORTE_URL,
	SORTE_LATITUDE, SORTE_LONGITUDE, SORTE_X, SORTE_Y, SORTE_JMA, SORTE_MJA, SORTE_AMJ,
	SORTE_OSM, SORTE_HEURES, SORTE_JOUR, SORTE_OUI_NON, SORTE_ADRESSE, SORTES
};

enum { REGARD_ROWS = 3000, REGARD_VALEURS = 300, REGARD_LONG = 160, SEPARATEURS = 5 };

extern const char *const separateurs[SEPARATEURS];      /* "|", ";", "\n", " / ", "," */

struct valeur_vue {
	const char *text;               /* as first met */
	size_t n;
};

struct colonne_vue {
	const char *nom, *key, *folded; /* folded: of the name, with spaces */
	size_t n;                       /* values that are not empty */
	size_t sortes[SORTES];          /* how many of them look like that */
	size_t avec[SEPARATEURS];       /* how many hold that separator */
	size_t signes;                  /* bytes of all */
	struct valeur_vue *valeurs;     /* different ones, in the order met */
	size_t nvaleurs;
	bool trop;                      /* more than REGARD_VALEURS, or long ones */
};

struct regard {
	size_t lus, n;
	struct colonne_vue *colonnes[ROW_COLUMNS];      /* those that hold something */
	long entete;
	bool table;                     /* CSV or workbook */
	char described[300];
};

/* Reads up to REGARD_ROWS rows; what it gives lives in `a`. */
bool regard_read(struct arena *a, const struct lieu_rows_ask *ask, struct regard *out,
		 struct err *e);

/* Share of its values that look like that, 0 to 1. */
double regard_part(const struct colonne_vue *c, enum sorte s);
