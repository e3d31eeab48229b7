/* floor: 400 edges */
/* Any file is refused with a sentence, or is made into a text that reads as JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/apport.h"
#include "detect/instrument.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(64 << 20);
	char *copy = malloc(n ? n : 1);
	const struct instrument *in;
	const char *text;
	struct err e = { 0 };

	if (!copy)
		abort();
	if (n)
		memcpy(copy, p, n);
	if (apport_read(&a, "f", copy, n, NULL, &text, &e))
		instrument_read(&a, "f.json", text, strlen(text), &in, &e);
	else if (!e.msg[0])
		abort();
	arena_free(&a);
	free(copy);
	return 0;
}
