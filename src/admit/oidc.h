/*
 * The providers of identity while the server runs: their configuration and keys, fetched
 * when needed and kept for a while; the two halves of a login (to them, and back).
 *
 * What a login waits for is in the visitor's sealed cookie: nobody else can come back with it,
 * nor after ten minutes, nor twice.  OpenID Connect Core 1.0 (code flow), RFC 7636, RFC 9207.
 */
#pragma once

#include <stdint.h>

#include "admit/oidc_lecture.h"
#include "admit/oidc_reglages.h"
#include "core/core.h"
#include "web/route.h"

struct oidc;            /* all of them */
struct oidc_provider;

/* NULL in *out when none is set.  `r` must outlive it. */
bool oidc_new(const struct oidc_reglages *r, struct oidc **out, struct err *e);
void oidc_free(struct oidc **o);

/* The i-th that is set, from 0; NULL after the last, or when o is NULL. */
const struct oidc_provider *oidc_nth(const struct oidc *o, int i);
/* By its word in our addresses, or by its issuer; NULL. */
struct oidc_provider *oidc_find(struct oidc *o, const char *chemin);
struct oidc_provider *oidc_by_issuer(struct oidc *o, const char *issuer);
const struct oidc_reglage *oidc_reglage_of(const struct oidc_provider *v);

/* Asks for its configuration, and (but for HS256) its keys: is it set as it should be? */
bool oidc_try(struct oidc_provider *v, struct core *c, struct arena *a,
	      struct oidc_endpoints *x, size_t *nkeys, struct err *e);

enum { OIDC_LOGIN_MS = 10 * 60 * 1000 };

/* What a login is for: decides where it ends. */
enum oidc_but {
	OIDC_CONNEXION,         /* to log in */
	OIDC_LIAISON,           /* to link the identity to the account that is logged in */
};

/*
 * Begins: the address of the provider to go to, in *url.  What comes back is awaited in the
 * session of r.  `retour`: a path of ours, or NULL.  `reprise`: what was typed, sealed, kept
 * here meanwhile (some of them, in memory, for ten minutes); NULL.  E_REMOTE when the
 * provider does not answer, E_BUSY when too many wait for it.
 */
bool oidc_begin(struct req *r, struct oidc_provider *v, enum oidc_but but, const char *retour,
		const char *reprise, const char **url, struct err *e);

/* What came back in the address. */
struct oidc_back {
	const char *code, *state, *iss, *error;         /* NULL when absent */
};

struct oidc_login {
	enum oidc_but but;
	const char *retour, *reprise;   /* NULL: none */
	struct oidc_claims who;
	const char *id_token;           /* to say at logout who leaves */
	/* the provider's own code of an error, "Y500003": letters, digits and _ only; NULL */
	const char *error;
};

/*
 * Ends: checks that it was awaited here, changes the code for tokens, checks all of it.
 * E_CONFLICT: not awaited (another browser, too late, twice).  E_DENIED: the provider or the person
 * said no, or what came is not right.  E_REMOTE: the provider does not answer.
 */
bool oidc_end(struct req *r, struct oidc_provider *v, const struct oidc_back *back,
	      struct oidc_login *out, struct err *e);

/* "https://.../agent/oidc/proconnect/retour" and ".../sortie": to be declared there. */
const char *oidc_retour_url(struct req *r, const struct oidc_provider *v);
const char *oidc_sortie_url(struct req *r, const struct oidc_provider *v);

/*
 * Where to leave the provider too (RP-Initiated Logout 1.0), its state awaited in the session
 * of r; *url is NULL when it has no such address, or the settings say not to.
 */
bool oidc_logout(struct req *r, struct oidc_provider *v, const char *id_token,
		 const char **url, struct err *e);
/* True when that state was awaited here; only once. */
bool oidc_logged_out(struct req *r, const struct oidc_provider *v, const char *state);
