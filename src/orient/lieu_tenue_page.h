/* What anybody reports of a place, what a place corrects: views of tenue.htm. */
#pragma once

#include "orient/lieu_tenue.h"
#include "web/page.h"

extern const struct route tenue_routes[];

struct signaler_entree {
	int sorte;
	const char *texte;
	const char *surnom;             /* nobody fills it but a robot */
	const char *relu;
};
extern const struct field signaler_fields[];

struct signaler_view {
	const struct page *page;
	const struct req *r;
	const char *id, *nom, *telephone, *telephone_lien;
	bool relire;                    /* came too fast: asked again, nothing lost */
	bool trop;                      /* too many from here: by telephone */
	const struct signaler_entree *in;
};

struct corriger_entree {
	const char *j;                  /* the link's token or the code; NULL for an agent */
	bool entrer;                    /* only the code was typed: show the form */
	const char *nom, *telephone, *courriels, *site_web, *prise_rdv, *adresse,
		*complement_adresse, *commune;
	const char *lundi, *mardi, *mercredi, *jeudi, *vendredi, *samedi, *dimanche;
	const char *fermetures;
	uint64_t services, frais_a_charge, modalites_acces;
	const char *presentation_resume;
};
extern const struct field corriger_fields[];

struct corriger_view {
	const struct page *page;
	const struct req *r;
	const char *id, *nom;
	const char *secret;             /* NULL: none yet, or an agent corrects */
	bool agent;
	bool demande;                   /* ask for the code first */
	struct acces_connu connu;       /* where a link can leave to */
	bool hebdo;                     /* the hours make a week that the form can show */
	const char *horaires;           /* as they are, when they do not */
	const struct corriger_entree *in;
};

/* "Send a link to the place." */
struct lieu_lien_entree {
	int moyen;                      /* enum acces_moyen */
};
extern const struct field lieu_lien_fields[];

struct lieu_lien_view {
	const struct page *page;
	const char *id, *nom;
	const char *vers;               /* masked */
	int jours;
	bool sms;
};

struct tenue_fait_view {
	const struct page *page;
	const char *id, *nom;
	bool correction;
	size_t changes;
};
