#include "observe/fonds.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 48, CLE = 40 };

static const size_t MEMORY = (size_t)64 << 20;  /* a ceiling: a drawing is 100 KB */

/* fond is the first member: a holder's pointer is ours. */
struct kept {
	struct choroplethe_fond fond;
	atomic_int holders;
	struct arena memory;
	char cle[CLE];
	int64_t version;
	uint64_t asked;                 /* when, in requests */
};

struct fonds {
	pthread_mutex_t lock;
	struct kept *kept[KEPT];
	uint64_t requests;
};

struct fonds *fonds_new(void)
{
	struct fonds *f = calloc(1, sizeof *f);

	if (!f)
		abort();
	pthread_mutex_init(&f->lock, NULL);
	return f;
}

static void let_go(struct kept *k)
{
	if (!k || atomic_fetch_sub(&k->holders, 1) != 1)
		return;
	arena_free(&k->memory);
	free(k);
}

void fonds_free(struct fonds *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < KEPT; i++)
		let_go(f->kept[i]);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static struct kept *look_up(struct fonds *f, const char *cle, int64_t version, size_t n)
{
	struct kept *found = NULL;

	pthread_mutex_lock(&f->lock);
	f->requests++;
	for (size_t i = 0; i < KEPT && !found; i++) {
		struct kept *k = f->kept[i];

		if (!k || k->version != version || k->fond.n != n || strcmp(k->cle, cle))
			continue;
		k->asked = f->requests;
		atomic_fetch_add(&k->holders, 1);
		found = k;
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}

/* In the place of an older version, an empty one, or the longest unasked. */
static void keep(struct fonds *f, struct kept *k)
{
	size_t at = 0;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < KEPT; i++) {
		const struct kept *old = f->kept[i], *least = f->kept[at];

		if (old && !strcmp(old->cle, k->cle)) {
			at = i;
			break;
		}
		if (least && (!old || old->asked < least->asked))
			at = i;
	}
	let_go(f->kept[at]);
	k->asked = ++f->requests;
	atomic_fetch_add(&k->holders, 1);
	f->kept[at] = k;
	pthread_mutex_unlock(&f->lock);
}

static bool make(struct kept *k, size_t n, int width, fond_contours *contours, void *arg,
		 struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(MEMORY);
	struct bytes *outlines = NEW_ARRAY(&scratch, n + 1, struct bytes);

	if (!outlines)
		return arena_refuse(&scratch, e);
	return contours(arg, &scratch, outlines, e)
	       && choroplethe_fond(&k->memory, outlines, n, width, &k->fond, e);
}

bool fond_hold(struct fonds *f, const char *cle, int64_t version, size_t n, int width,
	       fond_contours *contours, void *arg, const struct choroplethe_fond **out,
	       struct err *e)
{
	struct kept *k = f ? look_up(f, cle, version, n) : NULL;

	if (k) {
		*out = &k->fond;
		return true;
	}
	k = calloc(1, sizeof *k);
	if (!k)
		abort();
	atomic_init(&k->holders, 1);
	k->memory = arena_new(MEMORY);
	k->version = version;
	snprintf(k->cle, sizeof k->cle, "%s", cle);
	if (!make(k, n, width, contours, arg, e)) {
		let_go(k);
		return false;
	}
	if (f)
		keep(f, k);
	*out = &k->fond;
	return true;
}

void fond_drop(const struct choroplethe_fond **fond)
{
	union { const struct choroplethe_fond *in; struct kept *kept; } u = { .in = *fond };

	let_go(u.kept);
	*fond = NULL;
}
