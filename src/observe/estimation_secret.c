/*
 * Which estimates may be shown, so that a hidden one cannot be had back by subtraction.
 *
 * All that is published of a result are rows of communes and totals of larger territories.
 * Communes that lie in the same published totals make a cell: at best, who knows everything
 * published learns what the hidden rows of a cell make together.  So each cell hides two rows
 * or more, which make the threshold or more in every result: each of them may then be any
 * number from 0 to that.  Where a cell has no commune left to hide, the lowest total that
 * bounds it is hidden too, and the cell grows.
 *
 * A row is shown or hidden whole: its results add up.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/secret.h"
#include "observe/estimation.h"

enum { TOTAUX = 5 };                    /* EPCI, EPT, département, région, country */

struct cell {                           /* a commune */
	struct estimation_ligne *l;
	struct estimation_ligne *in[TOTAUX];    /* published totals that it lies in; NULL */
};

struct taking {
	struct arena *a;
	struct estimation *s;
	struct cell *cells;
	size_t n;
	double least;
	bool changed;
};

/* Lines come by level, then code. */
static struct estimation_ligne *line_of(struct estimation *s, enum niveau niveau,
					const char *code)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct estimation_ligne *l = &s->lignes[mid];
		int d = l->niveau != niveau ? (l->niveau > niveau) - (l->niveau < niveau)
			: strcmp(l->code, code);

		if (!d)
			return l;
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool is_counted(const struct estimation_ligne *l)
{
	return l->statut == ESTIMATION_FAITE || l->statut == ESTIMATION_PARTIELLE;
}

static struct estimation_ligne *total_of(struct taking *k, const struct decoupage *d,
					 enum niveau niveau, uint32_t at)
{
	struct estimation_ligne *l = at == DECOUPAGE_RIEN ? NULL
		: line_of(k->s, niveau, d->unites[niveau][at].code);

	return l && is_counted(l) ? l : NULL;
}

static bool gather(struct taking *k, const struct decoupage *d, struct err *e)
{
	static const enum niveau levels[TOTAUX] = { NIVEAU_EPCI, NIVEAU_EPCI, NIVEAU_DEPARTEMENT,
						    NIVEAU_REGION, NIVEAU_PAYS };

	k->cells = NEW_ARRAY(k->a, k->s->n + 1, struct cell);
	if (!k->cells)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->s->n; i++) {
		struct estimation_ligne *l = &k->s->lignes[i];
		const struct decoupage_unite *u;
		uint32_t at;

		if (l->niveau != NIVEAU_COMMUNE || !is_counted(l))
			continue;
		at = decoupage_find(d, NIVEAU_COMMUNE, l->code);
		if (at == DECOUPAGE_RIEN)
			continue;
		u = &d->unites[NIVEAU_COMMUNE][at];
		k->cells[k->n].l = l;
		for (int t = 0; t < TOTAUX; t++)
			k->cells[k->n].in[t] = total_of(k, d, levels[t], t == 1 ? u->dans_ept
							: t == 4 ? 0 : u->dans[levels[t]]);
		k->n++;
	}
	return true;
}

static bool is_small(const struct estimation *s, const struct estimation_ligne *l, double least)
{
	for (size_t o = 0; o < s->nvaleurs; o++) {
		if (l->v[o].nombre > 0 && l->v[o].nombre < least)
			return true;
	}
	return false;
}

/* What is hidden bounds nothing any more. */
static const struct estimation_ligne *shown(const struct cell *c, int t)
{
	return c->in[t] && !c->in[t]->secret ? c->in[t] : NULL;
}

/* By the published totals that they lie in; then the smallest first, and a stable order. */
static int by_totals(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;
	double p = a->l->base, q = b->l->base;

	for (int t = 0; t < TOTAUX; t++) {
		const struct estimation_ligne *l = shown(a, t), *m = shown(b, t);

		if (l != m)
			return l < m ? -1 : 1;
	}
	if (p < q || p > q)
		return p < q ? -1 : 1;
	return strcmp(a->l->code, b->l->code);
}

static bool same_totals(const struct cell *a, const struct cell *b)
{
	for (int t = 0; t < TOTAUX; t++) {
		if (shown(a, t) != shown(b, t))
			return false;
	}
	return true;
}

/* Do the hidden rows of a cell protect each other? */
static bool is_safe(const struct taking *k, const struct cell *c, size_t n)
{
	for (size_t o = 0; o < k->s->nvaleurs; o++) {
		double sum = 0;
		size_t hidden = 0;

		for (size_t i = 0; i < n; i++) {
			if (!c[i].l->secret)
				continue;
			hidden++;
			sum += fmax(c[i].l->v[o].nombre, 0);
		}
		if (hidden == 1 || (hidden && sum > 0 && sum < k->least))
			return false;
	}
	return true;
}

/* The smallest of the totals `t` around which nothing is shown that does not bound c too. */
static struct estimation_ligne *beside(const struct taking *k, const struct cell *c, int t)
{
	struct estimation_ligne *best = NULL;

	for (size_t i = 0; i < k->n; i++) {
		const struct cell *o = &k->cells[i];
		bool same = shown(o, t) != NULL;

		for (int up = t < 2 ? 2 : t + 1; same && up < TOTAUX; up++)
			same = shown(o, up) == shown(c, up);
		if (same && (!best || o->in[t]->base < best->base))
			best = o->in[t];
	}
	return best;
}

/*
 * The next total to hide, so that the cell grows: its own EPCI and EPT, then those of
 * others of its département, whose communes join it; then a level higher.
 */
static struct estimation_ligne *next_total(const struct taking *k, const struct cell *c)
{
	for (int t = 0; t < TOTAUX; t++) {
		struct estimation_ligne *l;

		if (shown(c, t))
			return c->in[t];
		if (!t)
			continue;       /* EPCI and EPT first, both */
		l = beside(k, c, t);
		if (!l && t == 1)
			l = beside(k, c, 0);
		if (l)
			return l;
	}
	return NULL;
}

static bool is_bounded(const struct cell *c)
{
	for (int t = 0; t < TOTAUX; t++) {
		if (shown(c, t))
			return true;
	}
	return false;
}

/* Hides rows of a cell, the smallest first, until they protect each other; one total more
 * when there is none left. */
static void protect(struct taking *k, struct cell *c, size_t n)
{
	struct estimation_ligne *total;

	for (size_t i = 0; i <= n && is_bounded(c) && !is_safe(k, c, n); i++) {
		k->changed = true;
		if (i < n) {
			c[i].l->secret |= c[i].l->base > 0;
			continue;
		}
		total = next_total(k, c);
		if (total)
			total->secret = true;
	}
}

bool estimation_proteger(struct arena *a, const struct decoupage *d, struct estimation *s,
			 struct err *e)
{
	struct taking k = { .a = a, .s = s, .least = (double)secret_regle_usuelle.seuil };

	for (size_t i = 0; i < s->n; i++)
		s->lignes[i].secret = is_counted(&s->lignes[i])
				      && is_small(s, &s->lignes[i], k.least);
	if (!gather(&k, d, e))
		return false;
	/* each turn hides a total at least, or is the last */
	for (size_t turn = 0; turn <= s->n; turn++) {
		k.changed = false;
		if (k.n)
			qsort(k.cells, k.n, sizeof *k.cells, by_totals);
		for (size_t i = 0, n; i < k.n; i += n) {
			for (n = 1; i + n < k.n && same_totals(&k.cells[i], &k.cells[i + n]); n++)
				continue;
			protect(&k, &k.cells[i], n);
		}
		if (!k.changed)
			break;
	}
	return true;
}
