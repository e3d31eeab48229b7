/*
 * The list of places on other people's sites: /integrer/liste stands in a frame (no cookie,
 * no script, public data alone), /integrer helps who keeps a site to write it there.
 */
#pragma once

#include "core/vignette.h"
#include "orient/recherche.h"
#include "web/page.h"
#include "web/route.h"

struct integrer_in {
	const char *commune;            /* name, postal or INSEE code */
	const char *departement;        /* code: all its places, by name */
	int service;                    /* -1: any */
	int64_t nombre;
};
extern const struct field integrer_fields[];

enum { INTEGRER_USUAL = 10, INTEGRER_MOST = 20 };

struct integrer_view {
	const struct page *page;
	const struct req *r;
	const struct integrer_in *in;
	const char *titre;              /* "Lieux d’aide au numérique près de Bondy" */
	const char *base;               /* address of the site */
	const struct vignette *lieux;
	size_t n;
	const char *tous;               /* the whole list, on the site */
	const char *voir;               /* the list by itself; NULL: nothing asked yet */
	/* the same as they are written in the code to copy */
	const char *code_voir, *code_titre, *code_tous, *code_base;
};

bool integrer_page(struct req *r, struct res *s, struct err *e);
bool integrer_liste(struct req *r, struct res *s, struct err *e);
