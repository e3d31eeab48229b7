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

struct territoire_report {
	size_t lus, acceptes, modifies, refuses;        /* rows */
	size_t approchees;                              /* communes that borrowed a position */
};

/* Imports files in any order, each recognised by its columns; all or nothing. */
bool territoire_import(struct store *s, const char *const *files, int n,
		       struct territoire_report *out, struct err *e);

extern const struct command territoire_commands[];

/* The 40 communes of Seine-Saint-Denis, embedded (data/seine-saint-denis/, with sources). */
bool territoire_demo(struct store *s, struct err *e);
