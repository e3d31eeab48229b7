/* floor: 200 edges */
/* Any mapping is refused at FILE:LINE, or makes a draft of any row without a NULL in it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "orient/correspondance.h"

static void use(struct arena *a, const struct correspondance *c)
{
	struct lieu_notes notes = lieu_notes_new(NULL);
	struct lieu_mapping m = { a, &notes, NULL, 1, NULL };
	struct lieu_draft d = { .par_jour = false };
	struct lieu_row row = { .line = 1 };

	for (const struct colonne *k = c->colonnes; k && row.n < ROW_COLUMNS; k = k->next) {
		row.names[row.n] = k->nom;
		row.keys[row.n] = k->key;
		row.values[row.n] = row.n % 3 ? "oui, 3 mars 2022 / 93140 Bondy" : "662209,64";
		row.n++;
	}
	for (int f = 0; f < LIEU_FIELDS; f++)
		d.v[f] = "";
	correspondance_map(c, &m, &row, &d);
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (!d.v[f])
			abort();
	}
	lieu_notes_free(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(16 << 20);
	const struct correspondance *c;
	struct err e = { 0 };
	char *text = malloc(n ? n : 1);         /* exactly n bytes: reading past them shows */

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	if (correspondance_read(&a, "m.txt", text, n, &c, &e))
		use(&a, c);
	else if (e.kind != E_LIMIT && strncmp(e.msg, "m.txt:", 6) != 0)
		abort();
	arena_free(&a);
	free(text);
	return 0;
}
