/*
 * Filling any instrument on screen, a page of it at a time: what was answered waits in the
 * sealed session of the browser, a character or so an item, and nowhere else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "detect/instrument.h"
#include "detect/voix_page.h"
#include "web/page.h"
#include "web/route.h"
#include "web/session.h"

/* Answers as the session holds them, and back; what cannot be read counts as no answer. */
const char *reponses_pack(struct arena *a, const struct instrument *in,
			  const struct reponse *r);
void reponses_unpack(struct arena *a, const struct instrument *in, const char *packed,
		     struct reponse *r);

/* What was wrong with an item of a page, for the summary and beside it. */
struct question_erreur {
	int item;
	const char *cible;              /* id of the control */
	const char *msg;                /* translated */
};

enum { QUESTION_ERREURS = 40 };

struct questionnaire_view {
	const struct page *page;
	struct req *r;
	struct arena *a;
	const struct instrument *in;
	const struct instrument_page *ecran;
	const struct reponse *reponses;
	const int *items;               /* of this screen, those that are asked */
	int nitems;
	int numero, sur;                /* this page among those that are asked */
	const char *action, *retour;
	const char *envoi;              /* words of the button; translated */
	const char *terminer;           /* words of the one that stops here; NULL: none */
	const struct question_erreur *erreurs;
	int nerreurs;
	const struct ecoute *ecoute;    /* what can be heard; NULL: nothing is looked for */
	bool apercu;                    /* nothing is sent: a preview */
};

/* Items of a page that are asked, given the answers. */
bool questionnaire_items(struct questionnaire_view *v, int page, const struct reponse *r);

/*
 * Reads a page as it was sent into `r` (those of its items that are asked).  Errors: at most
 * QUESTION_ERREURS of them into `out`; *n how many.
 */
bool questionnaire_read(struct req *r, const struct instrument *in, int page,
			struct reponse *answers, struct question_erreur *out, int *n,
			struct err *e);

int page_named(const struct instrument *in, const char *id);            /* -1 */
int page_after(const struct instrument *in, int page, const struct reponse *r); /* npages */
int page_before(const struct instrument *in, int page, const struct reponse *r);        /* -1 */

/* --- for questionnaire.htm ------------------------------------------------------------ */

const char *question_id(const struct questionnaire_view *v, int item, const char *option);
/* What stands in a text control: what was typed when the page was refused, else the answer. */
const char *question_words(const struct questionnaire_view *v, int item);
bool question_chosen(const struct questionnaire_view *v, int item, const char *option);
const char *question_error(const struct questionnaire_view *v, int item);       /* NULL */
const char *question_hint(const struct questionnaire_view *v, int item);        /* NULL */
/* The place that an option of an order has: 0 when it has none. */
int question_rank(const struct questionnaire_view *v, int item, int option);
