#include "web/form.h"

#include <string.h>

#include "base/utf8.h"
#include "format/json.h"
#include "web/session.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes n bytes at p into out (n + 1 bytes); false for a broken escape. */
static bool decode(const char *p, size_t n, char *out, size_t *size)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			if (n - i < 3 || hex(p[i + 1]) < 0 || hex(p[i + 2]) < 0)
				return false;
			c = (char)(hex(p[i + 1]) * 16 + hex(p[i + 2]));
			i += 2;
		}
		out[k++] = c;
	}
	out[k] = '\0';
	*size = k;
	return true;
}

/* Bytes of a space at p: also those that do not break, which phones like to type. */
static size_t space_at(const char *p, const char *end)
{
	if (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		return 1;
	if (end - p >= 2 && !memcmp(p, "\xc2\xa0", 2))
		return 2;
	return end - p >= 3 && !memcmp(p, "\xe2\x80\xaf", 3) ? 3 : 0;
}

static char *trim(char *s, size_t n)
{
	char *end = s + n;
	size_t k;

	while ((k = space_at(s, end)))
		s += k;
	for (bool again = true; again && end > s;) {
		again = false;
		for (size_t w = 1; w <= 3 && w <= (size_t)(end - s); w++) {
			if (space_at(end - w, end) == w) {
				end -= w;
				again = true;
				break;
			}
		}
	}
	*end = '\0';
	return s;
}

/* No control character but tab and line ends, which become \n. */
static bool clean(char *s, size_t *n)
{
	size_t k = 0;

	for (size_t i = 0; i < *n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\r') {
			if (i + 1 < *n && s[i + 1] == '\n')
				continue;
			c = '\n';
		}
		if ((c < 32 && c != '\t' && c != '\n') || c == 127)
			return false;
		s[k++] = (char)c;
	}
	s[k] = '\0';
	*n = k;
	return true;
}

/* One value at the door: UTF-8, clean, trimmed; else marked bad. */
static void settle(struct form_pair *pair, char *value, size_t n)
{
	pair->bad = !utf8_valid(value, n) || !clean(value, &n);
	pair->value = pair->bad ? "" : trim(value, n);
}

static bool too_many(struct err *e)
{
	fail(e, E_LIMIT, "Il y a trop de réponses dans cet envoi.");
	return hint(e, "Revenez à la page précédente et recommencez.");
}

bool form_parse(struct arena *a, const char *p, size_t n, struct form *out, struct err *e)
{
	char *text = NEW_ARRAY(a, n + 1, char);
	size_t most = 1, done = 0;

	*out = (struct form){ 0 };
	for (size_t i = 0; i < n; i++)
		most += p[i] == '&';
	if (most > FORM_PAIRS)
		return too_many(e);
	out->pairs = NEW_ARRAY(a, most, struct form_pair);
	if (!text || !out->pairs)
		return arena_refuse(a, e);
	while (done < n) {
		const char *amp = memchr(p + done, '&', n - done);
		size_t end = amp ? (size_t)(amp - p) : n;
		const char *eq = memchr(p + done, '=', end - done);
		size_t name = eq ? (size_t)(eq - p) - done : end - done, k, v;
		char *value;

		/* a decoded pair is never longer than it was: "a=b" leaves room for two NULs */
		value = text + name + (eq != NULL);
		if (!decode(p + done, name, text, &k) ||
		    (eq && !decode(eq + 1, end - done - name - 1, value, &v))) {
			fail(e, E_INPUT, "L’adresse ou le formulaire est mal écrit : un « %% » "
			     "n’est pas suivi de deux chiffres.");
			return hint(e, "Revenez à la page précédente et recommencez.");
		}
		if (k && strlen(text) == k && utf8_valid(text, k)) {
			struct form_pair *pair = &out->pairs[out->n++];

			pair->name = text;
			if (eq)
				settle(pair, value, v);
			else
				pair->value = "";
		}
		text += end - done + 1;
		done = end + 1;
	}
	return true;
}

/* --- a file ------------------------------------------------------------------------- */

enum { PARTS = 40, BOUNDARY = 70 };

static bool bad_parts(struct err *e)
{
	fail(e, E_INPUT, "Cet envoi n’est pas écrit comme un formulaire avec un fichier.");
	return hint(e, "Envoyez-le depuis le formulaire de la page, avec un navigateur à jour.");
}

/* "\r\n--" and the boundary that the type names (RFC 2046, 5.1.1); NULL when it names none. */
static const char *boundary_of(struct arena *a, const char *type)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "'()+_,-./:=?";
	const char *p = type ? strcasestr(type, "boundary=") : NULL;
	bool quoted;
	size_t n;

	if (!p)
		return NULL;
	p += 9;
	quoted = *p == '"';
	p += quoted;
	n = strspn(p, letters);
	if (!n || n > BOUNDARY || (quoted
		&& p[n] != '"') || (!quoted && p[n] && p[n] != ';' && p[n] != ' '))
		return NULL;
	return arena_cat(a, "\r\n--", arena_strn(a, p, n), NULL);
}

/* The value of a parameter in quotes of one line of a head, ` name="x"`; NULL. */
static const char *quoted_value(struct arena *a, const char *head, const char *name)
{
	const char *p = strstr(head, arena_cat(a, "; ", name, "=\"", NULL)), *end;

	if (!p)
		return NULL;
	p += strlen(name) + 4;
	end = strchr(p, '"');
	return end ? arena_strn(a, p, (size_t)(end - p)) : NULL;
}

/* One part: its head, a blank line, its bytes. */
static bool take_part(struct arena *a, const char *p, size_t n, struct form *out,
		      struct sent_file *file, struct err *e)
{
	const char *blank = memmem(p, n, "\r\n\r\n", 4), *head, *line, *name;
	size_t size;

	if (!blank || memchr(p, '\0', (size_t)(blank - p)))
		return bad_parts(e);
	head = arena_strn(a, p, (size_t)(blank - p));
	line = head ? strcasestr(head, "content-disposition: form-data") : NULL;
	name = line ? quoted_value(a, line, "name") : NULL;
	if (!name || !*name || !utf8_valid(name, strlen(name)))
		return bad_parts(e);
	blank += 4;
	size = n - (size_t)(blank - p);
	if (quoted_value(a, line, "filename")) {
		if (!size)
			return true;            /* no file was chosen */
		if (file->p)
			return bad_parts(e);
		*file = (struct sent_file){ blank, size };
		return true;
	}
	if (out->n == PARTS)
		return too_many(e);
	out->pairs[out->n] = (struct form_pair){ .name = name };
	settle(&out->pairs[out->n++], (char *)(uintptr_t)arena_strn(a, blank, size), size);
	return true;
}

bool form_parse_file(struct arena *a, const char *type, const char *p, size_t n,
		     struct form *out, struct sent_file *file, struct err *e)
{
	const char *mark = boundary_of(a, type), *end = p + n;
	size_t k = mark ? strlen(mark) : 0;

	*out = (struct form){ .pairs = NEW_ARRAY(a, PARTS, struct form_pair) };
	*file = (struct sent_file){ 0 };
	if (!out->pairs)
		return arena_refuse(a, e);
	if (!mark || n < k || memcmp(p, mark + 2, k - 2) != 0)
		return bad_parts(e);
	p += k - 2;
	while (end - p >= 2 && memcmp(p, "--", 2) != 0) {
		const char *next = memmem(p, (size_t)(end - p), mark, k);

		if (memcmp(p, "\r\n", 2) != 0 || !next || next < p + 2)
			return bad_parts(e);
		if (!take_part(a, p + 2, (size_t)(next - p) - 2, out, file, e))
			return false;
		p = next + k;
	}
	return end - p >= 2 || bad_parts(e);
}

/* --- JSON ---------------------------------------------------------------------------- */

static void pair_json(struct arena *a, struct form *out, const char *name, json_t *v)
{
	struct form_pair *pair = &out->pairs[out->n++];
	char number[JSON_NUMBER], *copy;
	const char *s = "";

	pair->name = arena_str(a, name);
	pair->value = "";
	if (json_is_string(v)) {
		size_t n = json_string_length(v);

		copy = NEW_ARRAY(a, n + 1, char);
		if (!copy)
			return;
		memcpy(copy, json_string_value(v), n);
		settle(pair, copy, n);
		return;
	}
	if (json_is_true(v))
		s = "true";
	else if (json_is_false(v))
		s = "false";
	else if (json_is_integer(v))
		s = arena_printf(a, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		s = arena_str(a, json_real_text(json_real_value(v), number));
	else if (!json_is_null(v))
		pair->bad = true;               /* an object, or a list in a list */
	pair->value = s;
}

bool form_parse_json(struct arena *a, const char *p, size_t n, struct form *out,
		     struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	const char *name;
	json_t *v, *element;
	size_t most = 0, i;

	*out = (struct form){ 0 };
	if (!json_read(p, n, &root, e))
		return false;
	if (!json_is_object(root))
		return fail(e, E_INPUT, "L’envoi n’est pas un objet JSON.");
	json_object_foreach(root, name, v)
		most += json_is_array(v) ? json_array_size(v) : 1;
	if (most > FORM_PAIRS)
		return too_many(e);
	out->pairs = NEW_ARRAY(a, most, struct form_pair);
	if (!out->pairs)
		return arena_refuse(a, e);
	json_object_foreach(root, name, v) {
		if (!json_is_array(v))
			pair_json(a, out, name, v);
		else
			json_array_foreach(v, i, element)
				pair_json(a, out, name, element);
	}
	return true;
}

/* --- into the fields ------------------------------------------------------------------ */

static const struct form_pair *pair_named(const struct form *f, const char *name, int *n)
{
	const struct form_pair *first = NULL;

	*n = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!strcmp(f->pairs[i].name, name)) {
			if (!first)
				first = &f->pairs[i];
			++*n;
		}
	}
	return first;
}

const char *form_value(const struct form *f, const char *name)
{
	int n;
	const struct form_pair *pair = f ? pair_named(f, name, &n) : NULL;

	return pair ? pair->value : NULL;
}

const char *req_typed(const struct req *r, const char *name)
{
	return form_value(r->form, name);
}

bool form_is_secret(const char *name)
{
	return !strcmp(name, "csrf") || !strncmp(name, "mot_de_passe", 12) ||
	       !strncmp(name, "code_secret", 11);
}

static void refuse(struct req *r, const struct field *f, const char *msg)
{
	if (r->nerrors < FIELD_ERRORS)
		r->errors[r->nerrors++] = (struct field_error){ f, msg };
}

void req_refuse(struct req *r, const struct field *fields, const char *name, const char *msg)
{
	if (!req_error(r, name))
		refuse(r, field_named(fields, name), tr(r->lang, msg));
}

const char *req_error(const struct req *r, const char *name)
{
	for (int i = 0; i < r->nerrors; i++) {
		if (!strcmp(r->errors[i].field->name, name))
			return r->errors[i].msg;
	}
	return NULL;
}

/* Sentences that are about how a field came, not about its value. */
static const char *refused_as_sent(struct req *r, const struct field *f,
				   const struct form_pair *pair, int times)
{
	if (times > 1 && f->kind != F_CHOICES)
		return field_sentence(r->a, r->lang, f, N_("« %1 » est donné deux fois."), NULL);
	for (size_t i = 0; i < r->form->n; i++) {
		if (r->form->pairs[i].bad && !strcmp(r->form->pairs[i].name, f->name))
			return field_sentence(r->a, r->lang, f, N_("« %1 » contient des caractères "
					      "qui ne peuvent pas être lus."), NULL);
	}
	if (f->required && (!pair || !pair->value[0]))
		return f->missing ? tr(r->lang, f->missing) :
			field_sentence(r->a, r->lang, f, f->choices ?
				       N_("« %1 » : choisissez une réponse.") :
				       N_("« %1 » : à remplir."), NULL);
	return NULL;
}

void form_read(struct req *r, const struct field *fields, const struct form *form, void *in,
	       size_t in_size)
{
	r->form = form;
	fields_clear(fields, in, in_size);
	for (const struct field *f = fields; f->name; f++) {
		int times;
		const struct form_pair *pair = pair_named(form, f->name, &times);
		const char *msg = refused_as_sent(r, f, pair, times);

		for (size_t i = 0; i < form->n && !msg && pair; i++) {
			if (form->pairs[i].value[0] && !strcmp(form->pairs[i].name, f->name))
				msg = field_set(r->a, r->lang, f, form->pairs[i].value, in);
		}
		if (msg)
			refuse(r, f, msg);
	}
}

bool form_may_resend(const struct req *r)
{
	return r->method == POST && r->session && r->session->expired && !r->json && r->form &&
	       r->form->n;
}
