/* Which other servers may be asked: the origins and the secrets that the settings name. */
#pragma once

#include "core/core.h"
#include "store/remote.h"

/*
 * For the process that has the network.  Secrets are files of the data folder `dir`; one
 * that cannot be read is told in the log, and only logins by that provider fail.
 */
bool outside_open(const char *dir, const struct site *site, struct arena *a,
		  struct remote **out, struct err *e);
