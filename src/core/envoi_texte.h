/*
 * The texts that Tremplin sends: each a template of the catalogue, in the language of who
 * receives it, neutral (posture 5: someone else may read the telephone; an object says
 * nothing of anybody).
 *
 *	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = agent->courriel };
 *	const char *const values[] = { link, "15" };
 *
 *	if (!envoi_texte(a, &core->site, ENVOI_CONNEXION_LIEN, lang, values, now, &m, e) ||
 *	    !envoi_put(tx, &m, id, e))
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "store/envoi.h"
#include "web/i18n.h"

enum envoi_genre {
	ENVOI_ESSAI,            /* nothing: are the settings good? */
	ENVOI_CONNEXION_LIEN,   /* mail: the link, minutes it is good for */
	ENVOI_CONNEXION_CODE,   /* SMS or mail: the code, minutes it is good for */
	ENVOI_INVITATION,       /* mail: who invites, structure, the link, days it is good for */
	ENVOI_COMPTE_CHANGE,    /* mail: what changed (a sentence), when */
	ENVOI_ACCES,            /* mail: who identified them, structure, the link to decide */
	ENVOI_ADRESSE,          /* mail: the code, minutes it is good for */
	ENVOI_LIEU,             /* SMS or mail: the place, the link, days it is good for */
	ENVOI_MANDAT_RECAP,     /* SMS: structure, what it would do, last day */
	ENVOI_MANDAT_QUESTION,  /* SMS: structure, hour until which an answer counts */
	ENVOI_MANDAT_ENCORE,    /* SMS: nothing: the answer was not understood */
	ENVOI_MANDAT_PREUVE,    /* SMS: nothing: yes came, the secret is still to come */
	ENVOI_MANDAT_COMMENCE,  /* SMS: last day */
	ENVOI_MANDAT_REFUSE,    /* SMS: nothing */
	ENVOI_MANDAT_FIN,       /* SMS: structure, last day */
	ENVOI_DESACCORD,        /* mail, to who protects data: days without an answer, the link */
	ENVOI_GENRES
};

enum { ENVOI_VALUES = 4 };

struct envoi_modele {
	const char *slug;               /* in the store: "connexion-code" */
	const char *nom;                /* N_(): what it is, for those who run the site */
	const char *objet;              /* N_(): of the mail; NULL: no mail of this kind */
	/* N_(): paragraphs with an empty line between them; %1 is the site's name, then come
	 * the values; an address alone on its line becomes a link */
	const char *courriel;
	const char *sms;                /* N_(): NULL: no SMS of this kind */
	int nvalues;
	const char *exemples[ENVOI_VALUES];     /* N_(): for the preview */
	bool urgent;
	int minutes;                    /* useless after that; 0: ENVOI_DUREE_MS */
};

extern const struct envoi_modele envoi_modeles[ENVOI_GENRES];
const struct envoi_modele *envoi_modele_find(const char *slug);         /* NULL */

/*
 * Writes what goes to m->destinataire by m->canal: fills genre, langue, objet, texte, html,
 * urgent and expire (from `now`, ms); the rest of m is left.  `values` are in the order
 * said above.  Texts live in `a`.  E_INPUT when this kind does not go that way.
 */
bool envoi_texte(struct arena *a, const struct site *site, enum envoi_genre genre,
		 const struct lang *lang, const char *const *values, int64_t now,
		 struct envoi *m, struct err *e);
