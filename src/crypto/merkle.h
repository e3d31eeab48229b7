/*
 * Merkle trees as RFC 6962 (2.1) hashes them, by SHA-256: a leaf is SHA-256(0x00 | entry),
 * a node SHA-256(0x01 | left | right), the left part the largest power of two below the
 * size.  Proofs are checked as RFC 9162 (2.1.3.2, 2.1.4.2) says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { MERKLE_HASH = 32, MERKLE_PROOF = 64 };

struct merkle_hash {
	unsigned char b[MERKLE_HASH];
};

void merkle_leaf(const void *p, size_t n, struct merkle_hash *out);
/* `out` may be either side. */
void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
		 struct merkle_hash *out);
/* Plain SHA-256, for what a leaf commits to: as crypto/sha256.h, faster for short texts. */
void merkle_digest(const void *p, size_t n, unsigned char out[MERKLE_HASH]);
bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b);

/* A tree that grows, of which only the right edge is kept; { 0 } is the empty one. */
struct merkle {
	uint64_t n;                     /* leaves */
	struct merkle_hash edge[64];    /* of 2^k leaves, where bit k of n is set */
};

void merkle_add(struct merkle *m, const struct merkle_hash *leaf);
void merkle_root(const struct merkle *m, struct merkle_hash *out);

/* The root of n hashes that follow each other, 1 <= n <= 256: the top of a tile. */
void merkle_fold(const struct merkle_hash *h, size_t n, struct merkle_hash *out);

/* Gives the node that covers the leaves index << level to ((index + 1) << level) - 1. */
typedef bool merkle_read(void *at, unsigned level, uint64_t index, struct merkle_hash *out,
			 struct err *e);

/* The root of the first n leaves, from nodes; of none: SHA-256 of nothing. */
bool merkle_root_of(uint64_t n, merkle_read *node, void *at, struct merkle_hash *out,
		    struct err *e);

/* Proof that leaf `index` is in the tree of `size` leaves, the leaf's sibling first.
 * E_MISSING unless index < size. */
bool merkle_prove(uint64_t index, uint64_t size, merkle_read *node, void *at,
		  struct merkle_hash proof[MERKLE_PROOF], size_t *n, struct err *e);
/* Proof that the first `old` of `size` leaves make the older tree; none for 0 and for size.
 * E_MISSING unless old <= size. */
bool merkle_prove_growth(uint64_t old, uint64_t size, merkle_read *node, void *at,
			 struct merkle_hash proof[MERKLE_PROOF], size_t *n, struct err *e);

bool merkle_holds(uint64_t index, uint64_t size, const struct merkle_hash *leaf,
		  const struct merkle_hash *proof, size_t n, const struct merkle_hash *root);
/* An empty older tree is the beginning of any, and needs no proof. */
bool merkle_grew(uint64_t old, uint64_t size, const struct merkle_hash *old_root,
		 const struct merkle_hash *root, const struct merkle_hash *proof, size_t n);
