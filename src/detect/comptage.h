/*
 * What a coordinator sees: how many people answered an instrument, by territory, structure,
 * month or provenance, and with which profile.  Never by agent.  Small counts are hidden,
 * and others with them, so that none can be worked out (core/secret.h, k = 11).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/repertoire.h"
#include "core/secret.h"
#include "detect/instrument.h"
#include "store/db.h"
#include "web/i18n.h"

enum comptage_par { PAR_COMMUNE, PAR_EPCI, PAR_STRUCTURE, PAR_MOIS, PAR_PROVENANCE };
extern const struct choice comptage_pars[];     /* in that order */

struct comptage_ask {
	const struct instrument *in;    /* the one that is asked today */
	int annee;                      /* 0: all */
	enum comptage_par par;
};

struct comptage_ligne {
	const char *nom, *code;         /* code "" when it has none */
	const int64_t *valeurs;         /* columns of them */
	const uint8_t *etats;           /* enum secret_etat; SECRET_PUBLIE may be shown */
	bool total;                     /* the row of everybody: the last */
	bool montree;                   /* a row of the level asked; others only protect it */
};

struct comptage {
	const char **colonnes;          /* "Ensemble", then the words of each profile */
	const double *publiees;         /* share that the source of the profile publishes; NaN */
	size_t ncolonnes;
	struct comptage_ligne *lignes;
	size_t n;
	const struct comptage_ligne *total;     /* NULL when nobody answered */
	struct secret_bilan bilan;
};

/* `l`: language of the words. */
bool comptage_make(struct arena *a, struct db *db, const struct repertoire *r,
		   const struct lang *l, const struct comptage_ask *ask, struct comptage *out,
		   struct err *e);

/* What the table says, in one sentence: how many, and what most of them have in common. */
const char *comptage_constat(struct arena *a, const struct lang *l,
			     const struct comptage_ask *ask, const struct comptage *c);

/* "134", "moins de 11", "caché". */
const char *comptage_cellule(struct arena *a, const struct lang *l,
			     const struct comptage_ligne *x, size_t colonne);
