/* Stops of places that travel, held against calendars of the years named. */
#include "test.h"

#include <math.h>

#include "core/lieu.h"
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
