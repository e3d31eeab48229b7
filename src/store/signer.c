#include "store/signer.h"

#include <stdlib.h>

#include "store/keyring.h"

enum { TEXT_MOST = 64 << 10 };

struct signer {
	struct keyring *keys;
};

bool signer_open_local(const char *dir, const struct env *env, struct signer **out,
		       struct err *e)
{
	struct signer *s = calloc(1, sizeof *s);

	*out = s;
	if (!s)
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	if (keyring_open(dir, env, &s->keys, e))
		return true;
	signer_close(out);
	return false;
}

void signer_close(struct signer **at)
{
	struct signer *s = *at;

	*at = NULL;
	if (!s)
		return;
	keyring_close(&s->keys);
	free(s);
}

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
	*sealed = (struct bytes){ out, 0 };
	return keyring_seal(s->keys, key, plain, out, &sealed->n, e);
}

bool signer_totp_check(struct signer *s, struct bytes sealed_seed,
		       const struct totp_ask *ask, struct totp_answer *out, struct err *e)
{
	return keyring_totp(s->keys, sealed_seed, ask, out, e);
}

bool signer_tag(struct signer *s, const char *key, struct bytes text,
		char out[BOX_TAG_TEXT], struct err *e)
{
	return fits(text, e) && keyring_tag(s->keys, key, text, out, e);
}

bool signer_sign(struct signer *s, const char *key, struct bytes text,
		 unsigned char out[BOX_SIGNATURE], struct err *e)
{
	return fits(text, e) && keyring_sign(s->keys, key, text, out, e);
}

bool signer_public(struct signer *s, const char *key, unsigned char out[BOX_PUBLIC],
		   struct err *e)
{
	return keyring_public(s->keys, key, out, e);
}
