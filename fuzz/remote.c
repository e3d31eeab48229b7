/* floor: 60 edges */
/*
 * Any bytes as a question to the process that has the network: the first is the operation.
 * No origin is allowed, so nothing may ever be asked: each question is refused with words.
 */
#include <stdint.h>
#include <stdlib.h>

#include "store/remote.h"

static struct remote *closed(void)
{
	static struct remote *r;
	struct err e;

	if (!r && !remote_open_local("", NULL, &r, &e))
		abort();
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(REMOTE_MEMORY);
	struct bytes answer;
	struct err e = { 0 };

	if (n && (remote_answer(closed(), p[0] % 4, (struct bytes){ p + 1, n - 1 }, &a, &answer, &e)
		  || !*e.msg))
		abort();
	arena_free(&a);
	return 0;
}
