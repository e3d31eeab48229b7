/*
 * Tables with a row per value: which words of a column are which indicators.
 */
#pragma once

#include "observe/indicateur_run.h"

enum { MOTS = 200, FILTRES = 8 };

struct mot {                            /* "PR_MD60" is poverty_rate */
	const char *mot;
	const struct indicateur *indicateur;
	double facteur;
};

struct lignes {
	int code, niveau_column, annee_column, mesure, valeur, conf, obs;       /* -1: none */
	enum niveau niveau;
	int annee;
	struct mot *mots;
	size_t n;
	bool statut_words;              /* obs holds our own words: "secret"... */
	bool ignore_unknown;            /* levels and measures that are none of ours pass by */
	struct { int column; const char *value; } filtres[FILTRES];
	size_t nfiltres;
};

bool lignes_new(struct run *r, struct lignes *l, struct err *e);
bool lignes_read(struct run *r, struct lignes *l, struct err *e);
