#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "core/lieu.h"
#include "core/lieu_grid.h"

enum { PLACES = 3000, ASKED = 10 };

struct city {
	struct arena a;
	struct repertoire r;
	struct lieu *lieux;
};

static double chance(double low, double high)
{
	uint32_t u;

	env_random(&env_test, &u, sizeof u);
	return low + (high - low) * u / 4294967296.0;
}

/* Places in clusters, as communes are, a few far overseas, some at the same point. */
static struct city *city_new(size_t n)
{
	struct city *c = calloc(1, sizeof *c);
	double lat = 0, lon = 0;

	c->a = arena_new(64 << 20);
	c->lieux = NEW_ARRAY(&c->a, n, struct lieu);
	for (size_t i = 0; i < n; i++) {
		struct lieu *l = &c->lieux[i];

		if (i % 50 == 0) {
			lat = chance(42.5, 51);
			lon = chance(-4.5, 8);
		}
		l->id = arena_printf(&c->a, "%06zu", i);
		l->nom = arena_printf(&c->a, "Lieu %zu", i % 7);
		l->cle = arena_printf(&c->a, "lieu %zu", i % 7);
		l->lat = i % 11 ? lat + chance(-.1, .1) : lat;
		l->lon = i % 11 ? lon + chance(-.1, .1) : lon;
		if (i % 97 == 0) {
			l->lat = -21.1 + chance(-.2, .2);
			l->lon = 55.5 + chance(-.2, .2);
		}
		l->services = 1u << (i % 9);
		l->frais = i % 3 ? 1u << choice_find(lieu_frais, "Gratuit") : 0;
		l->calendrier = calendrier_de("93");
	}
	c->r.lieux = c->lieux;
	c->r.nlieux = n;
	c->r.grid = lieu_grid_make(&c->a, c->lieux, n);
	return c;
}

static void city_free(struct city *c)
{
	arena_free(&c->a);
	free(c);
}

static const struct lieu_filter *asked;

static int by_distance(const void *a, const void *b)
{
	const struct lieu *x = *(const struct lieu *const *)a, *y = *(const struct lieu *const *)b;
	double dx = distance_metres(asked->lat, asked->lon, x->lat, x->lon);
	double dy = distance_metres(asked->lat, asked->lon, y->lat, y->lon);
	int d;

	if (fabs(dx - dy) > 1e-6)
		return dx < dy ? -1 : 1;
	d = strcmp(x->cle, y->cle);
	return d ? d : strcmp(x->id, y->id);
}

/* Every place, every distance, sorted: what the grid must agree with. */
static size_t brute_force(const struct city *c, const struct lieu_filter *f,
			  const struct lieu **out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->r.nlieux; i++) {
		const struct lieu *l = &c->lieux[i];

		if ((f->services && !(f->services & l->services)) || (f->gratuit && !l->frais))
			continue;
		if (f->max_metres > 0
		    && distance_metres(f->lat, f->lon, l->lat, l->lon) > f->max_metres)
			continue;
		out[n++] = l;
	}
	asked = f;
	qsort(out, n, sizeof *out, by_distance);
	return n;
}

static void agrees(const struct city *c, const struct lieu_filter *f)
{
	static const struct lieu *all[PLACES];
	struct lieu_result found[ASKED];
	size_t n = brute_force(c, f, all), total;
	size_t got = lieu_search(&c->r, f, 0, 0, found, ASKED, NULL);

	equals(got, n < ASKED ? n : ASKED);
	for (size_t i = 0; i < got; i++) {
		same(found[i].lieu->id, all[i]->id);
		near_to(found[i].metres,
			distance_metres(f->lat, f->lon, all[i]->lat, all[i]->lon), .01);
	}
	got = lieu_search(&c->r, f, 0, 5, found, ASKED, &total);
	equals(total, n);
	if (got)
		same(found[0].lieu->id, all[5]->id);
}

TEST("the nearest places are those of a comparison with every place")
{
	struct city *c = city_new(PLACES);

	for (int i = 0; i < 300; i++) {
		struct lieu_filter f = {
			.lat = i % 10 ? chance(42, 51.5) : chance(-80, 80),
			.lon = i % 10 ? chance(-5, 9) : chance(-179, 179),
			.services = i % 3 ? 0 : 1u << (i % 9),
			.gratuit = i % 4 == 0,
			.max_metres = i % 5 ? 0 : chance(1000, 80000),
		};

		agrees(c, &f);
	}
	city_free(c);
}

TEST("a point that stands on a place, on a pole or on the date line is answered")
{
	struct city *c = city_new(500);
	struct lieu_filter on = { .lat = c->lieux[7].lat, .lon = c->lieux[7].lon };
	struct lieu_filter pole = { .lat = 90, .lon = 0 };
	struct lieu_filter line = { .lat = -14, .lon = 180 };

	agrees(c, &on);
	agrees(c, &pole);
	agrees(c, &line);
	city_free(c);
}

TEST("the filter to drop is the one that gives back the most places")
{
	struct city *c = city_new(900);
	struct lieu_filter f = { .lat = 48, .lon = 2, .services = 1u << 3, .gratuit = true,
				 .max_metres = 1 };
	size_t gives;

	f.max_metres = 0;
	equals(lieu_filter_to_drop(&c->r, &f, 0, 0, &gives), PART_SERVICE);
	equals(gives, 600);             /* of 900, two in three are free */
	city_free(c);
}

/* Paris to Marseille, 660.5 km: great circle between the two town halls on a sphere,
 * by the formula of the GRS 80 mean radius; GNU units agrees to 0.1 %. */
TEST("a known distance is right")
{
	near_to(distance_metres(48.8566, 2.3522, 43.2965, 5.3698), 660500, 700);
}
