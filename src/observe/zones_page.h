/*
 * /lieux/carte/{departement}: the places of a département and its white zones, communes
 * without a place that are farther than a distance (or a time at a stated speed) from the
 * nearest one; and what each commune can reach, for 1,000 people.  The computation is
 * observe/offre.h; docs/lieux-territoire.md explains the page.
 */
#pragma once

#include "core/choroplethe.h"
#include "observe/offre.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route zones_routes[];
extern const struct field zones_fields[];

enum zones_montre { ZONES_DISTANCE, ZONES_ACCES };
extern const struct choice zones_montres[], zones_moyens[];

struct zones_in {
	int service, montre, moyen;
	double km, minutes, vitesse;
	bool toutes;                    /* the table alone, whole */
};

struct zones_ligne {                    /* a line of the table */
	const char *nom, *lien;
	const char *habitants, *concernes;
	const char *lieux, *distance, *minutes, *acces;
	bool blanche;
};

struct zones_view {
	const struct page *page;
	const struct req *r;
	const struct zones_in *in;      /* with what was not given filled in */
	const char *titre, *nom, *code;
	size_t lieux;                   /* places of the département that count */
	size_t communes, blanches;
	const char *habitants;          /* who live in white zones */
	const char *part;               /* their share of the département; "" */
	const char *seuil;              /* "10 km", "30 minutes en bus" */
	const char *service;            /* what places must help with; "" any */
	const char *hypothese;          /* how minutes are worked out; "" */
	const char *rayon, *besoin;
	bool par_concernes, temps;
	const struct choroplethe *carte;        /* NULL: nothing can be drawn */
	bool sans_contours;
	const struct zones_ligne *lignes;
	size_t n, coupees;              /* coupees: rows that this page leaves to the other */
	const char *csv, *toutes, *carte_lien;
};
