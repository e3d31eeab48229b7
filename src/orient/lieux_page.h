/* The pages of places: list and one place.  Addresses are declared in orient.c. */
#pragma once

#include "web/route.h"

bool lieux_page(struct req *r, struct res *s, struct err *e);
bool lieu_page(struct req *r, struct res *s, struct err *e);
bool lieu_vcard_page(struct req *r, struct res *s, struct err *e);
