/* The lines that cards (RFC 2426) and calendars (RFC 5545) are made of. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

/* A text with backslash, comma, semicolon and line ends escaped. */
const char *vtexte_escape(struct arena *a, const char *s);

/* "NAME:VALUE", folded: pieces of 75 bytes at most, cut between characters, each but the
 * first after a space; ends with CR LF. */
void vtexte_line(struct buf *out, const char *line);
