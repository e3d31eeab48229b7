/*
 * Opening hours in words, for people: the state of now in one sentence, the usual week or
 * the next days line by line.  All texts live in the arena; none is NULL unless said.
 */
#pragma once

#include "core/horaires.h"
#include "web/i18n.h"

/*
 * "Ouvert jusqu’à 18 h", "Ouvre demain à 9 h", "Ouvre mardi à 14 h", "Ouvre le 1er décembre
 * à 9 h", "Sur rendez-vous jusqu’à 12 h", "Sur rendez-vous mardi dès 9 h", "Ouvert à toute
 * heure", "Ouvert maintenant" (no change soon), "Fermé" (and no opening within 30 days).
 */
const char *horaires_phrase(struct arena *a, const struct lang *l, const struct horaires *h,
			    const struct calendrier *c, const struct civil *now);

/*
 * "Jour férié (Toussaint) : téléphonez avant de venir." when that day is one and the hours
 * say nothing of public holidays; else NULL.
 */
const char *horaires_avis(struct arena *a, const struct lang *l, const struct horaires *h,
			  const struct calendrier *c, int64_t day);

/* One day, or several weekdays that follow and are alike. */
struct horaires_ligne {
	int64_t du, au;                 /* first and last day */
	const char *jour;               /* "lundi", "du lundi au vendredi", "mardi 3 mai" */
	const char *heures;             /* "de 9 h à 12 h et de 13 h 30 à 17 h", "fermé",
	                                 * "sur rendez-vous", "de 9 h à 12 h (sonner)" */
	bool ferme;
	bool aujourd_hui;               /* `today` is one of its days */
	const char *ferie;              /* name of the public holiday in `l`, NULL */
};

enum { HORAIRES_LIGNES = 14 };

/*
 * The lines for a page.  Hours that make an ordinary week: Monday to Sunday of the week of
 * `today`, days alike together when `grouper`.  Others: fourteen days from `today` on.
 * Returns how many.
 */
size_t horaires_lignes(struct arena *a, const struct lang *l, const struct horaires *h,
		       const struct calendrier *c, int64_t today, bool grouper,
		       struct horaires_ligne out[HORAIRES_LIGNES]);
