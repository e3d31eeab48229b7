#include "crypto/webauthn_world.h"

enum { PRESENT = 0x01, VERIFIED = 0x04, MAY_COPY = 0x08, COPIED = 0x10, NEW = 0x40 };

static const int every_alg[] = { WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256 };

static struct webauthn_ask asked(void)
{
	struct webauthn_ask ask = { .rp = RP };

	memset(ask.client_hash, 7, sizeof ask.client_hash);
	return ask;
}

/* A use of k, with its flags and counter, given to our reader. */
static bool use(const struct paper_key *k, const struct webauthn_key *known,
		const struct webauthn_ask *ask, int flags, uint32_t counter, uint32_t *out,
		struct err *e)
{
	struct bytes_out data = { .n = 0 }, signature;

	put_data(&data, k, RP, flags, counter);
	signature = paper_sign(k, &data, ask->client_hash);
	*e = (struct err){ 0 };
	return webauthn_used(ask, known, BYTES(data), BYTES(signature), out, e);
}

static struct webauthn_key registered(struct arena *a, const struct paper_key *k, uint32_t counter)
{
	struct webauthn_ask ask = asked();
	struct bytes_out o = paper_object(k, RP, NEW | PRESENT, counter);
	struct webauthn_key known;
	struct err e = { 0 };

	accepts(webauthn_registered(a, &ask, BYTES(o), &known, &e), &e);
	return known;
}

TEST("a key of each algorithm is registered, then used")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);

	for (int i = 0; i < 3; i++) {
		CLEANUP(paper_key_free) struct paper_key k = paper_key_new(every_alg[i]);
		struct webauthn_ask ask = asked();
		struct webauthn_key known = registered(&a, &k, 3);
		uint32_t counter = 0;
		struct err e = { 0 };

		equals(known.alg, every_alg[i]);
		equals(known.counter, 3);
		equals(known.id.n, sizeof k.id);
		assert_memory_equal(known.id.p, k.id, sizeof k.id);
		holds(!known.verified);
		accepts(use(&k, &known, &ask, PRESENT, 4, &counter, &e), &e);
		equals(counter, 4);
	}
}

TEST("a key of another algorithm, or not of a curve, is not taken")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(paper_key_free) struct paper_key k = paper_key_new(WEBAUTHN_ES256);
	struct webauthn_ask ask = asked();
	struct bytes_out o = paper_object(&k, RP, NEW | PRESENT, 0);
	struct webauthn_key known;
	struct err e = { 0 };

	o.p[o.n - 1] ^= 1;              /* y: no longer a point of P-256 */
	refuses(E_INPUT, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	o = paper_object(&k, RP, NEW | PRESENT, 0);
	o.p[o.n - 73] = 0x38;           /* alg -7 becomes another one */
	refuses(E_INPUT, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
}

TEST("what was signed for another site, or bent anywhere, is refused")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);

	for (int i = 0; i < 3; i++) {
		CLEANUP(paper_key_free) struct paper_key k = paper_key_new(every_alg[i]);
		struct webauthn_ask ask = asked();
		struct webauthn_key known = registered(&a, &k, 0);
		struct bytes_out data = { .n = 0 }, signature;
		uint32_t counter;
		struct err e = { 0 };

		put_data(&data, &k, "ailleurs.exemple.fr", PRESENT, 1);
		signature = paper_sign(&k, &data, ask.client_hash);
		refuses(E_DENIED, webauthn_used(&ask, &known, BYTES(data), BYTES(signature), &counter,
						&e), &e);
		data.n = 0;
		put_data(&data, &k, RP, PRESENT, 1);
		signature = paper_sign(&k, &data, ask.client_hash);
		for (size_t at = 0; at < data.n; at++) {
			data.p[at] ^= 1;
			holds(!webauthn_used(&ask, &known, BYTES(data), BYTES(signature), &counter, &e));
			data.p[at] ^= 1;
		}
		for (size_t at = 0; at < signature.n; at++) {
			signature.p[at] ^= 1;
			holds(!webauthn_used(&ask, &known, BYTES(data), BYTES(signature), &counter, &e));
			signature.p[at] ^= 1;
		}
		ask.client_hash[31] ^= 1;       /* another challenge or another origin */
		refuses(E_DENIED, webauthn_used(&ask, &known, BYTES(data), BYTES(signature), &counter,
						&e), &e);
	}
}

TEST("a signature of one key does not pass for another")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(paper_key_free) struct paper_key k = paper_key_new(WEBAUTHN_ES256);
	CLEANUP(paper_key_free) struct paper_key other = paper_key_new(WEBAUTHN_ES256);
	struct webauthn_ask ask = asked();
	struct webauthn_key known = registered(&a, &other, 0);
	uint32_t counter;
	struct err e;

	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 1, &counter, &e), &e);
	known = registered(&a, &k, 0);
	known.alg = WEBAUTHN_EDDSA;     /* nor under another algorithm */
	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 1, &counter, &e), &e);
}

TEST("somebody must be present, and verified when it is asked")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(paper_key_free) struct paper_key k = paper_key_new(WEBAUTHN_ES256);
	struct webauthn_ask ask = asked();
	struct webauthn_key known = registered(&a, &k, 0);
	struct bytes_out o;
	uint32_t counter;
	struct err e = { 0 };

	refuses(E_DENIED, use(&k, &known, &ask, 0, 1, &counter, &e), &e);
	o = paper_object(&k, RP, NEW, 0);
	refuses(E_DENIED, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	/* a copy of what may not be copied */
	known = registered(&a, &k, 0);
	refuses(E_DENIED, use(&k, &known, &ask, PRESENT | COPIED, 1, &counter, &e), &e);
	accepts(use(&k, &known, &ask, PRESENT | MAY_COPY | COPIED, 1, &counter, &e), &e);
	ask.verified = true;
	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 1, &counter, &e), &e);
	accepts(use(&k, &known, &ask, PRESENT | VERIFIED, 1, &counter, &e), &e);
	o = paper_object(&k, RP, NEW | PRESENT, 0);
	refuses(E_DENIED, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	o = paper_object(&k, RP, NEW | PRESENT | VERIFIED, 0);
	accepts(webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	holds(known.verified);
}

TEST("a counter that does not go forward tells of a copy; a key that never counts is taken")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(paper_key_free) struct paper_key k = paper_key_new(WEBAUTHN_EDDSA);
	struct webauthn_ask ask = asked();
	struct webauthn_key known = registered(&a, &k, 8);
	uint32_t counter;
	struct err e;

	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 8, &counter, &e), &e);
	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 7, &counter, &e), &e);
	refuses(E_DENIED, use(&k, &known, &ask, PRESENT, 0, &counter, &e), &e);
	accepts(use(&k, &known, &ask, PRESENT, 0xffffffff, &counter, &e), &e);
	equals(counter, 0xffffffff);
	known.counter = 0;
	accepts(use(&k, &known, &ask, PRESENT, 0, &counter, &e), &e);
}

TEST("an attestation object that is cut, padded or says its data twice is refused")
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	CLEANUP(paper_key_free) struct paper_key k = paper_key_new(WEBAUTHN_ES256);
	struct webauthn_ask ask = asked();
	struct bytes_out o = paper_object(&k, RP, NEW | PRESENT, 0);
	struct webauthn_key known;
	struct err e = { 0 };

	for (size_t n = 0; n < o.n; n++)
		holds(!webauthn_registered(&a, &ask, (struct webauthn_bytes){ o.p, n }, &known, &e));
	put_byte(&o, 0);
	refuses(E_INPUT, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	o = paper_object(&k, RP, NEW | PRESENT, 0);
	put_text(&o, "\x68" "authData\x40");
	o.p[0] = 0xa4;
	refuses(E_INPUT, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	/* what a statement of another kind holds is skipped, whatever it is */
	o = (struct bytes_out){ .n = 0 };
	put_text(&o, "\xa3\x63" "fmt\x66" "packed\x67" "attStmt\xa2\x63" "alg\x26\x63" "x5c\x82\x41\x00\xf5\x68" "authData\x58\xa4");
	put_data(&o, &k, RP, NEW | PRESENT, 0);
	accepts(webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
	/* deeper than anybody writes */
	o = (struct bytes_out){ .n = 0 };
	put_text(&o, "\xa1\x61" "a");
	for (int i = 0; i < 40; i++)
		put_byte(&o, 0x81);
	refuses(E_INPUT, webauthn_registered(&a, &ask, BYTES(o), &known, &e), &e);
}
