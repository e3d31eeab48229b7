/*
 * An IRIS at /territoires/{its nine digits}, and those of a commune at
 * /territoires/{commune}/iris.  Few figures exist at that scale: what is known of the whole
 * commune only is said so, and never given to its quarters.
 */
#pragma once

#include "observe/iris.h"
#include "observe/portrait.h"
#include "observe/releve.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route iris_routes[];

/* The page of one; *found false, and nothing written, when no IRIS has this code. */
bool iris_page(struct req *r, struct res *s, const char *code, bool *found, struct err *e);

struct iris_view {
	const struct page *page;
	const char *titre, *situation;  /* "IRIS de Bondy, Seine-Saint-Denis" */
	const char *code, *type;        /* what its letter means; "" */
	const char *habitants, *source; /* of that figure */
	const char *adresse;
	const char *commune, *commune_lien;     /* NULL: a commune of before */
	const char *liste, *carte, *lieux;      /* links; NULL */
	struct portrait portrait;
	/* what is known of its commune, and not of it */
	const struct portrait_chiffre *commune_seule;
	size_t ncommune_seule;
};

struct iris_ligne {
	const char *lien, *nom, *code, *type, *habitants, *note;
	/* to sort by */
	const char *cle;
	double valeur, population;
};

struct iris_liste_view {
	const struct page *page;
	const char *titre, *commune, *commune_lien;
	const char *adresse;            /* of this page */
	const char *nom;                /* what is looked for */
	int tri;                        /* 0: by name, 1: by score, 2: by people */
	const char *methode, *methode_lien;     /* of the scores; NULL: none */
	const char *mesures;            /* what is measured at this scale, in words; "" */
	const char *carte;              /* link; NULL: nothing to show */
	bool contours;                  /* it has outlines */
	bool types;                     /* the files say what each is */
	const struct iris_ligne *lignes;
	size_t n, total;
};
