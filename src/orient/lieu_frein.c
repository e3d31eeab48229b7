#include "orient/lieu_frein.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 8192, PROBES = 8 };

struct slot {
	uint64_t who;
	int64_t since;
	int n;
};

struct lieu_freins {
	pthread_mutex_t lock;
	const struct env *env;
	uint64_t key;
	struct slot slots[SLOTS];
};

struct lieu_freins *lieu_freins_new(const struct env *env)
{
	struct lieu_freins *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	pthread_mutex_init(&f->lock, NULL);
	f->env = env;
	env_random(env, &f->key, sizeof f->key);
	return f;
}

void lieu_freins_free(struct lieu_freins *f)
{
	if (f)
		pthread_mutex_destroy(&f->lock);
	free(f);
}

static uint64_t mix(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	h ^= h >> 29;
	return (h ^ 0xff) * 0x9e3779b97f4a7c15u;
}

bool lieu_frein(struct lieu_freins *f, const char *what, const char *who, int most, int64_t ms)
{
	uint64_t h;
	int64_t now;
	struct slot *at = NULL;
	bool good;

	if (!f)
		return true;
	h = mix(mix(f->key, what), who) | 1;
	now = env_now(f->env);
	pthread_mutex_lock(&f->lock);
	for (int i = 0; i < PROBES; i++) {
		struct slot *s = &f->slots[(h + (uint64_t)i) % SLOTS];

		if (s->who == h) {
			at = s;
			break;
		}
		if (!at || s->since < at->since)
			at = s;
	}
	if (at->who != h || now - at->since > ms)
		*at = (struct slot){ h, now, 0 };
	at->n++;
	good = at->n <= most;
	pthread_mutex_unlock(&f->lock);
	return good;
}
