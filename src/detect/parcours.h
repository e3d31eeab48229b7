/*
 * An agent's journey through an instrument: choose it, say that refusing changes nothing,
 * ask, a page at a time, and give the person what follows, on a sheet.
 */
#pragma once

#include "core/agent.h"
#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/questionnaire.h"
#include "detect/radar.h"
#include "detect/recueil.h"
#include "web/route.h"

extern const struct route parcours_routes[];

struct ouverture {                      /* what is said before the first question */
	int age, provenance, mode, moment;
	const char *commune, *groupe, *numero;
	bool accord;
};
extern const struct field ouverture_fields[];

struct choix_view {
	const struct page *page;
	struct arena *a;
	const struct catalogue_ligne *lignes;
	size_t n;
	const char *en_cours;           /* title of the one that was begun; NULL */
};

struct ouverture_view {
	const struct page *page;
	const struct req *r;
	const struct instrument *in;
	const struct ouverture *typed;
	bool garde;                     /* this structure may keep answers */
	int minutes;
};

struct issue_view {                     /* what follows, for the person */
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
	const struct diagnostic *d;
	const char *savez, *bloque, *peut, *date;
	const struct radar *radar;      /* NULL */
	const char *retour;
	bool peut_garder;               /* the person agreed, and this structure may */
	bool mineur;
	const char *numero;             /* given when answers were kept; NULL */
	const char *erreur;             /* NULL */
	bool apercu;                    /* an author tries answers */
};

/* May the structure where this agent works keep answers? */
bool parcours_may_keep(const struct agent *g);
/* The code of the commune that was typed, "" for none; refuses the field "commune" of these
 * when it is not sure. */
const char *parcours_commune(struct req *r, const struct field *fields, const char *typed);

/* Phrases of a kind, joined: "a, b, et c"; "". */
const char *phrases_join(struct arena *a, const struct lang *l, const struct diagnostic *d,
			 enum phrase_genre g);
