/*
 * /observatoire/offre/{code}: offer against need, commune by commune of a département, by
 * groups of communes, or département by département ("france"): places, hours, what is within
 * reach, who lives too far; as a map, a table and files.  docs/observer/offre.md.
 */
#pragma once

#include "core/choroplethe.h"
#include "observe/offre.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route offre_routes[];
extern const struct field offre_fields[];

enum offre_montre { MONTRE_DISTANCE, MONTRE_ACCES, MONTRE_LIEUX, MONTRE_HEURES, MONTRE_ECART };
extern const struct choice offre_montres[], offre_capacites[];

struct offre_in {
	int service, montre, niveau, capacite;
	double loin, rayon, minutes, vitesse, detour;
};

struct offre_rang {                     /* a line of the table */
	const char *nom, *lien;
	const char *personnes;          /* concerned, or inhabitants */
	const char *intervalle;         /* of those concerned: "de 310 à 420"; "" */
	const char *lieux, *heures;     /* hours a week */
	const char *pour_mille, *heures_mille;
	const char *distance, *acces;
	const char *conseillers;        /* places with a conseiller numérique, for 1,000 */
	const char *ecart;              /* people too far from a place; "" none */
};

struct offre_view {
	const struct page *page;
	const struct req *r;
	const struct offre_in *in;      /* with what was not given filled in */
	const char *titre, *constat;
	const char *besoin;             /* whom the need counts, in a sentence */
	const char *avertissement;      /* of the survey; "" */
	bool concernes;
	bool departement;               /* not the whole country */
	const char *seuil;              /* "10 km" */
	const char *rayon;
	const char *temps;              /* how minutes were worked out; "" */
	const char *reserves;           /* what could not be counted, in words; "" */
	const struct choroplethe *carte;        /* NULL: no outline is known */
	const struct offre_rang *lignes;
	size_t n, coupees;              /* coupees: rows that are only in the files */
	const char *csv, *xlsx;
	const char *code, *retour, *retour_nom;
};
