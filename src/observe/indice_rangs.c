/*
 * Ranks of all units in all draws, and their quantiles.  Units with a total stand side by
 * side as float columns; each thread takes every k-th draw, then a share of the units.
 */
#include "observe/indice_tirage.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "observe/fils.h"

enum {
	WIDE = 8,               /* floats summed together */
	BLOCK = 64,             /* units whose ranks are gathered together */
	MOST_RANKS = 256 << 20, /* 512 MB */
	BITS = 11, BINS = 1 << BITS,
};

typedef float wide __attribute__((vector_size(WIDE * sizeof(float))));

struct moulin {                         /* what all threads share */
	const struct rangs_jeu *j;
	const struct rangs_tirage *t;
	size_t n, stride;               /* units with a total; rounded up to WIDE */
	uint32_t *who;                  /* their index in the set */
	uint8_t *ranked;                /* 1: counts among the territories of the level */
	int leaves[METHODE_INDICATEURS], nleaves;
	float *columns;                 /* [essai][leaf][stride] */
	uint64_t *masks;                /* distinct sets of indicators of incomplete units */
	uint32_t *mask_of, *partial;    /* of the incomplete units: their set, their place */
	size_t nmasks, npartial;
	bool uniform, geometric;        /* a total is a sum of parts (of logarithms) */
	uint16_t *ranks;                /* [draw][n] */
	uint32_t *bas, *haut;
	int threads;
};

struct ouvrier {                        /* one thread */
	const struct moulin *m;
	int id;
	bool failed;
};

/* --- laying the units out --------------------------------------------------------- */

static void moulin_free(struct moulin *m)
{
	free(m->who);
	free(m->ranked);
	free(m->columns);
	free(m->masks);
	free(m->mask_of);
	free(m->partial);
	free(m->ranks);
}

static void *rows(size_t n, size_t size)
{
	/* Aligned for `wide`, never of zero bytes. */
	size_t all = (n * size + 63) / 64 * 64 + 64;
	void *p = aligned_alloc(64, all);

	if (p)
		memset(p, 0, all);
	return p;
}

static bool no_memory(struct err *e)
{
	return fail(e, E_LIMIT, "il n’y a pas assez de mémoire pour les intervalles de rang.");
}

static bool gather_units(struct moulin *m, struct err *e)
{
	const struct rangs_jeu *j = m->j;

	m->who = rows(j->n, sizeof *m->who);
	m->ranked = rows(j->n, 1);
	if (!m->who || !m->ranked)
		return no_memory(e);
	for (size_t i = 0; i < j->n; i++) {
		if (isnan(j->totaux[i]))
			continue;
		m->ranked[m->n] = !j->etat || j->etat[i] & UNITE_CLASSEE;
		m->who[m->n++] = (uint32_t)i;
	}
	m->stride = (m->n + WIDE - 1) / WIDE * WIDE;
	if (m->n <= UINT16_MAX && (uint64_t)m->n * m->t->tirages <= MOST_RANKS)
		return true;
	if (m->n > UINT16_MAX)
		fail(e, E_LIMIT, "les intervalles de rang vont jusqu’à %d territoires.", UINT16_MAX);
	else
		fail(e, E_LIMIT, "%u tirages sur %zu territoires, c’est trop.", m->t->tirages, m->n);
	return hint(e, "Prenez %zu tirages au plus, ou un niveau qui a moins de territoires.",
		    MOST_RANKS / (m->n ? m->n : 1));
}

static bool gather_columns(struct moulin *m, struct err *e)
{
	const struct rangs_jeu *j = m->j;
	double parts[METHODE_INDICATEURS];

	choix_parts(j->m, j->choix, UINT64_MAX, parts);
	for (int i = 0; i < j->m->n; i++) {
		if (parts[i] > 0)
			m->leaves[m->nleaves++] = i;
	}
	m->columns = rows((size_t)j->nessais * (size_t)m->nleaves * m->stride, sizeof(float));
	if (!m->columns)
		return no_memory(e);
	for (int s = 0; s < j->nessais; s++) {
		for (int k = 0; k < m->nleaves; k++) {
			float *to = m->columns
				+ ((size_t)s * (size_t)m->nleaves + (size_t)k) * m->stride;
			const double *from = j->essais[s][m->leaves[k]];

			for (size_t u = 0; from && u < m->n; u++) {
				double v = from[m->who[u]];

				if (m->geometric)
					v = log(v);
				to[u] = isfinite(v) ? (float)v : 0;
			}
		}
	}
	return true;
}

/* Units without some of the chosen indicators, by which they have. */
static bool gather_masks(struct moulin *m, struct err *e)
{
	uint64_t chosen = 0;

	for (int k = 0; k < m->nleaves; k++)
		chosen |= (uint64_t)1 << m->leaves[k];
	m->masks = rows(m->n, sizeof *m->masks);
	m->mask_of = rows(m->n, sizeof *m->mask_of);
	m->partial = rows(m->n, sizeof *m->partial);
	if (!m->masks || !m->mask_of || !m->partial)
		return no_memory(e);
	for (size_t u = 0; u < m->n; u++) {
		uint64_t mask = rangs_presents(m->j, m->who[u]) & chosen;
		size_t k = m->nmasks;

		if (mask == chosen)
			continue;
		while (k && m->masks[k - 1] != mask)
			k--;
		if (!k) {
			m->masks[m->nmasks++] = mask;
			k = m->nmasks;
		}
		m->mask_of[m->npartial] = (uint32_t)k - 1;
		m->partial[m->npartial++] = (uint32_t)u;
	}
	return true;
}

/* --- one draw --------------------------------------------------------------------- */

struct etabli {                         /* the bench of one thread */
	float *totals;
	float (*weights)[METHODE_INDICATEURS];  /* per set of indicators */
	uint32_t *keys, *half;          /* of each unit; half sorted */
	uint16_t *sorted;               /* units by their keys */
};

/* Weights of the leaves in a draw for units that have `present`; false when what the draw
 * leaves out is all they have. */
static bool leaf_weights(const struct moulin *m, const struct tirage *t, uint64_t present,
			 float *out)
{
	double parts[METHODE_INDICATEURS], sum = 0;

	choix_parts(m->j->m, &t->choix, present & t->presents, parts);
	for (int k = 0; k < m->nleaves; k++) {
		out[k] = (float)parts[m->leaves[k]];
		sum += parts[m->leaves[k]];
	}
	return sum > 0;
}

static void sum_columns(const struct moulin *m, const float *columns, const float *w, float *out)
{
	for (size_t u = 0; u < m->stride; u += WIDE) {
		wide sum = { 0 };

		for (int k = 0; k < m->nleaves; k++)
			sum += *(const wide *)(columns + (size_t)k * m->stride + u) * w[k];
		*(wide *)(out + u) = sum;
	}
}

static void draw_totals(const struct moulin *m, const struct tirage *t, struct etabli *b)
{
	const float *columns = m->columns
		+ (size_t)t->essai * (size_t)m->nleaves * m->stride;
	float w[METHODE_INDICATEURS];

	if (!m->uniform) {
		for (size_t u = 0; u < m->n; u++)
			b->totals[u] = (float)tirage_total(m->j, t, m->who[u]);
		return;
	}
	leaf_weights(m, t, UINT64_MAX, w);
	sum_columns(m, columns, w, b->totals);
	for (size_t k = 0; k < m->nmasks; k++) {
		if (!leaf_weights(m, t, m->masks[k], b->weights[k])) {
			struct tirage all = *t;

			all.presents = UINT64_MAX;
			leaf_weights(m, &all, m->masks[k], b->weights[k]);
		}
	}
	for (size_t p = 0; p < m->npartial; p++) {
		const float *mine = b->weights[m->mask_of[p]];
		size_t u = m->partial[p];
		float sum = 0;

		for (int k = 0; k < m->nleaves; k++)
			sum += mine[k] * columns[(size_t)k * m->stride + u];
		b->totals[u] = sum;
	}
}

/* Where a total stands between the highest (0) and the lowest: what is nearer than a four
 * millionth of the range is a tie. */
static void make_keys(const struct moulin *m, const float *totals, uint32_t *out,
		      uint32_t counts[2][BINS])
{
	float high = -INFINITY, low = INFINITY, scale;

	for (size_t u = 0; u < m->n; u++) {
		high = totals[u] > high ? totals[u] : high;
		low = totals[u] < low ? totals[u] : low;
	}
	scale = high > low ? (float)(BINS * BINS - 1) / (high - low) : 0;
	for (size_t u = 0; u < m->n; u++) {
		uint32_t key = (uint32_t)((high - totals[u]) * scale + 0.5f);

		out[u] = key < BINS * BINS ? key : BINS * BINS - 1;
	}
	for (size_t u = 0; u < m->n; u++) {
		counts[0][out[u] & (BINS - 1)]++;
		counts[1][out[u] >> BITS]++;
	}
}

static void first_places(uint32_t counts[BINS])
{
	uint32_t at = 0;

	for (int k = 0; k < BINS; k++) {
		uint32_t here = counts[k];

		counts[k] = at;
		at += here;
	}
}

/* Units by their keys, rising: by the low BITS bits, then by the high ones.  Between the two a
 * unit travels with the bits that are left, in 32 bits: 16 for who it is. */
static void sort_totals(const struct moulin *m, struct etabli *b)
{
	uint32_t counts[2][BINS] = { 0 };

	make_keys(m, b->totals, b->keys, counts);
	first_places(counts[0]);
	first_places(counts[1]);
	for (size_t u = 0; u < m->n; u++) {
		uint32_t key = b->keys[u];

		b->half[counts[0][key & (BINS - 1)]++] = key >> BITS << 16 | (uint32_t)u;
	}
	for (size_t k = 0; k < m->n; k++) {
		uint32_t v = b->half[k];

		b->sorted[counts[1][v >> 16]++] = (uint16_t)v;
	}
}

static void rank_totals(const struct moulin *m, struct etabli *b, uint16_t *ranks)
{
	uint32_t above = 0, rank = 1, last = UINT32_MAX;

	sort_totals(m, b);
	for (size_t k = 0; k < m->n; k++) {
		size_t u = b->sorted[k];
		uint32_t key = b->keys[u];

		rank = key != last ? above + 1 : rank;
		last = key;
		ranks[u] = (uint16_t)rank;
		above += m->ranked[u];
	}
}

/* --- quantiles of the draws of one unit ------------------------------------------- */

/* The byte where the kth smallest is, by counts; k becomes its place among those. */
static uint32_t find_bin(const uint32_t counts[256], uint32_t *k)
{
	uint32_t b = 0;

	while (*k > counts[b])
		*k -= counts[b++];
	return b;
}

static uint32_t kth_low(const uint8_t *v, uint32_t n, uint32_t k)
{
	uint32_t low[256] = { 0 };

	for (uint32_t i = 0; i < n; i++)
		low[v[i]]++;
	return find_bin(low, &k);
}

/* Both quantiles of the n ranks of a unit: high bytes counted, then the low bytes of the two
 * bins that matter; `room` holds 2 n bytes. */
static void quantiles(const struct moulin *m, const uint16_t *v, uint8_t *room, size_t unit)
{
	uint32_t high[256] = { 0 }, n = m->t->tirages, na = 0, nb = 0;
	uint32_t ka = (n + 19) / 20, kb = n - n / 20, a, b;
	uint8_t *in_a = room, *in_b = room + n;

	for (uint32_t i = 0; i < n; i++)
		high[v[i] >> 8]++;
	a = find_bin(high, &ka);
	b = find_bin(high, &kb);
	for (uint32_t i = 0; i < n; i++) {
		in_a[na] = in_b[nb] = (uint8_t)v[i];
		na += v[i] >> 8 == a;
		nb += v[i] >> 8 == b;
	}
	m->bas[unit] = a << 8 | kth_low(in_a, na, ka);
	m->haut[unit] = b << 8 | kth_low(in_b, nb, kb);
}

/* --- threads ---------------------------------------------------------------------- */

static void *draw_share(void *arg)
{
	struct ouvrier *o = arg;
	const struct moulin *m = o->m;
	struct etabli b = {
		.totals = rows(m->stride, sizeof(float)),
		.weights = rows(m->nmasks, sizeof *b.weights),
		.keys = rows(m->n, sizeof *b.keys), .half = rows(m->n, sizeof *b.half),
		.sorted = rows(m->n, sizeof *b.sorted),
	};

	o->failed = !b.totals || !b.weights || !b.keys || !b.half || !b.sorted;
	for (uint32_t d = (uint32_t)o->id; !o->failed && d < m->t->tirages;
	     d += (uint32_t)m->threads) {
		struct tirage t;

		tirage_faire(m->j, m->t, d, &t);
		draw_totals(m, &t, &b);
		rank_totals(m, &b, m->ranks + (size_t)d * m->n);
	}
	free(b.totals);
	free(b.weights);
	free(b.keys);
	free(b.half);
	free(b.sorted);
	return NULL;
}

static void *quantile_share(void *arg)
{
	struct ouvrier *o = arg;
	const struct moulin *m = o->m;
	uint32_t n = m->t->tirages;
	uint16_t *v = malloc((size_t)n * BLOCK * sizeof *v);
	uint8_t *room = malloc(2 * (size_t)n + 2);

	o->failed = !v || !room;
	for (size_t at = (size_t)o->id * BLOCK; !o->failed && at < m->n;
	     at += (size_t)m->threads * BLOCK) {
		size_t here = m->n - at < BLOCK ? m->n - at : BLOCK;

		for (uint32_t d = 0; d < n; d++) {
			const uint16_t *row = m->ranks + (size_t)d * m->n + at;

			for (size_t u = 0; u < here; u++)
				v[u * n + d] = row[u];
		}
		for (size_t u = 0; u < here; u++)
			quantiles(m, v + u * n, room, m->who[at + u]);
	}
	free(v);
	free(room);
	return NULL;
}

/* Runs one share per thread; a thread that the system refuses is run here. */
static bool run_shares(const struct moulin *m, void *(*share)(void *), struct err *e)
{
	struct ouvrier o[FILS_MOST];
	pthread_t id[FILS_MOST];
	bool started[FILS_MOST] = { false }, failed = false;

	for (int k = 0; k < m->threads; k++)
		o[k] = (struct ouvrier){ m, k, false };
	for (int k = 1; k < m->threads; k++)
		started[k] = pthread_create(&id[k], NULL, share, &o[k]) == 0;
	for (int k = 0; k < m->threads; k++) {
		if (started[k])
			pthread_join(id[k], NULL);
		else
			share(&o[k]);
		failed |= o[k].failed;
	}
	return !failed || no_memory(e);
}

static int count_threads(const struct rangs_tirage *t)
{
	if (t->fils <= 0)
		return fils_nombre();
	return t->fils > FILS_MOST ? FILS_MOST : t->fils;
}

static bool prepare(struct moulin *m, struct err *e)
{
	if (!gather_units(m, e))
		return false;
	if (!m->n)
		return true;
	m->uniform = rangs_homogene(m->j, &m->geometric);
	if (!gather_columns(m, e) || !gather_masks(m, e))
		return false;
	m->ranks = rows((size_t)m->t->tirages * m->n, sizeof *m->ranks);
	return m->ranks || no_memory(e);
}

bool rangs_tirer(const struct rangs_jeu *j, const struct rangs_tirage *t, uint32_t *bas,
		 uint32_t *haut, struct err *e)
{
	CLEANUP(moulin_free) struct moulin m = { .j = j, .t = t, .bas = bas, .haut = haut,
						  .threads = count_threads(t) };

	memset(bas, 0, j->n * sizeof *bas);
	memset(haut, 0, j->n * sizeof *haut);
	if (!t->tirages || t->tirages > RANGS_TIRAGES) {
		fail(e, E_INPUT, "il faut de 1 à %d tirages.", RANGS_TIRAGES);
		return hint(e, "1000 suffisent d’ordinaire ; 0 s’en passe.");
	}
	if (!prepare(&m, e))
		return false;
	return !m.n || (run_shares(&m, draw_share, e) && run_shares(&m, quantile_share, e));
}
