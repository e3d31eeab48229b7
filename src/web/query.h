/*
 * The query string that gives a route its input back: links that change one filter, the
 * next page, a change of language.
 */
#pragma once

#include "base/arena.h"
#include "web/route.h"

/* "commune=Bondy&service=demarches" of the fields of `in` that say something; "" when
 * none does.  Percent-encoded; the order is the table's. */
const char *query_write(struct arena *a, const struct field *fields, const void *in);
