/*
 * A sheet of a workbook as rows of places: its header may stand under a title, what its
 * formulas, macros and other sheets hold is told once.
 */
#pragma once

#include "orient/lieu_rows.h"

struct lieu_feuille;

/* `nom` NULL: the first sheet; `entete` 0: the header is looked for. */
bool lieu_feuille_open(const char *path, const char *nom, long entete,
		       struct lieu_feuille **out, struct err *e);
void lieu_feuille_close(struct lieu_feuille **f);       /* for CLEANUP */

/* The next row; `a` for keys. */
bool lieu_feuille_next(struct lieu_feuille *f, struct lieu_row *row, struct err *e);
double lieu_feuille_progress(const struct lieu_feuille *f);
const char *lieu_feuille_described(const struct lieu_feuille *f);
long lieu_feuille_entete(const struct lieu_feuille *f);         /* line of the header */

/* See lieu_rows_remarks. */
size_t lieu_feuille_remarks(struct lieu_feuille *f, const struct lieu_remark **out);
