/*
 * Indicators as open data: a row per value, with its status, its origin and its source.
 */
#pragma once

#include <stdio.h>

#include "base/buf.h"
#include "core/indicateur.h"

enum indicateur_format { INDICATEUR_CSV, INDICATEUR_JSON };

/* The columns of the CSV, and of the objects of the JSON. */
extern const char indicateur_csv_header[];

/* One row, with its line end.  CSV: see the header; JSON: one object. */
void indicateur_row(struct buf *b, enum indicateur_format f,
		    const struct indicateur *catalogue, size_t n,
		    const struct indicateur_ligne *l);

/* "reporté|calculé", "" when it is as it was published. */
const char *indicateur_origine_texte(uint8_t origine, char out[64]);

/* Writes all that is asked; *rows counts them.  JSON is {"valeurs":[...]}. */
bool indicateur_export(struct db *db, const struct indicateur_ask *ask,
		       enum indicateur_format f, FILE *out, size_t *rows, struct err *e);
