#include "format/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one document ---------------------------------------------------------------------- */

/* How deep arrays and objects stand in one another, JSON_DEPTH + 1 when that is too much:
 * jansson recurses, so this is asked first. */
static int depth_of(const char *p, size_t n)
{
	int depth = 0, most = 0;
	bool text = false;

	for (size_t i = 0; i < n && most <= JSON_DEPTH; i++) {
		if (text) {
			if (p[i] == '\\')
				i++;
			else if (p[i] == '"')
				text = false;
		} else if (p[i] == '"') {
			text = true;
		} else if (p[i] == '{' || p[i] == '[') {
			if (++depth > most)
				most = depth;
		} else if (p[i] == '}' || p[i] == ']') {
			depth--;
		}
	}
	return most;
}

static bool refuse_depth(struct err *e)
{
	fail(e, E_INPUT, "plus de %d niveaux de listes ou d'objets l'un dans l'autre.",
	     JSON_DEPTH);
	return hint(e, "Donnez un fichier plus simple.");
}

/* jansson's reason, in words for a person. */
static bool refuse_json(const json_error_t *je, struct err *e)
{
	switch (json_error_code(je)) {
	case json_error_duplicate_key:
		fail(e, E_INPUT, "un même nom de champ est écrit deux fois.");
		return hint(e, "Gardez-en un seul : on ne peut pas deviner lequel est juste.");
	case json_error_invalid_utf8:
		fail(e, E_INPUT, "un caractère n'est pas de l'UTF-8.");
		return hint(e, "Enregistrez de nouveau le fichier, encodage UTF-8.");
	case json_error_premature_end_of_input:
		fail(e, E_INPUT, "le JSON est coupé avant sa fin.");
		return hint(e, "Téléchargez ou copiez de nouveau le fichier.");
	case json_error_numeric_overflow:
		return fail(e, E_INPUT, "un nombre est trop grand.");
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return fail(e, E_INPUT, "un texte contient un octet nul.");
	case json_error_out_of_memory:
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le JSON.");
	default:
		fail(e, E_INPUT, "ce n'est pas du JSON valide (colonne %d).", je->column);
		return hint(e, "Souvent une virgule, un guillemet ou une accolade de trop ou qui "
			    "manque.");
	}
}

bool json_read_part(const char *p, size_t n, json_t **out, long *line, struct err *e)
{
	json_error_t je;

	*out = NULL;
	*line = 1;
	if (depth_of(p, n) > JSON_DEPTH)
		return refuse_depth(e);
	*out = json_loadb(p, n, JSON_REJECT_DUPLICATES, &je);
	if (*out)
		return true;
	*line = je.line > 0 ? je.line : 1;
	return refuse_json(&je, e);
}

bool json_read(const char *p, size_t n, json_t **out, struct err *e)
{
	long line;

	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
		p += 3;
		n -= 3;
	}
	if (json_read_part(p, n, out, &line, e))
		return true;
	return e->kind == E_INPUT ? fail_at(e, "JSON", line) : false;
}

void json_done(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

const char *json_real_text(double v, char out[JSON_NUMBER])
{
	if (!isfinite(v))
		return "null";
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, JSON_NUMBER, "%.*g", digits, v);
		if (strtod(out, NULL) == v)
			break;
	}
	return out;
}

const char *json_text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

bool json_list_has(const json_t *list, const char *word)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		if (json_is_string(item) && !strcmp(json_string_value(item), word))
			return true;
	}
	return false;
}

const char *json_member_text(const json_t *object, const char *name, char *number, size_t room)
{
	const json_t *v = json_object_get(object, name);
	char real[JSON_NUMBER];

	if (json_is_string(v))
		return json_string_value(v);
	if (json_is_boolean(v))
		return json_is_true(v) ? "true" : "false";
	if (json_is_integer(v))
		snprintf(number, room, "%" PRId64, (int64_t)json_integer_value(v));
	else if (json_is_real(v))
		snprintf(number, room, "%s", json_real_text(json_real_value(v), real));
	else
		return NULL;
	return number;
}

/* --- writing --------------------------------------------------------------------------- */

static void quote(struct buf *b, const char *s)
{
	static const char hex[] = "0123456789abcdef";

	buf_char(b, '"');
	for (const char *from = s;; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 32 && c != '"' && c != '\\')
			continue;
		buf_add(b, from, (size_t)(s - from));
		from = s + 1;
		if (!c)
			break;
		buf_char(b, '\\');
		if (c == '"' || c == '\\') {
			buf_char(b, (char)c);
		} else if (c == '\n') {
			buf_char(b, 'n');
		} else {
			char u[5] = { 'u', '0', '0', hex[c >> 4], hex[c & 15] };

			buf_add(b, u, sizeof u);
		}
	}
	buf_char(b, '"');
}

static void member(struct json_out *j, const char *name)
{
	if (j->comma)
		buf_char(j->b, ',');
	j->comma = true;
	if (name) {
		quote(j->b, name);
		buf_char(j->b, ':');
	}
}

void json_open_object(struct json_out *j, const char *name)
{
	member(j, name);
	buf_char(j->b, '{');
	j->comma = false;
}

void json_close_object(struct json_out *j)
{
	buf_char(j->b, '}');
	j->comma = true;
}

void json_open_array(struct json_out *j, const char *name)
{
	member(j, name);
	buf_char(j->b, '[');
	j->comma = false;
}

void json_close_array(struct json_out *j)
{
	buf_char(j->b, ']');
	j->comma = true;
}

void json_put_text(struct json_out *j, const char *name, const char *v)
{
	member(j, name);
	if (v)
		quote(j->b, v);
	else
		buf_str(j->b, "null");
}

void json_put_int(struct json_out *j, const char *name, int64_t v)
{
	member(j, name);
	buf_int(j->b, v);
}

void json_put_real(struct json_out *j, const char *name, double v)
{
	char text[JSON_NUMBER];

	member(j, name);
	buf_str(j->b, json_real_text(v, text));
}

void json_put_bool(struct json_out *j, const char *name, bool v)
{
	member(j, name);
	buf_str(j->b, v ? "true" : "false");
}

void json_put_null(struct json_out *j, const char *name)
{
	json_put_text(j, name, NULL);
}
