/* The newest repertoire, who still reads an older one, and what is found by code. */
#include "core/repertoire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu.h"

void repertoire_free(struct repertoire *r)
{
	if (!r)
		return;
	arena_free(&r->memory);
	free(r);
}

/* --- the newest one --------------------------------------------------------------------- */

struct held {
	struct repertoire *r;
	long holders;
	struct held *older;     /* still read by somebody */
};

struct repertoire_slot {
	pthread_mutex_t lock;
	struct held *newest;
};

static struct held *held_new(struct repertoire *r)
{
	struct held *h = calloc(1, sizeof *h);

	if (!h)
		abort();
	h->r = r;
	return h;
}

struct repertoire_slot *repertoire_slot_new(struct repertoire *first)
{
	struct repertoire_slot *s = calloc(1, sizeof *s);

	if (!s)
		abort();
	pthread_mutex_init(&s->lock, NULL);
	s->newest = held_new(first);
	return s;
}

/* Frees the old ones that nobody reads any more. */
static void sweep(struct repertoire_slot *s)
{
	for (struct held **p = &s->newest->older; *p;) {
		struct held *h = *p;

		if (h->holders) {
			p = &h->older;
			continue;
		}
		*p = h->older;
		repertoire_free(h->r);
		free(h);
	}
}

void repertoire_swap(struct repertoire_slot *s, struct repertoire *newer)
{
	struct held *h = held_new(newer);

	pthread_mutex_lock(&s->lock);
	h->older = s->newest;
	s->newest = h;
	sweep(s);
	pthread_mutex_unlock(&s->lock);
}

const struct repertoire *repertoire_hold(struct repertoire_slot *s)
{
	const struct repertoire *r;

	pthread_mutex_lock(&s->lock);
	s->newest->holders++;
	r = s->newest->r;
	pthread_mutex_unlock(&s->lock);
	return r;
}

void repertoire_drop(struct repertoire_slot *s, const struct repertoire *r)
{
	pthread_mutex_lock(&s->lock);
	for (struct held *h = s->newest; h; h = h->older) {
		if (h->r == r) {
			h->holders--;
			break;
		}
	}
	if (s->newest->older)
		sweep(s);
	pthread_mutex_unlock(&s->lock);
}

void repertoire_slot_free(struct repertoire_slot *s)
{
	if (!s)
		return;
	sweep(s);
	repertoire_free(s->newest->r);
	free(s->newest);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* --- by code and id --------------------------------------------------------------------- */

const struct commune *repertoire_commune(const struct repertoire *r, const char *code)
{
	size_t lo = 0, hi = r->ncommunes;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strcmp(code, r->communes[mid].code);

		if (!d)
			return &r->communes[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const struct territoire *repertoire_territoire(const struct repertoire *r,
					       const char *niveau, const char *code)
{
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		if (!strcmp(t->niveau, niveau) && !strcmp(t->code, code))
			return t;
	}
	return NULL;
}

const struct lieu *repertoire_lieu(const struct repertoire *r, const char *id)
{
	size_t lo = 0, hi = r->nlieux;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strcmp(id, r->lieux[mid].id);

		if (!d)
			return &r->lieux[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
