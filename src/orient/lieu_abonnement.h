/*
 * What telephones and calendars keep of a place and ask for again: its card, its hours, its
 * stops.  When the place, or one of its stops, is gone they are told so, since one that only
 * answers "not found" is believed to be broken, and shows what it had for years.
 */
#pragma once

#include "web/route.h"

bool lieu_vcard_page(struct req *r, struct res *s, struct err *e);
bool lieu_ics_page(struct req *r, struct res *s, struct err *e);
bool lieu_passages_page(struct req *r, struct res *s, struct err *e);
