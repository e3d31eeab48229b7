/*
 * compare < cases: what we compute from the numbers of each case (cases.R) and what R found,
 * to 1e-6; p-values of permutations within the error of 9,999 draws on both sides.  Prints
 * "N passed, N failed".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/calage.h"
#include "observe/part.h"
#include "observe/voisinage.h"

static int passed, failed;
static struct arena a;

static double number(void)
{
	char word[64];

	if (scanf("%63s", word) != 1) {
		fputs("compare: a case is cut short\n", stderr);
		exit(2);
	}
	return strtod(word, NULL);
}

static double *numbers(size_t n)
{
	double *x = NEW_ARRAY(&a, n, double);

	for (size_t i = 0; i < n; i++)
		x[i] = number();
	return x;
}

static size_t whole(void)
{
	return (size_t)number();
}

static bool near(double x, double y, double by)
{
	return fabs(x - y) <= by * (1 + fabs(y));
}

static void check(const char *what, bool ok)
{
	if (ok)
		passed++;
	else
		failed++;
	if (!ok)
		printf("differs: %s\n", what);
}

static void all_near(const char *what, const double *x, const double *y, size_t n, double by)
{
	double worst = 0;

	for (size_t i = 0; i < n; i++)
		worst = fmax(worst, fabs(x[i] - y[i]) / (1 + fabs(y[i])));
	if (!(worst <= by))
		printf("%s: worst difference %g\n", what, worst);
	check(what, worst <= by);
}

static void rake(void)
{
	static const char *const names[64] = { "" };
	size_t nvars = whole(), nmargins = 0, n;
	struct calage_variable vars[8];
	uint16_t *groups;
	double *w, *margins, *by_survey, *by_laeken, *ours;
	struct err e;

	for (size_t v = 0; v < nvars; v++) {
		vars[v] = (struct calage_variable){ "v", names, whole() };
		nmargins += vars[v].n;
	}
	n = whole();
	groups = NEW_ARRAY(&a, n * nvars, uint16_t);
	for (size_t i = 0; i < n * nvars; i++)
		groups[i] = (uint16_t)number();
	w = numbers(n);
	margins = numbers(nmargins);
	by_survey = numbers(n);
	by_laeken = numbers(n);
	ours = NEW_ARRAY(&a, n, double);
	if (!calage_rake(&(struct calage_plan){ vars, nvars, groups, n, nmargins }, w, margins,
			 ours, NULL, NULL, NULL, &e)) {
		printf("%s\n", e.msg);
		check("raking", false);
		return;
	}
	all_near("weights of survey::rake", ours, by_survey, n, 1e-6);
	all_near("weights of laeken::calibWeights", ours, by_laeken, n, 1e-6);
}

static void share(void)
{
	size_t n = whole(), nstrata;
	double *w = numbers(n), *found;
	uint8_t *yes = NEW_ARRAY(&a, n, uint8_t);
	uint32_t *strata = NEW_ARRAY(&a, n, uint32_t);
	struct part p;

	for (size_t i = 0; i < n; i++)
		yes[i] = (uint8_t)number();
	for (size_t i = 0; i < n; i++)
		strata[i] = (uint32_t)number();
	nstrata = whole();
	found = numbers(5);
	p = part_compute(w, yes, strata, nstrata, n);
	check("weighted share", near(p.part, found[0], 1e-9));
	check("standard error of survey::svymean", near(p.erreur, found[1], 1e-9));
	check("effective size", near(p.utile, found[2], 1e-9));
	check("interval of prop.test", near(p.bas, found[3], 1e-9) && near(p.haut, found[4], 1e-9));
}

/* Draws on both sides: five standard errors of the difference. */
static bool p_near(double x, double y)
{
	return fabs(x - y) <= 5 * sqrt(2 * fmax(y * (1 - y), 1e-3) / 9999) * 2 + 2e-4;
}

static void local(const struct voisinage *v, const double *x)
{
	static const enum grappe quadrants[] = { GRAPPE_BAS_BAS, GRAPPE_HAUT_BAS,
		GRAPPE_BAS_HAUT, GRAPPE_HAUT_HAUT };
	double *found[4];
	struct lisa *l = NEW_ARRAY(&a, v->n, struct lisa);
	double gap[4] = { 0 };
	bool same = true, drawn = true;
	struct err e;

	check("local Moran", moran_local(&a, v, x, 9999, 1, l, &e));
	for (int k = 0; k < 4; k++)
		found[k] = numbers(v->n);
	for (size_t i = 0; i < v->n; i++) {
		int q = (int)number();

		if (q < 0)
			same = same && l[i].quadrant == GRAPPE_ISOLE;
		else
			same = same && l[i].quadrant == quadrants[q];
		if (q < 0)
			continue;
		gap[0] = fmax(gap[0], fabs(l[i].i - found[0][i]));
		gap[1] = fmax(gap[1], fabs(l[i].attendu - found[1][i]));
		gap[2] = fmax(gap[2], fabs(l[i].variance - found[2][i]));
		gap[3] = fmax(gap[3], fabs(l[i].p - found[3][i]));
	}
	check("local I of spdep", gap[0] <= 1e-9);
	check("local expectations", gap[1] <= 1e-9);
	check("local variances", gap[2] <= 1e-9);
	check("local p-values", gap[3] <= 1e-9);
	check("quadrants", same);
	for (size_t i = 0; i < v->n; i++) {
		double p = number();

		drawn = drawn && (l[i].quadrant == GRAPPE_ISOLE || p_near(l[i].p_tirages, p));
		if (l[i].quadrant != GRAPPE_ISOLE && !p_near(l[i].p_tirages, p))
			printf("drawn: %g, by spdep %g\n", l[i].p_tirages, p);
	}
	check("local p-values by permutation", drawn);
}

static void moran(void)
{
	size_t n = whole(), links = 0;
	struct voisinage v = { .n = n, .debuts = NEW_ARRAY(&a, n + 1, uint32_t) };
	double *x, *found;
	struct moran m;
	struct err e;

	for (size_t i = 0; i < n; i++) {
		size_t own = whole();

		links += own;
		v.isoles += !own;
		v.debuts[i + 1] = (uint32_t)links;
	}
	v.voisins = NEW_ARRAY(&a, links, uint32_t);
	for (size_t i = 0; i < links; i++)
		v.voisins[i] = (uint32_t)number();
	x = numbers(n);
	found = numbers(5);
	check("Moran", moran_global(&a, &v, x, 9999, 1, &m, &e));
	check("I of spdep::moran.test", near(m.i, found[0], 1e-12));
	check("expectation", near(m.attendu, found[1], 1e-12));
	check("variance", near(m.variance, found[2], 1e-12));
	check("p-value", near(m.p, found[3], 1e-10));
	check("p-value of moran.mc", p_near(m.p_tirages, found[4]));
	local(&v, x);
}

int main(void)
{
	char word[16];

	while (scanf("%15s", word) == 1) {
		a = arena_new(64 << 20);
		if (!strcmp(word, "rake"))
			rake();
		else if (!strcmp(word, "share"))
			share();
		else if (!strcmp(word, "moran"))
			moran();
		else
			return 2;
		arena_free(&a);
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || !passed;
}
