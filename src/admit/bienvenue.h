/* One-time links followed: login by mail, invitation, an access given back. */
#pragma once

#include "admit/connexion.h"
#include "admit/lien.h"

extern const struct route bienvenue_routes[];

enum maniere { MANIERE_MOT_DE_PASSE, MANIERE_LIEN };
struct bienvenue_in { int maniere; const char *mot_de_passe; };
extern const struct field bienvenue_fields[];

struct bienvenue_view {
	const struct req *r;
	struct page *page;
	const char *jeton;
	const char *prenom, *identifiant, *courriel;    /* courriel NULL: none */
	const char *structure;                          /* NULL */
	bool secours;                                   /* an access given back */
};

/*
 * Who is accepting an invitation in this browser: a password was chosen, a second factor is
 * still owed.  Holds for half an hour; the link is used up by who ends it.
 */
struct accueil {
	const char *agent;
	char empreinte[BOX_TAG_TEXT];   /* of the link */
};

enum { ACCUEIL_MS = 30 * 60 * 1000 };

bool accueil_get(struct req *r, struct accueil *out);
void accueil_forget(struct req *r);

/*
 * The job that ends it, after the factor was written: uses the link up, opens the account;
 * for an access given back, what was there before is gone already (accueil_begin).
 */
bool accueil_end(struct tx *tx, struct arena *a, const struct env *env,
		 const struct accueil *k, struct err *e);
/* Before the new factor is written: factors, codes and sessions of an access that was lost. */
bool accueil_begin(struct tx *tx, struct arena *a, const struct env *env,
		   const struct accueil *k, struct err *e);
