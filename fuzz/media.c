/* floor: 200 edges */
/* Any bytes are a recording whose facts make sense, or are refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "format/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct media m;
	struct err e = { 0 };

	if (media_read(p, n, &m, &e)) {
		if (m.type >= MEDIA_TYPES || m.ms < 0)
			abort();
	} else if (!e.msg[0]) {
		abort();
	}
	return 0;
}
