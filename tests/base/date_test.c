#include "test.h"

#include "base/date.h"

/* Expected instants: `TZ=Europe/Paris date -d ... +%s` of GNU coreutils. */
TEST("an instant in summer and one in winter read as Paris clocks show them")
{
	struct civil c = zone_local(&zone_paris, 1795341600000);

	equals(c.hour, 11);
	equals(c.day, 22);
	c = zone_local(&zone_paris, 1783936800000);     /* 2026-07-13T10:00:00Z */
	equals(c.hour, 12);
}

TEST("the clock changes on the last Sundays of March and October at 01:00 UTC")
{
	/* 2026-03-29T00:59:59Z and one second later */
	equals(zone_local(&zone_paris, 1774745999000).hour, 1);
	equals(zone_local(&zone_paris, 1774746000000).hour, 3);
	equals(zone_local(&zone_paris, 1792889999000).hour, 2);
	equals(zone_local(&zone_paris, 1792890000000).hour, 2);
}

/* Dates of Easter: Bureau des longitudes, published tables. */
TEST("Easter falls where the tables say")
{
	equals(date_easter(2024), date_days(2024, 3, 31));
	equals(date_easter(2025), date_days(2025, 4, 20));
	equals(date_easter(2026), date_days(2026, 4, 5));
	equals(date_easter(2038), date_days(2038, 4, 25));
}

TEST("a date that does not exist is refused")
{
	struct civil c;

	holds(!iso_read("2026-02-29", &c));
	holds(!iso_read("2026-13-01", &c));
	holds(!iso_read("2026-11-22T24:00", &c));
	holds(!iso_read("22/11/2026", &c));
	holds(iso_read("2028-02-29T23:59", &c));
	equals(c.minute, 59);
}
