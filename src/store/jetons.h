/*
 * The keys that sign the tokens of a federation (accompany/federation.h): DIR/cles/federation,
 * one a line, "name algorithm from until JWK".  `from` and `until` in milliseconds; until 0:
 * not replaced.
 *
 * A key is published before it signs (`from`) and after another has taken its place (`until`),
 * so that who keeps our keys for a while never meets one that it does not know.
 */
#pragma once

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "crypto/jose.h"
#include "store/db.h"

enum {
	JETONS_MOST = 12,
	JETONS_BEFORE_MS = 10 * 60 * 1000,      /* published, not yet signing */
	JETONS_AFTER_MS = 24 * 60 * 60 * 1000,  /* published, no longer signing */
};

struct jeton_cle {
	const char *kid;
	enum jose_alg alg;
	int64_t depuis, jusque;
	const char *jwk;                /* private */
};

/* In `a`; none when there is no file.  E_STORE: it cannot be read, or others may read it. */
bool jetons_read(const char *dir, struct arena *a, struct jeton_cle **out, size_t *n,
		 struct err *e);

/*
 * A new key of each algorithm; those of before stay published for a day.  `at_once`: the new
 * ones sign now (a key was stolen), and those of before are published no more.
 * From a command.
 */
bool jetons_rotate(const char *dir, const struct env *env, struct arena *a, bool at_once,
		   struct err *e);

/* Signs with the newest key of that algorithm that already may.  E_MISSING: none. */
bool jetons_sign(const char *dir, const struct env *env, struct arena *a, enum jose_alg alg,
		 struct bytes payload, const char **token, struct err *e);

/* {"keys":[...]}: all that are published now. */
bool jetons_published(const char *dir, const struct env *env, struct arena *a,
		      const char **out, struct err *e);
