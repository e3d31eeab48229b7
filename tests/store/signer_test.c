#include "test.h"

#include <sys/stat.h>

#include "store/signer.h"

static struct bytes text(const char *s)
{
	return (struct bytes){ s, strlen(s) };
}

static struct signer *opened(const char *dir)
{
	struct signer *s;
	struct err e = { 0 };

	accepts(signer_open_local(dir, &env_test, &s, &e), &e);
	return s;
}

static const char rfc_seed[] = "12345678901234567890";
static const struct totp_ask rfc_ask = { .code = "287082", .now = 59000, .step = 30,
					 .digits = 6, .tolerance = 1 };

TEST("a sealed seed checks codes, and stays sealed")
{
	CLEANUP(signer_close) struct signer *s = opened(test_dir());
	struct arena a = arena_new(1 << 16);
	struct bytes sealed;
	struct totp_answer got;
	struct err e = { 0 };

	accepts(signer_seal(s, "graines", text(rfc_seed), &a, &sealed, &e), &e);
	holds(!memmem(sealed.p, sealed.n, rfc_seed, 8));
	accepts(signer_totp_check(s, sealed, &rfc_ask, &got, &e), &e);
	holds(got.ok);
	equals(got.step, 1);
	arena_free(&a);
}

TEST("a seed that another key has sealed says what to do")
{
	CLEANUP(signer_close) struct signer *s = opened(test_dir());
	CLEANUP(signer_close) struct signer *other = opened(test_dir());
	struct arena a = arena_new(1 << 16);
	struct bytes sealed;
	struct totp_answer got;
	struct err e = { 0 };

	accepts(signer_seal(other, "graines", text(rfc_seed), &a, &sealed, &e), &e);
	refuses(E_STORE, signer_totp_check(s, sealed, &rfc_ask, &got, &e), &e);
	holds(*e.hint);
	refuses(E_STORE, signer_totp_check(s, text(""), &rfc_ask, &got, &e), &e);
	arena_free(&a);
}

TEST("a tag is the same after a restart, and differs by key and by text")
{
	const char *dir = test_dir();
	char first[BOX_TAG_TEXT], again[BOX_TAG_TEXT], other[BOX_TAG_TEXT];
	struct err e = { 0 };

	for (int i = 0; i < 2; i++) {
		CLEANUP(signer_close) struct signer *s = opened(dir);

		accepts(signer_tag(s, "poivre", text("secret"), i ? again : first, &e), &e);
		accepts(signer_tag(s, "liens", text("secret"), other, &e), &e);
	}
	same(first, again);
	holds(strcmp(first, other) != 0);
}

TEST("a key serves only its own purpose, and no other name makes a file")
{
	const char *dir = test_dir();
	CLEANUP(signer_close) struct signer *s = opened(dir);
	unsigned char signature[BOX_SIGNATURE];
	char tag[BOX_TAG_TEXT], path[128];
	struct arena a = arena_new(1 << 16);
	struct bytes sealed;
	struct stat st;
	struct err e = { 0 };

	refuses(E_DENIED, signer_tag(s, "graines", text("x"), tag, &e), &e);
	refuses(E_DENIED, signer_tag(s, "session", text("x"), tag, &e), &e);
	refuses(E_DENIED, signer_tag(s, "../config", text("x"), tag, &e), &e);
	refuses(E_DENIED, signer_sign(s, "poivre", text("x"), signature, &e), &e);
	refuses(E_DENIED, signer_seal(s, "journal", text("x"), &a, &sealed, &e), &e);
	snprintf(path, sizeof path, "%s/cles", dir);
	holds(stat(path, &st) != 0);
	arena_free(&a);
}

TEST("a signature holds under the public key, and for that text alone")
{
	CLEANUP(signer_close) struct signer *s = opened(test_dir());
	unsigned char signature[BOX_SIGNATURE], public[BOX_PUBLIC];
	struct err e = { 0 };

	accepts(signer_sign(s, "journal", text("racine"), signature, &e), &e);
	accepts(signer_public(s, "journal", public, &e), &e);
	holds(signature_is(signature, "racine", 6, public));
	holds(!signature_is(signature, "racinE", 6, public));
	signature[3] ^= 1;
	holds(!signature_is(signature, "racine", 6, public));
}

TEST("what is too long to seal or to sign is refused")
{
	static char big[(64 << 10) + 1];
	CLEANUP(signer_close) struct signer *s = opened(test_dir());
	char tag[BOX_TAG_TEXT];
	struct arena a = arena_new(1 << 20);
	struct bytes sealed;
	struct err e = { 0 };

	refuses(E_LIMIT, signer_seal(s, "graines", (struct bytes){ big, 4097 }, &a, &sealed, &e), &e);
	refuses(E_LIMIT, signer_tag(s, "liens", (struct bytes){ big, sizeof big }, tag, &e), &e);
	arena_free(&a);
}
