/* What reading and making tokens share: the library's things, freed by scope (CLEANUP). */
#pragma once

#include <cjose/cjose.h>

static inline void jose_token_free(cjose_jws_t **t)
{
	if (*t)
		cjose_jws_release(*t);
}

static inline void jose_key_free(cjose_jwk_t **k)
{
	if (*k)
		cjose_jwk_release(*k);
}
