/*
 * Open data: /donnees (all datasets), /donnees/{jeu} (one: columns, source, licence, files),
 * its files and schema, and /catalog.jsonld (DCAT), which data.gouv.fr can harvest.
 */
#pragma once

#include "core/jeu.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route donnees_routes[];

struct jeu_fichier {
	const char *format;             /* "CSV" */
	const char *lien, *type;
};

struct donnees_view {
	const struct page *page;
	const struct jeu *jeux;         /* all, or the one that is shown */
	size_t n;
	const char *maj;                /* of the one that is shown, in words; "" */
	const char *adresse;
	const struct jeu_fichier *fichiers;
	size_t nfichiers;
};

/* Of a type of column, for people. */
const char *jeu_type_words(enum jeu_type t);
