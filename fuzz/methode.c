/* floor: 500 edges */
/* Any file is refused at FILE:LINE, or is a method that scores any rows within its words. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "observe/indice_rangs.h"

enum { UNITS = 12 };

/* Scores, totals, ranks and intervals of rows by chance: no crash, nothing out of range. */
static void use(struct arena *a, const struct methode *m)
{
	static const double population[UNITS] = { 5, 0, 7, NAN, 1e6, 3, 2, 1, 1, 1, 1, 1 };
	static const uint32_t parent[UNITS] = { 0, 0, 0, 1, 1, 1, 2, INDICE_RIEN, 2, 2, 2, 2 };
	const struct norme_champ champ = { UNITS, population, parent, 3 };
	double *columns[METHODE_INDICATEURS] = { NULL }, totals[UNITS];
	double *const *essais[1] = { columns };
	uint32_t ranks[UNITS], low[UNITS], high[UNITS];
	struct chance c = chance_new(1);
	struct indice_choix choix;
	struct rangs_jeu j = { .m = m, .choix = &choix, .n = UNITS, .totaux = totals,
			       .essais = essais, .nessais = 1 };
	struct rangs_tirage t = rangs_defaut(m);
	struct err e = { 0 };
	size_t n;

	choix_defaut(m, &choix);
	for (int k = 0; k < m->n; k++) {
		columns[k] = arena_array(a, UNITS, sizeof(double));
		if (!columns[k])
			return;
		for (int i = 0; i < UNITS; i++)
			columns[k][i] = chance_below(&c, 6) ? (double)chance_below(&c, 100) : NAN;
		if (!indice_norme(&m->indicateurs[k].norme, m->indicateurs[k].inverse, &champ,
				  columns[k], columns[k], &e))
			abort();
	}
	indice_totaux(m, &choix, columns, NULL, UNITS, totals);
	if (!indice_ranger(totals, NULL, UNITS, ranks, &n, &e) || n > UNITS)
		abort();
	t.tirages = 8;
	t.fils = 1;
	if (!rangs_tirer(&j, &t, low, high, &e))
		abort();
	for (int i = 0; i < UNITS; i++) {
		if (low[i] > high[i] || high[i] > UNITS)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n ? n : 1);         /* exactly n bytes: reading past them shows */
	struct arena a = arena_new(8 << 20);
	const struct methode *m;
	struct err e = { 0 };

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	if (methode_read(&a, "f.json", text, n, &m, &e))
		use(&a, m);
	else if (strncmp(e.msg, "f.json:", 7) != 0)
		abort();
	arena_free(&a);
	free(text);
	return 0;
}
