#include "store/sms.h"

#include <string.h>

#include "base/utf8.h"

/* 3GPP TS 23.038 section 6.2.1, in the order of the table; 0x1B leads to the extension. */
static const uint16_t basic[128] = {
	'@', 0xa3, '$', 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, '\n', 0xd8, 0xf8, '\r', 0xc5,
	0xe5, 0x394, '_', 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xffff,
	0xc6, 0xe6, 0xdf, 0xc9,
	' ', '!', '"', '#', 0xa4, '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
	'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
	0xa1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
	'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xc4, 0xd6, 0xd1, 0xdc, 0xa7,
	0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,
};

/* Section 6.2.1.1: what stands behind the escape. */
static const uint16_t extension[] = { '\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20ac };

struct room {
	size_t one, many;       /* units of a part alone, and of one of several */
};
static const struct room rooms[] = { [SMS_GSM7] = { 160, 153 }, [SMS_UCS2] = { 70, 67 } };

int sms_gsm7(uint32_t c)
{
	for (size_t i = 0; i < sizeof extension / sizeof *extension; i++) {
		if (extension[i] == c)
			return 2;
	}
	for (size_t i = 0; i < 128; i++) {
		if (basic[i] == c && c != 0xffff)
			return 1;
	}
	return 0;
}

static size_t units_of(enum sms_alphabet alphabet, uint32_t c)
{
	return alphabet == SMS_GSM7 ? (size_t)sms_gsm7(c) : c > 0xffff ? 2 : 1;
}

/* Parts that hold the text, `room` units each; *used of the last one. */
static size_t parts(const char *text, enum sms_alphabet alphabet, size_t room, size_t *used)
{
	const char *end = text + strlen(text);
	size_t n = 1;
	uint32_t c;

	*used = 0;
	while (text < end) {
		size_t k;

		text += utf8_read(text, end, &c);
		k = units_of(alphabet, c);
		if (*used + k > room) {
			n++;
			*used = 0;
		}
		*used += k;
	}
	return n;
}

struct sms_cost sms_cost(const char *text)
{
	const char *end = text + strlen(text);
	struct sms_cost cost = { .alphabet = SMS_GSM7 };
	size_t used;
	uint32_t c;

	for (const char *s = text; s < end && !cost.cause;) {
		s += utf8_read(s, end, &c);
		if (!sms_gsm7(c))
			cost.cause = c;
	}
	if (cost.cause)
		cost.alphabet = SMS_UCS2;
	parts(text, cost.alphabet, (size_t)-1, &cost.units);
	cost.segments = 1;
	cost.left = rooms[cost.alphabet].one - cost.units;
	if (cost.units > rooms[cost.alphabet].one) {
		cost.segments = parts(text, cost.alphabet, rooms[cost.alphabet].many, &used);
		cost.left = rooms[cost.alphabet].many - used;
	}
	return cost;
}

/* --- plain signs ------------------------------------------------------------------------ */

static const char *plain_of(uint32_t c)
{
	switch (c) {
	case 0x2018: case 0x2019: case 0x201b: case 0x2bc: case 0xb4: return "'";
	case 0x201c: case 0x201d: case 0x201e: case 0xab: case 0xbb: return "\"";
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212: return "-";
	case 0x2022: case 0xb7: return "-";
	case 0x2026: return "...";
	case 0xa0: case 0x202f: case 0x2009: case 0x2007: case '\t': return " ";
	case 0x153: return "oe";
	case 0x152: return "OE";
	case 0xad: case 0x200b: case 0x200c: case 0x200d: case 0x2060: case 0xfeff: return "";
	default: return NULL;
	}
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009;
}

/* The space inside « » goes with them. */
static bool is_inner_space(const char *s, const char *end, uint32_t c, uint32_t before)
{
	uint32_t after = 0;

	if (!is_space(c))
		return false;
	if (s < end)
		utf8_read(s, end, &after);
	return before == 0xab || after == 0xbb;
}

const char *sms_plain(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	const char *end = text + n;
	char *out = arena_alloc(a, n * 3 + 1), *p = out;
	uint32_t c, before = 0;

	if (!out)
		return "";
	while (text < end) {
		const char *from = text, *plain;

		text += utf8_read(text, end, &c);
		plain = is_inner_space(text, end, c, before) ? "" : plain_of(c);
		if (plain)
			p = stpcpy(p, plain);
		else
			p = mempcpy(p, from, (size_t)(text - from));
		before = c;
	}
	*p = '\0';
	return out;
}
