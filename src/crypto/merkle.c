/* The one-call interfaces of libcrypto 3 look an algorithm up at each call, three to five
 * times the cost of hashing a node; a proof hashes hundreds of them. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/merkle.h"

#include <openssl/sha.h>
#include <string.h>

void merkle_leaf(const void *p, size_t n, struct merkle_hash *out)
{
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, "\0", 1);
	SHA256_Update(&c, p, n);
	SHA256_Final(out->b, &c);
}

void merkle_digest(const void *p, size_t n, unsigned char out[MERKLE_HASH])
{
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, p, n);
	SHA256_Final(out, &c);
}

void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
		 struct merkle_hash *out)
{
	unsigned char in[1 + 2 * MERKLE_HASH] = { 1 };
	SHA256_CTX c;

	memcpy(in + 1, left->b, MERKLE_HASH);
	memcpy(in + 1 + MERKLE_HASH, right->b, MERKLE_HASH);
	SHA256_Init(&c);
	SHA256_Update(&c, in, sizeof in);
	SHA256_Final(out->b, &c);
}

bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return !memcmp(a->b, b->b, MERKLE_HASH);
}

void merkle_add(struct merkle *m, const struct merkle_hash *leaf)
{
	struct merkle_hash h = *leaf;
	int k = 0;

	for (; m->n >> k & 1; k++)
		merkle_node(&m->edge[k], &h, &h);
	m->edge[k] = h;
	m->n++;
}

void merkle_root(const struct merkle *m, struct merkle_hash *out)
{
	bool first = true;

	if (!m->n)
		merkle_digest("", 0, out->b);
	for (int k = 0; k < 64; k++) {
		if (!(m->n >> k & 1))
			continue;
		if (first)
			*out = m->edge[k];
		else
			merkle_node(&m->edge[k], out, out);
		first = false;
	}
}

void merkle_fold(const struct merkle_hash *h, size_t n, struct merkle_hash *out)
{
	struct merkle_hash row[128];
	size_t full = n / 2;

	if (n == 1) {
		*out = *h;
		return;
	}
	/* pair by pair, one level after the other; what has no pair goes up as it is */
	for (size_t i = 0; i < full; i++)
		merkle_node(&h[2 * i], &h[2 * i + 1], &row[i]);
	if (n & 1 && full < 128)
		row[full] = h[n - 1];
	for (n = full + (n & 1); n > 1; n = (n + 1) / 2) {
		for (size_t i = 0; i < n / 2; i++)
			merkle_node(&row[2 * i], &row[2 * i + 1], &row[i]);
		if (n & 1)
			row[n / 2] = row[n - 1];
	}
	*out = row[0];
}

/* --- from nodes that are kept ----------------------------------------------------------- */

struct tree {
	merkle_read *node;
	void *at;
	struct merkle_hash *proof;
	size_t n;
	struct err *e;
};

static unsigned log2_of(uint64_t n)
{
	return 63 - (unsigned)__builtin_clzll(n);
}

/* The largest power of two below n > 1. */
static uint64_t left_of(uint64_t n)
{
	return (uint64_t)1 << log2_of(n - 1);
}

/* Of n >= 1 leaves from `from`, a multiple of the power of two that n needs. */
static bool range(struct tree *t, uint64_t from, uint64_t n, struct merkle_hash *out)
{
	struct merkle_hash right;
	uint64_t k;

	if (!(n & (n - 1))) {
		unsigned level = log2_of(n);

		return t->node(t->at, level, from >> level, out, t->e);
	}
	k = left_of(n);
	if (!range(t, from, k, out) || !range(t, from + k, n - k, &right))
		return false;
	merkle_node(out, &right, out);
	return true;
}

bool merkle_root_of(uint64_t n, merkle_read *node, void *at, struct merkle_hash *out,
		    struct err *e)
{
	struct tree t = { .node = node, .at = at, .e = e };

	if (!n)
		merkle_root(&(struct merkle){ 0 }, out);
	return !n || range(&t, 0, n, out);
}

/* Adds the hash of a range to the proof, which grows from the top to the leaf. */
static bool put(struct tree *t, uint64_t from, uint64_t n)
{
	return range(t, from, n, &t->proof[t->n++]);
}

static void reverse(struct tree *t)
{
	for (size_t i = 0, j = t->n; i + 1 < j; i++) {
		struct merkle_hash h = t->proof[--j];

		t->proof[j] = t->proof[i];
		t->proof[i] = h;
	}
}

bool merkle_prove(uint64_t index, uint64_t size, merkle_read *node, void *at,
		  struct merkle_hash proof[MERKLE_PROOF], size_t *n, struct err *e)
{
	struct tree t = { .node = node, .at = at, .proof = proof, .e = e };
	uint64_t from = 0, m = size;

	if (index >= size)
		return fail(e, E_MISSING, "Le journal n’a pas encore cet acte.");
	while (m > 1) {
		uint64_t k = left_of(m);
		bool left = index - from < k;

		if (!put(&t, left ? from + k : from, left ? m - k : k))
			return false;
		from += left ? 0 : k;
		m = left ? k : m - k;
	}
	reverse(&t);
	*n = t.n;
	return true;
}

bool merkle_prove_growth(uint64_t old, uint64_t size, merkle_read *node, void *at,
			 struct merkle_hash proof[MERKLE_PROOF], size_t *n, struct err *e)
{
	struct tree t = { .node = node, .at = at, .proof = proof, .e = e };
	uint64_t from = 0, m = size;

	*n = 0;
	if (old > size)
		return fail(e, E_MISSING, "Le journal est plus court que cela.");
	if (!old || old == size)
		return true;
	/* down to the last node that the older tree had whole */
	while (old - from != m) {
		uint64_t k = left_of(m);
		bool left = old - from <= k;

		if (!put(&t, left ? from + k : from, left ? m - k : k))
			return false;
		from += left ? 0 : k;
		m = left ? k : m - k;
	}
	/* which is the older root itself when all of it was on the left */
	if (from && !put(&t, from, m))
		return false;
	reverse(&t);
	*n = t.n;
	return true;
}

/* --- checking ----------------------------------------------------------------------------- */

/* Where one stands in two trees at once: the path of the leaf, and that of the last one. */
struct climb {
	uint64_t at, last;
};

static void up(struct climb *c)
{
	c->at >>= 1;
	c->last >>= 1;
}

/* True: the next hash of a proof stands on the left. */
static bool on_left(struct climb *c)
{
	if (!(c->at & 1) && c->at != c->last)
		return false;
	while (c->at && !(c->at & 1))
		up(c);
	return true;
}

bool merkle_holds(uint64_t index, uint64_t size, const struct merkle_hash *leaf,
		  const struct merkle_hash *proof, size_t n, const struct merkle_hash *root)
{
	struct climb c = { index, size - 1 };
	struct merkle_hash h = *leaf;

	if (index >= size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!c.last)
			return false;
		if (on_left(&c))
			merkle_node(&proof[i], &h, &h);
		else
			merkle_node(&h, &proof[i], &h);
		up(&c);
	}
	return !c.last && merkle_same(&h, root);
}

bool merkle_grew(uint64_t old, uint64_t size, const struct merkle_hash *old_root,
		 const struct merkle_hash *root, const struct merkle_hash *proof, size_t n)
{
	struct climb c = { old - 1, size - 1 };
	struct merkle_hash before, after;
	size_t i = 0;

	if (old > size)
		return false;
	if (!old)
		return !n;
	if (old == size)
		return !n && merkle_same(old_root, root);
	while (c.at & 1)
		up(&c);
	if (!n)
		return false;
	before = after = old & (old - 1) ? proof[i++] : *old_root;
	for (; i < n; i++) {
		if (!c.last)
			return false;
		if (on_left(&c)) {
			merkle_node(&proof[i], &before, &before);
			merkle_node(&proof[i], &after, &after);
		} else {
			merkle_node(&after, &proof[i], &after);
		}
		up(&c);
	}
	return !c.last && merkle_same(&before, old_root) && merkle_same(&after, root);
}
