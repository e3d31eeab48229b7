#include <string.h>

#include "core/lieu.h"

/* The length of the next value of a list; *s moves to it, past spaces. */
static size_t next_value(const char **s)
{
	size_t n;

	*s += strspn(*s, " |");
	n = strcspn(*s, "|");
	while (n && (*s)[n - 1] == ' ')
		n--;
	return n;
}

static int find_value(const struct choice *table, const char *s, size_t n)
{
	for (int i = 0; table[i].slug; i++) {
		if (table[i].value && strlen(table[i].value) == n
		    && memcmp(table[i].value, s, n) == 0)
			return i;
	}
	return -1;
}

uint32_t choices_read(const struct choice *table, const char *list, const char **unknown)
{
	uint32_t bits = 0;

	if (unknown)
		*unknown = NULL;
	for (size_t n; list && (n = next_value(&list)) > 0; list += n) {
		int i = find_value(table, list, n);

		if (i >= 0 && i < 32)
			bits |= UINT32_C(1) << i;
		else if (unknown && !*unknown)
			*unknown = list;
	}
	return bits;
}

int choice_find(const struct choice *table, const char *text)
{
	int i = find_value(table, text, strlen(text));

	if (i >= 0)
		return i;
	for (i = 0; table[i].slug; i++) {
		if (strcmp(table[i].slug, text) == 0 || strcmp(table[i].label, text) == 0)
			return i;
	}
	return -1;
}

size_t choice_count(const struct choice *table)
{
	size_t n = 0;

	while (table[n].slug)
		n++;
	return n;
}

const char *choices_write(struct arena *a, const struct choice *table, uint32_t bits)
{
	size_t room = 1;
	char *text, *p;

	for (int i = 0; i < 32 && table[i].slug; i++) {
		if (bits >> i & 1)
			room += strlen(table[i].value) + 1;
	}
	p = text = arena_alloc(a, room);
	if (!text)
		return "";
	for (int i = 0; i < 32 && table[i].slug; i++) {
		if (bits >> i & 1)
			p = stpcpy(p == text ? p : stpcpy(p, "|"), table[i].value);
	}
	return text;
}
