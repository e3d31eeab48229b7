/*
 * compare < TIMELINES : our evaluator against the timelines of timeline.mjs, at a thousand
 * moments each: state, comment, next change.  A line on standard output for each string
 * where they differ: kind, département, what it is about, detail, separated by tabs.  The
 * count is on standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/horaires.h"

enum { STEPS_MAX = 20000, MOMENTS = 1000, HORIZON = 31 * 1440 };

struct step {
	long minute;
	int state;
	char comment[120];
};

struct their {
	char code[8], hours[4000], error[400];
	long first, days;
	struct step step[STEPS_MAX];
	size_t n;
};

static struct their t;
static long strings, agreed, moments, refused_by_both;

static bool read_one(void)
{
	char line[8192], comment[120];
	struct step s;

	t.n = 0;
	t.error[0] = '\0';
	if (!fgets(line, sizeof line, stdin)
	    || sscanf(line, "H %7s %ld %ld %3999[^\n]", t.code, &t.first, &t.days, t.hours) != 4)
		return false;
	while (fgets(line, sizeof line, stdin) && line[0] != '.') {
		comment[0] = '\0';
		if (sscanf(line, "s %ld %d %119[^\n]", &s.minute, &s.state, comment) >= 2
		    && t.n < STEPS_MAX) {
			memcpy(s.comment, comment, sizeof comment);
			t.step[t.n++] = s;
		} else if (line[0] == 'E') {
			snprintf(t.error, sizeof t.error, "%.*s",
				 (int)strcspn(line + 2, "\n"), line + 2);
		}
	}
	return true;
}

static size_t step_at(long minute)
{
	size_t i = 0;

	while (i + 1 < t.n && t.step[i + 1].minute <= minute)
		i++;
	return i;
}

/* Minute of the next change of state after step i that our horizon reaches; -1. */
static long next_change(size_t i, long minute)
{
	long limit = minute / 1440 * 1440 + HORIZON;

	for (size_t k = i + 1; k < t.n && t.step[k].minute < limit; k++) {
		if (t.step[k].state != t.step[i].state)
			return t.step[k].minute;
	}
	return -1;
}

static long ours_change(const struct horaires_etat *e)
{
	const struct civil *c = &e->change;

	if (!c->year)
		return -1;
	return (long)(date_days(c->year, c->month, c->day) - t.first) * 1440 + c->hour * 60
	       + c->minute;
}

static bool compare_at(const struct horaires *h, long minute)
{
	struct civil c = date_civil(t.first + minute / 1440);
	struct horaires_etat e;
	size_t i = step_at(minute);
	long expected = next_change(i, minute), ours;

	c.hour = (int)(minute % 1440 / 60);
	c.minute = (int)(minute % 60);
	e = horaires_at(h, calendrier_de(t.code), &c);
	ours = ours_change(&e);
	moments++;
	if ((int)e.ouvert == t.step[i].state && ours == expected
	    && (!e.comment || !strcmp(e.comment, t.step[i].comment)))
		return true;
	printf("differs\t%s\t%s\t%04d-%02d-%02d %02d:%02d state %d not %d, change %ld not %ld, "
	       "\"%s\" not \"%s\"\n", t.code, t.hours, c.year, c.month, c.day, c.hour, c.minute,
	       e.ouvert, t.step[i].state, ours, expected, e.comment ? e.comment : "",
	       t.step[i].comment);
	return false;
}

static bool compare_all(const struct horaires *h)
{
	for (long i = 0; i < MOMENTS; i++) {
		if (!compare_at(h, t.days * 1440 * i / MOMENTS + i % 7))
			return false;
	}
	/* And the minutes where something changes, where an error hides. */
	for (size_t k = 1; k < t.n && t.step[k].minute < t.days * 1440; k++) {
		if (!compare_at(h, t.step[k].minute) || !compare_at(h, t.step[k].minute - 1))
			return false;
	}
	return true;
}

int main(void)
{
	while (read_one()) {
		struct arena a = arena_new(1 << 20);
		struct err e = { 0 };
		const struct horaires *h = horaires_read(&a, t.hours, &e);

		strings++;
		if (!h && t.error[0])
			refused_by_both++;
		else if (!h)
			printf("refused\t%s\t%s\t%s\n", t.code, strrchr(e.msg, ':') + 2, t.hours);
		else if (t.error[0])
			printf("understood\t%s\t%s\t%s\n", t.code, t.hours, t.error);
		else
			agreed += compare_all(h);
		arena_free(&a);
	}
	fprintf(stderr, "%ld strings: %ld agree at %ld moments, %ld refused by both\n", strings, agreed,
		moments, refused_by_both);
	return 0;
}
