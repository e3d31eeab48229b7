/*
 * A mapping: what the columns of any table are, in a small text that a person writes.
 *
 *	niveau = commune
 *	code = INSEE_COM
 *	annee = 2023
 *	source = Caisse d'allocations familiales du Nord
 *
 *	[aah_rate]
 *	colonne = TAUX_AAH
 *
 *	[sans_voiture]
 *	libelle = Ménages sans voiture
 *	unite = %
 *	sens = 1
 *	nature = part
 *	numerateur = RP - VOIT1P
 *	denominateur = RP
 *	facteur = 100
 *
 * docs/observer/indicateurs.md tells every word.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { CADRE_SECTIONS = 100, CADRE_FILTRES = 8, CADRE_OCTETS = 64 << 10 };

struct cadre_section {
	const char *code, *libelle, *unite, *nature, *note;     /* "" when not said */
	int sens;
	/* one of these says where the value is */
	const char *colonne, *numerateur, *denominateur, *mesure;
	double facteur;
	long line;
};

struct cadre {
	const char *niveau, *code, *source, *licence, *url;     /* "" when not said */
	const char *colonne_annee, *colonne_niveau, *colonne_mesure, *colonne_valeur, *poids;
	int annee;                      /* 0 when not said */
	struct { const char *colonne, *valeur; } filtres[CADRE_FILTRES];
	size_t nfiltres;
	struct cadre_section *sections;
	size_t n;
};

/* E_INPUT with "FILE:LINE: ..." and what to write for a word that is not known. */
bool cadre_read(const char *path, struct arena *a, const struct cadre **out, struct err *e);
/* The same from memory. */
bool cadre_parse(const char *name, const char *p, size_t n, struct arena *a,
		 const struct cadre **out, struct err *e);
