/* floor: 140 edges */
/* Whatever a browser says of a security key is read or refused in words: an attestation
 * object, a use of a key, client data.  Nothing that is taken is for another site. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "admit/cle.h"

static const struct webauthn_ask ask = { .rp = "tremplin.exemple.fr" };
/* The point of RFC 7515, A.3: nobody here can sign with it. */
static const unsigned char point[64] = {
	127, 205, 206, 39, 112, 246, 196, 93, 65, 131, 203, 238, 111, 219, 75, 123, 88, 7,
		51, 53, 123,
	233, 239, 19, 186, 207, 110, 60, 123, 209, 84, 69, 199, 241, 68, 205, 27, 189, 155,
	126, 135,
	44, 223, 237, 185, 238, 185, 244, 179, 105, 93, 110, 169, 11, 36, 173, 138, 70, 35, 40, 133,
	136, 229, 173,
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void made(struct arena *a, const uint8_t *p, size_t n)
{
	struct webauthn_key k;
	struct err e = { 0 };

	if (!webauthn_registered(a, &ask, (struct webauthn_bytes){ p, n }, &k, &e)) {
		must(e.msg[0]);
		return;
	}
	must(k.id.n && k.id.n <= WEBAUTHN_ID_MOST && k.public.n >= 32);
	must(k.alg == WEBAUTHN_ES256 || k.alg == WEBAUTHN_EDDSA || k.alg == WEBAUTHN_RS256);
}

/* The first byte says where the signature begins. */
static void used(const uint8_t *p, size_t n)
{
	struct webauthn_key k = { .public = { point, sizeof point }, .alg = WEBAUTHN_ES256 };
	size_t cut = n && p[0] < n ? p[0] : n;
	struct err e = { 0 };
	uint32_t counter;

	must(!webauthn_used(&ask, &k, (struct webauthn_bytes){ p, cut },
			    (struct webauthn_bytes){ p + cut, n - cut }, &counter, &e) && e.msg[0]);
}

static void said(struct arena *a, const uint8_t *p, size_t n)
{
	struct cle_client_ask client = { CLE_GET, "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8",
					 "https://aide.exemple.fr" };
	unsigned char hash[SHA256_BYTES];
	struct err e = { 0 };

	if (cle_client_read((const char *)p, n, &client, hash, &e))
		must(memmem(p, n, client.challenge, strlen(client.challenge))
		     && memmem(p, n, "exemple.fr", 10));
	else
		must(e.msg[0]);
	(void)a;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);

	made(&a, p, n);
	used(p, n);
	said(&a, p, n);
	return 0;
}
