#include "base/utf8.h"

#include <string.h>

/* Length of the sequence that starts at s, 0 when it is not valid. */
static size_t sequence(const unsigned char *s, const unsigned char *end)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3
		 : s[0] < 0xf5 ? 4 : 0;

	if (n < 2)
		return n;
	if ((size_t)(end - s) < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
	    || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

bool utf8_valid(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;

	while (p < end) {
		size_t k = sequence(p, end);

		if (!k)
			return false;
		p += k;
	}
	return true;
}

size_t utf8_read(const char *s, const char *end, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = s < end ? sequence(p, (const unsigned char *)end) : 0;

	switch (n) {
	case 1:
		*c = p[0];
		return 1;
	case 2:
		*c = (uint32_t)(p[0] & 0x1f) << 6 | (uint32_t)(p[1] & 0x3f);
		return 2;
	case 3:
		*c = (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6
		   | (uint32_t)(p[2] & 0x3f);
		return 3;
	case 4:
		*c = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12
		   | (uint32_t)(p[2] & 0x3f) << 6 | (uint32_t)(p[3] & 0x3f);
		return 4;
	default:
		*c = 0xfffd;
		return 1;
	}
}

size_t utf8_write(char *p, uint32_t c)
{
	if (c < 0x80) {
		p[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (char)(0xc0 | c >> 6);
		p[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (char)(0xe0 | c >> 12);
		p[1] = (char)(0x80 | (c >> 6 & 0x3f));
		p[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | c >> 18);
	p[1] = (char)(0x80 | (c >> 12 & 0x3f));
	p[2] = (char)(0x80 | (c >> 6 & 0x3f));
	p[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t utf8_length(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void utf8_trim_end(char *s)
{
	size_t n = strlen(s), k = n;

	while (k && n - k < 4 && ((unsigned char)s[k - 1] & 0xc0) == 0x80)
		k--;
	if (k && (unsigned char)s[k - 1] >= 0xc0
	    && !sequence((unsigned char *)s + k - 1, (unsigned char *)s + n))
		s[k - 1] = '\0';
}

/* U+00C0 to U+017F without accent, two columns each; '.' where there is no letter. */
static const char plain[] =
	"a a a a a a aec e e e e i i i i d n o o o o o . o u u u u y thss"
	"a a a a a a aec e e e e i i i i d n o o o o o . o u u u u y thy "
	"a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
	"g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
	"l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
	"s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";

static bool is_word(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0x370 && c < 0x2000)
	       || (c >= 0x2c00 && c < 0xe000);
}

/* One folded character at p (room for 4 bytes); 0 when c separates words. */
static size_t fold_one(uint32_t c, char *p)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (c >= 0xc0 && c < 0x180) {
		const char *to = plain + (c - 0xc0) * 2;

		if (to[0] == '.')
			return 0;
		p[0] = to[0];
		p[1] = to[1];
		return to[1] == ' ' ? 1 : 2;
	}
	if (!is_word(c))
		return 0;
	return utf8_write(p, c);
}

size_t utf8_fold(const char *s, char *out, size_t room)
{
	const char *end = s + strlen(s);
	size_t n = 0;
	bool space = false;

	while (s < end) {
		char one[4];
		uint32_t c;
		size_t k;

		s += utf8_read(s, end, &c);
		if (c >= 0x300 && c < 0x370)            /* a combining accent */
			continue;
		k = fold_one(c, one);
		if (!k) {
			space = n > 0;
			continue;
		}
		if (n + k + space >= room)
			break;
		if (space)
			out[n++] = ' ';
		space = false;
		memcpy(out + n, one, k);
		n += k;
	}
	if (room)
		out[n] = '\0';
	return n;
}
