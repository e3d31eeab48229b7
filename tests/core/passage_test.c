/* Stops of places that travel, held against calendars of the years named. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "core/lieu.h"
#include "core/lieu_grid.h"
#include "core/lieu_local.h"
#include "core/passage.h"

static struct passage stop(struct arena *a, const char *rule, const char *dates, const char *sauf,
			   const char *debut, const char *fin)
{
	struct passage p = { .id = "1", .arret = "place de la mairie", .commune = "Bondy",
			     .code_insee = "93010", .adresse = "", .precisions = "" };
	struct passage_texte t = { rule, dates, sauf, debut, fin };

	passage_ouvrir(a, &p, &t);
	return p;
}

static int64_t at(int y, int m, int d, int hour)
{
	struct civil c = { .year = y, .month = m, .day = d, .hour = hour };

	return zone_instant(&zone_paris, &c);
}

static bool stops_on(const struct passage *p, int y, int m, int d)
{
	struct passage_fois f[PASSAGE_JOUR];

	return passage_le(p, date_days(y, m, d), f, PASSAGE_JOUR) > 0;
}

TEST("the second Tuesday of the month is read from plain French, and is that of the calendar")
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };
	const char *osm = "";
	struct passage p;

	holds(passage_regle(&a, "le 2e mardi du mois de 14h à 17h", &osm, &e));
	p = stop(&a, osm, "", "", "", "");
	holds(stops_on(&p, 2026, 12, 8));               /* `cal 12 2026`: Tuesdays 1, 8, 15... */
	holds(!stops_on(&p, 2026, 12, 1) && !stops_on(&p, 2026, 12, 15));
	holds(stops_on(&p, 2027, 1, 12));
	refuses(E_INPUT, passage_regle(&a, "quand je veux", &osm, &e), &e);
	arena_free(&a);
}

TEST("rhythms in plain French say what they say, and no more")
{
	static const struct { const char *text, *osm; } rules[] = {
		{ "les 1er et 3e jeudis du mois 9h-12h", "Th[1,3] 09:00-12:00" },
		{ "Dernier vendredi du mois, de 9 h 30 à 12 h", "Fr[-1] 09:30-12:00" },
		{ "tous les lundis 14:00-17:00", "Mo 14:00-17:00" },
		{ "2e mardi 9h-12h et 14h-17h", "Tu[2] 09:00-12:00,14:00-17:00" },
		{ "1er mardi 9h-12h, 3e jeudi 14h-16h", "Tu[1] 09:00-12:00; Th[3] 14:00-16:00" },
		{ "Tu[2] 14:00-17:00", "Tu[2] 14:00-17:00" },
	};
	static const char *const refused[] = { "2e mardi", "14h-17h", "mardi 17h-14h", "mardi 2e 9h-12h",
		"mardi sauf juillet 9h-12h", "mardi 9h", "un mardi sur deux 9h-12h", "" };
	struct arena a = arena_new(1 << 20);
	const char *osm;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct err e = { 0 };

		accepts(passage_regle(&a, rules[i].text, &osm, &e), &e);
		same(osm, rules[i].osm);
	}
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct err e = { 0 };

		if (passage_regle(&a, refused[i], &osm, &e))
			fail_msg("accepted: %s as %s", refused[i], osm);
		equals(e.kind, E_INPUT);
	}
	arena_free(&a);
}

TEST("the next stop is the one that has not ended, and past ones vanish")
{
	struct arena a = arena_new(1 << 20);
	struct passage p = stop(&a, "Tu 14:00-17:00", "2026-12-09 09:00-10:00", "2026-12-15", "", "");
	struct passage_fois f[4];

	equals((long)passage_prochains(&p, at(2026, 12, 8, 16), f, 4), 4);
	holds(f[0].jour == date_days(2026, 12, 8) && f[0].from == 14 * 60);
	passage_prochains(&p, at(2026, 12, 8, 17), f, 4);
	holds(f[0].jour == date_days(2026, 12, 9));
	holds(f[1].jour == date_days(2026, 12, 22));    /* the 15th is an exception */
	p = stop(&a, "", "2026-12-09 09:00-10:00", "", "", "");
	equals((long)passage_prochains(&p, at(2026, 12, 9, 11), f, 4), 0);
	arena_free(&a);
}

TEST("a rule rests on public holidays and out of its season; a listed day holds")
{
	struct arena a = arena_new(1 << 20);
	struct passage p = stop(&a, "We 10:00-12:00", "", "", "2026-09-01", "2026-12-31");

	holds(stops_on(&p, 2026, 11, 4) && !stops_on(&p, 2026, 11, 11));        /* Armistice */
	holds(!stops_on(&p, 2026, 8, 26) && !stops_on(&p, 2027, 1, 6));
	p = stop(&a, "We,PH 10:00-12:00", "", "", "", "");
	holds(stops_on(&p, 2026, 11, 11));
	p = stop(&a, "", "2026-11-11 10:00-12:00", "", "", "");
	holds(stops_on(&p, 2026, 11, 11));
	arena_free(&a);
}

TEST("days are read as people write them, and a wrong one is named")
{
	struct arena a = arena_new(1 << 20);
	struct passage_jour *j;
	struct err e = { 0 };
	size_t n;

	holds(passage_dates(&a, "8/12/2026 de 14h à 17h30\n2026-12-01 09:00-12:00", true, &j, &n, &e));
	same(passage_dates_ecrire(&a, j, n, true), "2026-12-01 09:00-12:00|2026-12-08 14:00-17:30");
	holds(!passage_dates(&a, "30/02/2026 14h-17h", true, &j, &n, &e) && e.kind == E_INPUT);
	holds(strstr(e.msg, "30/02/2026") != NULL);
	holds(!passage_dates(&a, "8/12/2026 17h-14h", true, &j, &n, &e));
	holds(!passage_dates(&a, "8/12/2026", true, &j, &n, &e));
	holds(!passage_dates(&a, "8/12/2026 14h-17h demain", true, &j, &n, &e));
	arena_free(&a);
}

TEST("a CCAS without service is social reception alone; with one it is both; what is said wins")
{
	equals((long)lieu_genre("", "CCAS", false), 1 << GENRE_SOCIAL);
	equals((long)lieu_genre("", "CCAS", true), 1 << GENRE_SOCIAL | 1 << GENRE_MEDIATION);
	equals((long)lieu_genre("", "MUNI|ML", false), 1 << GENRE_SOCIAL);
	equals((long)lieu_genre("", "BIB", false), 1 << GENRE_MEDIATION);
	equals((long)lieu_genre("", "", false), 1 << GENRE_MEDIATION);
	equals((long)lieu_genre("social", "BIB", true), 1 << GENRE_SOCIAL);
}

/* --- where a place that travels is measured from ------------------------------------------ */

enum { BUSES = 120, STOPS_MOST = 4, BUS_ASKED = 12 };

struct fleet {
	struct arena a;
	struct repertoire r;
	struct lieu lieux[BUSES];
	struct passage stops[BUSES * STOPS_MOST];
	size_t nstops;
};

static uint32_t draw(uint32_t below)
{
	uint32_t u;

	env_random(&env_test, &u, sizeof u);
	return u % below;
}

static double near_bondy(double middle)
{
	return middle + (draw(20001) / 10000.0 - 1) * .3;
}

static void fleet_stop(struct fleet *f, struct lieu *l)
{
	static const char *const days[] = { "Mo", "Tu", "We", "Th", "Fr", "Tu[2]", "Th[-1]" };
	static const char *const hours[] = { "09:00-12:00", "14:00-17:00", "10:30-11:30" };
	struct passage *p = &f->stops[f->nstops++];
	const char *rule = arena_cat(&f->a, days[draw(7)], " ", hours[draw(3)], NULL);

	*p = stop(&f->a, draw(5) ? rule : "", draw(3) ? "" : "2026-11-25 09:00-10:00", "",
		  draw(6) ? "" : "2027-01-01", "");
	p->id = arena_printf(&f->a, "%zu", f->nstops);
	p->lieu = l;
	p->lat = draw(9) ? near_bondy(48.9) : NAN;
	p->lon = near_bondy(2.5);
	if (!l->npassages++)
		l->passages = p;
}

/* A third stays where it is, a third has stops and hours of its own, a third is a bus. */
static struct fleet *fleet_new(void)
{
	struct fleet *f = calloc(1, sizeof *f);
	struct err e;

	f->a = arena_new(16 << 20);
	for (size_t i = 0; i < BUSES; i++) {
		struct lieu *l = &f->lieux[i];

		l->id = arena_printf(&f->a, "%04zu", i);
		l->nom = l->cle = arena_printf(&f->a, "lieu %zu", i % 5);
		l->lat = draw(8) ? near_bondy(48.9) : NAN;
		l->lon = near_bondy(2.5);
		l->services = 1u << draw(3);
		l->calendrier = calendrier_de("93");
		l->horaires = i % 3 == 2 ? "" : "Mo-Fr 10:00-16:00";
		l->heures = *l->horaires ? horaires_read(&f->a, l->horaires, &e) : NULL;
		if (i % 3 == 1)
			l->itinerance = 1u << choice_find(lieu_itinerances, "Itinérant")
				| (draw(2) ? 1u << choice_find(lieu_itinerances, "Fixe") : 0);
		for (uint32_t k = i % 3 ? draw(STOPS_MOST + 1) : 0; k; k--)
			fleet_stop(f, l);
	}
	f->r.lieux = f->lieux;
	f->r.nlieux = BUSES;
	f->r.grid = lieu_grid_make(&f->a, f->lieux, BUSES);
	return f;
}

struct spot {
	const struct lieu *l;
	const struct passage *p;
	int64_t day;
	int from;
	double metres;
};

/* Minute by minute, without any of what the search does to be quick. */
static bool is_there(const struct passage *p, int64_t day, int minute)
{
	struct passage_fois f[PASSAGE_JOUR];
	size_t n = passage_le(p, day, f, PASSAGE_JOUR);

	for (size_t i = 0; i < n; i++) {
		if (f[i].from <= minute && minute < f[i].to)
			return true;
	}
	return false;
}

/* The first minute from `from` of `day` on, before `to` of `last`, when the stop is there. */
static bool first_minute(const struct passage *p, int64_t day, int from, int64_t last, int to,
			 struct spot *out)
{
	for (; day <= last; day++, from = 0) {
		struct passage_fois f[PASSAGE_JOUR];

		if (!passage_le(p, day, f, PASSAGE_JOUR))
			continue;
		for (int m = from; m < (day == last ? to : 1440); m++) {
			if (!is_there(p, day, m))
				continue;
			for (; m > 0 && is_there(p, day, m - 1); m--)
				;
			out->day = day;
			out->from = m;
			return true;
		}
	}
	return false;
}

static bool open_at_home(const struct lieu *l, const struct lieu_filter *f, int64_t now)
{
	struct lieu home = *l;
	struct lieu_filter same = *f;
	struct lieu_result out;
	struct repertoire r = { .lieux = &home, .nlieux = 1 };
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);

	home.npassages = 0;
	same.max_metres = 0;
	r.grid = lieu_grid_make(&a, &home, 1);
	return lieu_search(&r, &same, now, 0, &out, 1, NULL) == 1;
}

static bool spot_of(const struct lieu *l, const struct lieu_filter *f, int64_t now,
		    struct spot *out)
{
	const int64_t today = date_days(2026, 11, 23);  /* a Monday; `now` is 10:00 in Paris */
	bool half = f->ouvert_le.kind == MOMENT_HALF_DAY, found = false;
	int noon = f->ouvert_le.afternoon ? 720 : 0;
	bool fixed = l->itinerance & 1u << choice_find(lieu_itinerances, "Fixe");
	bool bus = l->itinerance & 1u << choice_find(lieu_itinerances, "Itinérant");

	if (!(l->services & f->services))
		return false;
	for (size_t i = 0; i < l->npassages; i++) {
		struct spot one = { .l = l, .p = &l->passages[i] };
		int64_t day = today + (half ? f->ouvert_le.weekday : 0);
		bool ok = half ? first_minute(one.p, day, day > today ? noon : noon > 600 ? noon : 600,
					      day, noon + 720, &one)
				 || (day == today && first_minute(one.p, day + 7, noon, day + 7,
								  noon + 720, &one))
			       : first_minute(one.p, today, 600, today + 366, 1440, &one);

		if (!ok || isnan(one.p->lat))
			continue;
		one.metres = distance_metres(f->lat, f->lon, one.p->lat, one.p->lon);
		if (!found || (half ? one.metres < out->metres
			       : one.day < out->day || (one.day == out->day
				 && (one.from < out->from || (one.from == out->from
							      && one.metres < out->metres)))))
			*out = one;
		found = true;
	}
	if (!isnan(l->lat) && (!half || open_at_home(l, f, now))
	    && (!l->npassages || fixed || (!bus && l->heures) || (!found && !half))) {
		double home = distance_metres(f->lat, f->lon, l->lat, l->lon);

		if (!found || home < out->metres)
			*out = (struct spot){ .l = l, .metres = home };
		found = true;
	}
	return found && !(f->max_metres > 0 && out->metres > f->max_metres);
}

static int nearer(const void *x, const void *y)
{
	const struct spot *a = x, *b = y;
	int d = (a->metres > b->metres) - (a->metres < b->metres);

	if (fabs(a->metres - b->metres) < 1e-6)
		d = strcmp(a->l->cle, b->l->cle);
	return d ? d : strcmp(a->l->id, b->l->id);
}

TEST("a place that travels is as far as its next stop, or the one of the moment asked: every stop compared")
{
	struct fleet *f = fleet_new();
	int64_t now = at(2026, 11, 23, 10);
	int travelled = 0;

	for (int round = 0; round < 120; round++) {
		struct lieu_filter q = { .lat = near_bondy(48.9), .lon = near_bondy(2.5),
			.services = 1u << draw(3), .max_metres = draw(3) ? 0 : 8000 };
		struct lieu_result got[BUS_ASKED];
		struct spot all[BUSES];
		size_t n = 0, found;

		if (draw(2))
			q.ouvert_le = (struct moment){ .kind = MOMENT_HALF_DAY,
				.weekday = (int)draw(7), .afternoon = draw(2) };
		for (size_t i = 0; i < BUSES; i++)
			n += spot_of(&f->lieux[i], &q, now, &all[n]);
		qsort(all, n, sizeof *all, nearer);
		found = lieu_search(&f->r, &q, now, 0, got, BUS_ASKED, NULL);
		equals((long)found, (long)(n < BUS_ASKED ? n : BUS_ASKED));
		equals((long)lieu_count(&f->r, &q, now), (long)n);
		for (size_t i = 0; i < found; i++) {
			same(got[i].lieu->id, all[i].l->id);
			near_to(got[i].metres, all[i].metres, .01);
			holds(got[i].arret.p == all[i].p);
			if (all[i].p) {
				travelled++;
				equals((long)got[i].arret.jour, (long)all[i].day);
			}
		}
	}
	holds(travelled > 200);
	arena_free(&f->a);
	free(f);
}
