#include "format/json_line.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	const char *p, *end;
};

static void skip_space(struct walk *w)
{
	while (w->p < w->end && strchr(" \t\r\n", *w->p))
		w->p++;
}

static void skip_string(struct walk *w)
{
	for (w->p++; w->p < w->end && *w->p != '"'; w->p++) {
		if (*w->p == '\\')
			w->p++;
	}
	w->p++;
}

/* Past one value: brackets are counted, not followed, so depth costs nothing. */
static void skip_value(struct walk *w)
{
	long depth = 0;

	skip_space(w);
	do {
		if (w->p >= w->end)
			return;
		if (*w->p == '"') {
			skip_string(w);
			continue;
		}
		if (*w->p == '{' || *w->p == '[')
			depth++;
		else if (*w->p == '}' || *w->p == ']')
			depth--;
		w->p++;
		if (!depth && w->p < w->end && strchr(",}] \t\r\n", *w->p))
			return;
	} while (depth || (w->p < w->end && !strchr(",}] \t\r\n", *w->p)));
}

/* Enters the member `name` of the object at w; false when it has none. */
static bool enter_member(struct walk *w, const char *name, size_t n)
{
	skip_space(w);
	if (w->p >= w->end || *w->p != '{')
		return false;
	w->p++;
	for (;;) {
		const char *key;
		bool found;

		skip_space(w);
		if (w->p >= w->end || *w->p != '"')
			return false;
		key = w->p + 1;
		skip_string(w);
		found = (size_t)(w->p - 1 - key) == n && memcmp(key, name, n) == 0;
		skip_space(w);
		w->p++;                 /* ':' */
		if (found)
			return true;
		skip_value(w);
		skip_space(w);
		if (w->p >= w->end || *w->p != ',')
			return false;
		w->p++;
	}
}

static bool enter_element(struct walk *w, size_t index)
{
	skip_space(w);
	if (w->p >= w->end || *w->p != '[')
		return false;
	w->p++;
	while (index--) {
		skip_value(w);
		skip_space(w);
		if (w->p >= w->end || *w->p != ',')
			return false;
		w->p++;
	}
	return true;
}

static bool enter(struct walk *w, const char **path)
{
	size_t n, index = 0;
	bool found;

	if (**path == '[') {
		for (++*path; **path >= '0' && **path <= '9' && index < 1000000; ++*path)
			index = index * 10 + (size_t)(**path - '0');
		*path += **path == ']';
		return enter_element(w, index);
	}
	*path += **path == '.';
	n = strcspn(*path, ".[");
	found = enter_member(w, *path, n);
	*path += n;
	return found;
}

long json_line(const char *text, size_t n, const char *path)
{
	struct walk w = { text, text + n }, found = w;
	long line = 1;

	while (*path && enter(&w, &path)) {
		skip_space(&w);
		found = w;
	}
	for (const char *p = text; p < found.p && p < text + n; p++)
		line += *p == '\n';
	return line;
}

bool json_refused_in(struct err *e, const char *file)
{
	char *end;
	long line = strncmp(e->msg, "JSON:", 5) == 0 ? strtol(e->msg + 5, &end, 10) : 0;

	if (line > 0 && *end == ':' && end[1] == ' ')
		memmove(e->msg, end + 2, strlen(end + 2) + 1);
	return fail_at(e, file, line);
}
