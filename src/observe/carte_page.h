/*
 * /observatoire/carte/{code}: a measure over the départements of France ("france"), the
 * communes or groups of communes of a département, or the IRIS of a commune; the map and,
 * beside it, the same as a
 * table.  Says what is around people, never what they are.
 */
#pragma once

#include "core/choroplethe.h"
#include "observe/mesure.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route carte_routes[];

struct carte_ligne {
	const char *nom, *lien, *valeur;
	const char *rang;               /* "12", or "entre 8 et 31"; "" */
	const char *calcul;             /* page that says how the value was computed; NULL */
};

struct carte_poids {                    /* an indicator of an index, with its weight */
	const char *code, *libelle, *unite;
	const char *poids;              /* as the field shows it: "1", "0,5" */
	const char *part;               /* of the total: "20 %" */
	bool absent;                    /* nothing is known of it */
};

struct carte_lien {                     /* another map; NULL texte at the end */
	const char *texte, *lien;
};

struct carte_view {
	const struct page *page;
	const char *titre;              /* "Seine-Saint-Denis, commune par commune"; "Bondy, IRIS par IRIS" */
	const char *constat;            /* what the map finds, in a sentence */
	const char *action;             /* where the form goes */
	const struct mesure *mesures;   /* to choose from */
	size_t nmesures;
	const struct mesure *mesure;    /* the one that is shown */
	const char *niveau;             /* "iris", "commune", "epci", "departement" */
	bool deux_niveaux;              /* a département: by commune or by EPCI */
	/* of an index: its weights, and the choice as a query ("" for the method's own) */
	const struct carte_poids *poids;
	size_t npoids;
	const char *absents;            /* those that nothing is known of, in words; "" */
	const char *choix;
	bool choix_ouvert;              /* the weights were moved, or are wrong */
	const char *erreur;             /* what is wrong with them; NULL */
	const char *avertissement;      /* of the method; "" */
	bool rangs;                     /* the table shows ranks */
	bool intervalles;               /* with how sure they are */
	const char *source;             /* "Insee, 2022", in words */
	const struct choroplethe *carte;        /* NULL: no outline is known */
	const struct carte_ligne *lignes;       /* the table: highest value first */
	size_t n;
	const struct carte_lien *autres;
	const char *csv, *xlsx;         /* the same as a file */
};
