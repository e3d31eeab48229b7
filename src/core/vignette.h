/*
 * A place as a list shows it: how far, open or not, why it fits, who is received, how to
 * come in, when it was last confirmed.  Nothing is shown that no source says.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/lieu.h"
#include "web/i18n.h"

struct vignette {
	int numero;                     /* in the list and on the map; 0: none */
	const char *id, *nom;
	const char *lien;               /* "/lieux/0198..." */
	const char *etat;               /* "Ouvert jusqu’à 18 h"; "" when hours are not known */
	const char *alors;              /* "Ouvert mardi matin", when that was asked; "" */
	bool ouvert, ferme;             /* colours of the state; both false: not known */
	const char *distance;           /* "à 400 m"; "" when not asked */
	bool approchee;                 /* the position is that of the commune */
	const char *frais;              /* "Gratuit"; "" when no source says */
	const char *pourquoi;           /* what fits of what was asked, else the summary; "" */
	const char *pourquoi_langue;    /* its tag: the summary is in French */
	const char *adresse;            /* "12 rue des Peupliers, 93140 Bondy"; of a stop: where */
	const char *complement;
	const char *telephone;          /* as people read it: "01 23 45 67 89"; "" */
	const char *telephone_lien;     /* "tel:+33123456789" */
	const char *acces;              /* "Sans rendez-vous, ou par téléphone"; "" */
	bool social, seul;              /* first social reception; and nothing else */
	const char *passage;            /* the stop that counts of a place that travels; "" */
	const char *recus;              /* who is received, when it is known; "" */
	const char *confirme;           /* "Vérifié il y a 3 mois" */
	const char *alerte;             /* "Signalé fermé par plusieurs personnes, à vérifier"; "" */
	bool a_verifier;                /* hours older than a year: by telephone first */
};

/* What was asked: why a place fits.  NULL: nothing was. */
struct vignette vignette_make(struct arena *a, const struct lang *lang,
			      const struct lieu_result *result, int numero,
			      const struct lieu_filter *asked, int64_t now);

/* "01 23 45 67 89" of "+33123456789"; other numbers as they are. */
const char *telephone_text(struct arena *a, const char *international);

/* "12 rue des Peupliers, 93140 Bondy" */
const char *lieu_adresse(struct arena *a, const struct lieu *l);

/* The labels of the bits, joined by the language's comma; at most `max`. */
const char *choices_text(struct arena *a, const struct lang *lang,
			 const struct choice *table, uint32_t bits, int max);

/* Whole days between the place's date_maj and now; -1 when it has none. */
int64_t lieu_age_days(const struct lieu *l, int64_t now);
