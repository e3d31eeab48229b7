/*
 * Territories of the Code officiel géographique, imported from the CSV files of
 * @etalab/decoupage-administratif style or of INSEE itself, and contours from GeoJSON.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/command.h"
#include "store/db.h"

enum { TERRITOIRE_REFUS = 20, TERRITOIRE_REFUS_TEXT = 200 };

struct territoire_report {
	size_t lus, acceptes, modifies, refuses;        /* rows; modifies: the store changed */
	/* outlines that were stored or are the same */
	size_t contours;
	size_t approchees;                              /* communes whose position is borrowed */
	char refus[TERRITOIRE_REFUS][TERRITOIRE_REFUS_TEXT];    /* "FILE:LINE: why", the first ones */
};

/*
 * Imports files in any order, each recognised by its columns; all or nothing.  A row that
 * cannot be right is left out and said in the report; a file that is not one of ours, or of
 * which no row is right, is E_INPUT.
 */
bool territoire_import(struct store *s, const char *const *files, int n,
		       struct territoire_report *out, struct err *e);

extern const struct command territoire_commands[];

/* The 40 communes of Seine-Saint-Denis, embedded (data/seine-saint-denis/, with sources). */
bool territoire_demo(struct store *s, struct err *e);
