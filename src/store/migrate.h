/*
 * Migrations: files that are applied once, in the order of their names, each in one
 * transaction with its line in the table `migration`.
 */
#pragma once

#include "base/embedded.h"
#include "store/db.h"

/*
 * Brings the file of `db` (a writing connection) to `list`.  Refuses a file that a newer
 * program has opened and a migration that changed since it was applied (E_CONFLICT).
 * When `may` is false, refuses as soon as one is missing.  A file that already holds
 * migrations is copied to DIR/sauvegardes first.  applied: how many; may be NULL.
 */
bool migrate(struct db *db, const struct embedded_file *list, bool may, int *applied,
	     struct err *e);

/* Refuses a file that is not ours, or that a newer program has opened; reads only. */
bool migrate_known(struct db *db, const struct embedded_file *list, struct err *e);
