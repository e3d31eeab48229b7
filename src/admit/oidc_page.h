/* The pages of outside identities: to a provider and back, linking, leaving. */
#pragma once

#include "admit/entree.h"
#include "admit/identite.h"
#include "admit/oidc.h"
#include "core/structure.h"
#include "web/form.h"
#include "web/page.h"

extern const struct route oidc_routes[];

struct oidc_debut_in { const char *retour, *lier; };
struct oidc_retour_in { const char *code, *state, *iss, *error; };
struct oidc_sortie_in { const char *state; };
struct identite_in { const char *fournisseur, *sujet; };

/* An identity that was proved in this browser less than ten minutes ago, and that no account
 * has yet. */
struct identite_prouvee {
	struct oidc_provider *v;
	const char *sujet, *siret;      /* siret "" when there is none */
};

struct oidc_refus_view {
	struct page *page;
	const struct err *why;
	const char *nom, *chemin;       /* of the provider */
	const char *code;               /* of its own error; NULL */
};

struct inconnue_view {
	struct page *page;
	const char *nom;
	const char *structure;          /* whose SIRET the provider said; NULL */
	bool demande;                   /* its referents can be asked from here */
	bool faite;                     /* they were */
};

struct identite_ligne {
	const struct identite *i;
	const char *nom;                /* of the provider, or its issuer when it is set no more */
	const char *liee, *vue;         /* days; vue NULL: never */
};

struct identites_view {
	const struct req *r;
	struct page *page;
	const struct identite_ligne *l;
	size_t n;
	const struct oidc *oidc;
	const char *attente;            /* name of the provider whose identity waits; NULL */
	const char *fait;               /* what was just done; NULL */
};

struct oidc_suivre_view {               /* what was typed waits: one more step */
	struct page *page;
	const char *nom, *url;
};

struct lier_view {
	struct page *page;
	const char *nom;                /* of the provider */
	const struct agent *g;
	const char *qui, *courriel;     /* who the provider says is there; "" when it does not */
};

/* --- for the pages that log in and out ------------------------------------------------- */

/* "S'identifier avec ProConnect", as its own text says; "Se connecter avec ..." */
const char *oidc_bouton(struct arena *a, const struct lang *l, const struct oidc_provider *v);

/*
 * Takes from the session what says at a provider who leaves; *v is NULL when nobody came by
 * one.  Before the session is erased; then oidc_logout gives the address.
 */
const char *oidc_jeton_take(struct req *r, struct oidc_provider **v);
