/* floor: 1000 edges */
/*
 * Opening hours from anywhere: what is understood is evaluated in bounded time, agrees with
 * itself (the state, its change and the openings of the day), and what French gives is OSM.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/horaires.h"
#include "core/horaires_texte.h"

static void check(int holds)
{
	if (!holds)
		abort();
}

/* Asks a day of every kind: holiday, ends of month and year, leap day, week 53. */
static void evaluate(const struct horaires *h, struct arena *a)
{
	static const struct civil at[] = {
		{ 2026, 11, 11, 0, 0, 0 }, { 2026, 12, 31, 23, 59, 59 }, { 2024, 2, 29, 12, 0, 0 },
		{ 2027, 1, 1, 2, 30, 0 }, { 9999, 12, 1, 9, 0, 0 }, { 1, 2, 1, 9, 0, 0 },
	};
	struct horaires_ligne lines[HORAIRES_LIGNES];
	struct plage p[8];

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		const struct calendrier *c = calendrier_de(i % 2 ? "67" : "97411");
		int64_t day = date_days(at[i].year, at[i].month, at[i].day);
		struct horaires_etat now = horaires_at(h, c, &at[i]);
		int minute = at[i].hour * 60 + at[i].minute;

		check(horaires_between(h, c, day, minute, minute + 1) == now.ouvert);
		if (now.change.year) {
			check(date_is_real(now.change.year, now.change.month, now.change.day)
			      || now.change.year > 9999);
			check(horaires_at(h, c, &now.change).ouvert != now.ouvert);
		}
		for (int n = horaires_day(h, c, day, p, 8), k = 0; k < n; k++)
			check(p[k].from >= 0 && p[k].from < p[k].to && p[k].to <= 2880
			      && (!k || p[k].from >= p[k - 1].to));
		check(*horaires_phrase(a, langs[i % 2], h, c, &at[i]) || a->spent);
		check(horaires_lignes(a, langs[i % 2], h, c, day, i % 2, lines) <= HORAIRES_LIGNES);
		horaires_avis(a, langs[0], h, c, day);
	}
}

static void read_osm(const char *osm, struct arena *a, int must)
{
	struct err e = { 0 };
	const struct horaires *h = horaires_read(a, osm, &e);

	check(h || (e.kind && *e.msg));
	check(h || !must || e.kind == E_LIMIT);
	if (h)
		evaluate(h, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };
	char *text = malloc(n + 1);
	const char *week[7] = { 0 }, *osm;

	check(text != NULL);
	if (n)
		memcpy(text, p, n);
	text[n] = '\0';
	read_osm(text, &a, 0);
	osm = horaires_from_text(&a, text, &e);
	if (osm && *osm)
		read_osm(osm, &a, 1);
	/* Cells between bars, as the columns of a file. */
	char *cell = text;

	for (int d = 0; d < 7 && cell; d++) {
		char *bar = strchr(cell, '|');

		if (bar)
			*bar++ = '\0';
		week[d] = cell;
		cell = bar;
	}
	osm = horaires_from_french(&a, week, &e);
	if (osm && *osm)
		read_osm(osm, &a, 1);
	free(text);
	arena_free(&a);
	return 0;
}
