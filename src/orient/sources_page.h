/* /agent/lieux/sources: what each source of places gives, field by field.  View: sources.htm. */
#pragma once

#include "web/page.h"

struct source_champ {
	const char *champ;              /* "Téléphone" (a message) */
	int64_t avec, part;             /* places that have it, and of a hundred, rounded down */
	int64_t sans;
};

enum { SOURCE_CHAMPS = 12 };

struct source_vue {
	const char *titre, *jour;       /* when it was last imported; "" */
	int64_t lieux, caches;          /* its places, and those of them that are not shown */
	bool complete;
	struct source_champ champs[SOURCE_CHAMPS];
};

struct sources_view {
	const struct page *page;
	const struct source_vue *sources;
	size_t n;
};

bool sources_show(struct req *r, struct res *s, struct err *e);
