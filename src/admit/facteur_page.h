/* The pages of second factors: add, name, lose, remove; recovery codes. */
#pragma once

#include "admit/bienvenue.h"
#include "admit/facteur.h"
#include "format/qr.h"
#include "web/form.h"
#include "web/page.h"

extern const struct route facteur_routes[];

struct application_in { const char *cle, *code_secret, *nom; };
struct carte_in { const char *serie, *code_secret; };
struct nom_in { const char *nom; };
struct retrait_in { int raison; };
enum raison { RAISON_INUTILE, RAISON_PERDU, RAISON_RENDUE };
extern const struct field application_fields[], carte_fields[], nom_fields[],
	retrait_fields[], retrait_carte_fields[];

struct facteurs_view {
	const struct req *r;
	struct page *page;
	const struct facteur *liste;
	size_t n;
	const struct second_facteur *sortes;    /* that can be added here */
	int codes;                              /* recovery codes left */
	bool accueil;                           /* accepting an invitation */
	const char *prenom;
};

struct application_view {
	const struct req *r;
	struct page *page;
	struct qr qr;
	const char *uri;                /* otpauth://..., for who reads this on the telephone */
	const char *cle_lue;            /* "JBSW Y3DP EHPK 3PXP", to type */
	const char *cle;                /* the same, sealed */
	bool accueil;
	const char *prenom;
};

struct facteur_view {
	const struct req *r;
	struct page *page;
	struct facteur f;
	bool carte, seul;               /* the only one: cannot go */
};

struct codes_view {
	const struct req *r;
	struct page *page;
	int reste;
	const struct code_secours *liste;       /* CODES_SECOURS new ones; NULL */
	const char *nom, *identifiant, *date;
	bool accueil;                           /* third step of an invitation */
};
