/*
 * Importing places: a file is read, cleaned and compared with what its source said before,
 * then written in one short transaction; interrupted, it leaves what was there.
 *
 * A place is known by its source and the id it has there.  Rows of one file that repeat an
 * id are one place, the latest date_maj wins; but when the file gathers several providers
 * (its own column "source"), an id counts within its provider: two providers may both have
 * a place number 12.  docs/lieux.md tells the rules.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "core/lieu_record.h"
#include "store/db.h"

struct lieu_import_ask {
	const char *path;
	const char *mapping;    /* name of a format or mapping, or a file; NULL: recognised */
	const char *source;     /* NULL: made from the file's name */
	const char *feuille;    /* sheet of a workbook; NULL: the mapping's, else the first */
	const char *liste;      /* file of the second list that the mapping joins; NULL: the same */
	const char *report;     /* CSV file to write; NULL: none */
	bool complet;           /* the file is the source's whole list, or is not, whatever the */
	bool incomplet;         /* mapping says */
	bool sans_reunir;       /* not compared with other sources now: `lieu match` will */
	bool progress;          /* show a bar on a terminal */
};

enum { SOURCE_MOST = 80 };

/* How many of the rows that came in have a field: in the file, and once it is cleaned (what
 * was found elsewhere, as the code of the commune, counts there alone). */
struct lieu_field_count {
	size_t source, garde;
};

struct lieu_import_totals {
	struct lieu_field_count champs[LIEU_FIELDS];
	size_t positions_commune;       /* places that stand where their commune is */
	size_t lus;             /* rows: acceptes + refuses + fusionnes */
	size_t acceptes;        /* places: modifies + inchanges */
	size_t modifies;        /* written: new, or changed */
	size_t nouveaux;        /* those of them that are new */
	size_t inchanges;
	size_t refuses;         /* rows kept out */
	size_t fusionnes;       /* rows that another row of the same id replaces */
	size_t non_publies;     /* places among the accepted that nobody is shown */
	size_t repetes;         /* ids that two providers of the file both use: kept apart */
	size_t absents;         /* places of this source that the file has not */
	size_t partis;          /* places that no source lists any more, out of search now */
	size_t rapproches;      /* places found to be one that another source gave */
	size_t doutes;          /* pairs that somebody is asked about from now on */
	size_t retenus;         /* places hidden while they may be a protected one */
	bool complet;           /* the file is the source's whole list */
	size_t communes;        /* known when it ran: 0 explains many refusals */
	const char *format;     /* title of the format, for people */
	char titre[160];        /* where `format` may point */
	char described[96];     /* "CSV, séparateur « ; », UTF-8" */
	char source[SOURCE_MOST + 1];
};

bool lieu_import(struct store *s, const struct lieu_import_ask *ask,
		 struct lieu_import_totals *out, struct err *e);

/* "87 % ont un téléphone": a line a field that the source has, those that it has not, what
 * was lost; for a coordinator, in plain words. */
void lieu_bilan_print(FILE *out, const struct lieu_import_totals *t);

/* The name a source takes from its file: "cnfs" for "lieux/cnfs_2022-12.json". */
void lieu_source_name(const char *path, char out[SOURCE_MOST + 1]);
