/* floor: 500 edges */
/*
 * A stop as anybody writes it: its rhythm (the first line) and its days (the lines that
 * follow).  What is read is written and read again as the same; its next times are in order,
 * none is in the past, and none is of a day without it.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/passage.h"

static void check(int holds)
{
	if (!holds)
		abort();
}

/* Written for the store, days say the same. */
static void same_days(struct arena *a, const struct passage_jour *j, size_t n)
{
	struct passage_jour *again;
	struct err e = { 0 };
	const char *text = passage_dates_ecrire(a, j, n, true);
	size_t m;

	if (a->spent)
		return;
	check(passage_dates(a, text, true, &again, &m, &e) && m == n);
	for (size_t i = 0; i < n; i++) {
		check(j[i].jour == again[i].jour);
		check(j[i].from == again[i].from && j[i].to == again[i].to);
		check(j[i].from >= 0 && j[i].from < j[i].to && j[i].to <= 1440);
		check(!i || j[i - 1].jour <= j[i].jour);
	}
}

static void look(struct arena *a, const char *rule, const char *dates)
{
	static const int64_t now = 1795255200000;       /* 2026-11-21T10:00:00Z */
	struct passage p = { .id = "x", .arret = "a", .commune = "c", .adresse = "", .precisions = "",
			     .code_insee = "67482" };
	struct passage_texte t = { rule, dates, "2026-11-24|2026-12-25", "", "2027-03-01" };
	struct passage_fois f[12];
	size_t n;

	if (!passage_ouvrir(a, &p, &t))
		return;
	n = passage_prochains(&p, now, f, 12);
	for (size_t i = 0; i < n; i++) {
		check(f[i].jour >= now / 86400000 && f[i].from < f[i].to);
		check(f[i].jour != date_days(2026, 11, 24) && f[i].jour != date_days(2026, 12, 25));
		check(!i || f[i - 1].jour < f[i].jour
		      || (f[i - 1].jour == f[i].jour && f[i - 1].from <= f[i].from));
		check(*passage_quand(a, langs[0], &f[i]) || a->spent);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };
	char *text = malloc(n + 1), *dates;
	struct passage_jour *j;
	const char *osm = "";
	size_t days;

	check(text != NULL);
	if (n)
		memcpy(text, p, n);
	text[n] = '\0';
	dates = strchr(text, '\n');
	if (dates)
		*dates++ = '\0';
	else
		dates = text + n;
	if (!passage_regle(&a, text, &osm, &e)) {
		check(e.kind && *e.msg);
		osm = "";
	}
	if (passage_dates(&a, dates, true, &j, &days, &e)) {
		same_days(&a, j, days);
		look(&a, osm, passage_dates_ecrire(&a, j, days, true));
	} else {
		check(e.kind && *e.msg);
		look(&a, osm, "");
	}
	passage_dates(&a, dates, false, &j, &days, &e);
	free(text);
	arena_free(&a);
	return 0;
}
