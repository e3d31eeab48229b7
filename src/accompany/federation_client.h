/* A site's server proves that it is the client that it says. */
#pragma once

#include "accompany/federation.h"
#include "web/form.h"

/*
 * client_secret_basic, client_secret_post or private_key_jwt (RFC 7523), one of them alone.
 * *known is false when it did not prove it, whatever the reason.
 */
bool federation_client_proves(struct req *r, const struct form *f,
			      struct federation_client *out, bool *known, struct err *e);
