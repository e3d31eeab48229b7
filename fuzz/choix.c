/* floor: 220 edges */
/* Any query is refused in words, or is a choice that is written and reads back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "observe/indice.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);
	struct arena a = arena_new(4 << 20);
	struct buf b = buf_new(1 << 16);
	struct indice_choix c, again;
	const struct methode *m;
	struct err e = { 0 };

	if (!text || !methode_open(&a, "ifn-2023", &m, &e))
		abort();
	memcpy(text, p, n);
	text[n] = '\0';
	if (choix_lire(m, text, &c, &e)) {
		double parts[METHODE_INDICATEURS], sum = 0;

		choix_parts(m, &c, UINT64_MAX, parts);
		for (int i = 0; i < m->n; i++)
			sum += parts[i];
		choix_ecrire(&b, m, &c);
		if (sum < 0.999 || sum > 1.001 || !choix_lire(m, buf_text(&b), &again, &e)
		    || memcmp(&c, &again, sizeof c) != 0)
			abort();
	} else if (!e.msg[0]) {
		abort();
	}
	buf_free(&b);
	arena_free(&a);
	free(text);
	return 0;
}
