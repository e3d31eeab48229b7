#include "test.h"

#include "base/utf8.h"

static const char *folded(const char *s)
{
	static char out[128];

	utf8_fold(s, out, sizeof out);
	return out;
}

TEST("folding keeps what people remember of a name")
{
	same(folded("L'Haÿ-les-Roses"), "l hay les roses");
	same(folded("Œuilly"), "oeuilly");
	same(folded("  SAINT-DENIS  "), "saint denis");
	same(folded("Fère-en-Tardenois"), "fere en tardenois");
	same(folded("Be\xcc\x81" "ziers"), "beziers");
	same(folded("العربية"), "العربية");
	same(folded("--"), "");
}

TEST("overlong, surrogate and cut sequences are not UTF-8")
{
	holds(utf8_valid("é€😀", strlen("é€😀")));
	holds(!utf8_valid("\xc0\xaf", 2));
	holds(!utf8_valid("\xed\xa0\x80", 3));
	holds(!utf8_valid("\xf4\x90\x80\x80", 4));
	holds(!utf8_valid("\xe2\x82", 2));
}
