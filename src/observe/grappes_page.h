/*
 * /observatoire/grappes/{code}: whether communes of a département are like their neighbours
 * for a measure, and which stand out with theirs; said with care.  docs/observer/grappes.md.
 */
#pragma once

#include "core/choroplethe.h"
#include "observe/grappes.h"
#include "observe/mesure.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route grappes_routes[];

struct grappe_ligne {
	const char *nom, *lien, *valeur;
	const char *grappe;             /* in words */
	const char *p;                  /* adjusted: "0,03", "moins de 0,01"; "" when alone */
};

struct grappes_view {
	const struct page *page;
	const char *code, *titre;
	const char *constat;
	const struct mesure *mesures;
	size_t nmesures;
	const struct mesure *mesure;
	bool proches;                   /* neighbours are the nearest, not those that touch */
	bool repli;                     /* because no outline is known */
	bool faite;                     /* false: it could not be judged */
	const char *chiffres;           /* Moran's I, in a sentence */
	const char *prudence;           /* how many would come by chance */
	const struct choroplethe *carte;        /* NULL: no outline is known */
	const struct grappe_ligne *lignes;
	size_t n;
	const char *source;
	const char *csv, *xlsx;
	const char *retour, *retour_nom;
};
