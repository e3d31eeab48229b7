/* Cover screen, proof of identity, change of agent at a shared desk, logging out. */
#pragma once

#include "admit/connexion.h"

extern const struct route garde_routes[];

struct preuve_in { const char *code_secret, *mot_de_passe; };
extern const struct field preuve_fields[];

/* Sessions that wait on this browser, under their cover. */
struct suspendue {
	int place;                      /* in the cookie */
	const char *prenom;             /* NULL: this agent did not agree to be named here */
	const char *vue;                /* "14 h 05" */
	bool derniere;                  /* just suspended: may agree */
};

enum { POSTE_MOST = 4 };

struct changer_view {
	const struct req *r;
	struct page *page;
	struct suspendue liste[POSTE_MOST];
	int n;
};
