#include "test.h"

#include "core/horaires.h"
#include "format/csv.h"

/* What the OSM hours of a Tuesday cell are; "?" when it is refused. */
static const char *tuesday(const char *cell)
{
	static struct arena a;
	const char *const week[7] = { NULL, cell };
	struct err e = { 0 };
	const char *osm;

	arena_free(&a);
	a = arena_new(1 << 20);
	osm = horaires_from_french(&a, week, &e);
	if (!osm) {
		equals(e.kind, E_INPUT);
		holds(strstr(e.msg, "mardi"));
		return "?";
	}
	if (*osm && !horaires_read(&a, osm, &e))
		fail_msg("%s: %s", osm, e.msg);
	return osm;
}

static const char *text(const char *french)
{
	static struct arena a;
	struct err e = { 0 };
	const char *osm;

	arena_free(&a);
	a = arena_new(1 << 20);
	osm = horaires_from_text(&a, french, &e);
	if (osm && !horaires_read(&a, osm, &e))
		fail_msg("%s: %s", osm, e.msg);
	return osm ? osm : "?";
}

TEST("hours are understood in the many ways that people write them")
{
	static const char *const same_day[] = {
		"09:00 - 12:00 / 14:00 - 17:30", "09:00-12:00/14:00-17:30", "9h-12h et 14h-17h30",
		"9h à 12h - 14h à 17h30", "de 9h à 12h et de 14h à 17h30", "9H/12H - 14H/17H30",
		"9 h 00 à 12 h 00 - 14 h à 17 h 30", "9h–12h, 14h–17h30", "9h00-12h00 14h00-17h30",
		"09:00-12:00-14:00-17:30", "9-12h et 14h-17h30", "| de 9h - 12h puis de 14h - 17h30",
		"09 :00 - 12:00 / 14:00-17:30", "9h12h 14h17h30", "9 heures à 12 heures et 14h à 17h30",
		"Mardi 9h-12h / 14h-17h30", "Matin : 9h-12h ; après-midi : 14h-17h30",
		"9h à 12h &amp; 14h à 17h30", "Permanence de 9h à 12h et de 14h à 17h30",
		"09:00 - 12:00 / 09:00 - 12:00 / 14:00 - 17:30", "9h-12h\n14h-17h30",
	};

	for (size_t i = 0; i < sizeof same_day / sizeof *same_day; i++) {
		if (strcmp(tuesday(same_day[i]), "Tu 09:00-12:00,14:00-17:30") != 0)
			fail_msg("%s gives %s", same_day[i], tuesday(same_day[i]));
	}
}

TEST("a closed day and an empty cell give no hours")
{
	same(tuesday("Fermé"), "");
	same(tuesday("FERMÉ au public"), "");
	same(tuesday("-"), "");
	same(tuesday(""), "");
}

TEST("ranges that meet are one, and none is lost")
{
	same(tuesday("8h-13h / 13h-18h"), "Tu 08:00-18:00");
	same(tuesday("10:30 - 12:00 / 08:45 - 10:15 / 10:30 - 11:30"), "Tu 08:45-10:15,10:30-12:00");
	same(tuesday("18h - minuit"), "?");
	same(tuesday("18h - 00h"), "Tu 18:00-24:00");
}

TEST("appointments, ranks in the month and weeks are kept")
{
	same(tuesday("Sur rendez-vous"), "Tu \"sur rendez-vous\"");
	same(tuesday("14h-16h30 (sur rdv)"), "Tu 14:00-16:30 \"sur rendez-vous\"");
	same(tuesday("Sur RDV 9h-12h et 14h-17h"), "Tu 09:00-12:00,14:00-17:00 \"sur rendez-vous\"");
	same(tuesday("sans rdv 9h-12h"), "Tu 09:00-12:00");
	same(tuesday("1er et 3e mardi de 9h à 12h"), "Tu[1,3] 09:00-12:00");
	same(tuesday("10h-12h (1er et 3ème)"), "Tu[1,3] 10:00-12:00");
	same(tuesday("dernier mardi du mois : 9h-12h"), "Tu[-1] 09:00-12:00");
	same(tuesday("17h-19h (semaines paires)"), "week 2-52/2 Tu 17:00-19:00");
	same(tuesday("9h/12h en semaine impaire"), "week 1-53/2 Tu 09:00-12:00");
}

TEST("what could be read in two ways is refused, with the day that is unclear")
{
	static const char *const unclear[] = {
		"9h", "9h-12h-14h", "07:30:12:30", "09:00-13:00-/3:00-16:00", "12h-9h", "9h 15",
		"9h-12h / 14h-17h sur rdv", "9h à 12h - Sur RDV l'après midi", "Mercredi 9h-12h",
		"9h-12h (+14h-17h le 1er mardi du mois)", "une semaine sur deux 9h-12h", "Le 1er mardi",
		"9h-12h (hors vacances)", "Itinérance", "8h30 à 12h30 - Fermé", "1Oh à 12h", "ouvert",
		"9h-12h (14h-17h)", "25h-26h", "9h60-10h", "Quotidien", "9h et 12h", "14: à 18:",
		"9h-12h fermé le matin", "13h45-16h45 (sauf 1er lundi du mois)", "3-11h",
		"9h - 12h à 14h - 17h",
	};

	for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++) {
		if (strcmp(tuesday(unclear[i]), "?") != 0)
			fail_msg("%s gives %s", unclear[i], tuesday(unclear[i]));
	}
}

TEST("days that follow and are alike are written together")
{
	const char *const week[7] = { "9h-12h", "9h-12h", "fermé", "9h-12h", "9h-12h", "10h-12h", NULL };
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };

	same(horaires_from_french(&a, week, &e), "Mo-Tu 09:00-12:00; Th-Fr 09:00-12:00; Sa 10:00-12:00");
	arena_free(&a);
}

TEST("a week in one French sentence is understood when each day is named once")
{
	same(text("Du lundi au jeudi : 9h-12h / 14h-17h, vendredi 9h-12h"),
	     "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00");
	same(text("Lundi, Samedi : 9h-12h ; Mardi, Jeudi :13h30-17h"),
	     "Mo 09:00-12:00; Tu 13:30-17:00; Th 13:30-17:00; Sa 09:00-12:00");
	same(text("Lundi : 14H - 17HMardi et Jeudi : 9H30 - 12H"),
	     "Mo 14:00-17:00; Tu 09:30-12:00; Th 09:30-12:00");
	same(text("Mar, jeu : 16-18h. Sam : 10-13h"), "Tu 16:00-18:00; Th 16:00-18:00; Sa 10:00-13:00");
	same(text("Mardi : 9h-12h. Samedi sur rendez-vous"), "Tu 09:00-12:00; Sa \"sur rendez-vous\"");
	same(text("Du lundi au vendredi"), "?");
	same(text("9h-12h / 14h-17h"), "?");
	same(text("Lundi au vendredi 8h-12h, lundi : 13h30-17h"), "?");
	same(text("lundi au vendredi : 9h-12h (vendredi 11h)"), "?");
	same(text("Vendredi : 9h-12h Permanence le 2ème samedi du mois : 9h-12h"), "?");
	same(text("Du lundi au vendredi : 9h-12h, fermé le mercredi"), "?");
	same(text("En période scolaire Lundi : 14h-20h"), "?");
}

TEST("the France services list is understood but for two cells")
{
	needs_data(path, "lieux/france_services_2022-12-01.csv");
	static const char *const columns[] = { "h_lundi", "h_mardi", "h_mercredi", "h_jeudi",
					       "h_vendredi", "h_samedi" };
	struct csv *csv CLEANUP(csv_close) = NULL;
	struct csv_row row;
	struct err e = { 0 }, refused = { 0 };
	int rows = 0, understood = 0, with_hours = 0;

	accepts(csv_open(path, &csv, &e), &e);
	while (csv_next(csv, &row, &e)) {
		struct arena a = arena_new(1 << 20);
		const char *week[7] = { 0 }, *osm;

		for (int d = 0; d < 6; d++)
			week[d] = row.cells[csv_column(csv, columns[d])];
		osm = horaires_from_french(&a, week, &refused);
		rows++;
		understood += osm != NULL;
		if (osm && *osm) {
			accepts(horaires_read(&a, osm, &e), &e);
			with_hours++;
		}
		arena_free(&a);
	}
	equals(e.kind, E_OK);
	equals(rows, 2683);
	equals(understood, 2681);       /* "07:30:12:30" and "09:00-13:00-/3:00-16:00" */
	holds(with_hours > 2400);
}
