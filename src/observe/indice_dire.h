/*
 * What an index says, in words and figures: the CSV of all territories, and the computation
 * of one, step by step, for whoever must explain it.
 */
#pragma once

#include "observe/indice_table.h"

/* code,nom,population,score,rang,rang_min,rang_max and a column per indicator that was given.
 * Without inhabitants the score is "sans objet"; what is not known is empty, never 0. */
void indice_csv(struct buf *b, const struct indice_table *t, const struct indice_resultat *r);

/* E_MISSING when the territory is not there.  tirage NULL: without intervals. */
bool indice_expliquer(struct arena *a, struct buf *b, const struct indice_table *t,
		      const struct indice_choix *c, const struct indice_resultat *r,
		      const struct rangs_tirage *tirage, const char *code, struct err *e);
/* The same as one JSON object. */
bool indice_expliquer_json(struct arena *a, struct buf *b, const struct indice_table *t,
			   const struct indice_choix *c, const struct indice_resultat *r,
			   const struct rangs_tirage *tirage, const char *code, struct err *e);

/* "indicator : why" of each chosen value that is missing or lent; NULL when none is. */
const char *indice_manques(struct arena *a, const struct indice_table *t,
			   const struct indice_choix *c, size_t i);
