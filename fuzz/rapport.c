/* floor: 60 edges */
/* A file that comes back from the field: refused with its line, or read whole, each number once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/rapport.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(8 << 20);
	struct rapport_feuille *f = NULL;
	struct err e = { 0 };
	size_t count = 0;

	if (rapport_read(&a, (const char *)p, n, &f, &count, &e)) {
		if (!count || count > RAPPORT_FEUILLES)
			abort();
		for (size_t i = 0; i < count; i++) {
			if (!numero_checks(f[i].numero) || f[i].age == AGE_MOINS_15
				|| !*f[i].reponses)
				abort();
		}
	} else if (!e.msg[0]) {
		abort();
	}
	arena_free(&a);
	return 0;
}
