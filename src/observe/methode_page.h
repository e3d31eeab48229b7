/*
 * /observatoire/methodes/{nom}: what a method of index computes, to read and to copy;
 * /observatoire/methodes/{nom}/{code}: the computation of one territory, step by step: the
 * address that says how a figure was made.
 */
#pragma once

#include "observe/endroit.h"
#include "observe/methode.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route methode_routes[];

/* The page of one territory (methode_calcul.c). */
bool methode_calcul(struct req *r, struct res *s, struct err *e);

struct methode_ligne {                  /* an indicator of a method */
	const char *code, *libelle, *unite, *source;
	const char *part;               /* of the total: "20 %"; "" when left out */
	bool inverse;                   /* a high value is a low score */
	const char *connu;              /* "2021, à la commune"; "" when nothing is stored */
	const char *reserve;            /* what could not be verified; "" */
};

struct methode_groupe_ligne {           /* how they are brought together */
	const char *libelle;
	const char *comment;            /* "moyenne", "moyenne géométrique" */
	const char *part;
	struct methode_ligne *lignes;
	size_t n;
};

struct methode_view {
	const struct page *page;
	const struct methode *m;
	const char *echelle;            /* "de 1 à 10" */
	const char *lecture;            /* what a high score says */
	const char *norme;              /* how raw values become scores */
	const char *unite;              /* "IRIS": where distributions are taken */
	const char *manquant, *montee, *doute;  /* sentences */
	struct methode_groupe_ligne *groupes;
	size_t ngroupes;
	bool calculee;                  /* something is stored for it */
	const char *donnees;            /* its dataset; NULL */
	const char *exemple;            /* the computation of one territory; NULL */
	const char *exemple_nom;
};

struct calcul_ligne {                   /* an indicator of one territory */
	const char *libelle;
	const char *brute;              /* "12,4 %"; "" when scores are not worked out here */
	const char *note, *part, *apport;       /* apport: what it brings to the total */
	bool ecarte;                    /* chosen, but not there */
};

struct calcul_view {
	const struct page *page;
	const struct methode *m;
	const struct endroit *ou;
	const char *titre, *echelle;
	const char *niveau;             /* as the command names it */
	const char *total;              /* "6,7"; "" without a score */
	const char *total_exact;        /* "6,716" */
	const char *statut;             /* why there is none; "" */
	bool moyenne;                   /* a weighted mean: what each brings adds up */
	bool brutes;
	const struct calcul_ligne *lignes;
	size_t n;
	const char *manques;            /* NULL */
	const char *rang;               /* sentences; "" */
	const char *parties;            /* "Chaque note est la moyenne de..."; "" */
	const char *origine;
	const char *recit;              /* the same line by line */
	const char *choix;              /* query of a user's weights; "" */
	const char *erreur;             /* wrong weights; NULL */
};
