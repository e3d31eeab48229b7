/* floor: 560 edges */
/* The template compiler on any bytes: it compiles or it refuses at a line, nothing else. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/htmlc.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf c = buf_new(1 << 20), h = buf_new(1 << 20);
	struct err e = { 0 };
	char *source = malloc(n ? n : 1);       /* exactly n bytes: reading past them shows */

	if (!source)
		abort();
	if (n)
		memcpy(source, p, n);
	if (!htmlc_compile("f.htm", source, n, "f.htm.h", &c, &h, &e)
	    && (strncmp(e.msg, "f.htm:", 6) || !strstr(e.msg, ": error: ")))
		abort();
	free(source);
	buf_free(&c);
	buf_free(&h);
	return 0;
}
