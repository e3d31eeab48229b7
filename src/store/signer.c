/* The side that asks: keys of this process, or of another over store/rpc.h. */
#include "store/signer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/keyring.h"
#include "store/rpc.h"
#include "store/signer_wire.h"

enum { TEXT_MOST = 64 << 10, WAIT_MS = 2000, KNOWN = 4 };

struct known {                          /* a public key that was asked for: it never changes */
	char name[16];
	unsigned char key[BOX_PUBLIC];
};

struct signer {
	struct keyring *keys;           /* or: */
	struct rpc *rpc;
	pthread_mutex_t lock;           /* of what follows */
	struct known known[KNOWN];
	size_t nknown;
};

static bool open_one(struct signer **out, struct err *e)
{
	*out = calloc(1, sizeof **out);
	if (!*out)
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	pthread_mutex_init(&(*out)->lock, NULL);
	return true;
}

bool signer_open_local(const char *dir, const struct env *env, struct signer **out,
		       struct err *e)
{
	if (!open_one(out, e))
		return false;
	if (keyring_open(dir, env, &(*out)->keys, e))
		return true;
	signer_close(out);
	return false;
}

bool signer_open_remote(struct rpc *rpc, struct signer **out, struct err *e)
{
	if (!open_one(out, e))
		return false;
	(*out)->rpc = rpc;
	return true;
}

void signer_close(struct signer **at)
{
	struct signer *s = *at;

	*at = NULL;
	if (!s)
		return;
	keyring_close(&s->keys);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* --- over the wire -------------------------------------------------------------------------- */

/* Sends what is in b.  Asking twice does no harm here: a signer that died is asked again. */
static bool ask(struct signer *s, unsigned op, struct buf *b, struct arena *a,
		struct bytes *answer, struct err *e)
{
	struct bytes question = { b->p, b->n };
	bool good, lost = false;

	if (b->full)
		good = fail(e, E_LIMIT, "Ce texte est trop long.");
	else
		good = rpc_call(s->rpc, op, question, WAIT_MS, a, answer, &lost, e)
		       || (lost && rpc_call(s->rpc, op, question, WAIT_MS, a, answer, NULL, e));
	if (b->p)
		box_wipe(b->p, b->n);
	buf_free(b);
	return good;
}

/* Asks with a key and a text for an answer of exactly n bytes. */
static bool ask_exact(struct signer *s, unsigned op, const char *key, struct bytes text,
		      void *out, size_t n, struct err *e)
{
	struct buf b = buf_new(SIGNER_ASK_MOST);
	struct arena a = arena_new(SIGNER_MEMORY);
	struct bytes answer;
	bool good;

	wire_put_text(&b, key);
	wire_put_bytes(&b, text.p ? text : (struct bytes){ "", 0 });
	good = ask(s, op, &b, &a, &answer, e);
	if (good && answer.n != n)
		good = fail(e, E_REMOTE, "La réponse du signataire ne peut pas être lue.");
	if (good)
		memcpy(out, answer.p, n);
	arena_free(&a);
	return good;
}

static bool ask_totp(struct signer *s, struct bytes seed, const struct totp_ask *k,
		     struct totp_answer *out, struct err *e)
{
	struct buf b = buf_new(SIGNER_ASK_MOST);
	struct arena a = arena_new(SIGNER_MEMORY);
	struct bytes answer;
	struct wire w;
	bool good;

	wire_put_bytes(&b, seed.p ? seed : (struct bytes){ "", 0 });
	wire_put_totp(&b, k);
	good = ask(s, SIGNER_TOTP, &b, &a, &answer, e);
	if (good) {
		w = wire_of(answer);
		wire_get_totp_answer(&w, out);
		good = wire_done(&w)
		       || fail(e, E_REMOTE, "La réponse du signataire ne peut pas être lue.");
	}
	arena_free(&a);
	return good;
}

/* --- both ----------------------------------------------------------------------------------- */

static bool fits(struct bytes text, struct err *e)
{
	return text.n <= TEXT_MOST || fail(e, E_LIMIT, "Ce texte est trop long pour être signé.");
}

bool signer_seal(struct signer *s, const char *key, struct bytes plain, struct arena *a,
		 struct bytes *sealed, struct err *e)
{
	unsigned char *out;

	if (plain.n > KEYRING_SEALED_MOST)
		return fail(e, E_LIMIT, "Ce secret est trop long pour être gardé.");
	out = arena_alloc(a, plain.n + BOX_OVERHEAD);
	if (!out)
		return arena_refuse(a, e);
	*sealed = (struct bytes){ out, plain.n + BOX_OVERHEAD };
	if (s->keys)
		return keyring_seal(s->keys, key, plain, out, &sealed->n, e);
	return ask_exact(s, SIGNER_SEAL, key, plain, out, sealed->n, e);
}

bool signer_totp_check(struct signer *s, struct bytes sealed_seed,
		       const struct totp_ask *k, struct totp_answer *out, struct err *e)
{
	*out = (struct totp_answer){ 0 };
	if (s->keys)
		return keyring_totp(s->keys, sealed_seed, k, out, e);
	return ask_totp(s, sealed_seed, k, out, e);
}

bool signer_tag(struct signer *s, const char *key, struct bytes text,
		char out[BOX_TAG_TEXT], struct err *e)
{
	if (!fits(text, e))
		return false;
	if (s->keys)
		return keyring_tag(s->keys, key, text, out, e);
	out[BOX_TAG_TEXT - 1] = '\0';
	return ask_exact(s, SIGNER_TAG, key, text, out, BOX_TAG_TEXT - 1, e);
}

bool signer_sign(struct signer *s, const char *key, struct bytes text,
		 unsigned char out[BOX_SIGNATURE], struct err *e)
{
	if (!fits(text, e))
		return false;
	return s->keys ? keyring_sign(s->keys, key, text, out, e) :
		ask_exact(s, SIGNER_SIGN, key, text, out, BOX_SIGNATURE, e);
}

static bool is_known(struct signer *s, const char *key, unsigned char out[BOX_PUBLIC])
{
	bool found = false;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->nknown && !found; i++) {
		found = !strcmp(s->known[i].name, key);
		if (found)
			memcpy(out, s->known[i].key, BOX_PUBLIC);
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

static void know(struct signer *s, const char *key, const unsigned char public[BOX_PUBLIC])
{
	pthread_mutex_lock(&s->lock);
	if (s->nknown < KNOWN && strlen(key) < sizeof s->known->name) {
		struct known *k = &s->known[s->nknown++];

		snprintf(k->name, sizeof k->name, "%s", key);
		memcpy(k->key, public, BOX_PUBLIC);
	}
	pthread_mutex_unlock(&s->lock);
}

/* Pages show it: the other process is asked once. */
bool signer_public(struct signer *s, const char *key, unsigned char out[BOX_PUBLIC],
		   struct err *e)
{
	if (s->keys)
		return keyring_public(s->keys, key, out, e);
	if (is_known(s, key, out))
		return true;
	if (!ask_exact(s, SIGNER_PUBLIC, key, (struct bytes){ 0 }, out, BOX_PUBLIC, e))
		return false;
	know(s, key, out);
	return true;
}

/* Asks for a text of the signer's. */
static bool ask_text(struct signer *s, unsigned op, const char *key, struct bytes text,
		     struct arena *a, const char **out, struct err *e)
{
	struct buf b = buf_new(SIGNER_ASK_MOST);
	struct bytes answer;

	wire_put_text(&b, key);
	wire_put_bytes(&b, text.p ? text : (struct bytes){ "", 0 });
	if (!ask(s, op, &b, a, &answer, e))
		return false;
	*out = arena_strn(a, answer.p, answer.n);
	return !a->spent || arena_refuse(a, e);
}

bool signer_token(struct signer *s, enum jose_alg alg, struct bytes payload, struct arena *a,
		  const char **token, struct err *e)
{
	if (!fits(payload, e))
		return false;
	return s->keys ? keyring_token(s->keys, alg, payload, a, token, e) :
		ask_text(s, SIGNER_TOKEN, jose_alg_name(alg), payload, a, token, e);
}

bool signer_published(struct signer *s, struct arena *a, const char **jwks, struct err *e)
{
	return s->keys ? keyring_published(s->keys, a, jwks, e) :
		ask_text(s, SIGNER_PUBLISHED, "", (struct bytes){ 0 }, a, jwks, e);
}
