/* The pages of places: list and one place.  Addresses are declared in orient.c. */
#pragma once

#include "web/route.h"

struct orient_fragments;

/* Makes what does not change from one request to the next; lives in `a`.  NULL when spent. */
const struct orient_fragments *orient_prepare(struct arena *a);

bool lieux_page(struct req *r, struct res *s, struct err *e);
bool lieu_page(struct req *r, struct res *s, struct err *e);
