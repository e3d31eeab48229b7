/*
 * Fields of a message between two of our processes, one after the other: written with
 * wire_put_*, read in the same order with wire_get_*.  The reader trusts nothing: past the
 * end, or on a text without its end, everything is zero or empty and `bad` stays true.
 */
#pragma once

#include "base/buf.h"
#include "store/db.h"

void wire_put_int(struct buf *b, int64_t v);
void wire_put_bytes(struct buf *b, struct bytes v);     /* .p NULL stays NULL */
void wire_put_text(struct buf *b, const char *s);       /* NULL stays NULL */

struct wire {
	const unsigned char *p;
	size_t n;
	bool bad;
};

struct wire wire_of(struct bytes message);
int64_t wire_get_int(struct wire *w);
int wire_get_small(struct wire *w, int least, int most);        /* out of range: bad */
struct bytes wire_get_bytes(struct wire *w);    /* part of the message; a NUL follows */
const char *wire_get_text(struct wire *w);      /* NUL-terminated, no NUL within; or NULL */
bool wire_done(const struct wire *w);           /* all was read, nothing was bad */
