/* floor: 35 edges */
/* An Accept-Language value of any bytes chooses a language that we speak. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *accept = malloc(n + 1);
	const struct lang *l;

	if (!accept)
		abort();
	if (n)
		memcpy(accept, p, n);
	accept[n] = '\0';
	l = lang_choose(NULL, accept);
	if (!l || lang_find(l->tag) != l)
		abort();
	lang_choose(accept, NULL);
	free(accept);
	return 0;
}
