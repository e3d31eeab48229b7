/*
 * Places that travel, for the public: where one can be met, by date, near a commune; a
 * calendar of the stops of a place; and the search of somebody who has no home here.
 * Nothing of a stop that is "non public" is here: core/passage.h.
 */
#pragma once

#include "core/passage.h"
#include "core/vignette.h"
#include "format/json.h"
#include "orient/recherche.h"
#include "web/page.h"

extern const struct route passages_routes[];
extern const struct field passages_fields[], de_passage_fields[];
extern const struct choice passages_quand[];

enum { QUAND_AUJOURDHUI, QUAND_DEMAIN, QUAND_LUNDI };

struct passages_in {
	const char *commune;
	struct point position;
	int quand;                      /* of passages_quand; -1: the two weeks that come */
	int64_t rayon;                  /* km; 0: PASSAGES_RAYON */
};

struct de_passage_in {
	const char *commune;
	struct point position;
	uint64_t equipement;
};

enum { PASSAGES_RAYON = 20, PASSAGES_JOURS = 14, PASSAGES_MOST = 40 };

struct passage_ligne {                  /* one time that a place stops */
	const char *heures;             /* "de 14 h à 17 h" */
	const char *ou, *distance, *precisions, *nom, *lien, *telephone, *telephone_lien;
};

struct passage_date {                   /* what there is on one day */
	const char *jour;               /* "mardi 9 décembre" */
	const struct passage_ligne *lignes;
	size_t n;
};

/* The stops that a question finds, day by day; *n days. */
bool passages_jours(struct arena *a, const struct lang *l, const struct repertoire *r,
		    const struct passage_question *q, size_t max, struct passage_date **out,
		    size_t *n, struct err *e);

/* arret, commune, code_insee, jour, debut, fin: the members of an object of the API. */
void passage_json(struct json_out *j, const struct passage_fois *f);

struct passages_lien {
	const char *texte, *lien;
};

struct passages_view {
	const struct page *page;
	const struct req *r;
	const void *in;
	const char *titre, *erreur, *commune;   /* erreur: of the commune; NULL */
	const struct passages_lien *communes;   /* which one? ends with a NULL text; NULL */
	bool cherche;                   /* a place was found to search from */
	const struct passage_date *jours;
	size_t njours;
	const char *rayon;              /* "20 km" */
	const struct vignette *lieux;   /* of "de passage": open today */
	size_t nlieux;
	bool incertain;                 /* nobody says what was asked: the nearest ones */
};
