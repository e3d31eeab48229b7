/*
 * Offer against need: of each territory, how many places, opening hours and advisers there
 * are for 1,000 inhabitants and for 1,000 people concerned, how far the nearest place is,
 * how much offer can be reached (core/acces.h), and how many people live where the nearest
 * place is too far.  docs/observer/offre.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/acces.h"
#include "core/repertoire.h"
#include "observe/decoupage.h"

enum offre_capacite { OFFRE_LIEUX, OFFRE_HEURES };      /* what the catchment shares */

struct offre_choix {
	enum niveau niveau;             /* NIVEAU_COMMUNE to NIVEAU_PAYS */
	const char *departement;        /* only what lies in it; NULL: everything */
	struct acces_bassin bassin;     /* 15 km, gaussian */
	enum offre_capacite capacite;
	double blanche;                 /* metres beyond which a commune without a place is a white
	                                 * zone: 10 km */
	double kmh, detour;             /* to say minutes; kmh 0: none are said */
	uint32_t services;              /* of lieu_services: a place has one of them; 0: any */
	const bool *caches;             /* by commune: its people concerned may not be shown;
	                                 * NULL: none */
	int64_t now;                    /* ms: hours are those of the four weeks that follow */
};
struct offre_choix offre_usuel(int64_t now);

struct offre_ligne {
	enum niveau niveau;
	const char *code, *nom;
	double population, concernes;   /* NaN: not known */
	double concernes_bas, concernes_haut;   /* filled by offre_bornes; NaN */
	size_t lieux, conseillers_lieux;        /* places; those where a conseiller numérique is */
	size_t lieux_horaires;          /* places whose hours we can read */
	double heures;                  /* of these, a week */
	double conseillers;             /* people, as a file says; NaN */
	double distance;                /* metres to the nearest place; of a larger territory, mean
	                                 * by inhabitants; NaN */
	double acces;                   /* capacity within reach for 1,000 people (concerned, or
	                                 * inhabitants where that is not known); NaN */
	bool blanche;                   /* a commune that has no place and none near enough */
	double a_l_ecart;               /* people (concerned, or inhabitants) in white zones; NaN */
	bool secret;                    /* its people concerned may not be shown: offre_bornes */
	size_t sans_estimation;         /* of a larger territory: communes whose people concerned
	                                 * are not known.  With a twentieth of its inhabitants,
	                                 * concernes and a_l_ecart are NaN. */
};

struct offre {
	struct offre_choix choix;
	struct offre_ligne *lignes;     /* most people in white zones first, then least offer */
	size_t n;
	bool par_concernes;             /* need is people concerned; else inhabitants */
	size_t sans_commune;            /* places whose commune is not known: in no row */
	size_t sans_position;           /* communes without position: no distance */
};

/*
 * concernes and conseillers: by commune of `d` (NULL, or NaN where not known).  In the
 * catchment, where people concerned are not known they are taken at the mean rate of where
 * they are: neighbours of an estimated département come to its places too.  Cannot fail but
 * for memory.
 */
bool offre_compute(struct arena *a, const struct repertoire *r, const struct decoupage *d,
		   const struct offre_choix *choix, const double *concernes,
		   const double *conseillers, struct offre *out, struct err *e);

/* x for 1,000 people; NaN when people are none or not known. */
double offre_pour_mille(double x, double people);

/*
 * The line as it may leave us: small numbers of people concerned are hidden, with what would
 * give them back (estimation_taire).  Every page, file and JSON shows this one.
 */
struct offre_ligne offre_montrable(const struct offre *o, const struct offre_ligne *l);

void offre_csv(struct buf *b, const struct offre *o);

/* Hours a week that a place is surely open, mean of the four weeks from the Monday after
 * `now`; NaN without readable hours. */
struct lieu;
double offre_heures(const struct lieu *l, int64_t now);
