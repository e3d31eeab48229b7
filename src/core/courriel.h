/* The HTML beside the text of a mail (courriel.htm): the same words, a link that can be
 * pressed, nothing fetched. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct courriel_part {
	const char *texte;
	bool lien;                      /* the whole paragraph is an address */
};

struct courriel_view {
	const char *titre;
	const char *langue, *dir;       /* "fr", "ltr" */
	const struct courriel_part *parts;
	size_t n;
};
