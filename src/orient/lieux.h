/* The list of places, as its template reads it: made by lieux_page.c. */
#pragma once

#include "core/carte.h"
#include "core/vignette.h"
#include "orient/passages.h"
#include "orient/recherche.h"
#include "web/page.h"

struct lieux_choix {                    /* one option of a list or one box to tick */
	const char *slug, *label;
	bool pris;
};

struct lieux_lien {                     /* one commune to choose, one way out */
	const char *texte, *lien;
};

/* What of the page does not change, made when the server starts; a markup per language. */
struct orient_fragments {
	const struct markup *criteres;
};

struct lieux_view {
	const struct page *page;
	const struct recherche *q;
	const char *commune;            /* what the field shows */
	const char *rayon;              /* as typed; "" */
	const char *erreur;             /* of the commune; NULL */
	const char *titre;
	const char *note;               /* approximate position, old name; "" */
	const struct lieux_choix *services, *publics, *prises, *acces, *accompagnements,
		*labels, *equipements, *genres, *moments;      /* end with a NULL slug */
	struct markup criteres;         /* the other criteria when none is ticked, made once */
	bool details;                   /* the other criteria are in use: shown open */
	const struct lieux_lien *communes;      /* which one? ends with a NULL text */
	const struct vignette *lieux;
	size_t n, premier;
	const char *suivants, *precedents;      /* links; NULL */
	const char *imprimer;           /* the sheet with the first three; NULL */
	const struct lieux_lien *issues;        /* ways out of an empty or far list */
	const struct vignette *secours;         /* nearest France services when nothing fits */
	size_t nsecours;
	const struct passage_date *passages;    /* who passes near here soon */
	size_t npassages;
	const char *tous_passages;      /* link */
	const struct carte *carte;      /* NULL: none */
	const char *sans_carte, *avec_carte;    /* links; NULL */
};
