/*
 * The words by which people name columns and values (data/mots_des_colonnes.csv), and how
 * near a name or a value is to a field or to a national value.
 */
#pragma once

#include "orient/lieu_format.h"

struct mot {
	enum lieu_field champ;
	int valeur;                     /* index of the national value; -1: name of a column */
	const char *motif;              /* folded words, a star after the beginning of one */
	size_t signes;
};

/* What a value is compared with: the national word and its label, folded. */
struct proche {
	const char *valeur, *mots[2];
	size_t signes[2];
};

struct mots {
	struct arena *a;
	struct proche *proches[LIEU_FIELDS];    /* of list fields; NULL valeur at the end */
	const struct migration *migration;
	struct mot *liste;
	size_t n;
};

bool mots_read(struct arena *a, struct mots *out, struct err *e);

/* How much the name is that of a column of the field: 1 is sure, 0 not at all. */
double mots_nom(const struct mots *m, enum lieu_field f, const char *nom);

/* The national value (or old ones' heirs, "A|B") that a value of a list field means, NULL;
 * *exact when it is that value itself. */
const char *mots_valeur(const struct mots *m, enum lieu_field f, const char *valeur,
			bool *exact);
/* The same from words alone, for the name of a column of yes and no. */
const char *mots_oui(const struct mots *m, enum lieu_field f, const char *nom);
