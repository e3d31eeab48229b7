/*
 * The pairs of a call: "a=b&c=d" of an address or of a body, decoded as they are, line
 * breaks included (a person may answer in two lines).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/passerelle.h"

enum { RETOUR_PAIRS = 100 };

/* E_INPUT for a broken escape or a NUL, E_LIMIT for more than RETOUR_PAIRS.  What is not
 * UTF-8 is read as ISO 8859-1, as old gateways write it. */
bool retour_pairs(struct arena *a, const char *p, size_t n, struct retour_pair **out,
		  size_t *count, struct err *e);
