/* floor: 450 edges */
/* Any file is refused at FILE:LINE, or is an instrument that scores any answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/instrument.h"

static void score_some(const struct instrument *in)
{
	struct reponse r[INSTRUMENT_ITEMS];
	uint64_t s = 1;

	for (int k = 0; k < 20; k++) {
		struct diagnostic d;

		for (int i = 0; i < in->nitems; i++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			r[i] = (struct reponse){ .etat = (enum reponse_etat)(s >> 62) };
			if (in->items[i].noptions)
				r[i].choix = 1ull << ((s >> 20) % (uint64_t)in->items[i].noptions);
			r[i].nombre = (double)(s >> 50) - 3000;
		}
		instrument_score(in, r, &d);
		if (d.nbesoins > BESOINS || d.classe >= in->nclasses)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n ? n : 1);         /* exactly n bytes: reading past them shows */
	struct arena a = arena_new(8 << 20);
	const struct instrument *in;
	struct err e = { 0 };

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	if (instrument_read(&a, "f.json", text, n, &in, &e))
		score_some(in);
	else if (strncmp(e.msg, "f.json:", 7) != 0)
		abort();
	arena_free(&a);
	free(text);
	return 0;
}
