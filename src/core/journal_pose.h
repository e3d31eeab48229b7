/* Putting leaves of the store into tiles. */
#pragma once

#include "core/journal_tuile.h"
#include "store/db.h"

/*
 * Writes the tiles and entries of a tree of `size` leaves that were not there when it had
 * `from`, full or partial, and removes the partial ones that a full one replaces.  E_STORE when
 * the disk refuses, or a leaf is missing.
 */
bool journal_pose(struct db *db, const char *folder, uint64_t from, uint64_t size,
		  struct err *e);
