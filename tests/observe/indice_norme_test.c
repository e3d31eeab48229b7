#include "test.h"

#include <stdlib.h>

#include "base/chance.h"
#include "observe/indice.h"

enum { MANY = 1000 };

static void scored(const struct norme *m, bool inverse, const double *x, size_t n, double *out)
{
	struct norme_champ champ = { .n = n };
	struct err e = { 0 };

	accepts(indice_norme(m, inverse, &champ, x, out, &e), &e);
}

/* Share of the values that are at most x, by counting. */
static double share(const double *v, size_t n, double x)
{
	size_t below = 0, known = 0;

	for (size_t i = 0; i < n; i++) {
		below += v[i] <= x ? 1 : 0;
		known += isnan(v[i]) ? 0 : 1;
	}
	return (double)below / (double)known;
}

TEST("a decile over 41 % of equal values has nothing under 5, and the rest in tenths")
{
	const struct norme decile = { .type = NORME_DECILE, .classes = 10 };
	double x[MANY], out[MANY];
	int counts[11] = { 0 };

	for (int i = 0; i < MANY; i++)
		x[i] = i < 410 ? 0 : i;
	scored(&decile, false, x, MANY, out);
	for (int i = 0; i < MANY; i++) {
		equals(out[i], ceil(10 * share(x, MANY, x[i]) - 1e-9));
		counts[(int)out[i]]++;
	}
	equals(counts[1] + counts[2] + counts[3] + counts[4], 0);
	equals(counts[5], 500);                         /* 410 zeros, and up to the half */
	for (int d = 6; d <= 10; d++)
		equals(counts[d], 100);
}

TEST("a decile with ties is the ceiling of ten times the share at or below (against counting)")
{
	const struct norme decile = { .type = NORME_DECILE, .classes = 10 };
	struct chance c = chance_new(3);
	double x[MANY], out[MANY];

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < MANY; i++)
			x[i] = chance_below(&c, 40) < 3 ? NAN : (double)chance_below(&c, 60) / 7 - 3;
		scored(&decile, false, x, MANY, out);
		for (int i = 0; i < MANY; i++) {
			if (isnan(x[i]))
				holds(isnan(out[i]));
			else
				equals(out[i], ceil(10 * share(x, MANY, x[i]) - 1e-9));
		}
	}
}

TEST("equal values can also count by their middle or their lowest place")
{
	static const double x[] = { 1, 2, 2, 2, 3 };
	const struct norme haut = { .type = NORME_CENTILE, .egalites = EGALITES_HAUT };
	const struct norme milieu = { .type = NORME_CENTILE, .egalites = EGALITES_MILIEU };
	const struct norme bas = { .type = NORME_CENTILE, .egalites = EGALITES_BAS };
	double out[5];

	scored(&haut, false, x, 5, out);
	near_to(out[1], 80, 1e-12);
	scored(&milieu, false, x, 5, out);
	near_to(out[1], 60, 1e-12);
	scored(&bas, false, x, 5, out);
	near_to(out[1], 40, 1e-12);
	near_to(out[4], 100, 1e-12);
}

TEST("of an indicator where more is better, the highest value scores lowest")
{
	static const double x[] = { 10, 20, 30, 40, 50, 60, 70, 80, 90, 100 };
	const struct norme decile = { .type = NORME_DECILE, .classes = 10 };
	const struct norme fixe = { .type = NORME_MINMAX, .portee = PORTEE_FIXE, .bas = 0, .haut = 100,
				    .vers = { 0, 10 } };
	double out[10];

	scored(&decile, true, x, 10, out);
	near_to(out[0], 10, 0);
	near_to(out[9], 1, 0);
	scored(&fixe, true, x, 10, out);
	near_to(out[0], 9, 1e-12);
	near_to(out[9], 0, 1e-12);
}

TEST("points change where the share at or below passes a threshold")
{
	const struct norme points = { .type = NORME_POINTS,
		.seuils = { 0.10, 0.25, 0.40, 0.60, 0.75, 0.90 }, .nseuils = 6 };
	double x[100], out[100];

	for (int i = 0; i < 100; i++)
		x[i] = i;
	scored(&points, false, x, 100, out);
	for (int i = 0; i < 100; i++) {
		int rank = i + 1;

		equals(out[i], -3 + (rank > 10) + (rank > 25) + (rank > 40) + (rank > 60) + (rank > 75)
		       + (rank > 90));
	}
}

TEST("fixed bounds let a value pass them, unless they hold it in")
{
	static const double x[] = { -10, 0, 50, 103 };
	struct norme n = { .type = NORME_MINMAX, .portee = PORTEE_FIXE, .bas = 0, .haut = 100,
			   .vers = { 0, 1 } };
	double out[4];

	scored(&n, false, x, 4, out);
	near_to(out[3], 1.03, 1e-12);                   /* as Belgium's 1.03 in DESI */
	near_to(out[0], -0.1, 1e-12);
	n.borner = true;
	scored(&n, false, x, 4, out);
	near_to(out[3], 1, 0);
	near_to(out[0], 0, 0);
}

TEST("a logarithm comes before all else; what has none has no score")
{
	static const double x[] = { 1000, 0, -1, 10, INFINITY };
	const struct norme n = { .type = NORME_MINMAX, .portee = PORTEE_FIXE, .bas = 0, .haut = 6,
				 .vers = { 0, 1 }, .log = true };
	double out[5];

	scored(&n, false, x, 5, out);
	near_to(out[0], 0.5, 1e-12);
	holds(isnan(out[1]) && isnan(out[2]) && isnan(out[4]));
}

TEST("a z-score has mean 0 and deviation 1; a ratio has the mean 100, per inhabitant")
{
	static const double x[] = { 3, 7, 7, 19, NAN }, people[] = { 100, 200, 300, 400, 1000 };
	const struct norme z = { .type = NORME_ZSCORE }, r = { .type = NORME_RAPPORT };
	const struct norme_champ champ = { .n = 5, .population = people };
	double out[5], sum = 0, squares = 0, all = 0;
	struct err e = { 0 };

	accepts(indice_norme(&z, false, &champ, x, out, &e), &e);
	for (int i = 0; i < 4; i++) {
		sum += out[i];
		squares += out[i] * out[i];
	}
	near_to(sum, 0, 1e-12);
	near_to(squares / 4, 1, 1e-12);
	near_to(out[3], (19 - 9) / 6.0, 1e-12);         /* mean 9, deviation 6: by hand */
	accepts(indice_norme(&r, false, &champ, x, out, &e), &e);
	for (int i = 0; i < 4; i++)
		all += out[i] * people[i];
	near_to(all / 1000, 100, 1e-9);
	holds(isnan(out[4]));
}

TEST("values that are all equal tell nothing apart: the middle, or zero deviation")
{
	static const double x[] = { 4.2, 4.2, 4.2 };
	const struct norme n = { .type = NORME_MINMAX, .vers = { 0, 10 } }, z = { .type = NORME_ZSCORE };
	double out[3];

	scored(&n, false, x, 3, out);
	near_to(out[0], 5, 0);
	scored(&z, false, x, 3, out);
	near_to(out[2], 0, 0);
}

TEST("bounds of a parent are those of the units it holds; without parent there is no score")
{
	static const double x[] = { 0, 10, 5, 100, 300, 7 };
	static const uint32_t parent[] = { 0, 0, 0, 1, 1, INDICE_RIEN };
	const struct norme n = { .type = NORME_MINMAX, .portee = PORTEE_PARENT, .vers = { 0, 10 } };
	const struct norme_champ champ = { .n = 6, .parent = parent, .nparents = 2 };
	double out[6];
	struct err e = { 0 };

	accepts(indice_norme(&n, false, &champ, x, out, &e), &e);
	near_to(out[2], 5, 0);
	near_to(out[3], 0, 0);
	near_to(out[4], 10, 0);
	holds(isnan(out[5]));
}
