/* What the templates of "faire le point" read; made by the *_page.c files. */
#pragma once

#include "core/carte.h"
#include "core/horaires_texte.h"
#include "core/vignette.h"
#include "detect/reperage.h"
#include "detect/voie.h"
#include "detect/voix_page.h"
#include "format/qr.h"
#include "web/page.h"

struct debut_view {
	const struct page *page;
	const struct instrument *in;
	const char *reprendre;          /* address of the page to go on from; NULL: nothing began */
	int minutes;
};

struct question_view {
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
	const struct instrument_page *ecran;
	const struct reponse *reponses;
	const int *items;               /* of this screen, those that are asked */
	int nitems;
	const char *retour;
	const struct ecoute *ecoute;    /* what can be heard; NULL: nothing is looked for */
};

struct saisie_champ {
	const struct item *item;
	int numero;                     /* as on paper */
	const char *id;
	const char *tape;               /* what was typed */
	const char *erreur;             /* NULL: none */
};

struct saisie_view {
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
	const struct saisie_champ *champs;
	int nchamps, nerreurs;
};

struct papier_view {
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
};

struct resultat_lieu {
	struct vignette v;
	const char *fiche;              /* the sheet with this one chosen, the others spare */
};

struct resultat_choix {
	const char *id, *slug, *label;
	bool pris;
};

struct resultat_view {
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
	const struct diagnostic *d;
	const char *savez, *bloque, *peut;      /* joined; "" when nothing can be said */
	const char *retour;             /* the last question */
	const char *suite;              /* the questions that wait; NULL */
	bool commence;
	bool demarche;                  /* a démarche is what is in the way */
	const struct voie *voies[VOIES];
	size_t nvoies;
	/* where and when */
	const char *commune;            /* what the field shows */
	const char *commune_erreur;     /* NULL */
	const struct resultat_choix *communes;  /* several are meant: which? */
	size_t ncommunes;
	const struct resultat_choix *moments;   /* ends with a NULL slug */
	const char *pres_de;            /* "Bondy (93140)"; NULL: not said yet */
	bool sans_position, moment_perdu, besoin_perdu;
	const struct resultat_lieu *lieux;
	size_t nlieux;
	const char *tous;               /* all the places, "/lieux?commune=..." */
	const struct carte *carte;      /* NULL */
};

struct fiche_lieu {
	struct vignette v;
	const struct horaires_ligne *jours;     /* the open days, a few; NULL: not known */
	size_t njours;
	const char *avis;               /* about a public holiday; NULL */
	/* as the source writes them, when they were not understood */
	const char *horaires_texte;
	bool a_verifier;
	const char *services;
};

enum { FICHE_LIEUX = 3, FICHE_PARTS = 9 };

struct fiche_part {                     /* what may be left out */
	const char *id, *slug, *label;
	bool garde;
};

struct fiche_view {
	const struct page *page;
	struct arena *a;
	const struct fiche_lieu *lieux; /* the chosen one first */
	size_t n;
	const struct fiche_part *parts; /* in the order of enum fiche_partie */
	const struct qr *qr;            /* NULL: left out, or the address is not known */
	const char *adresse;            /* what the QR code says */
	const struct carte *carte;      /* NULL */
	const char *date;
	const struct fiche_view *francais;      /* the same in French, beside it; NULL */
	bool seconde;                   /* it is the one beside */
};

enum fiche_partie { FICHE_ADRESSE, FICHE_TELEPHONE, FICHE_HORAIRES, FICHE_SERVICES, FICHE_PLAN,
	FICHE_QR, FICHE_LIGNES, FICHE_AUTRES, FICHE_FRANCAIS };

/* Where links go: the place's own anchor on the sheet. */
const char *fiche_ancre(const struct fiche_view *v, const struct fiche_lieu *l);
