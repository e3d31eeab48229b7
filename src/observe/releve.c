#include "observe/releve.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/indicateur.h"
#include "observe/decoupage.h"
#include "store/db.h"

enum { METHODES = 32, NOM = 64 };

static const size_t MEMORY = (size_t)1 << 30;   /* a ceiling: what is used is a tenth of it */

/* releve is the first member: a holder's pointer is ours. */
struct kept {
	struct releve releve;
	atomic_int holders;
};

struct slot {
	pthread_mutex_t lock;           /* one reads at a time, the others wait for it */
	char nom[NOM];
	struct kept *kept;              /* NULL: nothing is stored for this method */
	int64_t version;                /* generation of what it was read from */
	bool read;
};

struct releves {
	struct arena methodes_memory;
	const struct methode **methodes;
	size_t nmethodes;
	struct slot slots[METHODES];
};

struct releves *releves_new(void)
{
	struct releves *r = calloc(1, sizeof *r);
	struct err e = { 0 };

	if (!r)
		abort();
	r->methodes_memory = arena_new(64 << 20);
	if (!methode_list(&r->methodes_memory, &r->methodes, &r->nmethodes, &e))
		r->nmethodes = 0;
	if (r->nmethodes > METHODES)
		r->nmethodes = METHODES;
	for (size_t i = 0; i < r->nmethodes; i++) {
		pthread_mutex_init(&r->slots[i].lock, NULL);
		snprintf(r->slots[i].nom, NOM, "%s", r->methodes[i]->nom);
	}
	return r;
}

static void let_go(struct kept *k)
{
	if (!k || atomic_fetch_sub(&k->holders, 1) != 1)
		return;
	arena_free(&k->releve.memory);
	free(k);
}

void releves_free(struct releves *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nmethodes; i++) {
		let_go(r->slots[i].kept);
		pthread_mutex_destroy(&r->slots[i].lock);
	}
	arena_free(&r->methodes_memory);
	free(r);
}

/* --- reading one --------------------------------------------------------------------------- */

static bool count_level(struct releve *v, const struct indice_table *base, enum niveau level,
			struct err *e)
{
	struct indice_choix choice;
	struct indice_table *t;

	choix_defaut(v->m, &choice);
	if (!table_monter(&v->memory, base, level, &t, e))
		return false;
	v->tables[level] = t;
	return table_compter(&v->memory, t, &choice, &v->tirage, &v->resultats[level], e);
}

/* False with E_MISSING when nothing is stored for it. */
static bool compute(struct core *c, const struct methode *m, struct releve *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct decoupage *d;
	struct indice_table *base;
	struct entree *in;

	v->m = m;
	v->memory = arena_new(MEMORY);
	v->tirage = rangs_defaut(m);
	v->tirage.tirages = RELEVE_TIRAGES;
	/* The cutting borrows its texts: read from the store, they live as long as we do. */
	if (!db_acquire(c->store, &db, e) || !decoupage_read(db, &v->memory, &d, e)
	    || !entree_stockee(&v->memory, m, d, db, -1, &in, e)
	    || !table_base(&v->memory, in, true, true, &base, e))
		return false;
	for (enum niveau level = in->niveau; level < NIVEAUX; level++) {
		if (!count_level(v, base, level, e))
			return false;
	}
	return true;
}

/* Of what a découpage is made of: places that move change no index. */
static const char *const decoupage_tables[] = { "territoire", "territoire_nom", NULL };

static bool generation(struct core *c, int64_t *out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t territoires;

	if (!db_acquire(c->store, &db, e) || !store_generation(db, indicateur_tables, out, e)
	    || !store_generation(db, decoupage_tables, &territoires, e))
		return false;
	*out += territoires;
	return true;
}

static bool refresh(struct core *c, const struct methode *m, struct slot *s, struct err *e)
{
	struct kept *k;
	struct err own = { 0 };
	int64_t version;

	if (!generation(c, &version, e))
		return false;
	if (s->read && s->version == version)
		return true;
	k = calloc(1, sizeof *k);
	if (!k)
		abort();
	atomic_init(&k->holders, 1);
	if (!compute(c, m, &k->releve, &own)) {
		let_go(k);
		k = NULL;
		if (own.kind != E_MISSING) {
			*e = own;
			return false;
		}
	}
	let_go(s->kept);
	s->kept = k;
	s->version = version;
	s->read = true;
	return true;
}

/* --- asking -------------------------------------------------------------------------------- */

bool releve_hold(struct core *c, const char *methode, const struct releve **out, struct err *e)
{
	struct releves *r = c->releves;
	bool ok = true;

	*out = NULL;
	if (!r)
		return true;
	for (size_t i = 0; i < r->nmethodes; i++) {
		struct slot *s = &r->slots[i];

		if (strcmp(r->methodes[i]->nom, methode))
			continue;
		pthread_mutex_lock(&s->lock);   /* of this method: others may be in the making */
		ok = refresh(c, r->methodes[i], s, e);
		if (ok && s->kept) {
			atomic_fetch_add(&s->kept->holders, 1);
			*out = &s->kept->releve;
		}
		pthread_mutex_unlock(&s->lock);
	}
	return ok;
}

bool releves_prepare(struct core *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 10);
	const struct methode **m;
	size_t n;

	return releve_methodes(c, &a, &m, &n, e);
}

void releve_drop(const struct releve **v)
{
	union { const struct releve *in; struct kept *kept; } u = { .in = *v };

	let_go(u.kept);
	*v = NULL;
}

bool releve_methodes(struct core *c, struct arena *a, const struct methode ***out, size_t *n,
		     struct err *e)
{
	struct releves *r = c->releves;
	size_t all = r ? r->nmethodes : 0;

	*n = 0;
	*out = NEW_ARRAY(a, all + 1, const struct methode *);
	if (!*out)
		return arena_refuse(a, e);
	for (int first = 1; first >= 0; first--) {
		for (size_t i = 0; i < all; i++) {
			CLEANUP(releve_drop) const struct releve *v = NULL;

			if ((strcmp(r->methodes[i]->nom, METHODE_PAGES) == 0) != (first == 1))
				continue;
			if (!releve_hold(c, r->methodes[i]->nom, &v, e))
				return false;
			if (v)
				(*out)[(*n)++] = v->m;
		}
	}
	return true;
}
