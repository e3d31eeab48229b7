/*
 * Listening to a question on its page, and the page where a coordinator puts voices.
 */
#pragma once

#include "detect/voix.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route voix_routes[];

/* What can be heard or seen on a page of an instrument. */
struct ecoute {
	const struct voix *voix;        /* all of the instrument */
	size_t n;
	const char *choisie;            /* language that was asked for, else that of the page */
	const struct voix_langue *langues[20];  /* that have a voice on this page */
	int nlangues;
};

/*
 * Reads the voices of an instrument for the page that answers r; the choice of a language
 * (?ecouter=snk) is kept in the session.  Reads the store: for a ROUTE_SLOW.
 */
bool ecoute_load(struct req *r, const struct instrument *in, struct ecoute *out, struct err *e);
/* Which languages have a voice for these items. */
void ecoute_items(struct ecoute *k, const struct instrument *in, const int *items, int n);

/* --- for voix.htm --------------------------------------------------------------------- */

/* The voice of a question in the language that was chosen; NULL. */
const struct voix *ecoute_find(const struct ecoute *k, const char *code);

struct voix_compte {                    /* a language, in the list */
	const struct voix_langue *langue;
	int humaines, syntheses, perimees, manquent;
};

struct voix_ligne {                     /* something to say, in the list */
	const struct voix_dit *dit;
	const struct voix *voix;        /* NULL: none holds */
	bool perimee;                   /* there was one, of other words */
};

struct voix_view {
	const struct page *page;
	struct req *r;
	const struct instrument *in;
	const struct voix_compte *comptes;
	size_t ncomptes;
	const struct voix_langue *langue;
	const struct voix_ligne *lignes;
	size_t nlignes;
	/* of one text */
	const struct voix_ligne *une;
	const struct voix *siennes;     /* all its recordings, old words too */
	size_t nsiennes;
	const char *suivante;           /* code of the next one without a voice; NULL */
	const char *erreur, *aide;
};

const char *voix_duree(struct arena *a, const struct voix *v);   /* "12 s", "" */
const char *voix_genre(const struct lang *l, const struct voix *v);
