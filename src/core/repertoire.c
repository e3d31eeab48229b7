/* The newest repertoire, who still reads an older one, and what is found by code. */
#include "core/repertoire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
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

static const char *commune_code(const void *c)
{
	return ((const struct commune *)c)->code;
}

static const char *nom_cle(const void *x)
{
	return ((const struct nom_index *)x)->cle;
}

static const char *postal_code(const void *x)
{
	return ((const struct postal_index *)x)->code;
}

static const char *lieu_id(const void *l)
{
	return ((const struct lieu *)l)->id;
}

size_t repertoire_first_commune(const struct repertoire *r, const char *code)
{
	return find_first(r->communes, r->ncommunes, sizeof *r->communes, commune_code, code);
}

size_t repertoire_first_nom(const struct repertoire *r, const char *cle)
{
	return find_first(r->noms, r->nnoms, sizeof *r->noms, nom_cle, cle);
}

size_t repertoire_first_postal(const struct repertoire *r, const char *code)
{
	return find_first(r->postaux, r->npostaux, sizeof *r->postaux, postal_code, code);
}

size_t repertoire_first_lieu(const struct repertoire *r, const char *id)
{
	return find_first(r->lieux, r->nlieux, sizeof *r->lieux, lieu_id, id);
}

const struct commune *repertoire_commune(const struct repertoire *r, const char *code)
{
	size_t i = repertoire_first_commune(r, code);

	return i < r->ncommunes && !strcmp(r->communes[i].code, code) ? &r->communes[i] : NULL;
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
	size_t i = repertoire_first_lieu(r, id);

	return i < r->nlieux && !strcmp(r->lieux[i].id, id) ? &r->lieux[i] : NULL;
}
