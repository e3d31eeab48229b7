/* A fictitious person of the demonstration, with a card, a mandat, acts, one of them contested. */
#pragma once

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"
#include "store/signer.h"

struct demo_personne {
	const char *nom;                /* NULL: was there already */
	const char *numero;             /* of the card, as it is shown */
	const char *secret;
};

/* Once in a store: with the first structure that has an aidant; nothing when there is none. */
bool mandat_demo(struct store *s, struct signer *signer, const struct env *env,
		 struct arena *a, struct demo_personne *out, struct err *e);
