/*
 * /agent/ecrire : an author makes an instrument in plain forms, sees it as people will, tries
 * answers, has every path walked, and publishes it.  Coordinators, and agents of a structure
 * that may write instruments.
 */
#pragma once

#include "detect/brouillon.h"
#include "detect/catalogue.h"
#include "detect/lecture.h"
#include "detect/parcours.h"
#include "detect/questionnaire.h"
#include "web/page.h"
#include "web/right.h"
#include "web/route.h"

extern const struct route auteur_routes[];
extern const struct right can_author;

struct auteur_liste_view {
	const struct page *page;
	const struct req *r;
	const struct catalogue_ligne *lignes;
	size_t n;
	const char *colle, *erreur, *aide;      /* what was pasted, and what is wrong with it */
	const char *titre;
};

struct auteur_quand {                   /* a condition that the form offers */
	const char *expression, *mots;
};

struct auteur_view {
	const struct page *page;
	const struct req *r;
	struct arena *a;
	const struct instrument *in;
	const char *base;
	bool brouillon;
	const char *erreur, *aide;
	const char *fichier;            /* text of the file, on its own page */
	/* one question */
	int n;                          /* -1: new */
	const struct brouillon_question *q;
	const struct auteur_quand *quand;
	size_t nquand;
	/* preview */
	const struct questionnaire_view *pages;
	int npages;
	const struct lecture *lecture;
	const struct issue_view *issue; /* what follows the answers that were tried; NULL */
	double millisecondes;
	/* paths */
	const char *rapport;
	const struct instrument_report *bilan;
};

extern const struct choice auteur_types[];      /* of questions, in words */

/* "5" of the items in the file that this item is; the lines of a matrix are one. */
bool auteur_first(const struct instrument *in, int item);

/* What was typed in a form that was refused; "" on a page just opened. */
const char *auteur_tape(const struct auteur_view *v, const char *name);
