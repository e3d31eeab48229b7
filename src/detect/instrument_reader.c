/* Members of a JSON file by type, and saying what is wrong with them at FILE:LINE. */
#include "detect/instrument_reader.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"
#include "format/json_line.h"

enum { TEXT_MOST = 1200, NAME_MOST = 40 };

/* --- where we are, and saying what is wrong there ----------------------------------- */

size_t reader_enter(struct reader *r, const char *member, int index)
{
	size_t before = strlen(r->path);
	const char *dot = before ? "." : "";

	if (index < 0)
		snprintf(r->path + before, READER_PATH - before, "%s%s", dot, member);
	else
		snprintf(r->path + before, READER_PATH - before, "%s%s[%d]", dot, member, index);
	return before;
}

void reader_leave(struct reader *r, size_t before)
{
	r->path[before] = '\0';
}

bool reader_refuse(struct reader *r, const char *fmt, ...)
{
	char what[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	utf8_trim_end(what);
	return fail(r->e, E_INPUT, "%s:%ld: %s%s%s", r->in->file,
		    json_line(r->in->text, r->in->size, r->path), r->path,
		    r->path[0] ? " : " : "", what);
}

bool reader_refuse_member(struct reader *r, const char *member, const char *what)
{
	size_t before = reader_enter(r, member, -1);

	reader_refuse(r, "%s", what);
	reader_leave(r, before);
	return false;
}

/* Refuses a member that is not among the words of `known`. */
bool reader_knows(struct reader *r, node *o, const char *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(o))
		return reader_refuse(r, "il faut un objet { ... }");
	json_object_foreach((json_t *)o, key, value) {
		const char *p = known;
		size_t n = strlen(key);
		bool found = false;

		(void)value;
		for (; *p && !found; p += *p == ' ') {
			size_t w = strcspn(p, " ");

			found = w == n && memcmp(p, key, n) == 0;
			p += w;
		}
		if (!found)
			return reader_refuse_member(r, key, "ce nom n’est pas connu ici");
	}
	return true;
}

/* --- members by type ---------------------------------------------------------------- */

bool reader_text(struct reader *r, node *o, const char *member, enum need need,
		     const char **out)
{
	node *v = json_object_get(o, member);

	*out = NULL;
	if (!v)
		return need == MAY || reader_refuse(r, "il manque « %s »", member);
	if (!json_is_string(v))
		return reader_refuse_member(r, member, "il faut un texte");
	if (!json_string_length(v) || json_string_length(v) > TEXT_MOST)
		return reader_refuse_member(r, member, "ce texte est vide ou trop long");
	*out = arena_strn(r->a, json_string_value(v), json_string_length(v));
	return !r->a->spent || arena_refuse(r->a, r->e);
}

/* A text that people read: to be translated, and looked over for its words. */
bool reader_words(struct reader *r, node *o, const char *member, enum need need,
		      const char **out)
{
	if (!reader_text(r, o, member, need, out))
		return false;
	if (!*out)
		return true;
	if (r->in->ntextes == INSTRUMENT_TEXTS)
		return reader_refuse_member(r, member, "trop de textes");
	r->textes[r->in->ntextes++] = *out;
	return true;
}

static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !s[n] && n <= NAME_MOST && !(*s >= '0' && *s <= '9');
}

bool reader_name(struct reader *r, node *o, const char *member, const char **out)
{
	if (!reader_text(r, o, member, MUST, out))
		return false;
	return is_name(*out)
		|| reader_refuse_member(r, member, "un nom est fait de a-z, 0-9 et _ (40 au plus)");
}

bool reader_number(struct reader *r, node *o, const char *member, double absent,
		       double min, double max, double *out)
{
	node *v = json_object_get(o, member);
	char what[80];

	*out = absent;
	if (!v)
		return !isinf(absent) || reader_refuse(r, "il manque « %s »", member);
	if (json_is_number(v))
		*out = json_number_value(v);
	if (json_is_number(v) && *out >= min && *out <= max)
		return true;
	snprintf(what, sizeof what, "il faut un nombre de %g à %g", min, max);
	return reader_refuse_member(r, member, what);
}

bool reader_flag(struct reader *r, node *o, const char *member, bool *out)
{
	node *v = json_object_get(o, member);

	*out = json_is_true(v);
	return !v || json_is_boolean(v)
		|| reader_refuse_member(r, member, "il faut true ou false");
}

bool reader_list(struct reader *r, node *o, const char *member, enum need need,
		     size_t most, node **out, int *n)
{
	char what[80];

	*out = json_object_get(o, member);
	*n = 0;
	if (!*out)
		return need == MAY || reader_refuse(r, "il manque la liste « %s »", member);
	snprintf(what, sizeof what, "il faut une liste de %s%zu au plus",
		 need == MUST ? "1 à " : "", most);
	if (!json_is_array(*out) || json_array_size(*out) > most
	    || (need == MUST && !json_array_size(*out)))
		return reader_refuse_member(r, member, what);
	*n = (int)json_array_size(*out);
	return true;
}

bool reader_expression(struct reader *r, node *o, const char *member, enum need need,
			   enum expression_type type, const struct expression_scope *scope,
			   const struct expression **out)
{
	const char *text;
	struct err e = { 0 };

	*out = NULL;
	if (!reader_text(r, o, member, need, &text))
		return false;
	if (!text)
		return true;
	*out = expression_read(r->a, text, type, scope, &e);
	return *out || reader_refuse_member(r, member, e.msg);
}

/* A word of a closed list, as its index. */
bool reader_word(struct reader *r, node *o, const char *member, const char *const *words,
		     int *out)
{
	const char *text;
	char what[200] = "il faut un de ces mots :";

	if (!reader_text(r, o, member, MUST, &text))
		return false;
	for (*out = 0; words[*out]; ++*out) {
		size_t n = strlen(what);

		if (strcmp(words[*out], text) == 0)
			return true;
		snprintf(what + n, sizeof what - n, " %s", words[*out]);
	}
	return reader_refuse_member(r, member, what);
}

bool reader_choice(struct reader *r, node *o, const char *member, enum need need,
		       const struct choice *table, int *out)
{
	const char *text;

	*out = -1;
	if (!reader_text(r, o, member, need, &text))
		return false;
	if (!text)
		return true;
	for (int i = 0; table[i].slug; i++) {
		if (strcmp(table[i].slug, text) == 0 || strcmp(table[i].value, text) == 0) {
			*out = i;
			return true;
		}
	}
	return reader_refuse_member(r, member, "ce n’est ni un mot court ni une valeur du schéma national");
}

/* Adds the item of that name, or the lines of that matrix; false when there is none. */
static bool add_named(const struct instrument *in, const char *name, int *ids, int *n)
{
	int item = instrument_item(in, name), g = item < 0 ? instrument_groupe(in, name) : -1;
	int first = g < 0 ? item : in->groupes[g].premier;
	int many = g < 0 ? 1 : in->groupes[g].n;

	if (first < 0 || *n + many > INSTRUMENT_ITEMS)
		return false;
	for (int i = 0; i < many; i++)
		ids[(*n)++] = first + i;
	return true;
}

/* A list of item ids, as indexes; the id of a matrix stands for all its lines. */
bool reader_items(struct reader *r, node *o, const char *member, enum need need,
		      const int **out, int *n)
{
	node *list;
	int ids[INSTRUMENT_ITEMS], names, *kept;

	if (!reader_list(r, o, member, need, INSTRUMENT_ITEMS, &list, &names))
		return false;
	*n = 0;
	for (int i = 0; i < names; i++) {
		node *v = json_array_get(list, (size_t)i);

		if (!json_is_string(v) || !add_named(r->in, json_string_value(v), ids, n)) {
			reader_enter(r, member, i);
			return reader_refuse(r, "aucune question ne porte ce nom");
		}
	}
	kept = NEW_ARRAY(r->a, (size_t)*n, int);
	if (!kept)
		return arena_refuse(r->a, r->e);
	memcpy(kept, ids, (size_t)*n * sizeof *kept);
	*out = kept;
	return true;
}
