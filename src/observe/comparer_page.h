/*
 * /territoires/comparer: up to four territories side by side, at an address that can be
 * sent: what there is (places, distances), the index and its parts, the figures.
 */
#pragma once

#include "observe/portrait.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route comparer_routes[];
extern const struct field comparer_fields[];

enum { COMPARES = 4 };

struct compare_ligne {
	const char *titre;
	const char *cases[COMPARES];    /* "" when not known */
	const char *liens[COMPARES];    /* page that says how it was computed; NULL */
};

struct compare_bloc {
	const char *titre;
	const struct compare_ligne *lignes;
	size_t n;
};

struct comparer_view {
	const struct page *page;
	const struct req *r;
	const void *in;
	const char *noms[COMPARES], *liens[COMPARES];
	size_t n;                       /* territories */
	const struct compare_bloc *blocs;
	size_t nblocs;
	const char *echelle;            /* of the index; "" */
};
