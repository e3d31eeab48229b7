#include "test.h"

#include "base/chance.h"

TEST("the generator is xoshiro256++ (state 1, 2, 3, 4: the values of its authors' program)")
{
	static const uint64_t expected[] = {
		41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205u,
		9973669472204895162u, 14011001112246962877u, 12406186145184390807u,
	};
	struct chance c = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		holds(chance_next(&c) == expected[i]);
}

TEST("a seed is opened by splitmix64 (seed 1234567: published values)")
{
	struct chance c = chance_new(1234567);

	holds(c.s[0] == 6457827717110365317u);
	holds(c.s[1] == 3203168211198807973u);
	holds(c.s[2] == 9817491932198370423u);
	holds(c.s[3] == 4593380528125082431u);
}

TEST("the same seed gives the same draws, another seed or part gives others")
{
	struct chance a = chance_new(7), b = chance_new(7), c = chance_new(8);
	struct chance p = chance_part(7, 0), q = chance_part(7, 1);
	uint64_t first = chance_next(&a);

	holds(chance_next(&b) == first);
	holds(chance_next(&c) != first);
	holds(chance_next(&p) != chance_next(&q));
}

TEST("draws below n fall evenly, exponential draws have mean 1 and variance 1")
{
	struct chance c = chance_new(1);
	size_t seen[7] = { 0 };
	double sum = 0, squares = 0;

	for (int i = 0; i < 70000; i++) {
		double x = chance_exponential(&c);

		seen[chance_below(&c, 7)]++;
		sum += x;
		squares += x * x;
		holds(x > 0);
	}
	for (int i = 0; i < 7; i++)
		near_to(seen[i], 10000, 400);           /* four standard deviations */
	near_to(sum / 70000, 1, .02);
	near_to(squares / 70000, 2, .08);
}

TEST("a shuffle keeps every element")
{
	uint32_t x[100];
	struct chance c = chance_new(3);
	uint64_t sum = 0, moved = 0;

	for (uint32_t i = 0; i < 100; i++)
		x[i] = i;
	chance_shuffle(&c, x, 100);
	for (uint32_t i = 0; i < 100; i++) {
		sum += x[i];
		moved += x[i] != i;
	}
	equals(sum, 4950);
	holds(moved > 80);
}
