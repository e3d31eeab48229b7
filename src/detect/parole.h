/*
 * Words of the field (paroles du terrain): what residents and professionals write without a
 * name, read again by a coordinator, who takes out what would name anybody, gives a theme
 * and publishes, or sets aside.
 */
#pragma once

#include "detect/questionnaire.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route parole_routes[];
extern const struct choice parole_themes[];     /* those of observe/terrain.h, by the same slugs */

enum { PAROLES_ATTENTE = 2000 };                /* unread: beyond, no more are taken */

struct parole_ligne {
	const char *id, *texte, *le;
	const char *theme;              /* slug */
	const char *question;
};

struct paroles_view {
	const struct page *page;
	const struct req *r;
	const struct parole_ligne *publiees, *a_lire;
	size_t npubliees, na_lire;
	bool merci;
};

struct parole_view {
	const struct page *page;
	const struct req *r;
	const struct parole_ligne *p;
	const char *etat;
};
