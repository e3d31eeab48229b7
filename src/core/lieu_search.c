/*
 * The nearest places that fit.  Rings of cells around the point until no place outside can
 * be nearer than the last one kept; after a few rings, all places in one pass, which is
 * exact everywhere and still cheap.
 *
 * Places that travel come last, each at the stop that counts; its calendar is read only
 * when one of its stops is near enough.
 */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "core/lieu.h"
#include "core/lieu_etape.h"
#include "core/lieu_grid.h"
#include "core/lieu_local.h"

enum { RINGS_MOST = 12, KEEP_MOST = 1200 };

struct found {
	/* squared chord on the unit sphere: orders as the distance */
	double chord2;
	const struct lieu *lieu;
	struct passage_fois arret;
	enum ouvert ouvert;             /* of a place that travels */
};

struct search {
	const struct repertoire *r;
	const struct lieu_filter *f;
	int64_t now;
	double x, y, z, chord2_max;
	uint64_t asked[TRAITS];         /* a place has at least one bit of each */
	int nasked;
	const struct zone *zone;        /* where `local` is the time now */
	struct civil local;
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

/* Local time of the place now; most places of a search share their zone. */
static const struct civil *local_now(struct search *s, const struct lieu *l)
{
	if (s->zone != l->calendrier->zone) {
		s->zone = l->calendrier->zone;
		s->local = zone_local(s->zone, s->now);
	}
	return &s->local;
}

/* The first such weekday from today on, in days since 1970. */
static int64_t next_weekday(const struct civil *today, int weekday)
{
	int64_t day = date_days(today->year, today->month, today->day);

	return day + (weekday - date_weekday(day) + 7) % 7;
}

static enum ouvert open_when(struct search *s, const struct lieu *l, const struct moment *m)
{
	if (!l->heures)
		return OUVERT_INCONNU;
	switch (m->kind) {
	case MOMENT_AT:
		return horaires_at(l->heures, l->calendrier, &m->at).ouvert;
	case MOMENT_HALF_DAY:
		return horaires_between(l->heures, l->calendrier,
					next_weekday(local_now(s, l), m->weekday),
					m->afternoon ? 720 : 0, m->afternoon ? 1440 : 720);
	case MOMENT_NONE:
	case MOMENT_NOW:
		break;
	}
	return horaires_at(l->heures, l->calendrier, local_now(s, l)).ouvert;
}

enum ouvert lieu_ouvert(const struct lieu *l, int64_t now)
{
	static const struct moment at_once = { .kind = MOMENT_NOW };
	struct search s = { .now = now };

	return open_when(&s, l, &at_once);
}

static uint32_t free_bits(void)
{
	return 1u << choice_find(lieu_frais, "Gratuit")
	       | 1u << choice_find(lieu_frais, "Gratuit sous condition");
}

static void ask(struct search *s, enum trait which, uint32_t bits)
{
	if (bits)
		s->asked[s->nasked++] = lieu_trait(which, bits);
}

static void ask_all(struct search *s, const struct lieu_filter *f)
{
	s->nasked = 0;
	ask(s, TRAIT_SERVICES, f->services);
	ask(s, TRAIT_PUBLICS, f->publics);
	ask(s, TRAIT_PRISES, f->prises_en_charge);
	ask(s, TRAIT_FRAIS, f->gratuit ? free_bits() : 0);
	ask(s, TRAIT_ACCES, f->acces);
	ask(s, TRAIT_ACCOMPAGNEMENTS, f->accompagnements);
	ask(s, TRAIT_DISPOSITIFS, f->dispositifs);
	ask(s, TRAIT_GENRE, f->genre);
}

/* What is asked of the place, whenever it opens. */
static bool has(const struct search *s, uint64_t traits, const struct lieu *l)
{
	for (int i = 0; i < s->nasked; i++) {
		if (!(traits & s->asked[i]))
			return false;
	}
	return !(s->f->equipements & ~l->equipements);
}

static bool fits(struct search *s, const struct lieu_point *p)
{
	const struct lieu *l = &s->r->lieux[p->lieu];

	if (!has(s, p->traits, l) || (s->r->grid->netapes && l->npassages))
		return false;
	return s->f->ouvert_le.kind == MOMENT_NONE
	       || open_when(s, l, &s->f->ouvert_le) == OUVERT_OUI;
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

static double chord2_to(const struct search *s, const struct lieu_point *p)
{
	double dx = p->x - s->x, dy = p->y - s->y, dz = p->z - s->z;

	return dx * dx + dy * dy + dz * dz;
}

/* The point and the distance that everything is held against. */
static void start(struct search *s)
{
	const struct lieu_filter *f = s->f;

	lieu_grid_point(f->lat, f->lon, &s->x, &s->y, &s->z);
	s->chord2_max = f->max_metres > 0 ? metres_chord(f->max_metres) : INFINITY;
}

static void look(struct search *s, const struct lieu_point *p, bool counting)
{
	struct found one = { .chord2 = chord2_to(s, p) };

	if (one.chord2 > s->chord2_max)
		return;
	if (!counting && s->n == s->room && one.chord2 > s->best[s->n - 1].chord2)
		return;
	if (!fits(s, p))
		return;
	one.lieu = &s->r->lieux[p->lieu];
	s->total++;
	keep(s, &one);
}

static void look_row(struct search *s, int row, int from, int to)
{
	const struct lieu_grid *g = s->r->grid;
	uint32_t first, last;

	if (row < 0 || row >= GRID_ROWS || to < 0)
		return;
	first = (uint32_t)row * GRID_ROW + (uint32_t)(from < 0 ? 0 : from);
	last = (uint32_t)row * GRID_ROW + (uint32_t)to;
	for (size_t i = lieu_grid_first(g, first);
	     i < g->rows[row + 1] && g->points[i].cell <= last; i++)
		look(s, &g->points[i], false);
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

/* The nearest point where it can ever be. */
static double nearest_etape(const struct search *s, const struct lieu_etape *e, size_t n)
{
	double least = INFINITY;

	for (size_t i = 0; i < n; i++)
		least = fmin(least, etape_chord2(&e[i], s->x, s->y, s->z));
	return least;
}

/* Where a place that travels is when it is wanted; false when it does not fit. */
static bool find_etape(struct search *s, const struct lieu_etape *e, size_t n, struct found *out)
{
	const struct lieu *l = &s->r->lieux[e->lieu];
	struct etape_ask ask = { s->x, s->y, s->z, &s->f->ouvert_le, s->now, OUVERT_INCONNU };
	struct etape_found at;

	ask.home = open_when(s, l, &s->f->ouvert_le);
	if (!etape_choose(l, e, n, &ask, &at) || at.chord2 > s->chord2_max)
		return false;
	*out = (struct found){ at.chord2, l, at.arret, at.ouvert };
	return true;
}

/* All that travel and fit: kept when there is room, counted. */
static size_t look_etapes(struct search *s, bool counting)
{
	const struct lieu_grid *g = s->r->grid;
	size_t n = 0;

	for (size_t i = 0, end; i < g->netapes; i = end) {
		const struct lieu *l = &s->r->lieux[g->etapes[i].lieu];
		struct found one;
		double least;

		for (end = i + 1; end < g->netapes && g->etapes[end].lieu == g->etapes[i].lieu;)
			end++;
		least = nearest_etape(s, &g->etapes[i], end - i);
		if (least > s->chord2_max || !has(s, lieu_traits(l), l)
		    || (!counting && s->n == s->room && least > s->best[s->n - 1].chord2))
			continue;
		if (!find_etape(s, &g->etapes[i], end - i, &one))
			continue;
		n++;
		if (s->best)
			keep(s, &one);
	}
	s->total += n;
	return n;
}

/* Something is asked that no place at all has. */
static bool is_hopeless(const struct search *s)
{
	for (int i = 0; i < s->nasked; i++) {
		if (!(s->r->grid->any & s->asked[i]))
			return true;
	}
	return false;
}

/* The places that stay where they are. */
static void look_points(struct search *s, bool all)
{
	const struct lieu_filter *f = s->f;
	uint32_t cell = lieu_grid_cell(f->lat, f->lon);
	int row = (int)(cell / GRID_ROW), column = (int)(cell % GRID_ROW);

	if (all || fabs(f->lon) > 175) {
		look_everywhere(s);
		return;
	}
	for (int ring = 0; ring < RINGS_MOST; ring++) {
		double edge;

		look_ring(s, row, column, ring);
		edge = lieu_grid_edge(f->lat, f->lon, ring);
		if (edge >= s->chord2_max
		    || (s->n == s->room && s->best[s->n - 1].chord2 < edge))
			return;
	}
	look_everywhere(s);
}

static void run(struct search *s, bool all)
{
	ask_all(s, s->f);
	if (is_hopeless(s))
		return;
	start(s);
	look_points(s, all);
	look_etapes(s, all);
}

static struct lieu_result result_of(struct search *s, const struct found *one)
{
	return (struct lieu_result){
		.lieu = one->lieu,
		.metres = chord_metres(one->chord2),
		.arret = one->arret,
		.ouvert = one->lieu->npassages ? one->ouvert
			: open_when(s, one->lieu, &s->f->ouvert_le),
	};
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
	case PART_EQUIPEMENT:     bits = &f->equipements; break;
	case PART_GENRE:          bits = &f->genre; break;
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

bool lieu_has(const struct lieu *l, const struct lieu_filter *f)
{
	struct search s = { .f = f };

	ask_all(&s, f);
	return has(&s, lieu_traits(l), l);
}

bool lieu_is_social(const struct lieu *l)
{
	return l->genre == 1u << GENRE_SOCIAL;
}

size_t lieu_count(const struct repertoire *r, const struct lieu_filter *f, int64_t now)
{
	struct search s = { .r = r, .f = f, .now = now };
	const struct lieu_grid *g = r->grid;
	size_t n = 0;

	ask_all(&s, f);
	if (is_hopeless(&s))
		return 0;
	start(&s);
	if (!s.nasked && !f->equipements && f->ouvert_le.kind == MOMENT_NONE
	    && !(f->max_metres > 0) && !g->netapes)
		return g->n;
	for (size_t i = 0; i < g->n; i++)
		n += chord2_to(&s, &g->points[i]) <= s.chord2_max && fits(&s, &g->points[i]);
	return n + look_etapes(&s, true);
}

enum lieu_filter_part lieu_filter_to_drop(const struct repertoire *r,
					  const struct lieu_filter *f, int64_t now,
					  double within, size_t *gives)
{
	enum lieu_filter_part last = within > 0 ? PART_OUVERT : PART_DISTANCE;
	enum lieu_filter_part best = PART_NONE;

	*gives = 0;
	for (int part = PART_SERVICE; part <= (int)last; part++) {
		struct lieu_filter less = *f;
		size_t total;

		if (!without(&less, (enum lieu_filter_part)part))
			continue;
		if (within > 0)
			less.max_metres = within;
		total = lieu_count(r, &less, now);
		if (total > *gives) {
			*gives = total;
			best = (enum lieu_filter_part)part;
		}
	}
	return best;
}
