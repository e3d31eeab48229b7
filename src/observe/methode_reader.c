/* Members of a method file by type, and saying what is wrong with them at FILE:LINE. */
#include "observe/methode_reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "format/json_line.h"

enum { TEXT_MOST = 2000, NAME_MOST = 60 };

size_t methode_enter(struct methode_reader *r, const char *member, int index)
{
	size_t before = strlen(r->path);
	const char *dot = before ? "." : "";

	if (index < 0)
		snprintf(r->path + before, METHODE_PATH - before, "%s%s", dot, member);
	else
		snprintf(r->path + before, METHODE_PATH - before, "%s%s[%d]", dot, member, index);
	return before;
}

void methode_leave(struct methode_reader *r, size_t before)
{
	r->path[before] = '\0';
}

PRINTF(2, 0)
static bool refuse_words(struct methode_reader *r, const char *fmt, va_list ap)
{
	char what[200];

	vsnprintf(what, sizeof what, fmt, ap);
	utf8_trim_end(what);
	return fail(r->e, E_INPUT, "%s:%ld: %.60s%s%s.", r->m->file,
		    json_line(r->text, r->size, r->path), r->path, r->path[0] ? " : " : "",
		    what);
}

bool methode_refuse(struct methode_reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse_words(r, fmt, ap);
	va_end(ap);
	return false;
}

bool methode_refuse_member(struct methode_reader *r, const char *member, const char *fmt, ...)
{
	size_t before = methode_enter(r, member, -1);
	va_list ap;

	va_start(ap, fmt);
	refuse_words(r, fmt, ap);
	va_end(ap);
	methode_leave(r, before);
	return false;
}

static bool is_word_of(const char *known, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = known; *p; p += *p == ' ') {
		size_t w = strcspn(p, " ");

		if (w == n && !memcmp(p, key, n))
			return true;
		p += w;
	}
	return false;
}

bool methode_knows(struct methode_reader *r, node *o, const char *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(o))
		return methode_refuse(r, "il faut un objet { ... }");
	json_object_foreach((json_t *)o, key, value) {
		(void)value;
		if (!is_word_of(known, key))
			return methode_refuse_member(r, key, "ce nom n’est pas connu ici "
						     "(connus : %s)", known);
	}
	return true;
}

bool methode_text(struct methode_reader *r, node *o, const char *member, const char *absent,
		  const char **out)
{
	node *v = json_object_get(o, member);

	*out = absent;
	if (!v)
		return absent || methode_refuse(r, "il manque « %s »", member);
	if (!json_is_string(v))
		return methode_refuse_member(r, member, "il faut un texte");
	if (!json_string_length(v) || json_string_length(v) > TEXT_MOST)
		return methode_refuse_member(r, member, "ce texte est vide ou trop long");
	*out = arena_strn(r->a, json_string_value(v), json_string_length(v));
	return !r->a->spent || arena_refuse(r->a, r->e);
}

bool methode_name(struct methode_reader *r, node *o, const char *member, const char *letters,
		  const char **out)
{
	const char *s;

	if (!methode_text(r, o, member, NULL, &s))
		return false;
	*out = s;
	if (strspn(s, letters) != strlen(s) || strlen(s) > NAME_MOST || (*s >= '0' && *s <= '9')
	    || *s == '.' || *s == '-')
		return methode_refuse_member(r, member, "un nom est fait de lettres sans accent, "
					     "de chiffres et de _ (%d au plus)", NAME_MOST);
	return true;
}

bool methode_word(struct methode_reader *r, node *o, const char *member,
		  const char *const *words, int absent, int *out)
{
	char what[160] = "";
	const char *text;

	*out = absent;
	if (!methode_text(r, o, member, absent < 0 ? NULL : "", &text))
		return false;
	if (!*text)
		return true;
	for (*out = 0; words[*out]; ++*out) {
		size_t n = strlen(what);

		if (!strcmp(words[*out], text))
			return true;
		snprintf(what + n, sizeof what - n, "%s%s", n ? ", " : "", words[*out]);
	}
	return methode_refuse_member(r, member, "il faut un de ces mots : %s", what);
}

bool methode_number(struct methode_reader *r, node *o, const char *member, double absent,
		    double min, double max, double *out)
{
	node *v = json_object_get(o, member);

	*out = absent;
	if (!v)
		return !isinf(absent) || methode_refuse(r, "il manque « %s »", member);
	if (json_is_number(v))
		*out = json_number_value(v);
	if (json_is_number(v) && *out >= min && *out <= max)
		return true;
	return methode_refuse_member(r, member, "il faut un nombre de %g à %g", min, max);
}

bool methode_flag(struct methode_reader *r, node *o, const char *member, bool absent, bool *out)
{
	node *v = json_object_get(o, member);

	*out = v ? json_is_true(v) : absent;
	return !v || json_is_boolean(v)
		|| methode_refuse_member(r, member, "il faut true ou false");
}

bool methode_numbers(struct methode_reader *r, node *o, const char *member, int least, int most,
		     double *out, int *n)
{
	node *v = json_object_get(o, member);
	char count[60];

	*n = 0;
	if (!v)
		return true;
	if (least == most)
		snprintf(count, sizeof count, "%d", least);
	else
		snprintf(count, sizeof count, "%d à %d", least, most);
	if (!json_is_array(v) || json_array_size(v) < (size_t)least
	    || json_array_size(v) > (size_t)most)
		return methode_refuse_member(r, member, "il faut une liste de %s nombres", count);
	for (; *n < (int)json_array_size(v); ++*n) {
		node *x = json_array_get(v, (size_t)*n);

		if (!json_is_number(x) || fabs(json_number_value(x)) > 1e12)
			return methode_refuse_member(r, member, "il faut une liste de nombres");
		out[*n] = json_number_value(x);
	}
	return true;
}
