/*
 * Nearest of 20,000 places for 49,000 points: `acces_bench COMMUNES.csv` prints the median of
 * five runs in milliseconds.  Points: each commune, then quarters of towns drawn by
 * population around them; places drawn the same way.  Beside it, the two-step floating
 * catchment of the same points within 15 km.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/chance.h"
#include "core/acces.h"
#include "core/lieu.h"
#include "format/csv.h"

enum { POINTS = 49000, LIEUX = 20000, COMMUNES = 40000, RUNS = 5 };

struct town {
	double lat, lon, until;         /* people up to here, itself included */
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t read_towns(const char *path, struct town *towns)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct csv_row row;
	struct err e = { 0 };
	size_t n = 0;
	double people = 0;

	if (!csv_open(path, &f, &e)) {
		fprintf(stderr, "acces_bench: %s\n", e.msg);
		exit(1);
	}
	int lat = csv_column(f, "lat"), lon = csv_column(f, "lon"), p = csv_column(f, "population");

	while (lat >= 0 && lon >= 0 && p >= 0 && n < COMMUNES && csv_next(f, &row, &e)) {
		if (!*row.cells[lat])
			continue;
		people += strtod(row.cells[p], NULL) + 1;
		towns[n++] = (struct town){ strtod(row.cells[lat], NULL),
					    strtod(row.cells[lon], NULL), people };
	}
	return n;
}

/* Within three kilometres of a town drawn by its people. */
static void draw(struct chance *c, const struct town *towns, size_t n, double *lat, double *lon)
{
	double at = chance_unit(c) * towns[n - 1].until;
	size_t low = 0, high = n - 1;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (towns[mid].until <= at)
			low = mid + 1;
		else
			high = mid;
	}
	*lat = towns[low].lat + (chance_unit(c) - .5) * .054;
	*lon = towns[low].lon + (chance_unit(c) - .5) * .078;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct town towns[COMMUNES];
	static struct lieu lieux[LIEUX];
	static struct acces_point points[POINTS];
	static double metres[POINTS], people[POINTS], ratios[POINTS], took[RUNS];
	struct arena a = arena_new(256 << 20);
	struct acces_bassin b = { 15000, ACCES_GAUSSIENNE };
	struct chance c = chance_new(1);
	struct acces_lieux l = { 0 };
	double began, sum = 0;
	struct err e;
	size_t n;

	n = argc > 1 ? read_towns(argv[1], towns) : 0;
	if (!n) {
		fputs("usage: acces_bench COMMUNES.csv\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < LIEUX; i++)
		draw(&c, towns, n, &lieux[i].lat, &lieux[i].lon);
	for (size_t i = 0; i < POINTS; i++) {
		people[i] = 1000;
		points[i] = (struct acces_point){ towns[i % n].lat, towns[i % n].lon };
		if (i >= n)
			draw(&c, towns, n, &points[i].lat, &points[i].lon);
	}
	l.grid = lieu_grid_make(&a, lieux, LIEUX);
	for (int k = 0; k < RUNS; k++) {
		began = seconds();
		acces_nearest(&l, points, POINTS, metres, NULL);
		took[k] = (seconds() - began) * 1000;
	}
	qsort(took, RUNS, sizeof *took, ascending);
	for (size_t i = 0; i < POINTS; i++)
		sum += metres[i];
	printf("nearest of %d places for %d points: %.0f ms (mean distance %.0f m)\n", LIEUX,
	       POINTS, took[RUNS / 2], sum / POINTS);
	began = seconds();
	if (!acces_ratios(&a, &l, NULL, LIEUX, points, people, POINTS, &b, ratios, &e))
		return 1;
	printf("two-step floating catchment, 15 km: %.0f ms\n", (seconds() - began) * 1000);
	arena_free(&a);
	return 0;
}
