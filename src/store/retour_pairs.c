#include "store/retour_pairs.h"

#include <string.h>

#include "base/utf8.h"

static int hex_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Each byte is its own character. */
static const char *from_latin(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) * 2 + 1), *p = out;

	if (!out)
		return "";
	for (; *s; s++)
		p += utf8_write(p, (unsigned char)*s);
	*p = '\0';
	return out;
}

/* What stands between two signs, decoded; NULL with e when it cannot be. */
static const char *decoded(struct arena *a, const char *s, size_t n, struct err *e)
{
	char *out = arena_alloc(a, n + 1), *p = out;

	for (size_t i = 0; out && i < n; i++) {
		int high, low;

		if (s[i] != '%') {
			*p++ = s[i] == '+' ? ' ' : s[i];
			continue;
		}
		high = i + 2 < n ? hex_of(s[i + 1]) : -1;
		low = high < 0 ? -1 : hex_of(s[i + 2]);
		*p = (char)(high * 16 + low);
		if (high < 0 || low < 0 || !*p) {
			fail(e, E_INPUT, "Cet appel porte un code %% qui n’en est pas un.");
			return NULL;
		}
		p++;
		i += 2;
	}
	if (!out) {
		arena_refuse(a, e);
		return NULL;
	}
	*p = '\0';
	return utf8_valid(out, strlen(out)) ? out : from_latin(a, out);
}

bool retour_pairs(struct arena *a, const char *p, size_t n, struct retour_pair **out,
		  size_t *count, struct err *e)
{
	const char *end = p + n;

	*count = 0;
	*out = NEW_ARRAY(a, RETOUR_PAIRS, struct retour_pair);
	if (!*out)
		return arena_refuse(a, e);
	if (n && memchr(p, '\0', n))
		return fail(e, E_INPUT, "Cet appel n’est pas du texte.");
	while (p < end) {
		const char *stop = memchr(p, '&', (size_t)(end - p)), *equal;
		struct retour_pair *pair = &(*out)[*count];

		stop = stop ? stop : end;
		equal = memchr(p, '=', (size_t)(stop - p));
		equal = equal ? equal : stop;
		if (stop > p && *count == RETOUR_PAIRS)
			return fail(e, E_LIMIT, "Cet appel porte trop de champs.");
		if (stop > p) {
			const char *value = equal < stop ? equal + 1 : stop;

			pair->name = decoded(a, p, (size_t)(equal - p), e);
			pair->value = !pair->name ? NULL
				: decoded(a, value, (size_t)(stop - value), e);
			if (!pair->value)
				return false;
			++*count;
		}
		p = stop + 1;
	}
	return true;
}
