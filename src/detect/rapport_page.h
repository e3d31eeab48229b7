/* /agent/instruments/hors-ligne and /agent/instruments/retour: a page for the field, and its
 * sheets that come back. */
#pragma once

#include "detect/horsligne.h"
#include "detect/rapport.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route rapport_routes[];

struct horsligne_in {
	const char *langues;            /* "fr,ar"; NULL: all */
};

struct emporter_view {
	const struct page *page;
	struct arena *a;
	const struct horsligne *h;
	bool garde;
};

struct rapport_view {
	const struct page *page;
	struct arena *a;
	const char *lignes;             /* what was sent, when it was refused; "" */
	const char *refus, *indice;     /* translated; NULL */
	const struct rapport_bilan *bilan;      /* NULL: nothing was sent */
	int sans_commune;               /* sheets whose commune is not known */
};
