#include "admit/frein.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit/frein.sql.h"
#include "base/date.h"
#include "crypto/sha256.h"

enum { SETS = 2048, WAYS = 4, SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE,
	DAY = 24 * HOUR, KEY_HEX = 17 };

static const struct rule {
	int free;               /* tries without waiting */
	int64_t first, most;    /* the first wait; it doubles, up to this */
	int64_t forget;         /* after so long without a try, all is forgotten */
	bool kept;              /* survives a restart */
} rules[FREIN_SORTES] = {
	[FREIN_PAIRE] = { 5, 30 * SECOND, 15 * MINUTE, HOUR, false },
	[FREIN_COMPTE] = { 50, MINUTE, 15 * MINUTE, 6 * HOUR, true },
	[FREIN_ADRESSE] = { 100, 10 * SECOND, 10 * MINUTE, HOUR, false },
	[FREIN_CODE] = { 5, MINUTE, 15 * MINUTE, 6 * HOUR, true },
	[FREIN_LIEN] = { 3, 5 * MINUTE, HOUR, 2 * HOUR, false },
	[FREIN_LIEN_ADRESSE] = { 30, MINUTE, HOUR, 2 * HOUR, false },
};

struct brake {
	uint64_t key;           /* 0: free */
	int count;
	bool kept, dirty;
	int64_t last, until;
};

struct freins {
	const struct env *env;
	pthread_mutex_t lock;
	char seed[BOX_TAG_TEXT];
	struct brake at[SETS][WAYS];
	bool dirty;
};

bool freins_new(struct signer *s, const struct env *env, struct freins **out, struct err *e)
{
	static const char words[] = "freins";
	struct freins *f = calloc(1, sizeof *f);

	if (!f)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	f->env = env;
	pthread_mutex_init(&f->lock, NULL);
	*out = f;
	if (signer_tag(s, "poivre", (struct bytes){ words, sizeof words - 1 }, f->seed, e))
		return true;
	freins_free(out);
	return false;
}

void freins_free(struct freins **f)
{
	if (*f)
		pthread_mutex_destroy(&(*f)->lock);
	free(*f);
	*f = NULL;
}

static uint64_t key_of(const struct freins *f, enum frein_sorte sorte, const char *who)
{
	struct sha256 *h = sha256_new();
	uint8_t out[SHA256_BYTES];
	uint64_t key;

	sha256_add(h, f->seed, sizeof f->seed);
	sha256_add(h, &(uint8_t){ (uint8_t)sorte }, 1);
	sha256_add(h, who, strlen(who));
	sha256_end(h, out);
	memcpy(&key, out, sizeof key);
	return key ? key : 1;
}

/* a matters less than b: fewer wrong tries, or longer ago. */
static bool matters_less(const struct brake *a, const struct brake *b)
{
	return a->count != b->count ? a->count < b->count : a->last < b->last;
}

/* Its place; else, when `make`, the one that matters least. */
static struct brake *brake_at(struct freins *f, uint64_t key, bool make)
{
	struct brake *set = f->at[key % SETS], *least = set;

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (matters_less(&set[i], least))
			least = &set[i];
	}
	if (!make)
		return NULL;
	*least = (struct brake){ .key = key };
	return least;
}

static int64_t remaining(const struct freins *f, const struct brake *b)
{
	int64_t left = b ? b->until - env_now(f->env) : 0;

	return left > 0 ? left : 0;
}

int64_t frein_wait(struct freins *f, enum frein_sorte sorte, const char *who)
{
	uint64_t key = key_of(f, sorte, who);
	int64_t left;

	pthread_mutex_lock(&f->lock);
	left = remaining(f, brake_at(f, key, false));
	pthread_mutex_unlock(&f->lock);
	return left;
}

static int64_t wait_after(const struct rule *r, int count)
{
	int64_t ms = r->first;

	if (count < r->free)
		return 0;
	for (int i = r->free; i < count && ms < r->most; i++)
		ms *= 2;
	return ms < r->most ? ms : r->most;
}

int64_t frein_fail(struct freins *f, enum frein_sorte sorte, const char *who)
{
	uint64_t key = key_of(f, sorte, who);
	const struct rule *r = &rules[sorte];
	int64_t now = env_now(f->env), left;
	struct brake *b;

	pthread_mutex_lock(&f->lock);
	b = brake_at(f, key, true);
	if (now - b->last > r->forget)
		b->count = 0;
	b->count++;
	b->last = now;
	b->until = now + wait_after(r, b->count);
	b->kept = r->kept;
	b->dirty = r->kept;
	f->dirty |= r->kept;
	left = remaining(f, b);
	pthread_mutex_unlock(&f->lock);
	return left;
}

void frein_forget(struct freins *f, enum frein_sorte sorte, const char *who)
{
	uint64_t key = key_of(f, sorte, who);
	struct brake *b;

	pthread_mutex_lock(&f->lock);
	b = brake_at(f, key, false);
	if (b && b->count) {
		b->count = 0;
		b->until = 0;
		b->dirty = b->kept;
		f->dirty |= b->kept;
	}
	pthread_mutex_unlock(&f->lock);
}

int frein_count(struct freins *f, enum frein_sorte sorte, const char *who)
{
	uint64_t key = key_of(f, sorte, who);
	struct brake *b;
	int n;

	pthread_mutex_lock(&f->lock);
	b = brake_at(f, key, false);
	n = b && env_now(f->env) - b->last <= rules[sorte].forget ? b->count : 0;
	pthread_mutex_unlock(&f->lock);
	return n;
}

/* --- the store -------------------------------------------------------------------- */

static int64_t instant_of(const char *iso)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c;

	return iso_read(iso, &c) ? zone_instant(&utc, &c) : 0;
}

bool freins_load(struct freins *f, struct store *s, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	struct frein_rows_row *rows;
	char since[ISO_TEXT];
	size_t n;

	iso_write(env_now(f->env) - DAY, since);
	if (!db_acquire(s, &db, e) || !frein_rows(db, &a, since, SETS, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct brake *b = brake_at(f, strtoull(rows[i].cle, NULL, 16), true);

		b->count = (int)rows[i].essais;
		b->last = instant_of(rows[i].dernier_le);
		b->until = instant_of(rows[i].jusque_le);
		b->kept = true;
	}
	return true;
}

struct flush {
	const struct env *env;
	struct brake *list;
	size_t n;
};

static bool write_all(struct tx *tx, void *arg, struct err *e)
{
	const struct flush *w = arg;
	char before[ISO_TEXT], cle[KEY_HEX], last[ISO_TEXT], until[ISO_TEXT];

	iso_write(env_now(w->env) - DAY, before);
	for (size_t i = 0; i < w->n; i++) {
		const struct brake *b = &w->list[i];

		snprintf(cle, sizeof cle, "%016" PRIx64, b->key);
		iso_write(b->last, last);
		iso_write(b->until, until);
		if (!(b->count ? frein_put(tx, cle, b->count, last, until, NULL, e) :
		      frein_drop(tx, cle, NULL, e)))
			return false;
	}
	return frein_drop_old(tx, before, NULL, e);
}

/* Copies what has changed, so that nobody waits for the disk under the lock. */
static size_t take_dirty(struct freins *f, struct brake *list, size_t most)
{
	size_t n = 0;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; f->dirty && i < SETS * WAYS && n < most; i++) {
		struct brake *b = &f->at[i / WAYS][i % WAYS];

		if (b->dirty)
			list[n++] = *b;
		b->dirty = false;
	}
	f->dirty = n == most;
	pthread_mutex_unlock(&f->lock);
	return n;
}

bool freins_flush(struct freins *f, struct store *s, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct flush w = { .env = f->env };
	bool dirty;

	pthread_mutex_lock(&f->lock);
	dirty = f->dirty;
	pthread_mutex_unlock(&f->lock);
	if (!dirty)
		return true;
	w.list = NEW_ARRAY(&a, 1000, struct brake);
	if (!w.list)
		return arena_refuse(&a, e);
	w.n = take_dirty(f, w.list, 1000);
	return store_write(s, write_all, &w, e);
}
