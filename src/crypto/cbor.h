/*
 * The little CBOR (RFC 8949) that an attestation object needs: definite lengths only, as
 * CTAP2 writes it.  Bounded, no memory taken.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cbor_kind {
	CBOR_UNSIGNED, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG,
	CBOR_SIMPLE,
};

struct cbor {
	const unsigned char *p, *end;
};

struct cbor_item {
	enum cbor_kind kind;
	uint64_t value;                 /* number; count of elements or of pairs */
	const unsigned char *p;         /* of bytes and text: where they are, value how many */
};

/* Reads one head (with the content of bytes and text); false when there is none left, it is
 * cut short, or its length is not definite. */
bool cbor_next(struct cbor *c, struct cbor_item *out);

/* Skips one value with all that it holds, at most 16 deep. */
bool cbor_skip(struct cbor *c);
