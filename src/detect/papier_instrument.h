/* Any instrument on paper: one tick a line, the codes that are typed back. */
#pragma once

#include "detect/recueil.h"
#include "format/qr.h"
#include "web/page.h"
#include "web/route.h"

enum { PAPIER_EXEMPLAIRES = 50 };       /* of one printing */

struct papier_in {
	int64_t exemplaires;
	const char *langue;             /* tag; NULL: of the page */
};
extern const struct field papier_fields[];

struct papier_exemplaire {
	char numero[RECUEIL_NUMERO];    /* the person keeps it too: it erases what is kept */
	/* where it is typed back, this number and version filled in */
	struct qr qr;
};

struct papier_instrument_view {
	const struct page *page;
	const struct req *r;
	struct arena *a;
	const struct instrument *in;
	const struct lang *langue;      /* what the sheet, or the script, is written in */
	const char *retour, *effacer;   /* effacer: an address to type, without https:// */
	struct papier_exemplaire *exemplaires;
	int n;
};

bool item_printed(const struct item *it);
int item_numero(const struct instrument *in, int item);         /* as it is printed, from 1 */
/* "→ allez à 7" after a box; "" when the next question follows. */
const char *papier_suite(const struct papier_instrument_view *v, int item, int option);

handler papier_instrument_show;
/* The same, to be said on the telephone: what to say, what to tick. */
handler papier_telephone_show;
