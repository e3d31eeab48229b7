#include "base/chance.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

struct chance chance_new(uint64_t seed)
{
	struct chance c;

	for (int i = 0; i < 4; i++)
		c.s[i] = splitmix(&seed);
	return c;
}

struct chance chance_part(uint64_t seed, uint64_t part)
{
	uint64_t mixed = part;

	return chance_new(seed ^ splitmix(&mixed));
}

static uint64_t turned(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t chance_next(struct chance *c)
{
	uint64_t *s = c->s, out = turned(s[0] + s[3], 23) + s[0], t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = turned(s[3], 45);
	return out;
}

double chance_unit(struct chance *c)
{
	return (double)(chance_next(c) >> 11) * 0x1p-53;
}

uint64_t chance_below(struct chance *c, uint64_t n)
{
	uint64_t refused = -n % n, x;

	do {
		x = chance_next(c);
	} while (x < refused);
	return x % n;
}

double chance_exponential(struct chance *c)
{
	/* the middle of one of 2^52 steps: neither 0 nor 1 */
	return -log(((double)(chance_next(c) >> 12) + 0.5) * 0x1p-52);
}

void chance_shuffle(struct chance *c, uint32_t *x, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = chance_below(c, i);
		uint32_t kept = x[i - 1];

		x[i - 1] = x[j];
		x[j] = kept;
	}
}
