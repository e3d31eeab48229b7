#include "store/sms.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "test.h"

/* 3GPP TS 23.038 section 6.2.1, row by row as the table is printed (bits b4..b1 downwards,
 * b7..b5 across), without the escape; here column by column. */
static const char *const printed[] = {
	"@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ", " !\"#¤%&'()*+,-./", "0123456789:;<=>?",
	"¡ABCDEFGHIJKLMNO", "PQRSTUVWXYZÄÖÑÜ§", "¿abcdefghijklmno", "pqrstuvwxyzäöñüà",
};
/* Section 6.2.1.1 */
static const char printed_extension[] = "\f^{}\\[~]|€";

static bool is_in(const char *text, uint32_t c)
{
	const char *end = text + strlen(text);

	while (text < end) {
		uint32_t k;

		text += utf8_read(text, end, &k);
		if (k == c)
			return true;
	}
	return false;
}

TEST("the SMS alphabet is the published table, and nothing else")
{
	size_t basic = 0, extension = 0;

	for (uint32_t c = 0; c < 0x30000; c++) {
		int right = is_in(printed_extension, c) ? 2 : 0;

		for (size_t i = 0; i < sizeof printed / sizeof *printed && !right; i++)
			right = is_in(printed[i], c) ? 1 : 0;
		equals(sms_gsm7(c), right);
		basic += right == 1;
		extension += right == 2;
	}
	equals(basic, 127);                     /* 128 places, one is the escape */
	equals(extension, 10);
}

TEST("é è à ù cost nothing more, ê î ô û ç make an SMS dear")
{
	static const char *const cheap[] = { "é", "è", "à", "ù", "É", "Ç", "ö", "ñ", "ß", "€" };
	static const char *const dear[] = { "ê", "î", "ô", "û", "ç", "ë", "ï", "â", "À", "È", "Ê", "œ", "’", "«",
		"…", "–", "\xc2\xa0", "😀" };

	for (size_t i = 0; i < sizeof cheap / sizeof *cheap; i++)
		equals(sms_cost(cheap[i]).alphabet, SMS_GSM7);
	for (size_t i = 0; i < sizeof dear / sizeof *dear; i++)
		equals(sms_cost(dear[i]).alphabet, SMS_UCS2);
	equals(sms_cost("a’b«").cause, 0x2019);
}

static const char *repeated(const char *s, int n, const char *tail)
{
	static char out[8000];

	*out = '\0';
	while (n--)
		strcat(out, s);
	return strcat(out, tail);
}

TEST("one part holds 160 signs or 70, several hold 153 or 67 each")
{
	static const struct { const char *s; int n; const char *tail; size_t units, segments, left; } cases[] = {
		{ "", 0, "", 0, 1, 160 }, { "a", 1, "", 1, 1, 159 }, { "a", 160, "", 160, 1, 0 },
		{ "a", 161, "", 161, 2, 145 }, { "a", 306, "", 306, 2, 0 }, { "a", 307, "", 307, 3, 152 },
		{ "€", 80, "", 160, 1, 0 }, { "€", 81, "", 162, 2, 143 },
		/* the escape of € may not be cut off: it moves to the next part, one place stays empty */
		{ "a", 152, "€aaaaaaa", 161, 2, 144 }, { "a", 151, "€aaaaaaaa", 161, 2, 145 },
		{ "ê", 70, "", 70, 1, 0 }, { "ê", 71, "", 71, 2, 63 }, { "ê", 134, "", 134, 2, 0 },
		{ "ê", 135, "", 135, 3, 66 }, { "😀", 35, "", 70, 1, 0 },
		/* nor may a pair of UTF-16 */
		{ "ê", 66, "😀êêê", 71, 2, 62 }, { "😀", 36, "", 72, 2, 61 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sms_cost k = sms_cost(repeated(cases[i].s, cases[i].n, cases[i].tail));

		if (k.units != cases[i].units || k.segments != cases[i].segments || k.left != cases[i].left)
			fail_msg("case %zu: %zu units, %zu parts, %zu left", i, k.units, k.segments, k.left);
	}
}

/* The fewest parts that hold signs of those widths, by trying every place to cut. */
static size_t fewest(const size_t *width, size_t n, size_t one, size_t many)
{
	static size_t best[400];
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += width[i];
	if (all <= one)
		return 1;
	best[0] = 0;
	for (size_t end = 1; end <= n; end++) {
		size_t room = 0;

		best[end] = (size_t)-1;
		for (size_t from = end; from-- > 0;) {
			room += width[from];
			if (room > many)
				break;
			if (best[from] + 1 < best[end])
				best[end] = best[from] + 1;
		}
	}
	return best[n];
}

TEST("the parts of any text are the fewest that can be, by brute force")
{
	static const char *const gsm[] = { "a", "é", "€", "[", " " }, *const ucs[] = { "a", "ê", "😀", "é" };
	unsigned seed = 7;

	for (int round = 0; round < 4000; round++) {
		bool wide = round % 2;
		char text[1700] = "";
		size_t width[400], n = 1 + (size_t)rand_r(&seed) % 350;

		for (size_t i = 0; i < n; i++) {
			const char *c = wide ? ucs[rand_r(&seed) % 4] : gsm[rand_r(&seed) % 5];

			strcat(text, c);
			width[i] = wide ? (strlen(c) == 4 ? 2 : 1) : (!strcmp(c, "€") || !strcmp(c, "[") ? 2 : 1);
		}
		if (wide && !strstr(text, "ê") && !strstr(text, "😀"))
			continue;
		equals(sms_cost(text).segments, fewest(width, n, wide ? 70 : 160, wide ? 67 : 153));
	}
}

TEST("signs that only paper has become those of every telephone, letters keep their accents")
{
	static const struct { const char *from, *to; } cases[] = {
		{ "L’été", "L'été" }, { "« Bonjour »", "\"Bonjour\"" }, { "«\xc2\xa0Oui\xc2\xa0»", "\"Oui\"" },
		{ "10\xe2\x80\xaf" "h\xc2\xa0" "30", "10 h 30" }, { "cœur, Œuvre", "coeur, OEuvre" }, { "a — b…", "a - b..." },
		{ "forêt, ça", "forêt, ça" }, { "soft\xc2\xadhyphen", "softhyphen" }, { "", "" },
	};
	struct arena a = arena_new(1 << 16);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		same(sms_plain(&a, cases[i].from), cases[i].to);
	arena_free(&a);
}
