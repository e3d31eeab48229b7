/* floor: 140 edges */
/*
 * Any packets as what a hijacked handler sends to the process that owns the keys: it answers
 * or refuses, and never says what was sealed.  A byte for the operation, two for the length
 * of each packet's text.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/keyring.h"
#include "store/packet.h"
#include "store/signer.h"

static int64_t now(void *at)
{
	(void)at;
	return 59000;
}

static void chance(void *at, void *p, size_t n)
{
	(void)at;
	memset(p, 'c', n);
}

static const struct env env = { now, chance, NULL };
static const char seed[] = "12345678901234567890";

static struct keyring *keys(void)
{
	static struct keyring *k;
	static char dir[] = "/tmp/tremplin-fuzz-XXXXXX";
	struct err e;

	if (!k && (!mkdtemp(dir) || !keyring_open(dir, &env, &k, &e)))
		abort();
	return k;
}

static void answer(const struct message *m)
{
	struct arena a = arena_new(SIGNER_MEMORY);
	struct bytes out = { NULL, 0 };
	struct err e = { 0 };

	if (signer_answer(keys(), m->head.op, m->text, &a, &out, &e)) {
		if (out.n && memmem(out.p, out.n, seed, sizeof seed - 1))
			abort();
	} else if (!*e.msg) {
		abort();
	}
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static unsigned char packet[PACKET + 1];
	struct inbox in = { .most = SIGNER_ASK_MOST, .nparts = 4 };
	struct message m;

	while (n > 2 + PACKET_HEAD) {
		size_t size = (size_t)(p[0] << 8 | p[1]) % PACKET;

		p += 2;
		n -= 2;
		if (size > n)
			size = n;
		memcpy(packet, p, size);
		if (inbox_take(&in, packet, size, &m) == PACKET_WHOLE) {
			answer(&m);
			free(m.own);
		}
		p += size;
		n -= size;
	}
	inbox_free(&in);
	return 0;
}
