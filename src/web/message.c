#include "web/message.h"

#include <string.h>

/* The value that "%N" at s stands for; NULL when it is no placeholder of ours. */
static const char *value_at(const char *s, const char *const *values, int n)
{
	int i = s[0] == '%' ? s[1] - '1' : -1;

	return i >= 0 && i < n ? values[i] : NULL;
}

static size_t length(const char *text, const char *const *values, int n)
{
	size_t all = 0;

	for (; *text; text++) {
		const char *v = value_at(text, values, n);

		all += v ? strlen(v) : 1;
		text += v != NULL;
	}
	return all;
}

const char *message_fill(struct arena *a, const char *text, const char *const *values, int n)
{
	char *p = arena_alloc(a, length(text, values, n) + 1), *out = p;

	for (; p && *text; text++) {
		const char *v = value_at(text, values, n);

		if (v)
			p = stpcpy(p, v);
		else
			*p++ = *text;
		text += v != NULL;
	}
	return out ? out : "";
}
