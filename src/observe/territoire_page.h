/*
 * /territoires: find a territory; /territoires/{code}: what there is around the people of
 * a commune, an EPCI or a département, and what is missing.  Of places and distances only:
 * nothing is said of what people are.
 */
#pragma once

#include "core/carte.h"
#include "core/vignette.h"
#include "observe/constat.h"
#include "observe/portrait.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route territoire_routes[];

/* Everything that is measured of one, as a file (territoire_fichier.c). */
bool territoire_csv(struct req *r, struct res *s, struct err *e);
bool territoire_xlsx(struct req *r, struct res *s, struct err *e);

struct territoire_lien {                /* a territory to choose; the last has a NULL text */
	const char *texte, *lien, *suite;       /* suite: said after it, "" */
	int64_t lieux;                  /* how many places it has; 0: not said */
};

struct territoires_view {
	const struct page *page;
	const char *nom;                /* what the field shows */
	const char *erreur;             /* NULL */
	const struct territoire_lien *choix;    /* which one? */
	const struct territoire_lien *departements;
};

struct territoire_besoin {              /* a need: how near is somebody who helps with it */
	const char *label, *lien;
	int64_t nombre;                 /* of places in the commune */
	const char *distance;           /* of the nearest; "" when there is none at all */
};

struct territoire_view {
	const struct page *page;
	const char *titre, *situation;  /* "Commune de Seine-Saint-Denis, Est Ensemble" */
	int64_t population;             /* -1 when not known */
	const char *source;             /* of the figure, in words */
	const char *note;               /* approximate position; "" */
	int64_t lieux;                  /* places there */
	const struct carte *carte;      /* NULL: none */
	const char *chercher;           /* link to its places; NULL */
	struct constat_fait *faits;     /* what there is, what is missing */
	size_t nfaits;
	const char *adresse;            /* of this page */
	const char *offre;              /* link: offer against need of its département; NULL */
	struct portrait portrait;       /* what is measured; may be empty */
	const char *comparer;           /* link: beside others */
	const char *relation;           /* link: démarches here */
	const char *cartes;             /* link: its map; NULL */
	/* a commune */
	bool commune;
	const struct vignette *proches; /* nearest, also outside */
	size_t nproches;
	const struct territoire_besoin *besoins;
	size_t nbesoins;
	const struct territoire_lien *autour;   /* its EPCI, EPT, département */
	const struct territoire_lien *departements;     /* of a région; NULL */
	int64_t niris;                  /* its IRIS */
	const char *iris;               /* link to them; NULL */
	const struct territoire_lien *orphelins;        /* of a département: IRIS of communes of
	                                                 * before; NULL */
	/* more than one commune */
	int64_t communes, sans;         /* how many, how many without any place */
	const struct territoire_lien *avec;     /* those that have some */
	const struct territoire_lien *vides;    /* the others, when a page can hold them */
};
