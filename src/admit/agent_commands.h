/* tremplin agent ..., tremplin structure ...: without a server, without a page. */
#pragma once

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "core/command.h"
#include "store/db.h"
#include "store/signer.h"

extern const struct command agents_commands[];

/*
 * The path of a new one-time link that makes the first administrator ("/agent/premier/..."),
 * in a; NULL in *path when there is one already.  Earlier links of that kind end.
 */
bool premier_link(struct store *s, struct signer *signer, const struct env *env,
		  struct arena *a, const char **path, struct err *e);
