/*
 * A mapping proposed for a file that nobody described yet (`tremplin lieu map`): what its
 * columns are called and what they hold says which fields they are; a person finishes it
 * by hand (docs/mappings.md).
 */
#pragma once

#include "base/buf.h"
#include "orient/lieu_rows.h"

struct proposition_totals {
	size_t lus;                     /* rows that were looked at */
	size_t colonnes;                /* of the file, that hold something */
	size_t reprises;                /* those that the proposal uses */
	size_t champs;                  /* fields of the schema that it fills */
};

/* Writes the mapping, which reads without a mistake, into `out`.  E_INPUT when the file has no
 * rows or no column that could be a name. */
bool proposition_write(const struct lieu_rows_ask *ask, struct buf *out,
		       struct proposition_totals *totals, struct err *e);
