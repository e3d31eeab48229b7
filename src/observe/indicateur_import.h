/*
 * Importing indicators: a file of an official layout, known by its columns, is read in a
 * stream, its territories found, its formulas computed, then written in one transaction.
 * All of a file or nothing; importing it again changes nothing.
 *
 * docs/observer/indicateurs.md tells the layouts and the rules.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "observe/indicateur_notes.h"
#include "store/db.h"

struct indicateur_import_ask {
	const char *path;
	int annee;              /* 0: that of the columns, the rows or the file's name */
	const char *niveau;     /* NULL: told by the codes */
	const char *source;     /* NULL: that of the catalogue */
	const char *mapping;    /* file that says which column is what; NULL */
	const char *colonnes;   /* "P_LOG,poverty_rate": columns or indicators to take; NULL */
	FILE *report;           /* CSV lines are added to it; NULL */
	bool progress;
};

struct indicateur_import_totals {
	size_t lus;             /* rows: acceptes + refuses + ignores */
	size_t acceptes;
	size_t refuses;
	size_t ignores;         /* rows of no use to us: other levels, measures, facilities */
	size_t valeurs;         /* that the file gave or that follow from it */
	size_t modifies;        /* of the store: values new or different, IRIS, passages */
	size_t repares;         /* codes whose leading zero was given back */
	size_t reportes;        /* values carried to the communes of today */
	size_t indicateurs;     /* different ones */
	int premiere, derniere; /* years; 0 when the file has none (COG) */
	const char *format;     /* "insee", "arcep"... */
	const char *titre;      /* the same for people */
	char described[96];     /* "CSV, séparateur « ; », UTF-8" */
	char avis[400];         /* what the person should know; may be empty */
	size_t refus_n;
	char refus[REFUS_GARDES][REFUS_TEXTE];
};

bool indicateur_import(struct store *s, const struct indicateur_import_ask *ask,
		       struct indicateur_import_totals *out, struct err *e);

/* The first line of a report. */
extern const char indicateur_report_header[];
