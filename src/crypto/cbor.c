#include "crypto/cbor.h"

enum { DEPTH = 16 };

/* The number in the head: itself under 24, else in the 1, 2, 4 or 8 bytes that follow. */
static bool read_number(struct cbor *c, unsigned info, uint64_t *out)
{
	size_t n;

	*out = info;
	if (info < 24)
		return true;
	if (info > 27)
		return false;
	n = (size_t)1 << (info - 24);
	if ((size_t)(c->end - c->p) < n)
		return false;
	*out = 0;
	while (n--)
		*out = *out << 8 | *c->p++;
	return true;
}

bool cbor_next(struct cbor *c, struct cbor_item *out)
{
	unsigned char head;

	if (c->p >= c->end)
		return false;
	head = *c->p++;
	out->kind = (enum cbor_kind)(head >> 5);
	out->p = NULL;
	if (!read_number(c, head & 31, &out->value))
		return false;
	if (out->kind != CBOR_BYTES && out->kind != CBOR_TEXT)
		return true;
	if (out->value > (uint64_t)(c->end - c->p))
		return false;
	out->p = c->p;
	c->p += out->value;
	return true;
}

/* A loop, not a recursion: `left` says how many values each level still waits for. */
bool cbor_skip(struct cbor *c)
{
	uint64_t left[DEPTH] = { 1 };
	int depth = 0;

	while (depth >= 0) {
		struct cbor_item it;
		uint64_t left_below;

		if (!left[depth]) {
			depth--;
			continue;
		}
		left[depth]--;
		if (!cbor_next(c, &it))
			return false;
		if (it.kind != CBOR_ARRAY && it.kind != CBOR_MAP && it.kind != CBOR_TAG)
			continue;
		left_below = it.kind == CBOR_TAG ? 1 : it.value;
		/* each element takes a byte at least: what is longer is cut short */
		if (++depth == DEPTH || left_below > (uint64_t)(c->end - c->p))
			return false;
		left[depth] = it.kind == CBOR_MAP ? 2 * left_below : left_below;
	}
	return true;
}
