#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/chance.h"
#include "observe/nombre.h"

static bool bits_are(const char *text, double want)
{
	double have;

	return nombre_lire(text, &have) && !memcmp(&have, &want, sizeof want);
}

/* Against the C library, to the last bit: what the quick way reads and what it leaves. */
TEST("numbers are read as strtod reads them, to the last bit")
{
	struct chance h = chance_new(3);
	char text[64];

	for (int r = 0; r < 300000; r++) {
		uint64_t v = chance_next(&h) >> chance_below(&h, 64);
		int after = (int)chance_below(&h, 22), digits = 1 + (int)chance_below(&h, 17);
		double x = (double)(int64_t)v / 1e6;

		switch (r % 4) {
		case 0:
			snprintf(text, sizeof text, "%s%llu.%0*llu", r & 4 ? "-" : "",
				 (unsigned long long)(v % 100000), after,
				 (unsigned long long)(chance_next(&h) % 100000));
			break;
		case 1: snprintf(text, sizeof text, "%llu", (unsigned long long)v); break;
		case 2: snprintf(text, sizeof text, "%.*f", after % 8, x); break;
		default: snprintf(text, sizeof text, "%.*g", digits, x); break;
		}
		if (!bits_are(text, strtod(text, NULL)))
			fail_msg("%s is read otherwise", text);
	}
}

TEST("a decimal comma and the spaces of thousands are read, words are not")
{
	double v;

	holds(bits_are("12,5", 12.5));
	holds(bits_are("1 234", 1234));
	holds(bits_are("1\xc2\xa0" "234,75", 1234.75));
	holds(bits_are("-0", -0.0));
	holds(bits_are("9007199254740993", 9007199254740992.0));
	holds(!nombre_lire("", &v) && !nombre_lire("-", &v) && !nombre_lire("1,2,3", &v));
	holds(!nombre_lire("nan", &v) && !nombre_lire("0x10", &v) && !nombre_lire("1e999", &v));
}
