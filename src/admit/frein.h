/*
 * Brakes: how long to wait after wrong passwords and codes.  The same for an account that
 * exists and for one that does not, so that waiting tells nothing.
 *
 * Kept in memory, bounded, under keyed numbers; what concerns accounts is also written to
 * the store by frein_flush, so that a restart does not give tries back.  What concerns
 * addresses never leaves memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "store/db.h"
#include "store/signer.h"

enum frein_sorte {
	FREIN_PAIRE,            /* one account from one address: who mistypes */
	FREIN_COMPTE,           /* one account from everywhere: who is attacked */
	FREIN_ADRESSE,          /* one address, all accounts: who attacks */
	FREIN_CODE,             /* second factor of one account */
	FREIN_LIEN,             /* links by mail for one account, right or wrong */
	FREIN_LIEN_ADRESSE,     /* and from one address */
	FREIN_SORTES
};

struct freins;

bool freins_new(struct signer *s, const struct env *env, struct freins **out, struct err *e);
void freins_free(struct freins **f);

/* Reads what was kept; writes what has changed since (one short transaction, or none). */
bool freins_load(struct freins *f, struct store *s, struct err *e);
bool freins_flush(struct freins *f, struct store *s, struct err *e);

/* Milliseconds to wait before the next try; 0: it may be looked at. */
int64_t frein_wait(struct freins *f, enum frein_sorte sorte, const char *who);

/* One more wrong try; then as frein_wait. */
int64_t frein_fail(struct freins *f, enum frein_sorte sorte, const char *who);

void frein_forget(struct freins *f, enum frein_sorte sorte, const char *who);

/* How many wrong tries are known. */
int frein_count(struct freins *f, enum frein_sorte sorte, const char *who);
