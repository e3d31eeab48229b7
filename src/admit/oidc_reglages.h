/*
 * The providers of identity that the settings name (ProConnect, Keycloak...): none unless
 * they do.  In the file `config`, the first has the keys oidc_*, the others oidc2_* to
 * oidc4_* (docs/connexion-proconnect.md):
 *
 *	oidc_modele = proconnect        what follows is then already as ProConnect wants it
 *	oidc_issuer = https://...       exactly as the provider writes it
 *	oidc_client_id = ...
 *	oidc_secret = cles/oidc_secret  file of the client_secret, in the data folder
 *	oidc_nom = ProConnect           on the button
 *	oidc_chemin = proconnect        in our addresses: /agent/oidc/proconnect/retour
 *	oidc_scopes = openid ...
 *	oidc_alg = RS256                of its signatures: RS256, ES256 or HS256
 *	oidc_userinfo = signe           signe, simple or non
 *	oidc_pkce = auto                auto (when it says so), oui or non
 *	oidc_mfa = non                  oui: a second factor seen by it counts as ours
 *	oidc_deconnexion = oui          propose to leave there too
 *	oidc_origines =                 other origins than the issuer's, of its addresses
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "crypto/jose.h"

enum { OIDC_PROVIDERS = 4 };

enum oidc_pkce { OIDC_PKCE_AUTO, OIDC_PKCE_OUI, OIDC_PKCE_NON };
enum oidc_userinfo { OIDC_USERINFO_SIGNE, OIDC_USERINFO_SIMPLE, OIDC_USERINFO_NON };

struct oidc_reglage {
	const char *issuer;             /* NULL: this provider is not set */
	const char *client_id, *secret, *nom, *chemin, *scopes, *origines;
	bool proconnect, mfa, deconnexion;
	enum jose_alg alg;
	enum oidc_pkce pkce;
	enum oidc_userinfo userinfo;
	/* as they were written; NULL when they were not */
	const char *modele_, *alg_, *pkce_, *userinfo_, *mfa_, *deconnexion_;
};

struct oidc_reglages {
	struct oidc_reglage p[OIDC_PROVIDERS];
};

/*
 * Takes one line of the settings.  *ours is false when the name is not one of these; then
 * nothing was done.  Texts are kept in `a`.
 */
bool oidc_reglage_set(struct arena *a, struct oidc_reglages *r, const char *name,
		      const char *value, bool *ours, struct err *e);

/*
 * Once all are read: fills what was not written, refuses what cannot work.  The address of
 * the site must be set (`adresse`): a provider only comes back to one that it knows.
 */
bool oidc_reglages_check(struct arena *a, struct oidc_reglages *r, const char *adresse,
			 struct err *e);

/* "https://host:port" of one provider, and the others that its settings name. */
const char *oidc_reglage_origins(struct arena *a, const struct oidc_reglage *p);
/* The same of all that the sender may ask, for store/remote.h; "" when none. */
const char *oidc_reglages_origins(struct arena *a, const struct oidc_reglages *r);

/* An https:// address without user, fragment, space or sign that is not ASCII; http://
 * only towards this machine. */
bool oidc_address_is_safe(const char *url);
