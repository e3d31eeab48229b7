/*
 * Civil dates and hours, proleptic Gregorian, and the few zones where French law is read.
 * Times in the store are UTC, "2026-11-22T10:00:00Z"; what people see is the local time
 * of the place, or of Paris.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil {
	int year;               /* 1 to 9999 */
	int month, day;         /* 1 to 12, 1 to 31 */
	int hour, minute, second;
};

/* Days since 1970-01-01 of a civil date, and back. */
int64_t date_days(int year, int month, int day);
struct civil date_civil(int64_t days);

int date_weekday(int64_t days);                 /* 0 Monday ... 6 Sunday */
int date_month_length(int year, int month);     /* 28 to 31 */
bool date_is_real(int year, int month, int day);
int64_t date_easter(int year);                  /* days of Easter Sunday (Gregorian computus) */

/* How a zone moves its clock: Europe and (Saint-Pierre-et-Miquelon) North America do. */
enum dst { DST_NONE, DST_EUROPE, DST_AMERICA };

struct zone {
	const char *name;       /* IANA, "Europe/Paris" */
	int minutes;            /* of standard time ahead of UTC */
	enum dst dst;
};

extern const struct zone zone_paris;

/* Local civil time of an instant (milliseconds since 1970, UTC). */
struct civil zone_local(const struct zone *z, int64_t ms);

/* Instant of a local time; in the hour that a change skips, the instant after the change;
 * in the hour it repeats, the first. */
int64_t zone_instant(const struct zone *z, const struct civil *local);

enum { ISO_TEXT = 21 };

/* "2026-11-22T10:00:00Z" from milliseconds; `out` has room for ISO_TEXT bytes. */
void iso_write(int64_t ms, char out[ISO_TEXT]);

/* Reads "2026-11-22", "2026-11-22T10:00" or "2026-11-22T10:00:00" (a final Z is allowed);
 * false when it is anything else or no real date. */
bool iso_read(const char *s, struct civil *out);

/* Milliseconds of such a date in UTC; 0 when it is none. */
int64_t iso_instant(const char *s);
