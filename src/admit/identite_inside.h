/* What the pages of identities share (oidc_page.c, identite_page.c). */
#pragma once

#include "admit/oidc_page.h"

extern const struct field identite_fields[];

/* Keeps, sealed in the session of r, that this identity was proved just now. */
void identite_wait(struct req *r, const struct oidc_provider *v, const struct oidc_claims *who);
/* The one that was; false when there is none, or for too long. */
bool identite_waits(struct req *r, struct identite_prouvee *out);

handler inconnue_get, identites_get, lier_get, lier_post, retirer_post;
