#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/jwks.h"
#include "store/jetons.h"
#include "store/signer.h"

static const char said[] = "{\"sub\":\"abc\"}";

/* The token verifies with the published keys, and says what was signed. */
static void verifies(struct arena *a, const char *dir, enum jose_alg alg)
{
	struct bytes what = { said, strlen(said) };
	const char *token = "", *keys = "", *payload = "";
	struct jose_key *k;
	struct err e = { 0 };
	size_t nkeys, n;

	accepts(jetons_sign(dir, &env_test, a, alg, what, &token, &e), &e);
	accepts(jetons_published(dir, &env_test, a, &keys, &e), &e);
	holds(!strstr(keys, "\"d\""));
	accepts(jwks_read(a, keys, strlen(keys), alg, &k, &nkeys, &e), &e);
	accepts(jose_verify(a, token, alg, k, nkeys, &payload, &n, &e), &e);
	same(payload, said);
}

static size_t published(struct arena *a, const char *dir)
{
	const char *keys = "";
	struct err e = { 0 };
	size_t n = 0;

	accepts(jetons_published(dir, &env_test, a, &keys, &e), &e);
	for (const char *p = keys; (p = strstr(p, "\"kid\"")); p++)
		n++;
	return n;
}

static const char *signs_with(struct arena *a, const char *dir)
{
	const char *token = "";
	struct err e = { 0 };

	accepts(jetons_sign(dir, &env_test, a, JOSE_ES256, (struct bytes){ said, 4 }, &token, &e), &e);
	return arena_strn(a, token, strcspn(token, "."));
}

TEST("a key of the federation is published before it signs, and a day after")
{
	struct arena a = arena_new(4 << 20);
	const char *dir = test_dir(), *first, *token;
	struct err e = { 0 };

	test_time_set("2026-11-22T10:00:00Z");
	refuses(E_MISSING, jetons_sign(dir, &env_test, &a, JOSE_RS256, (struct bytes){ said, 4 },
				       &token, &e), &e);
	accepts(jetons_rotate(dir, &env_test, &a, false, &e), &e);
	verifies(&a, dir, JOSE_RS256);
	verifies(&a, dir, JOSE_ES256);
	first = signs_with(&a, dir);
	equals(published(&a, dir), 2);
	accepts(jetons_rotate(dir, &env_test, &a, false, &e), &e);
	equals(published(&a, dir), 4);
	same(signs_with(&a, dir), first);
	test_time_set("2026-11-22T10:10:00Z");
	holds(strcmp(signs_with(&a, dir), first) != 0);
	verifies(&a, dir, JOSE_RS256);
	equals(published(&a, dir), 4);
	test_time_set("2026-11-23T10:10:00Z");
	equals(published(&a, dir), 2);
	accepts(jetons_rotate(dir, &env_test, &a, true, &e), &e);
	equals(published(&a, dir), 2);
	verifies(&a, dir, JOSE_ES256);
	test_time_set("2026-11-22T10:00:00Z");
	arena_free(&a);
}

TEST("keys of the federation that others may read, or that are damaged, sign nothing")
{
	struct arena a = arena_new(4 << 20);
	const char *dir = test_dir(), *path, *token;
	struct err e = { 0 };

	accepts(jetons_rotate(dir, &env_test, &a, false, &e), &e);
	path = arena_cat(&a, dir, "/cles/federation", NULL);
	equals(chmod(path, 0644), 0);
	refuses(E_STORE, jetons_sign(dir, &env_test, &a, JOSE_RS256, (struct bytes){ said, 4 },
				     &token, &e), &e);
	equals(chmod(path, 0600), 0);
	equals(truncate(path, 5), 0);
	refuses(E_MISSING, jetons_sign(dir, &env_test, &a, JOSE_RS256, (struct bytes){ said, 4 },
				       &token, &e), &e);
	arena_free(&a);
}

TEST("the signer signs tokens, and gives no private key")
{
	CLEANUP(signer_close) struct signer *s = NULL;
	struct arena a = arena_new(4 << 20);
	const char *dir = test_dir(), *token = "", *keys = "";
	struct err e = { 0 };

	accepts(signer_open_local(dir, &env_test, &s, &e), &e);
	refuses(E_MISSING, signer_token(s, JOSE_ES256, (struct bytes){ said, 4 }, &a, &token, &e), &e);
	accepts(jetons_rotate(dir, &env_test, &a, false, &e), &e);
	accepts(signer_token(s, JOSE_ES256, (struct bytes){ said, 4 }, &a, &token, &e), &e);
	accepts(signer_published(s, &a, &keys, &e), &e);
	holds(strstr(keys, "\"kty\":\"EC\"") && !strstr(keys, "\"d\"") && !strstr(keys, "\"p\""));
	refuses(E_MISSING, signer_token(s, JOSE_HS256, (struct bytes){ said, 4 }, &a, &token, &e), &e);
	arena_free(&a);
}
