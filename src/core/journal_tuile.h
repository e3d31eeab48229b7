/*
 * The tree of the journal as files, C2SP tlog-tiles, under DIR/journal:
 *	tile/L/N[.p/W]		256 (or W) hashes that follow each other at level L
 *	tile/entries/N[.p/W]	the entries: commitments of 32 bytes, each after its length
 * All of it can be made again from the store: it is what proofs and copies read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/merkle.h"

enum {
	TUILE = 256, TUILE_PATH = 80, TUILE_LEVELS = 8, TUILE_ENTRIES = -1,
	TUILE_ENTRY = 2 + MERKLE_HASH, TUILE_BYTES = TUILE * TUILE_ENTRY,
};

/* "tile/0/x001/x234/067.p/12"; width TUILE: the full one. */
void tuile_path(int level, uint64_t index, unsigned width, char out[TUILE_PATH]);
/* Reads such a path: false unless it is written exactly so. */
bool tuile_path_read(const char *path, int *level, uint64_t *index, unsigned *width);

/* How many hashes the tile holds in a tree of that size; 0 when it is not there yet. */
unsigned tuile_width(int level, uint64_t index, uint64_t size);

/* The hash of the level above, or of an entry, as a leaf of the tree. */
void tuile_entry_hash(const unsigned char entry[MERKLE_HASH], struct merkle_hash *out);

/* Reads FOLDER/PATH whole into out; E_MISSING when it is not there or not n bytes long. */
bool tuile_file(const char *folder, const char *path, void *out, size_t n, struct err *e);

/* Writes FOLDER/PATH whole, on disk, with the folders above it. */
bool tuile_put(const char *folder, const char *path, const void *p, size_t n, struct err *e);

/* Nodes of a tree of `size` leaves, out of its tiles: `at` of tuiles_node (merkle_read). */
struct tuiles {
	const char *folder;             /* DIR/journal */
	uint64_t size;
	struct {
		bool there;
		uint64_t index;
		unsigned width;
		struct merkle_hash h[TUILE];
	} kept[TUILE_LEVELS];           /* the last tile of each level that was read */
};

struct tuiles *tuiles_new(const char *folder, uint64_t size);   /* NULL: no memory */
void tuiles_free(struct tuiles **t);                            /* for CLEANUP */
bool tuiles_node(void *tuiles, unsigned level, uint64_t index, struct merkle_hash *out,
		 struct err *e);
