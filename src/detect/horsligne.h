/*
 * An instrument that works without network: one HTML file that asks, scores and prints by
 * itself (data/hors-ligne: its page, its words and the engine in JavaScript), and whose
 * answers come back as lines (detect/rapport.h).  The file asks nobody anything: its policy
 * allows its own two scripts and its own style, by their hashes, and no address.
 *
 * The instrument goes in it compiled: names are places, expressions are trees
 *     ["et", ["est", 3, [0, 2]], ["ge", ["score", 1], 2.5]]
 * so that the engine there parses nothing, and evaluates as expression.c does.
 */
#pragma once

#include "base/buf.h"
#include "detect/instrument.h"

struct horsligne {
	const struct instrument *in;
	const struct lang *const *langues;      /* what it speaks, the first one first */
	int nlangues;
	const char *adresse;            /* "https://site.fr", for the way back; "" none */
	bool garde;                     /* the structure may keep answers */
};

/* The languages of the instrument that Tremplin speaks too, French first, at most those of
 * `tags` ("fr,ar"; NULL or "": all). */
bool horsligne_langues(struct arena *a, const struct instrument *in, const char *tags,
		       struct horsligne *out, struct err *e);

/* The instrument, as the engine reads it: one JSON object. */
void horsligne_json(struct buf *b, const struct horsligne *h);
/* The whole file. */
void horsligne_page(struct buf *b, const struct horsligne *h);

/* Of an expression: its tree in JSON. */
void expression_json(struct json_out *j, const char *name, const struct expression *x);
