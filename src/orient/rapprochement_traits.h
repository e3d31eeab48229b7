/*
 * What is looked at in a row of a source to know whether another row is the same place: the
 * words of its name and street, its numbers, where it stands.  And the measures of a pair, the
 * numbers that the weights of data/rapprochement_poids.csv multiply.
 *
 * Names are not equal texts: "Mairie de Bondy", "COMMUNE DE BONDY" and "Hôtel de ville" are
 * one; "CCAS de Bondy", behind the same door, is another organisation.  The ways of writing
 * are data/rapprochement_mots.csv; a word counts by its rarity among all names.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { TRAITS_MOTS = 14, TRAITS_PIVOT = 15 };

/* Words of a name or of a street: indices in the vocabulary. */
struct mots {
	uint32_t v[TRAITS_MOTS];
	int n;
	uint16_t commune;               /* a bit per word that only repeats the commune */
};

struct traits {
	const char *source, *id_source, *lieu_id;       /* ids of the store */
	const char *liste;              /* source and provider: rows of one list */
	uint32_t lieu;                  /* a number for lieu_id, given by the caller */
	bool neuf;                      /* new or changed since it was last compared */
	bool protege;
	char pivot[TRAITS_PIVOT];       /* "" when absent */
	struct mots nom, voie;
	uint64_t genres;                /* kinds of organisation, a bit each */
	uint64_t seuls;                 /* of them: those that nothing else can be (a bus) */
	int numero;                     /* in the street; -1 when none */
	const char *insee, *postal;     /* "" when absent */
	const char *telephone;          /* "" */
	uint32_t domaine;               /* of its mail or site; 0 when none or everybody's */
	double lat, lon;                /* NaN when only the commune's is known */
};

/* What is written of a row; texts "" when absent. */
struct traits_texte {
	const char *nom, *adresse, *commune, *insee, *postal, *pivot, *telephone, *courriels,
		*site_web;
	double lat, lon;
	bool position_commune;
};

struct vocabulaire;

/* Reads the tables of words; lives in `a`.  NULL when the arena is spent. */
struct vocabulaire *vocabulaire_new(struct arena *a);

/* Fills the measured part of `t`; counts the words of its name.  false: arena spent. */
bool traits_read(struct vocabulaire *v, const struct traits_texte *text, struct traits *t);

/* Once every row is read: how rare each word is. */
bool vocabulaire_peser(struct vocabulaire *v, size_t rows);

enum mesure {
	MESURE_BIAIS,                   /* always 1 */
	MESURE_PIVOT_EGAL,
	MESURE_SIREN_EGAL,              /* another establishment of one organisation */
	MESURE_SIREN_DIFFERENT,
	MESURE_NOM,                     /* 0 to 1: words in common, by their rarity */
	MESURE_NOM_CONTENU,             /* 0 to 1: the shorter name is in the other */
	MESURE_NOM_EGAL,
	MESURE_GENRE_EGAL,              /* two libraries */
	MESURE_GENRE_DIFFERENT,         /* mairie and CCAS, a bus and what it belongs to */
	MESURE_GENRE_INCONNU,           /* only one name says what it is */
	MESURE_GENRE_EN_PLUS,           /* "France services" and "France services de la mairie" */
	MESURE_VOIE,                    /* 0 to 1 */
	MESURE_ADRESSE_EGALE,           /* number and street, or a street without number */
	MESURE_ADRESSE_PRESQUE,         /* the street; a number on one side only */
	MESURE_NUMERO_DIFFERENT,        /* of one street */
	MESURE_VOIE_DIFFERENTE,
	MESURE_PROCHE,                  /* exp(-metres / 150); 1 at one address */
	MESURE_LOIN,                    /* metres / 2000, at most 1; 0 at one address */
	MESURE_TELEPHONE_EGAL,
	MESURE_TELEPHONE_DIFFERENT,
	MESURE_DOMAINE_EGAL,
	MESURE_MEME_LISTE,              /* one list names both */
	MESURE_COMMUNE_DIFFERENTE,
	MESURE_NOM_SUR_PLACE,           /* likeness of names at one address, or near */
	MESURE_GENRE_SUR_PLACE,         /* two France services at one address */
	MESURE_PIVOT_SUR_PLACE,
	MESURE_PIVOT_ET_NOM,
	MESURES
};

extern const char *const mesure_noms[MESURES];  /* slugs, as in the table of weights */

void traits_mesurer(const struct vocabulaire *v, const struct traits *x,
		    const struct traits *y, double out[MESURES]);

/* Weights and bounds: data/rapprochement_poids.csv. */
struct poids {
	double v[MESURES];
	double sur, doute;              /* at least: merged by itself; asked to somebody */
	double brouille;                /* below: two rows that may not meet in one place */
};

/* Reads the table that is in the binary.  E_STORE when it is not whole (a test holds it). */
bool poids_read(struct poids *p, struct err *e);

/* 0 to 1: how likely both are one place. */
double poids_score(const struct poids *p, const double mesures[MESURES]);

/* The measures that moved the score most, for people and the store: slugs, "a|b|c". */
const char *poids_raisons(struct arena *a, const struct poids *p,
			  const double mesures[MESURES]);
