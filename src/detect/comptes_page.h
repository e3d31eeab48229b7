/* /agent/comptes : what was answered, counted; and the files of answers.  For coordinators. */
#pragma once

#include "detect/catalogue.h"
#include "detect/comptage.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route comptes_routes[];

struct comptes_in {
	int64_t annee;
	int par;
};
extern const struct field comptes_fields[];

struct comptes_liste_view {
	const struct page *page;
	const struct catalogue_ligne *lignes;
	size_t n;
};

enum { COMPTES_ROWS = 150 };

struct comptes_view {
	const struct page *page;
	struct arena *a;
	const struct req *r;
	const struct instrument *in;
	const struct comptage_ask *ask;
	const struct comptage *c;
	const char *constat, *base;     /* base: address of this instrument's counts */
	const char *query;              /* "annee=2026&par=commune" */
	bool tronque;                   /* rows are left out of the page, not of the files */
	bool reponses;                  /* answers are kept, not only counts */
};
