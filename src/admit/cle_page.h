/* The pages of security keys: adding one, and using it to come in or to prove who one is. */
#pragma once

#include "admit/cle.h"
#include "admit/entree.h"
#include "web/form.h"
#include "web/page.h"

extern const struct route cle_routes[];

struct cle_ajout_in { const char *nom, *client, *objet; };
struct cle_demande_in { const char *cle, *client, *donnees, *signature; };
extern const struct field cle_ajout_fields[], cle_demande_fields[];

struct cle_view {
	const struct req *r;
	struct page *page;
	struct suite suite;
	const char *rp;                 /* NULL: the site's address is a number, no key can serve */
	const char *defi;               /* challenge */
	const char *cles;               /* ids that are excluded, or allowed; separated by spaces */
	const char *compte, *nom;       /* whose: opaque number for the key, what it may show */
	bool accueil;                   /* accepting an invitation */
	bool entree;                    /* coming in; else proving again */
	const char *prenom;
	const char *erreur;             /* what was wrong with the last answer; NULL */
};
