/*
 * Backups: a folder tremplin-DATE/ with a copy of the store, `fichiers/`, `journal/` and
 * MANIFESTE, which `sha256sum -c MANIFESTE` checks too.  Keys (`cles/`) are never in it.
 * DESIGN.md, decisions 7 and 8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "store/db.h"

enum { SAUVEGARDE_JOURS = 35, SAUVEGARDE_PATH = 1100 };

struct sauvegarde {
	char path[SAUVEGARDE_PATH];     /* where it is */
	size_t files;
	int64_t bytes;
};

/*
 * Makes a backup beside a running server.  `to` NULL: DIR/sauvegardes/tremplin-DATE; a
 * folder that exists: tremplin-DATE inside it; otherwise its name.  It is read again and
 * opened before it gets its name.
 */
bool sauvegarde_make(struct store *s, const char *to, struct sauvegarde *out, struct err *e);

/* Reads a whole backup again: every hash, no file too many, a sound store. */
bool sauvegarde_verify(const char *path, struct sauvegarde *out, struct err *e);

/* Removes from `folder` what backup, restore and migrate put there more than `days` days
 * ago, as their names say; nothing else. */
bool sauvegarde_expire(const char *folder, int days, const struct env *env, int *removed,
		       struct err *e);

/*
 * Puts the backup `from` (a folder, or the .db file that a migration left) in place of what
 * DIR holds, which goes to DIR/sauvegardes/remplace-DATE (written to `aside`; "" when DIR
 * was empty).  E_CONFLICT while a server or a command uses DIR.  The backup is verified
 * first; killed at any moment, either nothing has changed or the next opening ends it.
 */
bool sauvegarde_restore(const char *dir, const char *from, const struct env *env,
			char aside[SAUVEGARDE_PATH], struct err *e);

/* Ends a restore that was killed; the caller holds serve.lock.  For store_open. */
bool sauvegarde_finish(const char *dir, struct err *e);
