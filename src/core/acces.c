#include "core/acces.h"

#include <math.h>

#include "core/lieu.h"

enum { RINGS_MOST = 12 };

struct recherche_proche {
	const struct acces_lieux *l;
	double lat, lon, x, y, z;
	double chord2;                  /* of the nearest one so far */
	uint32_t lieu;
};

static bool has_traits(const struct acces_lieux *l, const struct lieu_point *p)
{
	for (int i = 0; i < l->ntraits; i++) {
		if (!(p->traits & l->traits[i]))
			return false;
	}
	return true;
}

static bool is_known(const struct acces_point *p)
{
	return fabs(p->lat) <= 90 && fabs(p->lon) <= 180;       /* NaN too */
}

static double chord2_to(const struct lieu_point *p, double x, double y, double z)
{
	double dx = p->x - x, dy = p->y - y, dz = p->z - z;

	return dx * dx + dy * dy + dz * dz;
}

static void look(struct recherche_proche *s, const struct lieu_point *p)
{
	double chord2 = chord2_to(p, s->x, s->y, s->z);

	if (chord2 > s->chord2 || !has_traits(s->l, p))
		return;
	/* of two at the same distance, the first of the repertoire */
	if (chord2 < s->chord2 || p->lieu < s->lieu)
		s->lieu = p->lieu;
	s->chord2 = chord2;
}

/* Points of a stretch of a row of the grid: [*from, *to). */
static void stretch(const struct lieu_grid *g, int row, int west, int east, size_t *from,
		    size_t *to)
{
	uint32_t first, last;

	*from = *to = 0;
	if (row < 0 || row >= GRID_ROWS || east < 0)
		return;
	if (east >= GRID_ROW)
		east = GRID_ROW - 1;
	first = (uint32_t)row * GRID_ROW + (uint32_t)(west < 0 ? 0 : west);
	last = (uint32_t)row * GRID_ROW + (uint32_t)east;
	*from = *to = lieu_grid_first(g, first);
	while (*to < g->rows[row + 1] && g->points[*to].cell <= last)
		++*to;
}

static void look_row(struct recherche_proche *s, int row, int west, int east)
{
	size_t from, to;

	stretch(s->l->grid, row, west, east, &from, &to);
	for (; from < to; from++)
		look(s, &s->l->grid->points[from]);
}

static void look_ring(struct recherche_proche *s, int row, int column, int ring)
{
	look_row(s, row - ring, column - ring, column + ring);
	for (int i = row - ring + 1; i < row + ring; i++) {
		look_row(s, i, column - ring, column - ring);
		look_row(s, i, column + ring, column + ring);
	}
	if (ring)
		look_row(s, row + ring, column - ring, column + ring);
}

static void nearest_of(struct recherche_proche *s)
{
	uint32_t cell = lieu_grid_cell(s->lat, s->lon);
	int row = (int)(cell / GRID_ROW), column = (int)(cell % GRID_ROW);

	lieu_grid_point(s->lat, s->lon, &s->x, &s->y, &s->z);
	/* Near the change of date cells do not follow each other. */
	for (int ring = 0; fabs(s->lon) < 175 && ring < RINGS_MOST; ring++) {
		look_ring(s, row, column, ring);
		if (s->chord2 < lieu_grid_edge(s->lat, s->lon, ring))
			return;
	}
	for (size_t i = 0; i < s->l->grid->n; i++)
		look(s, &s->l->grid->points[i]);
}

void acces_nearest(const struct acces_lieux *l, const struct acces_point *points, size_t n,
		   double *metres, uint32_t *lieux)
{
	for (size_t i = 0; i < n; i++) {
		struct recherche_proche s = { .l = l, .lat = points[i].lat,
					      .lon = points[i].lon, .chord2 = INFINITY,
					      .lieu = UINT32_MAX };

		if (is_known(&points[i]))
			nearest_of(&s);
		metres[i] = s.lieu == UINT32_MAX ? NAN : chord_metres(s.chord2);
		if (lieux)
			lieux[i] = s.lieu;
	}
}

double acces_poids(const struct acces_bassin *b, double metres)
{
	double x = metres / b->rayon, end = exp(-0.5);

	if (!(x <= 1))
		return 0;
	switch (b->decroissance) {
	case ACCES_LINEAIRE:
		return 1 - x;
	case ACCES_GAUSSIENNE:
		return (exp(-x * x / 2) - end) / (1 - end);
	case ACCES_PALIER:
		break;
	}
	return 1;
}

struct bassins {
	const struct acces_lieux *l;
	const struct acces_bassin *b;
	double chord2;                  /* of the radius */
};

/* Every place within the radius of a point, with its weight. */
typedef void bassin_lieu(uint32_t lieu, double weight, void *arg);

static void each_within(const struct bassins *s, const struct acces_point *p,
			bassin_lieu *visit, void *arg)
{
	const struct lieu_grid *g = s->l->grid;
	double angle = s->b->rayon / EARTH_METRES, rad = M_PI / 180;
	double reach = sin(fmin(angle, M_PI / 2)) / cos(p->lat * rad);
	double dlat = angle / rad, dlon = reach < 1 ? asin(reach) / rad : 360;
	bool all = fabs(p->lat) + dlat >= 90 || fabs(p->lon) + dlon >= 180;
	int first = all ? 0 : (int)(lieu_grid_cell(p->lat - dlat, 0) / GRID_ROW);
	int last = all ? GRID_ROWS - 1 : (int)(lieu_grid_cell(p->lat + dlat, 0) / GRID_ROW);
	int west = all ? 0 : (int)(lieu_grid_cell(0, p->lon - dlon) % GRID_ROW);
	int east = all ? GRID_ROW - 1 : (int)(lieu_grid_cell(0, p->lon + dlon) % GRID_ROW);
	double x, y, z;

	lieu_grid_point(p->lat, p->lon, &x, &y, &z);
	for (int row = first; row <= last; row++) {
		size_t from, to;

		for (stretch(g, row, west, east, &from, &to); from < to; from++) {
			double chord2 = chord2_to(&g->points[from], x, y, z);

			if (chord2 <= s->chord2 && has_traits(s->l, &g->points[from]))
				visit(g->points[from].lieu,
				      acces_poids(s->b, chord_metres(chord2)), arg);
		}
	}
}

struct demande {
	double *of;                     /* people that each place is for */
	double people;                  /* of the point */
};

static void add_demand(uint32_t lieu, double weight, void *arg)
{
	struct demande *d = arg;

	d->of[lieu] += weight * d->people;
}

struct reach {
	const double *capacites, *demand;
	double sum;
};

static void add_share(uint32_t lieu, double weight, void *arg)
{
	struct reach *r = arg;

	if (r->demand[lieu] > 0)
		r->sum += weight * (r->capacites ? r->capacites[lieu] : 1) / r->demand[lieu];
}

bool acces_ratios(struct arena *a, const struct acces_lieux *l, const double *capacites,
		  size_t nlieux, const struct acces_point *points, const double *besoins,
		  size_t n, const struct acces_bassin *b, double *ratios, struct err *e)
{
	struct bassins s = { l, b, metres_chord(b->rayon) };
	struct demande d = { NEW_ARRAY(a, nlieux, double), 0 };

	if (!d.of)
		return arena_refuse(a, e);
	if (!(b->rayon > 0 && b->rayon <= 1e6))
		return fail(e, E_INPUT, "Le rayon doit être de 1 m à 1 000 km.");
	for (size_t i = 0; i < n; i++) {
		d.people = besoins[i];
		if (is_known(&points[i]) && d.people > 0)
			each_within(&s, &points[i], add_demand, &d);
	}
	for (size_t i = 0; i < n; i++) {
		struct reach r = { capacites, d.of, 0 };

		if (is_known(&points[i]))
			each_within(&s, &points[i], add_share, &r);
		ratios[i] = is_known(&points[i]) ? r.sum : NAN;
	}
	return true;
}

double acces_minutes(double metres, double kmh, double detour)
{
	return metres * detour / 1000 / kmh * 60;
}
