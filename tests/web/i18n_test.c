#include "test.h"

#include <math.h>

#include "web/i18n.h"

#define NB "\xc2\xa0"
#define THIN "\xe2\x80\xaf"

static const char *chosen(const char *asked, const char *accept)
{
	return lang_choose(asked, accept)->tag;
}

TEST("the language asked for wins, then the best accepted one, then French")
{
	same(chosen("en", "fr"), "en");
	same(chosen("xx", "en"), "en");
	same(chosen(NULL, NULL), "fr");
	same(chosen("", ""), "fr");
	same(chosen(NULL, "de, ja;q=0.9"), "fr");
	same(chosen(NULL, "de, es;q=0.9"), "es");
	same(chosen(NULL, "ar-DZ, fr;q=0.5"), "ar");
	same(chosen(NULL, "fr-x-falc, fr;q=0.9"), "fr-x-falc");
	same(chosen("fr-x-falc", "en"), "fr-x-falc");
	same(chosen(NULL, "da, en-gb;q=0.8, en;q=0.7"), "en");          /* RFC 9110, 12.5.4 */
	same(chosen(NULL, "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5"), "fr");
	same(chosen(NULL, "en;q=0.2,fr;q=0.1"), "en");
	same(chosen(NULL, "en;q=0.1 , fr ; q=0.2"), "fr");
	same(chosen(NULL, "en;q=0, fr;q=0.001"), "fr");
	same(chosen(NULL, "fr;q=0.5,en"), "en");
	same(chosen(NULL, "en-US"), "en");
	same(chosen(NULL, "EN"), "en");
	same(chosen(NULL, "english"), "fr");
}

TEST("a broken Accept-Language chooses French and reads no further than its end")
{
	same(chosen(NULL, ",,, ,;q=,"), "fr");
	same(chosen(NULL, "en;"), "fr");
	same(chosen(NULL, "en;q"), "fr");
	same(chosen(NULL, "en;q=abc"), "fr");
	same(chosen(NULL, "en;q=9"), "fr");
	same(chosen(NULL, "en;q=1.99999999999999"), "en");
	same(chosen(NULL, ";q=1"), "fr");
}

TEST("languages are found by tag, also a more precise one")
{
	same(lang_find("en-GB")->tag, "en");
	same(lang_find("fr")->name, "Français");
	holds(!lang_find("e"));
	holds(!lang_find(""));
	holds(!lang_find(NULL));
	holds(!lang_find("eng"));
}

TEST("a page that a language has not is in French, and the rest in that language")
{
	const struct lang *ar = lang_find("ar"), *en = lang_find("en");

	same(lang_of_page(ar, "/lieux")->tag, "ar");
	same(lang_of_page(ar, "/donnees-personnelles")->tag, "ar");
	same(lang_of_page(ar, "/donnees")->tag, "fr");
	same(lang_of_page(ar, "/agent")->tag, "fr");
	same(lang_of_page(ar, "/agent/connexion")->tag, "fr");
	same(lang_of_page(ar, "/agent/instruments/question/wifi")->tag, "ar");
	same(lang_of_page(ar, "/agent/instruments/saisie/huit_gestes")->tag, "fr");
	same(lang_of_page(en, "/agent/connexion")->tag, "en");
}

TEST("a message that no catalogue has is said in French, in the right number")
{
	const struct lang *en = lang_find("en"), *fr = lang_find("fr");

	same(tr(en, "Ceci n'est dans aucun catalogue"), "Ceci n'est dans aucun catalogue");
	same(tr(fr, ""), "");
	same(tr(en, ""), "");
	same(tr_n(fr, 0, "%1 lieu sans nom", "%1 lieux sans nom"), "%1 lieu sans nom");
	same(tr_n(fr, 2, "%1 lieu sans nom", "%1 lieux sans nom"), "%1 lieux sans nom");
	same(tr_n(en, 0, "%1 lieu sans nom", "%1 lieux sans nom"), "%1 lieu sans nom");
}

/* Weekdays: date -d 2026-11-24 +%A of GNU coreutils, and so on. */
TEST("dates are written as people say them")
{
	const struct lang *fr = lang_find("fr"), *en = lang_find("en");
	const struct civil c = { 2026, 11, 22, 0, 0, 0 }, may = { 2026, 5, 1, 0, 0, 0 };
	const struct civil tuesday = { 2026, 11, 24, 0, 0, 0 };
	char out[I18N_TEXT];

	same(date_long(fr, &c, out), "22 novembre 2026");
	same(date_long(fr, &may, out), "1er mai 2026");
	same(date_long(en, &c, out), "22 November 2026");
	same(date_long(en, &may, out), "1 May 2026");
	same(date_day(fr, &tuesday, out), "mardi 24 novembre");
	same(date_day(fr, &may, out), "vendredi 1er mai");
	same(date_day(en, &tuesday, out), "Tuesday 24 November");
	same(weekday_name(fr, 0), "lundi");
	same(weekday_name(en, 6), "Sunday");
	same(weekday_name(en, 7), "?");
}

TEST("hours are written as on a door")
{
	const struct lang *fr = lang_find("fr"), *en = lang_find("en");
	char out[I18N_TEXT];

	same(time_short(fr, 9 * 60, out), "9" NB "h");
	same(time_short(fr, 13 * 60 + 30, out), "13" NB "h" NB "30");
	same(time_short(fr, 8 * 60 + 5, out), "8" NB "h" NB "05");
	same(time_short(fr, 0, out), "0" NB "h");
	same(time_short(fr, 1440, out), "24" NB "h");
	same(time_short(fr, 1500, out), "1" NB "h");
	same(time_short(fr, -60, out), "23" NB "h");
	same(time_short(en, 9 * 60, out), "9:00");
	same(time_short(en, 13 * 60 + 30, out), "13:30");
}

TEST("a distance is as precise as walking needs")
{
	const struct lang *fr = lang_find("fr"), *en = lang_find("en");
	char out[I18N_TEXT];

	same(distance_text(fr, 0, out), "0" NB "m");
	same(distance_text(fr, 403, out), "400" NB "m");
	same(distance_text(fr, 994, out), "990" NB "m");
	same(distance_text(fr, 996, out), "1" NB "km");
	same(distance_text(fr, 1049, out), "1" NB "km");
	same(distance_text(fr, 1130, out), "1,1" NB "km");
	same(distance_text(fr, 9949, out), "9,9" NB "km");
	same(distance_text(fr, 9950, out), "10" NB "km");
	same(distance_text(fr, 12400, out), "12" NB "km");
	same(distance_text(fr, 9400000, out), "9" THIN "400" NB "km");
	same(distance_text(en, 1130, out), "1.1" NB "km");
	same(distance_text(fr, NAN, out), "?");
	same(distance_text(fr, -1, out), "?");
}

TEST("numbers are grouped by three with the separator of the language")
{
	const struct lang *fr = lang_find("fr"), *en = lang_find("en");
	char out[I18N_TEXT];

	same(number_text(fr, 0, out), "0");
	same(number_text(fr, -1234, out), "-1" THIN "234");
	same(number_text(fr, 100, out), "100");
	same(number_text(en, 69236, out), "69,236");
	same(number_text(fr, INT64_MAX, out), "9" THIN "223" THIN "372" THIN "036" THIN "854"
	     THIN "775" THIN "807");
	same(real_text(fr, 12.54, out), "12,5");
	same(real_text(fr, -0.04, out), "0");
	same(real_text(fr, -3.25, out), "-3,3");
	same(real_text(en, 1234.96, out), "1,235");
	same(real_text(fr, INFINITY, out), "?");
}

TEST("zero is singular in French and plural in English")
{
	/* Plural-Forms of GNU gettext's manual: fr (n > 1), en (n != 1). */
	const struct lang *fr = lang_find("fr"), *en = lang_find("en");

	equals(fr->plural(0), 0);
	equals(fr->plural(1), 0);
	equals(fr->plural(2), 1);
	equals(en->plural(0), 1);
	equals(en->plural(1), 0);
	equals(en->plural(2), 1);
}
