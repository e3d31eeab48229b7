#include "observe/nombre.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/json.h"

/* What strtod would say of it, for what the quick way leaves; apart, so that the quick way has
 * nothing of it to prepare. */
__attribute__((noinline)) static bool slow(const char *s, double *out)
{
	char text[64], *end;
	size_t n = 0;

	for (; *s; s++) {
		if (*s == ' ' || !strncmp(s, "\xc2\xa0", 2) || !strncmp(s, "\xe2\x80\xaf", 3)) {
			s += *s == ' ' ? 0 : *s == '\xc2' ? 1 : 2;
			continue;
		}
		if (n + 1 == sizeof text || !strchr("0123456789+-.,eE", *s))
			return false;
		text[n++] = *s == ',' ? '.' : *s;
	}
	text[n] = '\0';
	if (!n)
		return false;
	*out = strtod(text, &end);
	return !*end && isfinite(*out);
}

bool nombre_lire(const char *s, double *out)
{
	static const double tens[] = {
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
		1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	const char *p = s;
	bool minus = *p == '-';
	uint64_t v = 0;
	int digits = 0, after = 0;

	p += minus;
	for (; *p >= '0' && *p <= '9'; p++, digits++)
		v = v * 10 + (uint64_t)(*p - '0');
	if (*p == '.' || *p == ',') {
		for (p++; *p >= '0' && *p <= '9'; p++, digits++, after++)
			v = v * 10 + (uint64_t)(*p - '0');
	}
	/* An integer below 2^53 over a power of ten up to 10^22 rounds once: exact. */
	if (*p || !digits || digits > 18 || v >> 53 || after > 22)
		return slow(s, out);
	*out = (double)v / tens[after];
	if (minus)
		*out = -*out;
	return true;
}

const char *nombre_ecrire(double v, char out[NOMBRE_TEXTE])
{
	if (isnan(v)) {
		out[0] = '\0';
		return out;
	}
	if (v == floor(v) && fabs(v) < 1e15) {
		snprintf(out, NOMBRE_TEXTE, "%.0f", v);
		return out;
	}
	return json_real_text(v, out);
}
