#include "orient/rapprochement_blocs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orient/rapprochement_mots.h"

/*
 * A block up to FULL rows is compared whole; a fuller one each row with the WINDOW next in
 * the order of names.  A cell is about 300 m: 1/370 of a degree of latitude (111.2 km), and
 * of longitude at that latitude.
 */
enum { FULL = 40, WINDOW = 12 };
static const double cells_a_degree = 370;
static const double rare = 2.5;          /* a word that one row in eleven or fewer has */

enum block { BY_PIVOT, BY_TELEPHONE, BY_CELL, BY_WORD, BY_DOOR };

struct key {
	uint64_t block;
	uint32_t row;
	uint32_t order;         /* by name, inside a block */
	bool own;               /* its own cell; else that of a neighbour, to meet those in it */
};

struct keys {
	struct key *v;
	size_t n, room;
};

void candidats_free(struct candidats *c)
{
	free(c->v);
	*c = (struct candidats){ NULL, 0, 0 };
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
	h ^= h >> 32;
	return h * 0xd6e8feb86659fd93u;
}

static uint64_t mix_text(uint64_t h, const char *s)
{
	uint64_t t = 0xcbf29ce484222325u;

	for (; *s; s++)
		t = (t ^ (unsigned char)*s) * 0x100000001b3u;
	return mix(h, t);
}

static bool put(struct keys *k, uint64_t block, uint32_t row, uint32_t order, bool own)
{
	if (k->n == k->room) {
		size_t room = k->room ? k->room * 2 : 1 << 16;
		struct key *v = realloc(k->v, room * sizeof *v);

		if (!v)
			return false;
		k->v = v;
		k->room = room;
	}
	k->v[k->n++] = (struct key){ block, row, order, own };
	return true;
}

static bool put_cells(struct keys *k, const struct traits *t, uint32_t row, uint32_t order)
{
	int64_t y = (int64_t)floor(t->lat * cells_a_degree);
	/* cells of a row of latitude have one width, so that neighbours agree on them */
	double wide = cells_a_degree * cos((double)y / cells_a_degree * M_PI / 180);
	int64_t x = (int64_t)floor(t->lon * wide);

	for (int dy = -1; dy <= 1; dy++) {
		double w = cells_a_degree
			   * cos((double)(y + dy) / cells_a_degree * M_PI / 180);
		int64_t there = dy ? (int64_t)floor(t->lon * w) : x;

		for (int dx = -1; dx <= 1; dx++) {
			uint64_t h = mix(mix(mix(BY_CELL, (uint64_t)(y + dy)),
					     (uint64_t)(there + dx)), 7);

			if (!put(k, h, row, order, !dx && !dy))
				return false;
		}
	}
	return true;
}

static bool put_words(struct keys *k, const struct vocabulaire *v, const struct traits *t,
		      uint32_t row, uint32_t order)
{
	const char *where = *t->insee ? t->insee : t->postal;
	uint64_t h = mix_text(BY_WORD, where);
	bool said = false;

	for (int i = 0; i < t->nom.n && *where; i++) {
		if (t->nom.commune >> i & 1 || vocabulaire_rarete(v, t->nom.v[i]) < rare)
			continue;
		said = true;
		if (!put(k, mix(h, t->nom.v[i]), row, order, true))
			return false;
	}
	/* only the commune's name and a kind: "Mairie de Bondy" */
	if (!said && *where)
		return put(k, mix(mix(h, 1u << 31), t->genres), row, order, true);
	return true;
}

static bool put_row(struct keys *k, const struct vocabulaire *v, const struct traits *t,
		    uint32_t row, uint32_t order)
{
	if (*t->pivot && !put(k, mix_text(BY_PIVOT, t->pivot), row, order, true))
		return false;
	if (*t->telephone && !put(k, mix_text(BY_TELEPHONE, t->telephone), row, order, true))
		return false;
	if (!isnan(t->lat) && !put_cells(k, t, row, order))
		return false;
	if (t->numero >= 0 && t->voie.n && *t->postal
	    && !put(k, mix(mix(mix_text(BY_DOOR, t->postal), (uint64_t)t->numero),
			   t->voie.v[t->voie.n - 1]), row, order, true))
		return false;
	return put_words(k, v, t, row, order);
}

/* --- pairs of a block --------------------------------------------------------------- */

static int by_block(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_pair(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool add(struct candidats *c, const struct traits *rows, uint32_t x, uint32_t y)
{
	if (x == y || rows[x].lieu == rows[y].lieu || (!rows[x].neuf && !rows[y].neuf))
		return true;
	if (c->n == c->room) {
		size_t room = c->room ? c->room * 2 : 1 << 16;
		uint64_t *v = realloc(c->v, room * sizeof *v);

		if (!v)
			return false;
		c->v = v;
		c->room = room;
	}
	c->v[c->n++] = x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
	return true;
}

static bool pairs_of(struct candidats *c, const struct traits *rows, const struct key *k,
		     size_t n)
{
	size_t window = n <= FULL ? n : WINDOW;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n && j <= i + window; j++) {
			/* two rows that are both only neighbours of this cell meet elsewhere */
			if ((k[i].own || k[j].own) && !add(c, rows, k[i].row, k[j].row))
				return false;
		}
	}
	return true;
}

/* Each pair once. */
static void settle(struct candidats *c)
{
	size_t n = 0;

	if (c->n)
		qsort(c->v, c->n, sizeof *c->v, by_pair);
	for (size_t i = 0; i < c->n; i++) {
		if (!n || c->v[i] != c->v[n - 1])
			c->v[n++] = c->v[i];
	}
	c->n = n;
}

static bool no_memory(struct err *e)
{
	fail(e, E_LIMIT, "la mémoire manque pour rapprocher autant de lieux.");
	return hint(e, "Importez les sources par territoire.");
}

/* --- the order of names ------------------------------------------------------------- */

struct named {
	uint64_t rarest;        /* its rarest word, then the next: names alike stand together */
	uint32_t row;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->rarest != y->rarest)
		return x->rarest < y->rarest ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static uint64_t rarest_of(const struct vocabulaire *v, const struct traits *t)
{
	uint32_t best = 0, next = 0;

	for (int i = 0; i < t->nom.n; i++) {
		uint32_t w = t->nom.v[i];

		if (t->nom.commune >> i & 1)
			continue;
		if (!best || vocabulaire_rarete(v, w) > vocabulaire_rarete(v, best)) {
			next = best;
			best = w;
		} else if (!next || vocabulaire_rarete(v, w) > vocabulaire_rarete(v, next)) {
			next = w;
		}
	}
	return (uint64_t)best << 32 | next;
}

static uint32_t *order_of(const struct vocabulaire *v, const struct traits *rows, size_t n)
{
	struct named *names = calloc(n + 1, sizeof *names);
	uint32_t *order = calloc(n + 1, sizeof *order);

	for (size_t i = 0; names && i < n; i++)
		names[i] = (struct named){ rarest_of(v, &rows[i]), (uint32_t)i };
	if (names)
		qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; names && order && i < n; i++)
		order[names[i].row] = (uint32_t)i;
	if (!names) {
		free(order);
		order = NULL;
	}
	free(names);
	return order;
}

bool candidats_find(const struct vocabulaire *v, const struct traits *rows, size_t n,
		    struct candidats *out, struct err *e)
{
	uint32_t *order = order_of(v, rows, n);
	struct keys k = { NULL, 0, 0 };
	bool good = order != NULL;

	*out = (struct candidats){ NULL, 0, 0 };
	for (size_t i = 0; good && i < n; i++)
		good = put_row(&k, v, &rows[i], (uint32_t)i, order[i]);
	if (good && k.n)
		qsort(k.v, k.n, sizeof *k.v, by_block);
	for (size_t i = 0, j; good && i < k.n; i = j) {
		for (j = i + 1; j < k.n && k.v[j].block == k.v[i].block; j++)
			;
		good = pairs_of(out, rows, &k.v[i], j - i);
	}
	free(k.v);
	free(order);
	settle(out);
	return good || no_memory(e);
}
