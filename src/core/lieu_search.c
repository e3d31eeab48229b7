/*
 * The nearest places that fit.  Rings of cells around the point until no place outside can
 * be nearer than the last one kept; after a few rings, all places in one pass, which is
 * exact everywhere and still cheap.
 */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "core/lieu.h"
#include "core/lieu_grid.h"

enum { RINGS_MOST = 12, KEEP_MOST = 1200 };
#define EARTH_METRES 6371008.8          /* mean radius, IUGG */

struct found {
	double chord2;                  /* squared chord on the unit sphere: orders as the distance */
	const struct lieu *lieu;
};

struct search {
	const struct repertoire *r;
	const struct lieu_filter *f;
	int64_t now;
	double x, y, z, chord2_max;
	uint32_t free;                  /* the bits of lieu_frais that mean "free", when asked */
	struct found *best;             /* sorted, nearest first */
	size_t n, room;
	size_t total;                   /* that fit, among those looked at */
};

double distance_metres(double lat1, double lon1, double lat2, double lon2)
{
	double rad = M_PI / 180;
	double a = sin((lat2 - lat1) * rad / 2), b = sin((lon2 - lon1) * rad / 2);
	double h = a * a + cos(lat1 * rad) * cos(lat2 * rad) * b * b;

	return 2 * EARTH_METRES * asin(sqrt(h < 1 ? h : 1));
}

static double metres_of(double chord2)
{
	double half = sqrt(chord2) / 2;

	return 2 * EARTH_METRES * asin(half < 1 ? half : 1);
}

static double chord2_of(double metres)
{
	double half = sin(fmin(metres / EARTH_METRES / 2, M_PI / 2));

	return 4 * half * half;
}

/* Local time of the place now. */
static struct civil local_now(const struct lieu *l, int64_t now)
{
	return zone_local(l->calendrier->zone, now);
}

/* The first such weekday from today on, in days since 1970. */
static int64_t next_weekday(const struct civil *today, int weekday)
{
	int64_t day = date_days(today->year, today->month, today->day);

	return day + (weekday - date_weekday(day) + 7) % 7;
}

static enum ouvert open_when(const struct lieu *l, const struct moment *m, int64_t now)
{
	struct civil local;

	if (!l->heures)
		return OUVERT_INCONNU;
	switch (m->kind) {
	case MOMENT_AT:
		return horaires_at(l->heures, l->calendrier, &m->at).ouvert;
	case MOMENT_HALF_DAY:
		local = local_now(l, now);
		return horaires_between(l->heures, l->calendrier,
					next_weekday(&local, m->weekday),
					m->afternoon ? 720 : 0, m->afternoon ? 1440 : 720);
	case MOMENT_NONE:
	case MOMENT_NOW:
		break;
	}
	local = local_now(l, now);
	return horaires_at(l->heures, l->calendrier, &local).ouvert;
}

enum ouvert lieu_ouvert(const struct lieu *l, int64_t now)
{
	static const struct moment at_once = { .kind = MOMENT_NOW };

	return open_when(l, &at_once, now);
}

static uint32_t free_bits(void)
{
	return 1u << choice_find(lieu_frais, "Gratuit")
	       | 1u << choice_find(lieu_frais, "Gratuit sous condition");
}

static bool has(uint32_t wanted, uint32_t bits)
{
	return !wanted || (wanted & bits);
}

static bool fits(const struct search *s, const struct lieu *l)
{
	const struct lieu_filter *f = s->f;

	if (!has(f->services, l->services) || !has(f->publics, l->publics)
	    || !has(f->prises_en_charge, l->prises_en_charge) || !has(f->acces, l->acces)
	    || !has(f->accompagnements, l->accompagnements)
	    || !has(f->dispositifs, l->dispositifs))
		return false;
	if (!has(s->free, l->frais))
		return false;
	return f->ouvert_le.kind == MOMENT_NONE
	       || open_when(l, &f->ouvert_le, s->now) == OUVERT_OUI;
}

/* Nearer first, then by name, then by id. */
static bool before(const struct found *a, const struct found *b)
{
	int d;

	if (a->chord2 < b->chord2 || a->chord2 > b->chord2)
		return a->chord2 < b->chord2;
	d = strcmp(a->lieu->cle, b->lieu->cle);
	return d ? d < 0 : strcmp(a->lieu->id, b->lieu->id) < 0;
}

static void keep(struct search *s, const struct found *one)
{
	size_t i;

	if (s->n == s->room && (!s->room || !before(one, &s->best[s->n - 1])))
		return;
	i = s->n < s->room ? s->n++ : s->n - 1;
	for (; i && before(one, &s->best[i - 1]); i--)
		s->best[i] = s->best[i - 1];
	s->best[i] = *one;
}

static void look(struct search *s, const struct lieu_point *p, bool counting)
{
	double dx = p->x - s->x, dy = p->y - s->y, dz = p->z - s->z;
	struct found one = { dx * dx + dy * dy + dz * dz, &s->r->lieux[p->lieu] };

	if (one.chord2 > s->chord2_max)
		return;
	if (!counting && s->n == s->room && one.chord2 > s->best[s->n - 1].chord2)
		return;
	if (!fits(s, one.lieu))
		return;
	s->total++;
	keep(s, &one);
}

static void look_row(struct search *s, int row, int from, int to)
{
	const struct lieu_grid *g = s->r->grid;
	uint32_t first, last;

	if (row < 0 || row >= 180 * GRID_CELLS_A_DEGREE + 1 || to < 0)
		return;
	first = (uint32_t)row * GRID_ROW + (uint32_t)(from < 0 ? 0 : from);
	last = (uint32_t)row * GRID_ROW + (uint32_t)to;
	for (size_t i = lieu_grid_first(g, first); i < g->n && g->points[i].cell <= last; i++)
		look(s, &g->points[i], false);
}

/* Squared chord from the point to the nearest edge of the cells within `ring`. */
static double edge_chord2(const struct lieu_filter *f, int row, int column, int ring)
{
	double rad = M_PI / 180, cell = 1.0 / GRID_CELLS_A_DEGREE;
	double south = f->lat - ((row - ring) * cell - 90);
	double north = ((row + ring + 1) * cell - 90) - f->lat;
	double west = f->lon - ((column - ring) * cell - 180);
	double east = ((column + ring + 1) * cell - 180) - f->lon;
	double side = fmin(west, east);
	double across = side < 90 ? asin(cos(f->lat * rad) * sin(side * rad)) : M_PI / 2;

	return chord2_of(fmin(fmin(south, north) * rad, across) * EARTH_METRES);
}

static void look_ring(struct search *s, int row, int column, int ring)
{
	look_row(s, row - ring, column - ring, column + ring);
	for (int i = row - ring + 1; i < row + ring; i++) {
		look_row(s, i, column - ring, column - ring);
		look_row(s, i, column + ring, column + ring);
	}
	if (ring)
		look_row(s, row + ring, column - ring, column + ring);
}

static void look_everywhere(struct search *s)
{
	s->n = s->total = 0;
	for (size_t i = 0; i < s->r->grid->n; i++)
		look(s, &s->r->grid->points[i], true);
}

static void run(struct search *s, bool count)
{
	const struct lieu_filter *f = s->f;
	uint32_t cell = lieu_grid_cell(f->lat, f->lon);
	int row = (int)(cell / GRID_ROW), column = (int)(cell % GRID_ROW);

	s->free = f->gratuit ? free_bits() : 0;
	lieu_grid_point(f->lat, f->lon, &s->x, &s->y, &s->z);
	s->chord2_max = f->max_metres > 0 ? chord2_of(f->max_metres) : INFINITY;
	if (count || fabs(f->lon) > 175) {
		look_everywhere(s);
		return;
	}
	for (int ring = 0; ring < RINGS_MOST; ring++) {
		double edge;

		look_ring(s, row, column, ring);
		edge = edge_chord2(f, row, column, ring);
		if (edge >= s->chord2_max
		    || (s->n == s->room && s->best[s->n - 1].chord2 < edge))
			return;
	}
	look_everywhere(s);
}

static struct lieu_result result_of(const struct search *s, const struct found *one)
{
	const struct lieu *l = one->lieu;
	struct lieu_result out = { .lieu = l, .metres = metres_of(one->chord2),
				   .ouvert = OUVERT_INCONNU };
	struct civil at;

	if (!l->heures)
		return out;
	at = s->f->ouvert_le.kind == MOMENT_AT ? s->f->ouvert_le.at : local_now(l, s->now);
	out.etat = horaires_at(l->heures, l->calendrier, &at);
	out.ouvert = s->f->ouvert_le.kind == MOMENT_HALF_DAY
		? open_when(l, &s->f->ouvert_le, s->now) : out.etat.ouvert;
	return out;
}

size_t lieu_search(const struct repertoire *r, const struct lieu_filter *f, int64_t now,
		   size_t skip, struct lieu_result *out, size_t max, size_t *total)
{
	struct found best[KEEP_MOST];
	struct search s = { .r = r, .f = f, .now = now, .best = best };
	size_t n = 0;

	if (total)
		*total = 0;
	if (!(fabs(f->lat) <= 90 && fabs(f->lon) <= 180) || skip >= KEEP_MOST)
		return 0;
	s.room = skip + max < KEEP_MOST ? skip + max : KEEP_MOST;
	run(&s, total != NULL);
	if (total)
		*total = s.total;
	for (size_t i = skip; i < s.n; i++)
		out[n++] = result_of(&s, &best[i]);
	return n;
}

/* The same search without one of its parts; false when that part asks nothing. */
static bool without(struct lieu_filter *f, enum lieu_filter_part part)
{
	uint32_t *bits = NULL;

	switch (part) {
	case PART_SERVICE:        bits = &f->services; break;
	case PART_PUBLIC:         bits = &f->publics; break;
	case PART_PRISE_EN_CHARGE: bits = &f->prises_en_charge; break;
	case PART_ACCES:          bits = &f->acces; break;
	case PART_ACCOMPAGNEMENT: bits = &f->accompagnements; break;
	case PART_DISPOSITIF:     bits = &f->dispositifs; break;
	case PART_GRATUIT:
		if (!f->gratuit)
			return false;
		f->gratuit = false;
		return true;
	case PART_OUVERT:
		if (f->ouvert_le.kind == MOMENT_NONE)
			return false;
		f->ouvert_le.kind = MOMENT_NONE;
		return true;
	case PART_DISTANCE:
		if (!(f->max_metres > 0))
			return false;
		f->max_metres = 0;
		return true;
	case PART_NONE:
		return false;
	}
	if (!*bits)
		return false;
	*bits = 0;
	return true;
}

enum lieu_filter_part lieu_filter_to_drop(const struct repertoire *r,
					  const struct lieu_filter *f, int64_t now,
					  size_t *gives)
{
	enum lieu_filter_part best = PART_NONE;

	*gives = 0;
	for (int part = PART_SERVICE; part <= PART_DISTANCE; part++) {
		struct lieu_filter less = *f;
		struct lieu_result ignored;
		size_t total;

		if (!without(&less, (enum lieu_filter_part)part))
			continue;
		lieu_search(r, &less, now, 0, &ignored, 1, &total);
		if (total > *gives) {
			*gives = total;
			best = (enum lieu_filter_part)part;
		}
	}
	return best;
}
