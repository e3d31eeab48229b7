/*
 * oracle/cle/verifie: what Tremplin says of keys, line by line, for who compares.
 *
 *	creer CHALLENGE ORIGIN RP CLIENT OBJECT
 *	utiliser CHALLENGE ORIGIN RP CLIENT DATA SIGNATURE ALG PUBLIC COUNTER
 *
 * Bytes in base64url, "-" for none.  Answers "oui ALG PUBLIC COUNTER ID", "oui COUNTER" or "non".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit/cle.h"
#include "crypto/box.h"

enum { LINE_MOST = 1 << 17, WORDS = 10 };

static struct webauthn_bytes bytes_of(struct arena *a, const char *text)
{
	size_t length = strlen(text), n = 0;
	unsigned char *p = arena_alloc(a, length + 1);

	if (!base64_read(text, length, p, length, &n))
		n = 0;
	return (struct webauthn_bytes){ p, n };
}

static const char *text_of(struct arena *a, struct webauthn_bytes b)
{
	char *text = arena_alloc(a, BASE64_ROOM(b.n));

	base64_write(b.p, b.n, text);
	return text;
}

static bool client_is_right(struct arena *a, char *const *w, enum cle_use use,
			    struct webauthn_ask *ask)
{
	struct webauthn_bytes client = bytes_of(a, w[4]);
	struct cle_client_ask wanted = { use, w[1], w[2] };
	struct err e = { 0 };

	*ask = (struct webauthn_ask){ .rp = w[3] };
	return cle_client_read((const char *)client.p, client.n, &wanted, ask->client_hash, &e);
}

static void create(struct arena *a, char *const *w)
{
	struct webauthn_ask ask;
	struct webauthn_key k;
	struct err e = { 0 };

	if (client_is_right(a, w, CLE_CREATE, &ask)
	    && webauthn_registered(a, &ask, bytes_of(a, w[5]), &k, &e))
		printf("oui %d %s %u %s\n", k.alg, text_of(a, k.public), k.counter, text_of(a, k.id));
	else
		puts("non");
}

static void use(struct arena *a, char *const *w)
{
	struct webauthn_key k = { .public = bytes_of(a, w[8]), .alg = (int)strtol(w[7], NULL, 10),
				  .counter = (uint32_t)strtoul(w[9], NULL, 10) };
	struct webauthn_ask ask;
	struct err e = { 0 };
	uint32_t counter;

	if (client_is_right(a, w, CLE_GET, &ask)
	    && webauthn_used(&ask, &k, bytes_of(a, w[5]), bytes_of(a, w[6]), &counter, &e))
		printf("oui %u\n", counter);
	else
		puts("non");
}

int main(void)
{
	static char line[LINE_MOST];

	while (fgets(line, sizeof line, stdin)) {
		struct arena a = arena_new(4 << 20);
		char *w[WORDS] = { NULL }, *rest = line;
		int n = 0;

		for (char *p; n < WORDS && (p = strsep(&rest, " \n")) != NULL && *p; n++)
			w[n] = p;
		if (n == 6 && !strcmp(w[0], "creer"))
			create(&a, w);
		else if (n == 10 && !strcmp(w[0], "utiliser"))
			use(&a, w);
		else
			puts("?");
		fflush(stdout);
		arena_free(&a);
	}
	return 0;
}
