/*
 * "Faire le point": one conversation of two minutes, kept only in the sealed session of
 * the browser, and what is counted of it.  No HTTP, no HTML here: the pages are in
 * reperage_page.c, resultat_page.c and papier_page.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/lieu.h"
#include "detect/instrument.h"
#include "store/db.h"
#include "web/session.h"

/* data/instruments/reperage.json, read once; lives for ever. */
const struct instrument *reperage_instrument(void);

/* --- the conversation, in the session ----------------------------------------------- */

struct point_fait {
	const struct instrument *in;
	struct reponse reponses[INSTRUMENT_ITEMS];
	int page;                       /* the last one that was passed; -1 */
	bool commence;                  /* an answer, or one page passed */
	const char *commune;            /* INSEE code; NULL */
	const char *saisie;             /* what was typed for a commune that is not sure; NULL */
	const char *moment;             /* slug of when the person can come; NULL */
	bool papier;                    /* typed in from a paper form */
};

void point_read(const struct session *s, struct point_fait *p);

/* Keeps one answer; SANS_REPONSE forgets it. */
void point_answer(struct session *s, struct arena *a, const struct instrument *in, int item,
		  const struct reponse *r);
void point_set(struct session *s, struct arena *a, const char *what, const char *value);
#define POINT_COMMUNE "point.commune"
#define POINT_SAISIE "point.saisie"
#define POINT_MOMENT "point.moment"
#define POINT_MODE "point.mode"
#define POINT_PAGE "point.page"         /* the last page that was passed */
#define POINT_COMPTE "point.compte"

/* Forgets the conversation, and nothing else of the session. */
void point_forget(struct session *s, struct arena *a);

/* Pages by index; -1 before the first, npages after the last. */
int point_page(const struct instrument *in, const char *id);            /* -1 */
int point_next(const struct point_fait *p, int page);
int point_before(const struct point_fait *p, int page);

/* True when the answers so far send to somebody at once: the rest of the questions wait. */
bool point_is_urgent(const struct point_fait *p);

/* First page after the urgent part that was not answered; npages when there is none. */
int point_waiting(const struct point_fait *p);

/* --- what is counted ---------------------------------------------------------------- */

struct compte {
	const char *instrument, *version, *commune, *mois, *profil, *mode;
};

/*
 * What this conversation counts as now.  `mois` is that of `now` in Paris.  A commune that
 * is not known counts as "".
 */
struct compte point_compte(struct arena *a, const struct point_fait *p, int64_t now);

/* As the session remembers what was counted, and back; NULL, false when nothing was. */
const char *compte_write(struct arena *a, const struct compte *c);
bool compte_read(struct arena *a, const char *text, struct compte *out);

/* One more; when `before` is given (this conversation was counted there), one less there. */
bool compte_keep(struct store *s, const struct compte *before, const struct compte *now,
		 struct err *e);

/* --- the places --------------------------------------------------------------------- */

enum { POINT_LIEUX = 3 };

struct point_lieux {
	struct lieu_result found[POINT_LIEUX];
	size_t n;
	struct lieu_filter asked;       /* what they were found by: why they fit */
	bool moment_perdu;              /* nothing is known to be open then: the nearest instead */
	bool besoin_perdu;              /* no place says that it does this: the nearest instead */
};

/*
 * The places for these needs around a point: those of the first need, then of any of them,
 * then all; when it is urgent, those that open today come first.
 */
void point_lieux(const struct repertoire *r, const struct diagnostic *d, double lat,
		 double lon, const struct moment *when, int64_t now, struct point_lieux *out);
