/* Published places as a dataset (core/jeu.h): the 32 fields of the schema 1.0.2. */
#pragma once

#include "core/jeu.h"

bool lieu_jeux(const struct jeu_lecture *l, const struct jeu **out, size_t *n, struct err *e);
