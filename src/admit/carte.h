/*
 * Physical cards: a stock imported by serial number, handed over, lost, taken back.  Who
 * answers for an agent does it here; the agent, in "Mon compte".
 */
#pragma once

#include "admit/facteur_page.h"
#include "core/agent.h"
#include "core/command.h"

extern const struct route carte_agent_routes[];
extern const struct command carte_commands[];

struct geste_in { const char *facteur; int geste; };
enum geste { GESTE_PERDU, GESTE_RENDU, GESTE_DEBLOQUER };
extern const struct field geste_fields[];

struct cartes_view {
	const struct req *r;
	struct page *page;
	const struct agent *g;
	const struct facteur *liste;
	size_t n;
	const char *fait;               /* what was just done; NULL */
};

/* --- importing ----------------------------------------------------------------------------- */

enum { CARTE_SERIE = 40, CARTES_MOST = 20000 };

struct graine_ligne {                    /* one line of a file of seeds */
	long line;
	const char *serie;
	unsigned char graine[TOTP_SEED_MOST];
	size_t taille;
	int pas, chiffres;
	const char *refus;              /* why it cannot be taken; NULL */
	bool nouvelle;                  /* written: its serial was not in the stock */
};

struct cartes_lues {
	struct graine_ligne *lignes;
	size_t n;
};

/*
 * Reads a CSV with the columns serie, graine (hexadecimal or base32), and where they are
 * pas (30 or 60; 60) and chiffres (6 to 8; 6).  A line that cannot be taken says why; a
 * serial that stands twice is refused on each of its lines: who could tell which is right?
 */
bool cartes_read(const char *path, struct arena *a, struct cartes_lues *out, struct err *e);

/* The same of a table that is open; `path` names it in errors. */
struct csv;
bool cartes_read_table(struct csv *c, const char *path, struct arena *a,
		       struct cartes_lues *out, struct err *e);
