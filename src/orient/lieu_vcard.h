/* A place as a card that a telephone keeps: vCard 3.0 (RFC 2426), which those of 2014 and
 * those of today both read. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/lieu.h"

/* url: address of the place's page; NULL or "" leaves it out.  E_LIMIT when out is full. */
bool lieu_vcard(struct buf *out, const struct lieu *l, const char *url, struct err *e);

/*
 * The card of a place that left, for who keeps it: the same UID, a newer REV, a note that says
 * so since when, and nothing else (its name may have to be forgotten).  le: ISO.
 */
bool lieu_vcard_parti(struct buf *out, const char *id, const char *le, struct err *e);
