/* Inside rangs_tirer: one draw, and ranking its totals. */
#pragma once

#include "observe/indice_rangs.h"

/* The choice of draw d: weights, which set of columns, which indicators are there. */
struct tirage {
	struct indice_choix choix;
	int essai;
	uint64_t presents;              /* all, or all but the one left out */
};
void tirage_faire(const struct rangs_jeu *j, const struct rangs_tirage *t, uint64_t d,
		  struct tirage *out);

/* Indicators that unit i has in every set of columns. */
uint64_t rangs_presents(const struct rangs_jeu *j, size_t i);

/* One kind of mean in the whole tree, so that a total is a sum of parts (of logarithms). */
bool rangs_homogene(const struct rangs_jeu *j, bool *geometrique);

/* Total of unit i in a draw. */
double tirage_total(const struct rangs_jeu *j, const struct tirage *t, size_t i);
