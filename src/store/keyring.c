#include "store/keyring.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store/jetons.h"

enum use { SEAL = 1, TAG = 2, SIGN = 4 };

/* A key has one purpose: who may ask for a tag of one learns nothing of another. */
static const struct purpose {
	const char *name;
	unsigned uses;
} purposes[] = {
	{ "graines", SEAL },            /* seeds of one-time codes */
	{ "poivre", TAG },              /* what passwords are mixed with before they are hashed */
	{ "secours", TAG },             /* printed recovery codes */
	{ "liens", TAG },               /* links that are sent, codes by SMS */
	{ "retours", TAG },             /* what gateways send back */
	{ "journal", SIGN },            /* heads of the journal */
	{ "usagers", TAG },             /* secrets and printed codes of people who are helped */
	{ "temoin", SIGN },             /* heads of others' journals, seen to grow */
};

enum { PURPOSES = sizeof purposes / sizeof *purposes, FOLDER = 1024 };

struct keyring {
	char dir[FOLDER];
	const struct env *env;
	pthread_mutex_t lock;
	bool read[PURPOSES];
	struct box box[PURPOSES];
};

bool keyring_open(const char *dir, const struct env *env, struct keyring **out,
		  struct err *e)
{
	struct keyring *k = strlen(dir) < FOLDER ? calloc(1, sizeof *k) : NULL;

	*out = k;
	if (!k)
		return fail(e, E_LIMIT, "Les clés ne peuvent pas être ouvertes : chemin trop "
			    "long, ou plus de mémoire.");
	memcpy(k->dir, dir, strlen(dir) + 1);
	k->env = env;
	pthread_mutex_init(&k->lock, NULL);
	return true;
}

void keyring_close(struct keyring **at)
{
	struct keyring *k = *at;

	*at = NULL;
	if (!k)
		return;
	for (size_t i = 0; i < PURPOSES; i++)
		box_forget(&k->box[i]);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

/* Once read, a box does not change: it may be used without the lock. */
static bool find(struct keyring *k, const char *key, enum use use, const struct box **out,
		 struct err *e)
{
	size_t i = 0;
	bool good;

	while (i < PURPOSES && strcmp(purposes[i].name, key) != 0)
		i++;
	if (i == PURPOSES || !(purposes[i].uses & use))
		return fail(e, E_DENIED, "Aucune clé ne sert à cela.");
	pthread_mutex_lock(&k->lock);
	good = k->read[i] || box_load(k->dir, key, k->env, &k->box[i], e);
	k->read[i] = good;
	pthread_mutex_unlock(&k->lock);
	*out = &k->box[i];
	return good;
}

bool keyring_seal(struct keyring *k, const char *key, struct bytes plain,
		  unsigned char *out, size_t *n, struct err *e)
{
	const struct box *box;

	if (plain.n > KEYRING_SEALED_MOST)
		return fail(e, E_LIMIT, "Ce secret est trop long pour être gardé.");
	if (!find(k, key, SEAL, &box, e))
		return false;
	*n = box_seal(box, k->env, plain.p, plain.n, out);
	return true;
}

bool keyring_totp(struct keyring *k, struct bytes sealed, const struct totp_ask *ask,
		  struct totp_answer *out, struct err *e)
{
	unsigned char seed[TOTP_SEED_MOST];
	const struct box *box;
	size_t n;
	bool good;

	if (!find(k, "graines", SEAL, &box, e))
		return false;
	if (sealed.n > sizeof seed + BOX_OVERHEAD || !box_open(box, sealed.p, sealed.n, seed, &n)) {
		fail(e, E_STORE, "La graine de cette carte ou de cette application ne s’ouvre pas : "
		     "la clé des graines a changé.");
		return hint(e, "Remettez les clés depuis leur sauvegarde, ou enrôlez de nouveau.");
	}
	good = totp_check(seed, n, ask, out, e);
	box_wipe(seed, sizeof seed);
	return good;
}

bool keyring_tag(struct keyring *k, const char *key, struct bytes text,
		 char out[BOX_TAG_TEXT], struct err *e)
{
	const struct box *box;

	if (!find(k, key, TAG, &box, e))
		return false;
	box_tag(box, text.p, text.n, out);
	return true;
}

bool keyring_sign(struct keyring *k, const char *key, struct bytes text,
		  unsigned char out[BOX_SIGNATURE], struct err *e)
{
	const struct box *box;

	if (!find(k, key, SIGN, &box, e))
		return false;
	box_sign(box, text.p, text.n, out);
	return true;
}

bool keyring_public(struct keyring *k, const char *key, unsigned char out[BOX_PUBLIC],
		    struct err *e)
{
	const struct box *box;

	if (!find(k, key, SIGN, &box, e))
		return false;
	box_public(box, out);
	return true;
}

bool keyring_token(struct keyring *k, enum jose_alg alg, struct bytes payload, struct arena *a,
		   const char **token, struct err *e)
{
	return jetons_sign(k->dir, k->env, a, alg, payload, token, e);
}

bool keyring_published(struct keyring *k, struct arena *a, const char **jwks, struct err *e)
{
	return jetons_published(k->dir, k->env, a, jwks, e);
}
