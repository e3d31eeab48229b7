/*
 * /observatoire: the door of what is measured: territories, maps, offer against need, methods,
 * open data, and a few figures of the country to read a local one by.
 */
#pragma once

#include "observe/methode.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route observatoire_routes[];

struct observatoire_methode {
	const char *nom, *titre;
	bool calculee;                  /* something is stored for it */
};

struct repere {                         /* a line of data/reperes_nationaux.csv */
	const char *libelle, *valeur;   /* valeur with its unit */
	const char *champ, *annee, *source, *lien;
};

struct observatoire_view {
	const struct page *page;
	const struct observatoire_methode *methodes;
	size_t nmethodes;
	const struct repere *reperes;
	size_t nreperes;
	const char *departement, *departement_nom;      /* the site's own; "" when not set */
	size_t indicateurs;             /* that have values */
};
