#include "test.h"

#include "base/chance.h"
#include "core/acces.h"
#include "core/lieu.h"

enum { LIEUX = 900, POINTS = 400 };

struct pays {
	struct arena a;
	struct err e;
	struct lieu *lieux;
	struct acces_lieux l;
	struct acces_point points[POINTS];
	double besoins[POINTS], capacites[LIEUX];
};

/* Clusters in France, some overseas, one near the change of date, one point without place. */
static void pays_new(struct pays *p, uint64_t seed)
{
	struct chance c = chance_new(seed);
	double lat = 0, lon = 0;

	*p = (struct pays){ .a = arena_new(16 << 20) };
	p->lieux = NEW_ARRAY(&p->a, LIEUX, struct lieu);
	for (size_t i = 0; i < LIEUX + POINTS; i++) {
		double *y = i < LIEUX ? &p->lieux[i].lat : &p->points[i - LIEUX].lat;
		double *x = i < LIEUX ? &p->lieux[i].lon : &p->points[i - LIEUX].lon;

		if (i % 20 == 0) {
			lat = 42.5 + 8.5 * chance_unit(&c);
			lon = -4.5 + 12.5 * chance_unit(&c);
		}
		*y = lat + .5 * chance_unit(&c);
		*x = lon + .5 * chance_unit(&c);
		if (i % 97 == 0) {
			*y = -21.1;
			*x = 55.5 + .3 * chance_unit(&c);
		}
		if (i % 131 == 0) {
			*y = -14.3;
			*x = i % 2 ? 179.9 : -179.8;
		}
	}
	for (size_t i = 0; i < LIEUX; i++) {
		p->lieux[i].services = 1u << (i % 5);
		p->capacites[i] = (double)chance_below(&c, 40);
	}
	for (size_t i = 0; i < POINTS; i++)
		p->besoins[i] = (double)chance_below(&c, 3000);
	p->points[7] = (struct acces_point){ NAN, NAN };
	p->lieux[3].lat = NAN;
	p->l.grid = lieu_grid_make(&p->a, p->lieux, LIEUX);
}

static double metres(const struct pays *p, size_t point, size_t lieu)
{
	return distance_metres(p->points[point].lat, p->points[point].lon, p->lieux[lieu].lat,
			       p->lieux[lieu].lon);
}

TEST("the nearest place of each point is that of a comparison with every place")
{
	struct pays p;
	double found[POINTS];
	uint32_t lieux[POINTS];

	pays_new(&p, 1);
	for (int asked = 0; asked < 2; asked++) {
		p.l.ntraits = asked;
		p.l.traits[0] = lieu_trait(TRAIT_SERVICES, 1u << 2);
		acces_nearest(&p.l, p.points, POINTS, found, lieux);
		for (size_t i = 0; i < POINTS; i++) {
			double least = INFINITY;

			for (size_t j = 0; j < LIEUX; j++) {
				if (!asked || j % 5 == 2)
					least = fmin(least, metres(&p, i, j));
			}
			if (i == 7) {
				holds(isnan(found[i]));
				equals(lieux[i], UINT32_MAX);
				continue;
			}
			near_to(found[i], least, .01);
			near_to(metres(&p, i, lieux[i]), least, .01);
		}
	}
	arena_free(&p.a);
}

TEST("without a place nothing is near")
{
	struct pays p;
	double found[2];

	pays_new(&p, 1);
	p.l.grid = lieu_grid_make(&p.a, p.lieux, 0);
	acces_nearest(&p.l, p.points, 2, found, NULL);
	holds(isnan(found[0]));
	arena_free(&p.a);
}

/* The two steps as the formula says them, over every pair. */
static void two_steps(const struct pays *p, const struct acces_bassin *b, double *out)
{
	static double demand[LIEUX];

	for (size_t j = 0; j < LIEUX; j++) {
		demand[j] = 0;
		for (size_t i = 0; i < POINTS; i++) {
			if (i != 7 && j != 3)
				demand[j] += acces_poids(b, metres(p, i, j)) * p->besoins[i];
		}
	}
	for (size_t i = 0; i < POINTS; i++) {
		out[i] = 0;
		for (size_t j = 0; j < LIEUX; j++) {
			if (demand[j] > 0)
				out[i] += acces_poids(b, metres(p, i, j)) * p->capacites[j] / demand[j];
		}
	}
}

TEST("offer within reach is that of the formula over every pair, for each way to decay")
{
	static const struct acces_bassin bassins[] = {
		{ 15000, ACCES_PALIER }, { 30000, ACCES_LINEAIRE }, { 25000, ACCES_GAUSSIENNE },
		{ 400000, ACCES_GAUSSIENNE },
	};
	static double ratios[POINTS], expected[POINTS];

	for (size_t k = 0; k < sizeof bassins / sizeof *bassins; k++) {
		struct pays p;

		pays_new(&p, 2 + k);
		accepts(acces_ratios(&p.a, &p.l, p.capacites, LIEUX, p.points, p.besoins, POINTS,
				     &bassins[k], ratios, &p.e), &p.e);
		two_steps(&p, &bassins[k], expected);
		for (size_t i = 0; i < POINTS; i++) {
			if (i == 7)
				holds(isnan(ratios[i]));
			else
				near_to(ratios[i], expected[i], 1e-9 * (1 + expected[i]));
		}
		arena_free(&p.a);
	}
}

TEST("what people reach is what the places they reach have: nothing is made or lost")
{
	static const struct acces_bassin b = { 20000, ACCES_GAUSSIENNE };
	static double ratios[POINTS];
	double shared = 0, there = 0;
	struct pays p;

	pays_new(&p, 9);
	accepts(acces_ratios(&p.a, &p.l, p.capacites, LIEUX, p.points, p.besoins, POINTS, &b,
			     ratios, &p.e), &p.e);
	for (size_t i = 0; i < POINTS; i++)
		shared += i == 7 ? 0 : ratios[i] * p.besoins[i];
	for (size_t j = 0; j < LIEUX; j++) {
		bool reached = false;

		for (size_t i = 0; i < POINTS && !reached; i++)
			reached = p.besoins[i] > 0 && acces_poids(&b, metres(&p, i, j)) > 0;
		there += reached ? p.capacites[j] : 0;
	}
	holds(there > 0);
	near_to(shared, there, 1e-6 * there);
	arena_free(&p.a);
}

TEST("the example of the documentation, by hand: one place, two communes")
{
	/* A (1,000 people) is at the place, B (3,000) about 8 km away, radius 16 km, linear:
	 * the place is for 1,000 + 0.5 x 3,000 = 2,500; A reaches 40/2,500 hours a person,
	 * B half of it. */
	struct arena a = arena_new(1 << 20);
	struct lieu lieu = { .lat = 48, .lon = 2 };
	struct acces_lieux l = { .grid = lieu_grid_make(&a, &lieu, 1) };
	double far = 8000 / EARTH_METRES * 180 / M_PI, hours = 40, ratios[2];
	struct acces_point points[] = { { 48, 2 }, { 48 + far, 2 } };
	double people[] = { 1000, 3000 };
	struct acces_bassin b = { 16000, ACCES_LINEAIRE };
	struct err e;

	accepts(acces_ratios(&a, &l, &hours, 1, points, people, 2, &b, ratios, &e), &e);
	near_to(ratios[0] * 1000, 16, 1e-9);
	near_to(ratios[1] * 1000, 8, 1e-9);
	near_to(acces_minutes(8000, 60, 1.25), 10, 1e-12);
	b.rayon = 0;
	refuses(E_INPUT, acces_ratios(&a, &l, &hours, 1, points, people, 2, &b, ratios, &e), &e);
	arena_free(&a);
}
