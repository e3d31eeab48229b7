#include "test.h"

#include "observe/part.h"

static void wilson_is(int yes, int n, double bas, double haut)
{
	double low, high;

	part_wilson((double)yes / n, n, PART_Z, &low, &high);
	near_to(low, bas, 5e-5);
	near_to(high, haut, 5e-5);
}

TEST("Wilson's interval gives the published examples (Newcombe 1998, table I, method 3)")
{
	wilson_is(81, 263, .2553, .3662);
	wilson_is(15, 148, .0624, .1605);
	wilson_is(0, 20, 0, .1611);
	wilson_is(1, 29, .0061, .1718);
}

TEST("the example of the documentation: 360 of 2,000 people are between 16.4 % and 19.7 %")
{
	static uint8_t yes[2000];
	struct part p;

	memset(yes, 1, 360);
	p = part_compute(NULL, yes, NULL, 1, 2000);
	near_to(p.part, .18, 1e-12);
	near_to(p.bas, .16378, 5e-6);
	near_to(p.haut, .19745, 5e-6);
	near_to(p.effet, 1, 1e-12);
	/* sqrt(p (1-p) / (n-1)) */
	near_to(p.erreur, sqrt(.18 * .82 / 1999), 1e-12);
}

TEST("unequal weights cost respondents: 1, 1 and 2 say as much as 2.67 equal ones")
{
	static const double poids[] = { 1, 1, 2 };
	static const uint8_t yes[] = { 1, 0, 1 };
	struct part p = part_compute(poids, yes, NULL, 1, 3);

	near_to(p.part, .75, 1e-12);
	near_to(p.effet, 1.125, 1e-12);         /* 3 x (1 + 1 + 4) / 16 */
	near_to(p.utile, 3 / 1.125, 1e-12);
	holds(p.bas > 0 && p.haut <= 1 && p.bas < .75);
}

TEST("strata that are each of one mind leave no doubt; one respondent gives no variance")
{
	static const uint8_t yes[] = { 1, 1, 1, 0, 0 };
	static const uint32_t strates[] = { 0, 0, 0, 1, 1 };
	struct part p = part_compute(NULL, yes, strates, 2, 5);

	near_to(p.erreur, 0, 1e-12);
	near_to(p.part, .6, 1e-12);
	p = part_compute(NULL, yes, NULL, 1, 1);
	holds(isnan(p.erreur));
	near_to(p.part, 1, 0);
	near_to(p.haut, 1, 0);
	p = part_compute(NULL, yes, NULL, 1, 0);
	holds(isnan(p.part));
}

TEST("quantiles are those of R's type 7")
{
	static const double x[] = { 1, 2, 4, 8 };

	near_to(part_quantile(x, 4, 0), 1, 0);
	near_to(part_quantile(x, 4, 1), 8, 0);
	near_to(part_quantile(x, 4, .5), 3, 1e-12);
	near_to(part_quantile(x, 4, .9), 6.8, 1e-12);   /* quantile(c(1,2,4,8), .9) */
	near_to(part_quantile(x, 1, .3), 1, 0);
}
