#include "test.h"

#include "core/horaires.h"

/* Hours, read; the test fails with the refusal when they are not understood. */
static const struct horaires *hours(const char *osm)
{
	static struct arena a;
	struct err e = { 0 };
	const struct horaires *h;

	arena_free(&a);
	a = arena_new(1 << 20);
	h = horaires_read(&a, osm, &e);
	accepts(h, &e);
	return h;
}

static struct civil when(const char *iso)
{
	struct civil c = { 0 };

	holds(iso_read(iso, &c));
	return c;
}

static enum ouvert ouvert_at(const char *osm, const char *iso)
{
	struct civil c = when(iso);

	return horaires_at(hours(osm), calendrier_de("93"), &c).ouvert;
}

/* The next change in words: "2026-11-24T12:00", or "". */
static const char *change(const char *osm, const char *iso)
{
	static char out[32];
	struct civil c = when(iso), n = horaires_at(hours(osm), calendrier_de("93"), &c).change;

	snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d", n.year, n.month, n.day, n.hour,
		 n.minute);
	return n.year ? out : "";
}

#define opened(osm, iso) equals(ouvert_at(osm, iso), OUVERT_OUI)
#define closed(osm, iso) equals(ouvert_at(osm, iso), OUVERT_NON)
#define unsure(osm, iso) equals(ouvert_at(osm, iso), OUVERT_INCONNU)

/* 2026-11-23 is a Monday (every calendar). */
TEST("ordinary hours are open from the first minute and closed at the last")
{
	const char *h = "Mo-Fr 09:00-12:00,13:30-17:30; Sa 09:00-12:00";

	closed(h, "2026-11-23T08:59");
	opened(h, "2026-11-23T09:00");
	opened(h, "2026-11-23T11:59");
	closed(h, "2026-11-23T12:00");
	opened(h, "2026-11-27T17:29");
	opened(h, "2026-11-28T09:00");
	closed(h, "2026-11-28T14:00");
	closed(h, "2026-11-29T10:00");
}

TEST("the next change is told, also days ahead and never when there is none")
{
	const char *h = "Mo-Fr 09:00-12:00,13:30-17:30";

	same(change(h, "2026-11-23T10:00"), "2026-11-23T12:00");
	same(change(h, "2026-11-23T12:30"), "2026-11-23T13:30");
	same(change(h, "2026-11-27T17:30"), "2026-11-30T09:00");
	same(change("24/7", "2026-11-27T17:30"), "");
	same(change("Mo-Su 00:00-24:00", "2026-11-27T17:30"), "");
}

TEST("a later rule speaks alone for the days it names")
{
	const char *h = "Mo-Fr 09:00-12:00,13:30-17:30; Tu 09:00-12:00,14:30-17:30";

	opened(h, "2026-11-23T14:00");
	closed(h, "2026-11-24T14:00");
	opened(h, "2026-11-24T15:00");
}

TEST("off closes over what an earlier rule opened, and only there")
{
	closed("Mo-Fr 09:00-17:00; We off", "2026-11-25T10:00");
	opened("Mo-Fr 09:00-17:00; We 12:00-14:00 off", "2026-11-25T10:00");
	closed("Mo-Fr 09:00-17:00; We 12:00-14:00 off", "2026-11-25T13:00");
}

TEST("a rule after a comma is added to the earlier one")
{
	const char *h = "Mo-Fr 09:00-12:00, We 14:00-16:00";

	opened(h, "2026-11-25T10:00");
	opened(h, "2026-11-25T15:00");
	closed(h, "2026-11-24T15:00");
}

TEST("a range of weekdays may go over Sunday")
{
	opened("Sa-Mo 10:00-12:00", "2026-11-28T10:00");
	opened("Sa-Mo 10:00-12:00", "2026-11-23T10:00");
	closed("Sa-Mo 10:00-12:00", "2026-11-24T10:00");
}

TEST("hours past midnight belong to the evening they began")
{
	const char *h = "Fr 22:00-02:00";
	struct plage p[4];

	opened(h, "2026-11-27T23:00");
	opened(h, "2026-11-28T01:59");
	closed(h, "2026-11-28T02:00");
	closed(h, "2026-11-27T01:00");
	same(change(h, "2026-11-27T23:00"), "2026-11-28T02:00");
	equals(horaires_day(hours(h), NULL, date_days(2026, 11, 27), p, 4), 1);
	equals(p[0].from, 22 * 60);
	equals(p[0].to, 26 * 60);
	equals(horaires_day(hours(h), NULL, date_days(2026, 11, 28), p, 4), 0);
}

TEST("the first, the third and the last of a weekday in the month are found")
{
	opened("Tu[1,3] 09:00-12:00", "2026-11-03T10:00");
	closed("Tu[1,3] 09:00-12:00", "2026-11-10T10:00");
	opened("Tu[1,3] 09:00-12:00", "2026-11-17T10:00");
	opened("Sa[-1] 09:00-12:00", "2026-11-28T10:00");
	closed("Sa[-1] 09:00-12:00", "2026-11-21T10:00");
	opened("Mo[2-4] 09:00-12:00", "2026-11-23T10:00");
	closed("Mo[2-4] 09:00-12:00", "2026-11-30T10:00");
}

TEST("months, dates, years and weeks narrow a rule")
{
	opened("Jul-Aug Mo-Fr 09:00-12:00", "2026-07-01T10:00");
	closed("Jul-Aug Mo-Fr 09:00-12:00", "2026-09-01T10:00");
	opened("Nov-Feb 09:00-12:00", "2026-01-15T10:00");
	closed("Mo-Su 09:00-12:00; Dec 24-Jan 02 off", "2026-12-31T10:00");
	opened("Mo-Su 09:00-12:00; Dec 24-Jan 02 off", "2026-01-03T10:00");
	closed("Mo-Su 09:00-12:00; 2026 Dec 24-2027 Jan 02 off", "2027-01-02T10:00");
	opened("Mo-Su 09:00-12:00; 2026 Dec 24-2027 Jan 02 off", "2026-01-02T10:00");
	opened("2026-2027 Mo 09:00-12:00", "2026-11-23T10:00");
	closed("2024-2025 Mo 09:00-12:00", "2026-11-23T10:00");
	/* date +%V of 2026-11-23: 48 */
	opened("week 2-52/2 Mo 09:00-12:00", "2026-11-23T10:00");
	closed("week 1-53/2 Mo 09:00-12:00", "2026-11-23T10:00");
	/* date +%V of 2027-01-01: 53 */
	opened("week 53 Fr 09:00-12:00", "2027-01-01T10:00");
}

TEST("a public holiday closes when the hours say so, and only then")
{
	closed("Mo-Fr 09:00-17:00; PH off", "2026-11-11T10:00");
	opened("Mo-Fr 09:00-17:00", "2026-11-11T10:00");
	opened("Mo-Fr 09:00-17:00; PH 10:00-11:00", "2026-11-11T10:30");
	closed("Mo-Fr 09:00-17:00; PH 10:00-11:00", "2026-11-11T12:00");
	opened("PH We 10:00-11:00", "2026-11-11T10:30");
	closed("PH Mo 10:00-11:00", "2026-11-11T10:30");
}

TEST("a comment without a state makes opening uncertain, and is told")
{
	struct civil c = when("2026-11-23T10:00");
	struct horaires_etat etat;

	etat = horaires_at(hours("Mo 09:00-12:00 \"sur rendez-vous\""), NULL, &c);
	equals(etat.ouvert, OUVERT_INCONNU);
	same(etat.comment, "sur rendez-vous");
	etat = horaires_at(hours("Mo 09:00-12:00 open \"sonner\""), NULL, &c);
	equals(etat.ouvert, OUVERT_OUI);
	same(etat.comment, "sonner");
	unsure("\"sur rendez-vous\"", "2026-11-23T10:00");
	unsure("Mo 09:00-12:00 || \"sur rendez-vous\"", "2026-11-23T14:00");
	opened("Mo 09:00-12:00 || \"sur rendez-vous\"", "2026-11-23T10:00");
	unsure("Mo 18:00+", "2026-11-23T19:00");
}

TEST("small deviations of real data are understood")
{
	opened("mo-fr 9:00-12:00 ,14:00-18:00", "2026-11-23T14:00");
	opened("Mo–Fr 9h – 12h30", "2026-11-23T12:29");
	opened("Mo-Th 10h00-12h30,13h30-17h00; We off", "2026-11-24T13:30");
	opened("Mo - Fr: 09:00 - 12:00;", "2026-11-23T11:00");
	opened("MO 09:00-12:00", "2026-11-23T11:00");
	opened("Mon-Fri 09:00-12:00", "2026-11-23T11:00");
}

TEST("what is not understood in full is refused, with the place and a reason")
{
	static const char *const bad[] = {
		"", ";", "Mo", "Mo-Fr", "09:00", "Mo 08:22", "Mo 09:00-12:00-14:00",
		"Mo 14:00-14:00", "Mo 25:00-26:00", "Mo 09:60-10:00", "Mo 9-12",
		"Mo 09:00-12:00 Tu 13:00-14:00", "Mo-Fr 09:00-12:00; 14:00-17:00",
		"Mo-Fr 09:00-12:00; SH off", "sunrise-sunset", "Mo[6] 09:00-12:00",
		"Mo[1 09:00-12:00", "Mo-We[1] 09:00-12:00", "Feb 30 off", "2026 Feb 29 off",
		"Mo 09:00-12:00 \"sur rdv", "Mo 09:00-12:00,", "Mo 09:00-12:00 ||",
		"Lundi : 9h-12h", "Très variables", "easter off", "week 60 Mo 09:00-12:00",
		"PH Mo PH 09:00-12:00", "Mo 10:00-16:00/90", "Mo 09:00-12:00 noon",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena a = arena_new(1 << 20);
		struct err e = { 0 };

		if (horaires_read(&a, bad[i], &e))
			fail_msg("understood: %s", bad[i]);
		equals(e.kind, E_INPUT);
		holds(strstr(e.msg, "Horaires non compris") && e.hint[0]);
		arena_free(&a);
	}
}

TEST("open at some time between two hours is asked of a day")
{
	const struct horaires *h = hours("Tu 09:00-12:00; Tu 12:00-13:00 \"rdv\"; We \"rdv\"");
	int64_t tuesday = date_days(2026, 11, 24);

	h = hours("Tu 09:00-12:00, Tu 14:00-15:00 \"rdv\"; We \"rdv\"");
	equals(horaires_between(h, NULL, tuesday, 480, 720), OUVERT_OUI);
	equals(horaires_between(h, NULL, tuesday, 720, 840), OUVERT_NON);
	equals(horaires_between(h, NULL, tuesday, 720, 1440), OUVERT_INCONNU);
	equals(horaires_between(h, NULL, tuesday + 1, 0, 1440), OUVERT_INCONNU);
	equals(horaires_between(h, NULL, tuesday + 2, 0, 1440), OUVERT_NON);
}

TEST("only hours of weekdays alone make an ordinary week")
{
	holds(horaires_is_weekly(hours("Mo-Fr 09:00-12:00; Sa off")));
	holds(!horaires_is_weekly(hours("Mo-Fr 09:00-12:00; PH off")));
	holds(!horaires_is_weekly(hours("Jul Mo 09:00-12:00")));
	holds(!horaires_is_weekly(hours("We[1] 09:00-12:00")));
}
