/* What the pages of identities share (oidc_page.c, identite_page.c). */
#pragma once

#include "admit/oidc_page.h"

extern const struct field identite_fields[];

/*
 * Keeps, sealed in the session of r, that this identity was proved just now; and, until it
 * is linked or ten minutes have passed, the name and mail that came with it, for the
 * referent who is asked for an account: the one name that the cookie may hold is the one
 * that its own browser has just proved.
 */
void identite_wait(struct req *r, const struct oidc_provider *v, const struct oidc_claims *who);
/* The one that was; false when there is none, or for too long. */
bool identite_waits(struct req *r, struct identite_prouvee *out);

struct identite_nom {
	const char *prenom, *nom, *courriel;    /* "" when the provider did not say */
};
bool identite_name(struct req *r, struct identite_nom *out);

/* The structure whose SIRET the provider said: for people to decide, it opens nothing. */
bool identite_structure(struct req *r, const char *siret, struct structure *out, bool *found,
			struct err *e);
/* Page of an identity that nobody has linked; `faite`: its account was asked for. */
bool inconnue_show(struct req *r, struct res *s, bool faite, struct err *e);

handler inconnue_get, inconnue_post, identites_get, lier_get, lier_post, retirer_post;
