/* floor: 230 edges */
/*
 * A file of seeds of cards: each line that is taken has a plain serial that stands nowhere
 * else, a seed of 10 bytes at least, and a step and digits that cards have.
 */
#include <stdlib.h>
#include <string.h>

#include "admit/carte.h"
#include "format/csv.h"

static void holds(bool x)
{
	if (!x)
		abort();
}

static void look(const struct cartes_lues *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct graine_ligne *l = &c->lignes[i];

		if (l->refus)
			continue;
		holds(*l->serie && strlen(l->serie) <= CARTE_SERIE);
		holds(!strpbrk(l->serie, "<>&\"'\n"));
		holds(l->taille >= TOTP_SEED_LEAST && l->taille <= sizeof l->graine);
		holds((l->pas == 30 || l->pas == 60) && l->chiffres >= 6 && l->chiffres <= 8);
		for (size_t k = 0; k < i && i < 200; k++)
			holds(strcmp(c->lignes[k].serie, l->serie) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(64 << 20);
	struct csv *c = NULL;
	struct cartes_lues out;
	struct err e = { 0 };

	if (csv_open_text("graines.csv", (const char *)p, n, &c, &e)
	    && cartes_read_table(c, "graines.csv", &a, &out, &e))
		look(&out);
	csv_close(&c);
	arena_free(&a);
	return 0;
}
