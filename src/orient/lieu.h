/* One place, as its template reads it: made by lieu_page.c. */
#pragma once

#include "core/carte.h"
#include "core/horaires_texte.h"
#include "core/vignette.h"
#include "web/page.h"

struct lieu_lien {
	const char *texte, *lien;
};

struct lieu_view {
	const struct page *page;
	const struct lieu *lieu;
	struct vignette v;
	struct horaires_ligne jours[HORAIRES_LIGNES];
	size_t njours;
	const char *avis;               /* of a public holiday today; NULL */
	const char *services, *publics, *prises, *accompagnements, *labels, *typologie;
	const char *equipements;
	const char *const *passages;    /* next stops, in words; ends with NULL */
	size_t npassages;
	bool itinerant;                 /* it travels, with stops that are known or not */
	const char *calendrier;         /* its stops as a calendar; "" */
	const char *geo, *osm;          /* "geo:48.9,2.48", a map elsewhere; NULL without position */
	const struct lieu_lien *sites, *courriels;      /* end with a NULL text */
	const char *date, *source;      /* "2 mars 2026"; who says so */
	const char *agenda;             /* its hours for a calendar; NULL: not known */
	const char *vcard, *fiche, *autour;
	const struct carte *carte;
	bool ancien;                    /* confirmed more than a year ago */
	const char *absent;             /* "N’est plus dans la liste de X depuis le..."; "" */
	const struct champ_ligne *champs;       /* who says what; orient/lieu_origine.h */
	size_t nchamps;
	const char *corriger, *signaler;        /* addresses */
};

/* A place that no source lists any more: its address still answers. */
struct lieu_parti_view {
	const struct page *page;
	const char *nom, *commune, *telephone, *telephone_lien, *absent, *autour;
};
