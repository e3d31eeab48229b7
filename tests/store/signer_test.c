#include "test.h"

#include <sys/stat.h>

#include <pthread.h>
#include <unistd.h>

#include "store/keyring.h"
#include "store/rpc.h"
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

/* --- the same over a socket: the keys are on its other side ------------------------------- */

struct other {
	int fds[2];
	struct keyring *keys;
	struct rpc_service service;
	pthread_t thread;
	struct rpc *rpc;
	struct signer *s;
	struct err e;
};

static bool answer(void *at, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *out, struct err *e)
{
	return signer_answer(at, op, ask, a, out, e);
}

static void *serve(void *arg)
{
	struct other *w = arg;

	rpc_serve(w->fds[1], &w->service);
	return NULL;
}

static void begin(struct other *w, const char *dir)
{
	*w = (struct other){ 0 };
	accepts(keyring_open(dir, &env_test, &w->keys, &w->e), &w->e);
	w->service = (struct rpc_service){ answer, w->keys, SIGNER_ASK_MOST, SIGNER_MEMORY, 0 };
	accepts(rpc_pair(w->fds, &w->e), &w->e);
	pthread_create(&w->thread, NULL, serve, w);
	accepts(rpc_open(w->fds[0], SIGNER_MEMORY, 4, &w->rpc, &w->e), &w->e);
	accepts(signer_open_remote(w->rpc, &w->s, &w->e), &w->e);
}

static void end(struct other *w)
{
	signer_close(&w->s);
	rpc_close(&w->rpc);
	pthread_join(w->thread, NULL);
	close(w->fds[1]);
	keyring_close(&w->keys);
}

TEST("a signer on the other side of a socket answers as one that is here")
{
	const char *dir = test_dir();
	CLEANUP(signer_close) struct signer *here = opened(dir);
	unsigned char signature[BOX_SIGNATURE], public[BOX_PUBLIC];
	char near[BOX_TAG_TEXT], far[BOX_TAG_TEXT];
	struct arena a = arena_new(1 << 18);
	struct totp_ask ask = rfc_ask;
	struct totp_answer got;
	struct bytes sealed;
	struct other w;

	begin(&w, dir);
	accepts(signer_seal(w.s, "graines", text(rfc_seed), &a, &sealed, &w.e), &w.e);
	equals(sealed.n, 20 + BOX_OVERHEAD);
	accepts(signer_totp_check(here, sealed, &ask, &got, &w.e), &w.e);
	holds(got.ok);
	ask.now += 30000;
	accepts(signer_totp_check(w.s, sealed, &ask, &got, &w.e), &w.e);
	holds(got.ok && !got.replayed);
	equals(got.step, 1);
	equals(got.drift, -1);
	ask.last = 1;
	accepts(signer_totp_check(w.s, sealed, &ask, &got, &w.e), &w.e);
	holds(!got.ok && got.replayed);
	accepts(signer_tag(here, "liens", text("x"), near, &w.e), &w.e);
	accepts(signer_tag(w.s, "liens", text("x"), far, &w.e), &w.e);
	same(near, far);
	accepts(signer_sign(w.s, "journal", text("racine"), signature, &w.e), &w.e);
	accepts(signer_public(w.s, "journal", public, &w.e), &w.e);
	holds(signature_is(signature, "racine", 6, public));
	end(&w);
	arena_free(&a);
}

TEST("a signer on the other side refuses as one that is here")
{
	static char big[64 << 10];
	struct arena a = arena_new(1 << 18);
	struct totp_ask ask = rfc_ask;
	char tag[BOX_TAG_TEXT];
	struct totp_answer got;
	struct bytes sealed;
	struct other w;

	begin(&w, test_dir());
	refuses(E_DENIED, signer_tag(w.s, "session", text("x"), tag, &w.e), &w.e);
	refuses(E_DENIED, signer_seal(w.s, "poivre", text("x"), &a, &sealed, &w.e), &w.e);
	refuses(E_STORE, signer_totp_check(w.s, text("x"), &ask, &got, &w.e), &w.e);
	ask.code = NULL;
	accepts(signer_seal(w.s, "graines", text(rfc_seed), &a, &sealed, &w.e), &w.e);
	refuses(E_INPUT, signer_totp_check(w.s, sealed, &ask, &got, &w.e), &w.e);
	accepts(signer_tag(w.s, "liens", (struct bytes){ big, sizeof big }, tag, &w.e), &w.e);
	accepts(signer_tag(w.s, "liens", (struct bytes){ NULL, 0 }, tag, &w.e), &w.e);
	end(&w);
	refuses(E_DENIED, keyring_tag(NULL, "nul", text("x"), tag, &w.e), &w.e);
	arena_free(&a);
}
