/*
 * The journal on pages: /journal and its public files (head, key, tiles), the answers of a
 * witness, and what other pages show of it:
 *
 *	struct journal_vue vue;
 *	if (!journal_vue_read(r, db, &vue, e)) ...
 *	{!journal_verifie(h, &vue)}             "Vérifié jusqu’à l’acte 1 234, le 3 mars à 10:02"
 *	return journal_send_proof(r, s, db, numero, e);         once the page knows who may have it
 */
#pragma once

#include "core/journal_preuve.h"
#include "core/journal_veille.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route journal_routes[];

struct journal_vue {
	bool signe;                     /* a head was signed */
	int64_t signes;                 /* acts that it covers */
	const char *racine;             /* base64 */
	const char *origine, *cle;      /* name; NAME+HASH+KEY */
	size_t temoins;                 /* witnesses that signed this head too */
	struct journal_constat constat;
	const char *verifie_le;         /* in words; "" when it was not verified yet */
	bool explique;                  /* this page says already what it means: no link */
};

bool journal_vue_read(struct req *r, struct db *db, struct journal_vue *out, struct err *e);

/* Sends the proof of an act as a file; asks for a head when none covers it yet (E_MISSING, try
 * again in a moment).  Whether this person may have it is the caller's to know. */
bool journal_send_proof(struct req *r, struct res *s, struct db *db, int64_t numero,
			struct err *e);

struct journal_page_vue {
	const struct page *page;
	const struct journal_vue *v;
	const char *adresse;            /* of this site, without its final slash */
};
