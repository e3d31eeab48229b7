/* What the files of core/journal_verif share. */
#pragma once

#include "core/journal.sql.h"
#include "core/journal_verif.h"

struct range {
	int64_t from, to;               /* both included */
};

struct ranges {
	struct range *p;
	size_t n, cap;
};

struct verif {
	struct journal_verif *v;
	struct arena *a;
	struct merkle tree;
	int64_t next, all;              /* the leaf that is awaited; how many there were */
	struct buf record;
	struct journal_heads_row *heads;
	size_t nheads, at_head;
	struct journal_origins_row *origins;
	size_t norigins, told;          /* told: that a leaf declares */
	struct ranges missing, erased;
	struct {                        /* the tile that is being filled, by level */
		struct merkle_hash h[TUILE];
		unsigned n;
		uint64_t index;
	} rows[TUILE_LEVELS];
	unsigned char entries[TUILE_BYTES];
};

void verif_fault(struct verif *k, const char *fmt, ...) PRINTF(2, 3);

/* One signed leaf more; then the tiles that are not full. */
void verif_tile_add(struct verif *k, const unsigned char *entry, const struct merkle_hash *leaf);
void verif_tile_end(struct verif *k);
