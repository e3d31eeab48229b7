/* floor: 135 edges */
/* Answers from anywhere: refused with a sentence, or read, written back and read the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/reperage.h"

static void write_back(struct arena *a, const struct instrument *in, const struct reponse *r)
{
	for (int i = 0; i < in->nitems; i++) {
		const char *words = reponse_write(a, &in->items[i], &r[i]);
		struct reponse again;

		if (!reponse_read(&in->items[i], words, &again) || again.etat != r[i].etat
		    || again.choix != r[i].choix || again.ordre != r[i].ordre)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct instrument *in = reperage_instrument();
	struct arena a = arena_new(4 << 20);
	json_t *root = NULL;
	struct reponse *r;
	struct diagnostic d;
	struct err e = { 0 };

	if (json_read((const char *)p, n, &root, &e) && reponses_read(&a, in, root, &r, &e)) {
		write_back(&a, in, r);
		instrument_score(in, r, &d);
	} else if (!e.msg[0]) {
		abort();
	}
	json_decref(root);
	arena_free(&a);
	return 0;
}
