#include "core/carte_place.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"

enum { ROUNDS = 120, APART = 2 * CARTE_RAYON + 3, FROM_ICI = CARTE_RAYON + 9,
	LETTER = 15, CAPITAL = 17 };     /* height of a line of small and of big names */

/* --- numbers --------------------------------------------------------------------------- */

struct place {
	double x, y;
};

/* Half of what is missing to `apart` between p and q goes to each, or all of it to p. */
static bool push(struct place *p, struct place *q, double apart, bool both)
{
	double dx = p->x - q->x, dy = p->y - q->y, d = dx * dx + dy * dy, by;

	if (d >= apart * apart)
		return false;
	d = sqrt(d);
	if (d < 0.01) {
		dx = 1;
		dy = d = 0.5;
	}
	by = (apart - d) / d * (both ? 0.5 : 1);
	p->x += dx * by;
	p->y += dy * by;
	if (both) {
		q->x -= dx * by;
		q->y -= dy * by;
	}
	return true;
}

static void keep_inside(const struct carte *c, struct place *p)
{
	int edge = CARTE_RAYON + 3;

	p->x = fmin(fmax(p->x, edge), c->width - edge);
	p->y = fmin(fmax(p->y, edge), c->height - edge);
}

void carte_spread(struct carte *c, struct carte_lieu *lieux)
{
	struct place at[64], here = { c->ici_x, c->ici_y };
	size_t n = c->n < 64 ? c->n : 64;
	bool moved = true;

	for (size_t i = 0; i < n; i++) {
		/* Places of one building start on a small circle, each on its side. */
		at[i].x = lieux[i].px + 0.6 * cos(2.4 * (double)i);
		at[i].y = lieux[i].py + 0.6 * sin(2.4 * (double)i);
		keep_inside(c, &at[i]);
	}
	for (int round = 0; moved && round < ROUNDS; round++) {
		moved = false;
		for (size_t i = 0; i < n; i++) {
			for (size_t k = i + 1; k < n; k++)
				moved |= push(&at[i], &at[k], APART, true);
			if (c->ici)
				moved |= push(&at[i], &here, FROM_ICI, false);
			keep_inside(c, &at[i]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		lieux[i].x = (int)lround(at[i].x);
		lieux[i].y = (int)lround(at[i].y);
		lieux[i].ecarte = hypot(at[i].x - lieux[i].px, at[i].y - lieux[i].py) > 6;
	}
}

/* --- names ----------------------------------------------------------------------------- */

struct box {
	int left, top, right, bottom;
};

static bool touch(struct box p, struct box q)
{
	return p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom;
}

/* Room of a name whose foot is at x, y: letters are a little more than half as wide as
 * high, in the widest of the fonts that the page may get. */
static struct box room_of(const struct carte_nom *m)
{
	int high = m->grand ? CAPITAL : LETTER;
	int half = (int)utf8_length(m->nom) * high * 29 / 100 + 3;

	return (struct box){ m->x - half, m->y - high + 2, m->x + half, m->y + 5 };
}

static bool is_free(const struct carte *c, struct box b)
{
	struct box scale = { 0, c->height - 44, c->echelle + 30, c->height };

	if (b.left < 2 || b.top < 2 || b.right > c->width - 2 || b.bottom > c->height - 2)
		return false;
	if (c->echelle && touch(b, scale))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		const struct carte_lieu *l = &c->lieux[i];
		int r = CARTE_RAYON + 2;

		if (touch(b, (struct box){ l->x - r, l->y - r, l->x + r, l->y + r }))
			return false;
	}
	if (c->ici && touch(b, (struct box){ c->ici_x - 9, c->ici_y - 9, c->ici_x + 9,
					     c->ici_y + 9 }))
		return false;
	for (size_t i = 0; i < c->nnoms; i++) {
		if (touch(b, room_of(&c->noms[i])))
			return false;
	}
	return true;
}

static int by_weight(const void *x, const void *y)
{
	const struct carte_candidat *a = x, *b = y;

	if (a->grand != b->grand)
		return a->grand ? -1 : 1;
	if (a->population != b->population)
		return a->population > b->population ? -1 : 1;
	return a->nom < b->nom ? -1 : a->nom > b->nom;
}

void carte_names(struct arena *a, struct carte *c, struct carte_candidat *all, size_t n,
		 size_t max)
{
	/* Over the middle, lower, higher; the name that was asked may also go aside. */
	static const struct { int dx, dy; } tries[] = {
		{ 0, 5 }, { 0, 24 }, { 0, -14 }, { 0, 42 }, { 0, -32 }, { 45, 30 }, { -45, 30 },
		{ 45, -30 }, { -45, -30 }, { 70, 5 }, { -70, 5 }, { 0, 66 }, { 0, -56 },
	};
	struct carte_nom *noms = NEW_ARRAY(a, max, struct carte_nom);

	c->noms = noms;
	if (!noms || !n)
		return;
	qsort(all, n, sizeof *all, by_weight);
	for (size_t i = 0; i < n && c->nnoms < max; i++) {
		for (size_t t = 0; t < (all[i].grand ? sizeof tries / sizeof *tries : 5); t++) {
			struct carte_nom m = { all[i].x + tries[t].dx, all[i].y + tries[t].dy,
					       all[i].nom, all[i].grand };

			if (!is_free(c, room_of(&m)))
				continue;
			noms[c->nnoms++] = m;
			break;
		}
	}
}
