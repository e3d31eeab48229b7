/* Territories, the catalogue of indicators and their values, as datasets (core/jeu.h). */
#pragma once

#include "core/jeu.h"

bool observe_jeux(const struct jeu_lecture *l, const struct jeu **out, size_t *n,
		  struct err *e);
