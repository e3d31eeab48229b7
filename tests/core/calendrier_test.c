#include "test.h"

#include "core/horaires.h"

static const char *holiday(const char *code, int year, int month, int day)
{
	const char *nom = "";

	calendrier_ferie(calendrier_de(code), date_days(year, month, day), &nom);
	return nom;
}

static int count(const char *code, int year)
{
	int n = 0;

	for (int64_t d = date_days(year, 1, 1); d < date_days(year + 1, 1, 1); d++)
		n += calendrier_ferie(calendrier_de(code), d, NULL);
	return n;
}

/* Code du travail, art. L3133-1: eleven.  2027 has no two on one day (2024: 8 May and no
 * other; 2008: 1 May was the Ascension too). */
TEST("the mainland has eleven public holidays, ten days when two coincide")
{
	equals(count("93", 2027), 11);
	equals(count("2A004", 2027), 11);
	equals(count(NULL, 2027), 11);
	equals(count("93", 2008), 10);
}

TEST("the holidays that move follow Easter")
{
	same(holiday("93", 2026, 4, 6), "Lundi de Pâques");
	same(holiday("93", 2026, 5, 14), "Ascension");
	same(holiday("93", 2026, 5, 25), "Lundi de Pentecôte");
	same(holiday("93", 2026, 4, 3), "");
}

TEST("Alsace and Moselle have two more, each overseas département its own")
{
	equals(count("67", 2027), 13);
	equals(count("57463", 2027), 13);
	same(holiday("68", 2026, 4, 3), "Vendredi saint");
	same(holiday("67482", 2026, 12, 26), "Saint-Étienne");
	same(holiday("971", 2026, 5, 27), "Abolition de l’esclavage");
	same(holiday("972", 2026, 5, 22), "Abolition de l’esclavage");
	same(holiday("973", 2026, 6, 10), "Abolition de l’esclavage");
	same(holiday("97411", 2026, 12, 20), "Abolition de l’esclavage");
	same(holiday("976", 2026, 4, 27), "Abolition de l’esclavage");
	same(holiday("977", 2026, 10, 9), "Abolition de l’esclavage");
	same(holiday("978", 2026, 5, 28), "Abolition de l’esclavage");
	same(holiday("978", 2018, 5, 28), "");
	same(holiday("978", 2026, 5, 27), "");
	same(holiday("987", 2025, 6, 29), "Fête de l’autonomie");
	same(holiday("987", 2026, 6, 29), "");
	same(holiday("988", 2026, 9, 24), "Fête de la citoyenneté");
	equals(count("974", 2027), 12);
	same(holiday("93", 2026, 12, 20), "");
}

/* TZ=... date -d '2026-07-13T10:00:00Z' +%R, and of 2026-01-13 for Miquelon. */
TEST("a place overseas keeps its own hours")
{
	static const struct { const char *code; int hour, minute; } at[] = {
		{ "93", 12, 0 }, { "2B033", 12, 0 }, { "971", 6, 0 }, { "97209", 6, 0 },
		{ "973", 7, 0 }, { "974", 14, 0 }, { "975", 8, 0 }, { "976", 13, 0 },
		{ "977", 6, 0 }, { "978", 6, 0 }, { "986", 22, 0 }, { "98735", 0, 0 },
		{ "98731", 0, 30 }, { "98719", 1, 0 }, { "988", 21, 0 },
	};

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct civil c = zone_local(calendrier_de(at[i].code)->zone, 1783936800000);

		if (c.hour != at[i].hour || c.minute != at[i].minute)
			fail_msg("%s: %02d:%02d", at[i].code, c.hour, c.minute);
	}
	equals(zone_local(calendrier_de("975")->zone, 1768298400000).hour, 7);
}
