#include "base/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static int64_t system_now(void *at)
{
	struct timespec t;

	(void)at;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void system_random(void *at, void *p, size_t n)
{
	(void)at;
	for (char *c = p; n;) {
		ssize_t k = getrandom(c, n, 0);

		if (k < 0)
			abort();        /* a kernel without chance: nothing safe can follow */
		c += k;
		n -= (size_t)k;
	}
}

const struct env env_system = { system_now, system_random, NULL };

void uuid_new(const struct env *v, char out[UUID_TEXT])
{
	uint64_t ms = (uint64_t)env_now(v);
	unsigned char b[16];

	env_random(v, b, sizeof b);
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	snprintf(out, UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		 "%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
		 b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
