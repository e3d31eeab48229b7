#include "tests/test.h"

#include "crypto/merkle.h"

enum { MOST = 256 };

static struct merkle_hash leaves[MOST];

static void leaves_make(void)
{
	for (int i = 0; i < MOST; i++)
		merkle_leaf(&i, sizeof i, &leaves[i]);
}

/* RFC 6962, 2.1, word for word: k is the largest power of two smaller than n. */
static struct merkle_hash mth(const struct merkle_hash *d, size_t n)
{
	struct merkle_hash left, right;
	size_t k = 1;

	if (n == 1)
		return d[0];
	while (2 * k < n)
		k *= 2;
	left = mth(d, k);
	right = mth(d + k, n - k);
	merkle_node(&left, &right, &left);
	return left;
}

static bool node(void *at, unsigned level, uint64_t index, struct merkle_hash *out, struct err *e)
{
	(void)at;
	(void)e;
	*out = mth(leaves + (index << level), (size_t)1 << level);
	return true;
}

static void hex_is(const struct merkle_hash *h, const char *text)
{
	char got[65];

	for (int i = 0; i < 32; i++)
		snprintf(got + 2 * i, 3, "%02x", h->b[i]);
	same(got, text);
}

/* Published with Certificate Transparency's first implementations (and in Trillian's tests). */
TEST("hashes are those that the logs of certificates publish")
{
	struct merkle m = { 0 };
	struct merkle_hash h;

	merkle_root(&m, &h);
	hex_is(&h, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	merkle_leaf("", 0, &h);
	hex_is(&h, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST("a tree that grows leaf by leaf has at each size the root that its definition says")
{
	struct merkle m = { 0 };

	leaves_make();
	for (size_t n = 1; n <= MOST; n++) {
		struct merkle_hash grown, defined = mth(leaves, n), read;
		struct err e = { 0 };

		merkle_add(&m, &leaves[n - 1]);
		merkle_root(&m, &grown);
		holds(merkle_same(&grown, &defined));
		accepts(merkle_root_of(n, node, NULL, &read, &e), &e);
		holds(merkle_same(&read, &defined));
		merkle_fold(leaves, n, &read);
		holds(merkle_same(&read, &defined));
	}
}

TEST("a proof of a leaf holds for it alone: not another place, size, leaf, root or hash")
{
	struct merkle_hash proof[MERKLE_PROOF], root, other;
	struct err e = { 0 };
	size_t n;

	leaves_make();
	for (uint64_t size = 1; size <= 40; size++) {
		root = mth(leaves, size);
		for (uint64_t i = 0; i < size; i++) {
			accepts(merkle_prove(i, size, node, NULL, proof, &n, &e), &e);
			holds(merkle_holds(i, size, &leaves[i], proof, n, &root));
			holds(!merkle_holds(i + 1, size, &leaves[i], proof, n, &root));
			holds(!merkle_holds(i, size, &leaves[i + 1], proof, n, &root));
			holds(!n || !merkle_holds(i, size, &leaves[i], proof, n - 1, &root));
			proof[n] = root;
			holds(!merkle_holds(i, size, &leaves[i], proof, n + 1, &root));
			for (size_t k = 0; k < n; k++) {
				other = proof[k];
				proof[k].b[k % 32] ^= 1;
				holds(!merkle_holds(i, size, &leaves[i], proof, n, &root));
				proof[k] = other;
			}
			root.b[0] ^= 1;
			holds(!merkle_holds(i, size, &leaves[i], proof, n, &root));
			root.b[0] ^= 1;
		}
		refuses(E_MISSING, merkle_prove(size, size, node, NULL, proof, &n, &e), &e);
	}
	holds(!merkle_holds(0, 0, &leaves[0], proof, 0, &root));
}

TEST("a proof of growth holds between two sizes of one tree, and for nothing else")
{
	struct merkle_hash proof[MERKLE_PROOF], before, after, kept;
	struct err e = { 0 };
	size_t n;

	leaves_make();
	for (uint64_t size = 1; size <= 40; size++) {
		after = mth(leaves, size);
		for (uint64_t old = 1; old <= size; old++) {
			before = mth(leaves, old);
			accepts(merkle_prove_growth(old, size, node, NULL, proof, &n, &e), &e);
			holds(merkle_grew(old, size, &before, &after, proof, n));
			holds(!merkle_grew(old + 1, size, &before, &after, proof, n));
			holds(!n || !merkle_grew(old, size, &before, &after, proof, n - 1));
			for (size_t k = 0; k < n; k++) {
				kept = proof[k];
				proof[k].b[31] ^= 0x80;
				holds(!merkle_grew(old, size, &before, &after, proof, n));
				proof[k] = kept;
			}
			before.b[5] ^= 1;
			holds(!merkle_grew(old, size, &before, &after, proof, n));
		}
		refuses(E_MISSING, merkle_prove_growth(size + 1, size, node, NULL, proof, &n, &e), &e);
	}
	holds(merkle_grew(0, 7, &before, &after, NULL, 0));
	holds(!merkle_grew(0, 7, &before, &after, proof, 1));
}
