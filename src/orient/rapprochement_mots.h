/* Inside of the search for the same place: words, how they are written and how rare. */
#pragma once

#include "orient/rapprochement_traits.h"

/* 0 to 1 (Jaro-Winkler, prefix weight 0.1 of at most 4 signs), for words up to 63 bytes. */
double mots_ressemblance(const char *a, const char *b);

double vocabulaire_rarete(const struct vocabulaire *v, uint32_t mot);
const char *vocabulaire_texte(const struct vocabulaire *v, uint32_t mot);
size_t vocabulaire_taille(const struct vocabulaire *v);

/* Kinds of organisation, a bit each: France services; authorities that are host to others. */
uint64_t vocabulaire_france_services(const struct vocabulaire *v);
uint64_t vocabulaire_autorites(const struct vocabulaire *v);
