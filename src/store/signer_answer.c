/* The side that owns the keys: what it reads may come from a handler that was hijacked. */
#include <string.h>

#include "store/keyring.h"
#include "store/signer.h"
#include "store/signer_wire.h"

void wire_put_totp(struct buf *b, const struct totp_ask *k)
{
	wire_put_text(b, k->code);
	wire_put_int(b, k->now);
	wire_put_int(b, k->last);
	wire_put_int(b, k->step);
	wire_put_int(b, k->digits);
	wire_put_int(b, k->tolerance);
	wire_put_int(b, k->drift);
}

void wire_get_totp(struct wire *w, struct totp_ask *k)
{
	k->code = wire_get_text(w);
	k->now = wire_get_int(w);
	k->last = wire_get_int(w);
	k->step = wire_get_small(w, INT32_MIN, INT32_MAX);
	k->digits = wire_get_small(w, INT32_MIN, INT32_MAX);
	k->tolerance = wire_get_small(w, INT32_MIN, INT32_MAX);
	k->drift = wire_get_small(w, INT32_MIN, INT32_MAX);
}

void wire_put_totp_answer(struct buf *b, const struct totp_answer *v)
{
	wire_put_int(b, v->ok);
	wire_put_int(b, v->replayed);
	wire_put_int(b, v->step);
	wire_put_int(b, v->drift);
}

void wire_get_totp_answer(struct wire *w, struct totp_answer *v)
{
	v->ok = wire_get_small(w, 0, 1);
	v->replayed = wire_get_small(w, 0, 1);
	v->step = wire_get_int(w);
	v->drift = wire_get_small(w, INT32_MIN, INT32_MAX);
}

static bool unreadable(struct err *e)
{
	return fail(e, E_INPUT, "Cette demande ne peut pas être lue.");
}

static bool answer_totp(struct keyring *k, struct wire *w, struct arena *a,
			struct bytes *answer, struct err *e)
{
	struct bytes seed = wire_get_bytes(w);
	CLEANUP(buf_free) struct buf b = buf_new(64);
	struct totp_answer v;
	struct totp_ask ask;

	wire_get_totp(w, &ask);
	if (!wire_done(w) || !seed.p)
		return unreadable(e);
	if (!keyring_totp(k, seed, &ask, &v, e))
		return false;
	wire_put_totp_answer(&b, &v);
	*answer = (struct bytes){ arena_strn(a, b.p, b.n), b.n };
	return a->spent ? arena_refuse(a, e) : true;
}

static bool answer_exact(struct keyring *k, unsigned op, const char *key, struct bytes text,
			 void *out, size_t *n, struct err *e)
{
	switch (op) {
	case SIGNER_SEAL:
		return keyring_seal(k, key, text, out, n, e);
	case SIGNER_TAG:
		*n = BOX_TAG_TEXT - 1;
		return keyring_tag(k, key, text, out, e);
	case SIGNER_SIGN:
		*n = BOX_SIGNATURE;
		return keyring_sign(k, key, text, out, e);
	case SIGNER_PUBLIC:
		*n = BOX_PUBLIC;
		return keyring_public(k, key, out, e);
	default:
		return unreadable(e);
	}
}

static bool answer_text(struct keyring *k, unsigned op, const char *key, struct bytes text,
			struct arena *a, struct bytes *answer, struct err *e)
{
	const char *out;
	bool good = op == SIGNER_TOKEN ?
		keyring_token(k, jose_alg_named(key), text, a, &out, e) :
		keyring_published(k, a, &out, e);

	if (good)
		*answer = (struct bytes){ out, strlen(out) };
	return good;
}

bool signer_answer(struct keyring *k, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *answer, struct err *e)
{
	struct wire w = wire_of(ask);
	struct bytes text;
	const char *key;
	void *out;

	if (op == SIGNER_TOTP)
		return answer_totp(k, &w, a, answer, e);
	key = wire_get_text(&w);
	text = wire_get_bytes(&w);
	if (!wire_done(&w) || !key || !text.p)
		return unreadable(e);
	if (op == SIGNER_TOKEN || op == SIGNER_PUBLISHED)
		return answer_text(k, op, key, text, a, answer, e);
	out = arena_alloc(a, KEYRING_SEALED_MOST + BOX_OVERHEAD);
	if (!out)
		return arena_refuse(a, e);
	answer->p = out;
	return answer_exact(k, op, key, text, out, &answer->n, e);
}
