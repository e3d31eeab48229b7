/*
 * A page of ours: what the layout around every page (web/layout.htm) needs to know.
 *
 *	struct page page = page_for(r, N_("Trouver un lieu"));
 *	struct html h = page_html(r, s);
 *	lieux_page(&h, &page, view);
 *
 * and the template begins with `@in page_layout(page)`.  The layout opens and closes
 * <main>; the page writes its <h1> and what follows.
 */
#pragma once

#include <stdbool.h>

#include "web/html.h"
#include "web/route.h"

/* Who works here: the bar under the menu of every page that an agent sees. */
struct page_agent {
	const char *nom;                /* "Amina Benali" */
	const char *structure;          /* where they work now; NULL: nowhere */
	bool elsewhere;                 /* they could work somewhere else: /agent/structure */
};

/* What the site says of itself on every page; made once by app/, lives as long as it. */
struct page_site {
	const char *nom;                /* "Tremplin" or the territory's own name; never empty */
	const char *territoire;         /* "Seine-Saint-Denis"; "" when not set */
	/* of a person who helps, as people read it; "" when not set */
	const char *telephone;
	const char *telephone_lien;     /* the same in international form, "+33123456789" */
	/* when somebody answers, in French words; "" when not set */
	const char *telephone_heures;
	const char *accessibilite;      /* "non", "partielle" or "totale" */
	bool demo;                      /* fictitious places: said on every page */
	/* the bar of who asks (r->agent is not NULL), in r->a; NULL: none is shown */
	const struct page_agent *(*bar)(struct req *r);
};

enum page_nav { NAV_NONE, NAV_LIEUX, NAV_REPERAGE, NAV_TERRITOIRES, NAV_AIDE };

struct page {
	const char *title;              /* translated; what this page is, unique */
	/* translated; for search engines and link cards; NULL: none */
	const char *description;
	const struct page_site *site;   /* never NULL */
	const struct lang *lang;
	const struct lang *demandee;    /* what was asked for, when the page is not in it; NULL */
	const char *dir;                /* "ltr" or "rtl" */
	/* path and query of this page: where a change of language comes back */
	const char *path;
	enum page_nav nav;              /* which entry of the menu this page belongs to */
	bool error;                     /* "Erreur : " before the title */
	bool no_index;                  /* search engines keep out */
	/* the page makes its own <div class="wrap"> bands, edge to edge */
	bool wide;
	bool effacer;                   /* "J'ai fini, tout effacer": something was typed or answered */
	bool quitter;                   /* "Quitter vite": a page that can betray who reads it */
	const char *script;             /* one more file of assets/, for this page alone; NULL */
	const struct page_agent *agent; /* NULL: nobody is logged in, or not looked for */
};

/*
 * The page that answers r.  `title` is a message (N_) or a text already made.  What can be
 * known is filled in: the menu entry from the path, `error` when a field was refused,
 * `effacer` and `quitter` when the route is private and no agent asks, `no_index` there and
 * in the demo, the bar of the agent.
 * Strings live in r->a.
 */
struct page page_for(struct req *r, const char *title);

/* Where its template writes: the body of s, in the language and with the token of r. */
struct html page_html(struct req *r, struct res *s);

/*
 * The page of a refusal (web/erreur.htm): sets the status of e's kind unless one is set,
 * writes what happened and what to do, and offers ways on.  Never stored.
 */
void page_error(struct req *r, struct res *s, const struct err *e);

/* The declaration that the law wants on every page, as a message: "Accessibilité : ...". */
const char *page_accessibilite(const struct page_site *site);
