/*
 * Retention of what is kept of accounts: the security log a year (CNIL, délibération
 * 2021-122), spent and expired links a week, the name of an agent who left as long as the log
 * speaks of them.  Sessions: admit/session.h; messages: store/envoi.h.
 */
#pragma once

#include <stdbool.h>

#include "base/env.h"
#include "base/err.h"
#include "store/db.h"

enum { CONSERVE_TRACES_JOURS = 365, CONSERVE_LIENS_JOURS = 7, CONSERVE_EVERY_MS = 6 * 3600 * 1000 };

/* Erases what is past its time now; one job. */
bool conservation_run(struct store *s, const struct env *env, struct err *e);
