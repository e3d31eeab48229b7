#include "test.h"

#include "base/chance.h"
#include "observe/calage.h"

static const char *const ages[] = { "18-59 ans", "60 ans et plus" };
static const char *const diplomes[] = { "sans bac", "bac et plus" };
static const struct calage_variable variables[] = {
	{ "age", ages, 2 }, { "diplome", diplomes, 2 },
};
static const uint16_t quatre[] = { 0, 0, 0, 1, 1, 0, 1, 1 };
static const struct calage_plan plan = { variables, 2, quatre, 4, 4 };

TEST("the example of the documentation, by hand: the products across are kept")
{
	static const double depart[] = { 30, 20, 10, 40 }, marges[] = { 60, 40, 50, 50 };
	double poids[4], facteurs[4];
	struct calage_bilan b;
	struct err e;

	accepts(calage_rake(&plan, depart, marges, poids, facteurs, NULL, &b, &e), &e);
	near_to(poids[0], 40, 1e-7);
	near_to(poids[1], 20, 1e-7);
	near_to(poids[2], 10, 1e-7);
	near_to(poids[3], 30, 1e-7);
	near_to(poids[0] * poids[3] / poids[1] / poids[2], 6, 1e-7);    /* 30 x 40 / (20 x 10) */
	near_to(depart[1] * facteurs[0] * facteurs[3], 20, 1e-7);
	holds(b.tours < 100);
	near_to(b.rectifie, 0, 0);
}

/* n counts at random whose sum is 1,000. */
static void draw(struct chance *c, double *counts, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += counts[i] = chance_unit(c) + .01;
	for (int i = 0; i < n; i++)
		counts[i] *= 1000 / sum;
}

TEST("margins are held, whatever the survey, when every group has somebody")
{
	static const char *const names[] = { "a", "b", "c", "d" };
	static const struct calage_variable trois[] = {
		{ "age", names, 4 }, { "diplome", names, 3 }, { "menage", names, 2 },
	};
	struct chance c = chance_new(1);
	uint16_t groupes[24 * 3];
	const struct calage_plan p = { trois, 3, groupes, 24, 9 };

	for (uint16_t i = 0; i < 24; i++) {
		groupes[3 * i] = i % 4;
		groupes[3 * i + 1] = i / 4 % 3;
		groupes[3 * i + 2] = i / 12;
	}
	for (int k = 0; k < 50; k++) {
		double depart[24], marges[9], poids[24], again[24], accordees[9], sums[9] = { 0 };
		struct err e;

		draw(&c, marges, 4);
		draw(&c, marges + 4, 3);
		draw(&c, marges + 7, 2);
		for (int i = 0; i < 24; i++)
			depart[i] = chance_exponential(&c);
		accepts(calage_rake(&p, depart, marges, poids, NULL, accordees, NULL, &e), &e);
		for (int i = 0; i < 24; i++) {
			sums[groupes[3 * i]] += poids[i];
			sums[4 + groupes[3 * i + 1]] += poids[i];
			sums[7 + groupes[3 * i + 2]] += poids[i];
		}
		for (int i = 0; i < 9; i++)
			near_to(sums[i], marges[i], 1e-6);
		memcpy(again, depart, sizeof again);
		near_to(calage_again(&p, accordees, again, 1e-9), 0, 1e-8);
		for (int i = 0; i < 24; i++)
			near_to(again[i], poids[i], 1e-4);
	}
}

static bool rake(const double *depart, const double *marges, double *poids, struct err *e)
{
	return calage_rake(&plan, depart, marges, poids, NULL, NULL, NULL, e);
}

TEST("margins that contradict each other are refused, and named")
{
	static const double depart[] = { 30, 20, 10, 40 }, marges[] = { 1200, 800, 900, 600 };
	double poids[4];
	struct err e;

	refuses(E_INPUT, rake(depart, marges, poids, &e), &e);
	same(e.msg, "Les marges se contredisent : « age » compte 2000 personnes, « diplome » en compte 1500.");
}

TEST("totals that differ by rounding are brought to the first, and it is said by how much")
{
	static const double depart[] = { 30, 20, 10, 40 }, marges[] = { 60, 40, 50.1, 50.1 };
	struct calage_bilan b;
	double poids[4];
	struct err e;

	accepts(calage_rake(&plan, depart, marges, poids, NULL, NULL, &b, &e), &e);
	near_to(b.rectifie, .2 / 100.2, 1e-9);
	near_to(poids[0], 40, 1e-7);
}

TEST("people of whom no respondent speaks are refused by name; nobody there is no fault")
{
	static const double depart[] = { 30, 20, 0, 0 }, old[] = { 60, 40, 50, 50 };
	static const double none[] = { 100, 0, 50, 50 };
	double poids[4];
	struct err e;

	refuses(E_INPUT, rake(depart, old, poids, &e), &e);
	same(e.msg, "Aucun répondant « 60 ans et plus » (age), alors que la marge en compte 40.");
	holds(strstr(e.hint, "Regroupez"));
	accepts(rake(depart, none, poids, &e), &e);
	near_to(poids[0], 50, 1e-9);
	near_to(poids[2], 0, 0);
}

TEST("a margin of zero can leave another without anybody: said of that other")
{
	/* all who have the bac are 60 or more, and there is nobody of 60 or more */
	static const double depart[] = { 30, 0, 10, 40 }, marges[] = { 100, 0, 70, 30 };
	double poids[4];
	struct err e;

	refuses(E_INPUT, rake(depart, marges, poids, &e), &e);
	same(e.msg, "Aucun répondant « bac et plus » (diplome), alors que la marge en compte 30.");
}

TEST("margins that empty cells make impossible are refused, with the worst named")
{
	/* only young without and old with a diploma: both margins must be the same */
	static const double depart[] = { 30, 0, 0, 40 }, marges[] = { 60, 40, 50, 50 };
	double poids[4];
	struct err e;

	refuses(E_INPUT, rake(depart, marges, poids, &e), &e);
	holds(strstr(e.msg, "ne peuvent pas être tenues ensemble"));
}

TEST("a count that is none is refused; a territory of nobody gives nobody")
{
	static const double depart[] = { 30, 20, 10, 40 }, bad[] = { -60, 160, 50, 50 };
	static const double empty[4] = { 0 };
	double poids[4], nan_[] = { 60, NAN, 50, 50 };
	struct err e;

	refuses(E_INPUT, rake(depart, bad, poids, &e), &e);
	holds(strstr(e.msg, "18-59 ans"));
	refuses(E_INPUT, rake(depart, nan_, poids, &e), &e);
	accepts(rake(depart, empty, poids, &e), &e);
	near_to(poids[0] + poids[1] + poids[2] + poids[3], 0, 0);
}
