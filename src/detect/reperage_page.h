/* The pages of "faire le point"; their addresses are declared in detect.c. */
#pragma once

#include "core/core.h"
#include "detect/reperage.h"
#include "web/route.h"

struct ou_entree {                      /* where, and when the person can come */
	const char *commune, *code, *moment;
};
extern const struct field ou_fields[];

struct fiche_entree {
	bool choix;                     /* the boxes of `avec` were shown */
	uint64_t avec;                  /* a bit per enum fiche_partie */
};
extern const struct field fiche_fields[];

handler reperage_debut_page, reperage_recommencer, reperage_question_page,
	reperage_question_envoi, reperage_resultat_page, reperage_lieu_envoi,
	reperage_papier_page, reperage_saisie_page, reperage_saisie_envoi, fiche_page_get,
	reperage_api_get, reperage_api_post;

/* Counts this conversation where it stands now, once: it moves when it was counted before.
 * A store that refuses is logged; nobody's page waits for a figure. */
void reperage_count(struct req *r);

/*
 * What somebody typed for a commune, kept in the session: the code when it is sure, else
 * the words, so that the page asks which.  "" forgets it.
 */
void reperage_keep_commune(struct req *r, const char *typed, const char *code);

/* Half days and "now", as choices; the one of `slug` taken.  Ends with a NULL slug. */
struct resultat_choix;
const struct resultat_choix *reperage_moments(struct req *r, const char *slug);
