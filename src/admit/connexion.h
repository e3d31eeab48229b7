/* The pages that log in, and what they show. */
#pragma once

#include "admit/entree.h"
#include "admit/facteur.h"
#include "web/form.h"
#include "web/page.h"

extern const struct route connexion_routes[];

struct connexion_view {
	const struct req *r;
	struct page *page;
	struct suite suite;
	bool fermee;                    /* the session has ended */
	bool garde;                     /* what was typed is kept */
};

struct code_view {
	const struct req *r;
	struct page *page;
	struct suite suite;
	const struct second_facteur *autres;            /* asked on pages of their own */
	const char *prenom;
	bool codes;                     /* this agent has a telephone or a card */
	bool mot_de_passe;              /* a password proves as well */
	bool garde;                     /* this is the cover screen */
	const char *vers;               /* where the form goes */
};

struct lien_view {
	const struct req *r;
	struct page *page;
	struct suite suite;
	const char *jeton;
	const char *prenom, *structure;
	bool ailleurs;                  /* asked from another browser */
	const char *montre;             /* the code, to copy */
	bool invitation, secours, mail;
};

struct reprise_view {
	const struct req *r;
	struct page *page;
	const char *path;
	const struct form *form;
	bool secrets;
	int codes_left;                 /* recovery codes; -1: enough, not said */
	const char *retour;
};

