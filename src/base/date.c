#include "base/date.h"

#include <stdio.h>
#include <string.h>

/* After Howard Hinnant, "chrono-compatible low-level date algorithms". */
int64_t date_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct civil date_civil(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
	};
}

int date_weekday(int64_t days)
{
	int64_t w = (days + 3) % 7;

	return (int)(w < 0 ? w + 7 : w);
}

int date_month_length(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return length[month - 1] + (month == 2 && leap);
}

bool date_is_real(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1
	       && day <= date_month_length(year, month);
}

/* Anonymous Gregorian computus (Nature, 20 April 1876). */
int64_t date_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return date_days(year, n / 31, n % 31 + 1);
}

const struct zone zone_paris = { "Europe/Paris", 60, DST_EUROPE };

/* The n-th (from 1) or last (0) Sunday of a month. */
static int64_t sunday(int year, int month, int n)
{
	if (n) {
		int64_t first = date_days(year, month, 1);

		return first + (6 - date_weekday(first)) + 7 * (n - 1);
	}
	int64_t last = date_days(year, month, date_month_length(year, month));

	return last - (date_weekday(last) + 1) % 7;
}

/* True when summer time holds at an instant given in minutes since 1970, UTC. */
static bool is_summer(const struct zone *z, int64_t at)
{
	int year = date_civil(at >= 0 ? at / 1440 : (at - 1439) / 1440).year;

	if (z->dst == DST_EUROPE)       /* directive 2000/84/EC: 01:00 UTC both times */
		return at >= sunday(year, 3, 0) * 1440 + 60
		       && at < sunday(year, 10, 0) * 1440 + 60;
	if (z->dst == DST_AMERICA)      /* 02:00 local: standard in March, summer in November */
		return at >= sunday(year, 3, 2) * 1440 + 120 - z->minutes
		       && at < sunday(year, 11, 1) * 1440 + 60 - z->minutes;
	return false;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil zone_local(const struct zone *z, int64_t ms)
{
	int64_t s = floor_div(ms, 1000);
	int64_t local = s + (z->minutes + (is_summer(z, floor_div(s, 60)) ? 60 : 0)) * 60;
	int64_t days = floor_div(local, 86400), rest = local - days * 86400;
	struct civil c = date_civil(days);

	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	return c;
}

int64_t zone_instant(const struct zone *z, const struct civil *local)
{
	int64_t minutes = date_days(local->year, local->month, local->day) * 1440
			  + local->hour * 60 + local->minute - z->minutes;
	int64_t summer = minutes - 60;

	if (is_summer(z, summer))
		minutes = summer;
	return (minutes * 60 + local->second) * 1000;
}

void iso_write(int64_t ms, char out[ISO_TEXT])
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c = zone_local(&utc, ms);

	char wide[96];

	snprintf(wide, sizeof wide, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
		 c.hour, c.minute, c.second);
	memcpy(out, wide, ISO_TEXT - 1);
	out[ISO_TEXT - 1] = '\0';
}

/* n digits at *s as a number; false when there are not that many. */
static bool digits(const char **s, int n, int *out)
{
	for (*out = 0; n--; ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool skip(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

bool iso_read(const char *s, struct civil *out)
{
	struct civil c = { 0 };

	if (!digits(&s, 4, &c.year) || !skip(&s, '-') || !digits(&s, 2, &c.month)
	    || !skip(&s, '-') || !digits(&s, 2, &c.day) || !date_is_real(c.year, c.month, c.day))
		return false;
	if (skip(&s, 'T') || skip(&s, ' ')) {
		if (!digits(&s, 2, &c.hour) || !skip(&s, ':') || !digits(&s, 2, &c.minute))
			return false;
		if (skip(&s, ':') && !digits(&s, 2, &c.second))
			return false;
		skip(&s, 'Z');
	}
	if (*s || c.hour > 23 || c.minute > 59 || c.second > 59)
		return false;
	*out = c;
	return true;
}

int64_t iso_instant(const char *s)
{
	struct civil c;

	if (!iso_read(s, &c))
		return 0;
	return ((date_days(c.year, c.month, c.day) * 24 + c.hour) * 60 + c.minute) * 60000
	       + c.second * 1000;
}
