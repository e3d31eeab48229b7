#include "test.h"

#include "core/horaires_texte.h"

/* Non-breaking spaces inside times are shown as spaces here, so that sentences can be read. */
static const char *plain(const char *s)
{
	static char out[8][256];
	static int turn;
	char *p = out[turn++ % 8], *start = p;

	for (; *s && p < start + 250; s++) {
		if (!strncmp(s, "\u00a0", 2)) {
			*p++ = ' ';
			s++;
		} else {
			*p++ = *s;
		}
	}
	*p = '\0';
	return start;
}

static const struct horaires *hours(struct arena *a, const char *osm)
{
	struct err e = { 0 };
	const struct horaires *h = horaires_read(a, osm, &e);

	accepts(h, &e);
	return h;
}

static const char *said(const char *tag, const char *osm, const char *iso)
{
	struct arena a = arena_new(1 << 20);
	struct civil now;
	const char *out;

	holds(iso_read(iso, &now));
	out = plain(horaires_phrase(&a, lang_find(tag), hours(&a, osm), calendrier_de("93"), &now));
	arena_free(&a);
	return out;
}

/* 2026-11-23 is a Monday. */
TEST("the state of a place is one sentence")
{
	const char *h = "Mo-Fr 09:00-12:00,13:30-18:00";

	same(said("fr", h, "2026-11-23T10:00"), "Ouvert jusqu’à 12 h");
	same(said("fr", h, "2026-11-23T12:30"), "Ouvre à 13 h 30");
	same(said("fr", h, "2026-11-23T19:00"), "Ouvre demain à 9 h");
	same(said("fr", h, "2026-11-28T10:00"), "Ouvre lundi à 9 h");
	same(said("fr", "Tu[1] 09:00-12:00", "2026-11-03T14:00"), "Ouvre le 1er décembre à 9 h");
	same(said("fr", "24/7", "2026-11-23T10:00"), "Ouvert à toute heure");
	same(said("fr", "Mo-Th 00:00-24:00", "2026-11-23T10:00"), "Ouvert maintenant");
	same(said("fr", "Fr 20:00-02:00", "2026-11-27T23:00"), "Ouvert jusqu’à 2 h");
	same(said("fr", "Mo 18:00-24:00", "2026-11-23T19:00"), "Ouvert jusqu’à minuit");
	same(said("fr", "2024 Mo 09:00-12:00", "2026-11-23T19:00"), "Fermé");
}

TEST("the same is said in English")
{
	const char *h = "Mo-Fr 09:00-12:00,13:30-18:00; Sa 10:00-12:00 \"sur rdv\"";

	same(said("en", h, "2026-11-23T10:00"), "Open until 12:00");
	same(said("en", h, "2026-11-23T19:00"), "Opens tomorrow at 9:00");
	same(said("en", h, "2026-11-28T13:00"), "Opens on Monday at 9:00");
	same(said("en", h, "2026-11-28T11:00"), "By appointment until 12:00");
	same(said("en", "Tu[1] 09:00-12:00", "2026-11-03T14:00"), "Opens on 1 December at 9:00");
}

TEST("appointments and doubts are said as such")
{
	const char *h = "Tu 09:00-12:00 \"sur rdv\"";

	same(said("fr", h, "2026-11-24T10:00"), "Sur rendez-vous jusqu’à 12 h");
	same(said("fr", h, "2026-11-23T10:00"), "Sur rendez-vous demain dès 9 h");
	same(said("fr", "\"sur rendez-vous\"", "2026-11-23T10:00"), "Sur rendez-vous");
	same(said("fr", "Mo 09:00-12:00 \"sonner\"", "2026-11-23T10:00"), "Peut-être ouvert (sonner)");
	same(said("fr", "Mo 09:00-12:00 unknown", "2026-11-23T08:00"), "Peut-être ouvert dès 9 h");
}

TEST("a week is told line by line, days alike together when asked")
{
	struct arena a = arena_new(1 << 20);
	const struct lang *fr = lang_find("fr");
	const struct horaires *h = hours(&a, "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00 open \"sonner\"");
	struct horaires_ligne line[HORAIRES_LIGNES];
	int64_t wednesday = date_days(2026, 11, 11);

	equals(horaires_lignes(&a, fr, h, calendrier_de("93"), wednesday, true, line), 3);
	same(line[0].jour, "du lundi au vendredi");
	same(plain(line[0].heures), "de 9 h à 12 h et de 13 h 30 à 17 h");
	holds(line[0].aujourd_hui && !line[1].aujourd_hui);
	same(line[0].ferie, "Armistice de 1918");
	same(plain(line[1].heures), "de 9 h à 12 h (sonner)");
	same(line[2].jour, "dimanche");
	same(line[2].heures, "fermé");
	holds(line[2].ferme);
	equals(horaires_lignes(&a, fr, h, NULL, wednesday, false, line), 7);
	same(line[2].jour, "mercredi");
	holds(line[2].aujourd_hui && line[2].du == wednesday);
	arena_free(&a);
}

TEST("hours that a week cannot say are told for the next fourteen days")
{
	struct arena a = arena_new(1 << 20);
	const struct horaires *h = hours(&a, "Mo-Fr 09:00-12:00; PH off");
	struct horaires_ligne line[HORAIRES_LIGNES];

	equals(horaires_lignes(&a, lang_find("fr"), h, calendrier_de("93"), date_days(2026, 11, 10),
			       true, line), 14);
	same(line[0].jour, "mardi 10 novembre");
	same(plain(line[0].heures), "de 9 h à 12 h");
	holds(line[1].ferme);
	same(line[1].ferie, "Armistice de 1918");
	arena_free(&a);
}

TEST("on a public holiday that the hours forget, people are told to call first")
{
	struct arena a = arena_new(1 << 20);
	const struct lang *fr = lang_find("fr");
	const struct calendrier *c = calendrier_de("93");
	int64_t toussaint = date_days(2027, 11, 1);

	same(horaires_avis(&a, fr, hours(&a, "Mo-Fr 09:00-12:00"), c, toussaint),
	     "Jour férié (Toussaint) : téléphonez avant de venir.");
	holds(!horaires_avis(&a, fr, hours(&a, "Mo-Fr 09:00-12:00; PH off"), c, toussaint));
	holds(!horaires_avis(&a, fr, hours(&a, "Tu 09:00-12:00"), c, toussaint));
	holds(!horaires_avis(&a, fr, hours(&a, "Mo-Fr 09:00-12:00"), c, toussaint + 1));
	arena_free(&a);
}
