/* A dataset for each method of index that has values: its scores, ranks and how sure they are,
 * at every level. */
#pragma once

#include "core/jeu.h"

/* Of scores: methods are free, what they are computed from has its own licence. */
#define INDICE_LICENCE "Celle des indicateurs importés, dite à l’adresse /donnees/indicateurs"

/* Adds one at out[*n] for each such method, at most `room`; *n grows. */
bool jeux_indices(const struct jeu_lecture *l, struct jeu *out, size_t room, size_t *n,
		  struct err *e);
