/* One field: from text to its place in the input struct, and back to a form. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/form.h"

enum { TEXT_MOST = 200 };

static const char *const days[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
				    "samedi", "dimanche" };
static const char now_slug[] = "maintenant";

const struct field *field_named(const struct field *fields, const char *name)
{
	while (fields->name && strcmp(fields->name, name))
		fields++;
	if (!fields->name)
		abort();                        /* a template names a field that is not there */
	return fields;
}

/* The message with %1 the field's label and %2 the value, as they are. */
const char *field_sentence(struct arena *a, const struct lang *l, const struct field *f,
			   const char *msgid, const char *value)
{
	const char *args[] = { f->label ? tr(l, f->label) : f->name, value ? value : "" };
	const char *msg = tr(l, msgid);
	size_t most = strlen(msg) + strlen(args[0]) + strlen(args[1]) + 1;
	char *out = NEW_ARRAY(a, most, char), *p = out;

	if (!out)
		return msg;
	for (; *msg; msg++) {
		if (*msg == '%' && (msg[1] == '1' || msg[1] == '2')) {
			const char *s = args[*++msg - '1'];
			size_t n = strlen(s);

			if (p + n + strlen(msg) >= out + most)
				break;          /* a value used twice: cut rather than overflow */
			memcpy(p, s, n);
			p += n;
		} else {
			*p++ = *msg;
		}
	}
	*p = '\0';
	return out;
}

/* The value of a field that is not a list; its type is known from the kind. */
static void *place(const struct field *f, void *in)
{
	return (char *)in + f->at;
}

static const void *place_of(const struct field *f, const void *in)
{
	return (const char *)in + f->at;
}

void fields_clear(const struct field *fields, void *in, size_t in_size)
{
	memset(in, 0, in_size);
	for (const struct field *f = fields; f->name; f++) {
		if (f->kind == F_CHOICE)
			*(int *)place(f, in) = -1;
	}
}

/* --- from text -------------------------------------------------------------------------- */

static const char *set_text(struct arena *a, const struct lang *l, const struct field *f,
			    const char *text, void *in)
{
	size_t most = f->max > 0 ? (size_t)f->max : TEXT_MOST;
	char n[24];

	if (utf8_length(text) > most) {
		snprintf(n, sizeof n, "%zu", most);
		return field_sentence(a, l, f, N_("« %1 » est trop long : %2 caractères au plus."), n);
	}
	*(const char **)place(f, in) = text;
	return NULL;
}

/* A number as people write it: a comma or a point, spaces between thousands. */
static bool read_number(const char *s, double *out)
{
	char b[40], *end;
	size_t n = 0;

	for (; *s && n < sizeof b - 1; s++) {
		if (*s == ' ' || *s == '\xc2' || *s == '\xa0' || *s == '\xe2' || *s == '\x80' ||
		    *s == '\xaf')
			continue;
		if (!isdigit((unsigned char)*s) && !strchr("+-.,", *s))
			return false;
		b[n++] = *s == ',' ? '.' : *s;
	}
	b[n] = '\0';
	errno = 0;
	*out = strtod(b, &end);
	return n && !*s && !*end && !errno && isfinite(*out);
}

static const char *refuse_number(struct arena *a, const struct lang *l, const struct field *f)
{
	char ends[80];

	if (f->min >= f->max)
		return field_sentence(a, l, f, N_("« %1 » : écrivez un nombre."), NULL);
	snprintf(ends, sizeof ends, "%.10g – %.10g", f->min, f->max);
	return field_sentence(a, l, f, N_("« %1 » : écrivez un nombre entre ces bornes : %2."), ends);
}

static const char *set_number(struct arena *a, const struct lang *l, const struct field *f,
			      const char *text, void *in)
{
	double v;

	if (!read_number(text, &v) || (f->min < f->max && (v < f->min || v > f->max)))
		return refuse_number(a, l, f);
	if (f->kind == F_REAL) {
		*(double *)place(f, in) = v;
		return NULL;
	}
	if (v != floor(v) || fabs(v) > 9007199254740992.0)
		return refuse_number(a, l, f);
	*(int64_t *)place(f, in) = (int64_t)v;
	return NULL;
}

static const char *set_bool(struct arena *a, const struct lang *l, const struct field *f,
			    const char *text, void *in)
{
	static const char *const yes[] = { "oui", "1", "on", "true" };
	static const char *const no[] = { "non", "0", "off", "false" };

	for (size_t i = 0; i < 4; i++) {
		if (!strcmp(text, yes[i]) || !strcmp(text, no[i])) {
			*(bool *)place(f, in) = !strcmp(text, yes[i]);
			return NULL;
		}
	}
	return field_sentence(a, l, f, N_("« %1 » : répondez par oui ou par non."), NULL);
}

int choices_count(const struct choice *c)
{
	int n = 0;

	while (c[n].slug)
		n++;
	return n;
}

static const char *set_choice(struct arena *a, const struct lang *l, const struct field *f,
			      const char *text, void *in)
{
	for (int i = 0; f->choices[i].slug; i++) {
		const struct choice *c = &f->choices[i];

		if (strcmp(text, c->slug) && (!c->value || strcmp(text, c->value)) &&
		    (!c->label || strcmp(text, c->label)))
			continue;
		if (f->kind == F_CHOICE)
			*(int *)place(f, in) = i;
		else if (i < 64)
			*(uint64_t *)place(f, in) |= (uint64_t)1 << i;
		return NULL;
	}
	return field_sentence(a, l, f, N_("« %1 » : choisissez une des réponses proposées."), NULL);
}

static bool read_half_day(const char *text, struct moment *m)
{
	for (int i = 0; i < 7; i++) {
		size_t n = strlen(days[i]);

		if (strncmp(text, days[i], n) || text[n] != '-')
			continue;
		m->afternoon = !strcmp(text + n + 1, "apres-midi");
		m->kind = MOMENT_HALF_DAY;
		m->weekday = i;
		return m->afternoon || !strcmp(text + n + 1, "matin");
	}
	return false;
}

static const char *set_moment(struct arena *a, const struct lang *l, const struct field *f,
			      const char *text, void *in)
{
	struct moment m = { .kind = MOMENT_NOW };
	size_t n = strlen(text);

	if (strcmp(text, now_slug) && !read_half_day(text, &m)) {
		m = (struct moment){ .kind = MOMENT_AT };
		/* an hour is needed, and it is the one of the place: no zone */
		if ((n != 16 && n != 19) || !iso_read(text, &m.at))
			return field_sentence(a, l, f, N_("« %1 » : choisissez un moment, ou écrivez-le "
				"comme 2026-11-24T10:00."), NULL);
	}
	*(struct moment *)place(f, in) = m;
	return NULL;
}

static const char *set_point(struct arena *a, const struct lang *l, const struct field *f,
			     const char *text, void *in)
{
	const char *comma = strchr(text, ',');
	const char *first = comma ? arena_strn(a, text, (size_t)(comma - text)) : "";
	struct point p = { .given = true };

	if (!comma || strchr(comma + 1, ',') || !read_number(first, &p.lat) ||
	    !read_number(comma + 1, &p.lon) || fabs(p.lat) > 90 || fabs(p.lon) > 180)
		return field_sentence(a, l, f, N_("« %1 » : écrivez une latitude et une longitude, "
						  "comme 48.902,2.483."), NULL);
	*(struct point *)place(f, in) = p;
	return NULL;
}

const char *field_set(struct arena *a, const struct lang *l, const struct field *f,
		      const char *text, void *in)
{
	switch (f->kind) {
	case F_TEXT:    return set_text(a, l, f, text, in);
	case F_INT:
	case F_REAL:    return set_number(a, l, f, text, in);
	case F_BOOL:    return set_bool(a, l, f, text, in);
	case F_CHOICE:
	case F_CHOICES: return set_choice(a, l, f, text, in);
	case F_MOMENT:  return set_moment(a, l, f, text, in);
	case F_POINT:   return set_point(a, l, f, text, in);
	}
	return NULL;
}

/* --- to a form ---------------------------------------------------------------------------- */

static const char *moment_text(struct arena *a, const struct moment *m)
{
	switch (m->kind) {
	case MOMENT_NOW:
		return now_slug;
	case MOMENT_HALF_DAY:
		return arena_printf(a, "%s-%s", days[m->weekday],
				    m->afternoon ? "apres-midi" : "matin");
	case MOMENT_AT:
		return arena_printf(a, "%04d-%02d-%02dT%02d:%02d", m->at.year, m->at.month,
				    m->at.day, m->at.hour, m->at.minute);
	case MOMENT_NONE:
		break;
	}
	return "";
}

static const char *value_text(struct arena *a, const struct field *f, const void *in)
{
	const void *v = place_of(f, in);
	const struct point *p = v;
	int c;

	switch (f->kind) {
	case F_TEXT:
		return *(const char *const *)v ? *(const char *const *)v : "";
	case F_INT:
		return arena_printf(a, "%lld", (long long)*(const int64_t *)v);
	case F_REAL:
		return arena_printf(a, "%.10g", *(const double *)v);
	case F_BOOL:
		return *(const bool *)v ? "oui" : "";
	case F_CHOICE:
		c = *(const int *)v;
		return c >= 0 ? f->choices[c].slug : "";
	case F_MOMENT:
		return moment_text(a, v);
	case F_POINT:
		return p->given ? arena_printf(a, "%.6g,%.6g", p->lat, p->lon) : "";
	case F_CHOICES:
		break;
	}
	return "";
}

const char *field_shown(const struct req *r, const struct field *f, const void *in)
{
	const char *typed = req_typed(r, f->name);

	if (typed)
		return typed;
	return in ? value_text(r->a, f, in) : "";
}

bool field_has(const struct req *r, const struct field *f, const struct choice *c,
	       const void *in)
{
	const struct form *form = r->form;
	bool typed = false;

	for (size_t i = 0; form && i < form->n; i++) {
		if (strcmp(form->pairs[i].name, f->name))
			continue;
		typed = true;
		if (!strcmp(form->pairs[i].value, c->slug) ||
		    (c->value && !strcmp(form->pairs[i].value, c->value)))
			return true;
	}
	if (typed || !in)
		return false;
	if (f->kind == F_CHOICE)
		return *(const int *)place_of(f, in) == c - f->choices;
	return *(const uint64_t *)place_of(f, in) >> (c - f->choices) & 1;
}

const char *field_described_by(const struct req *r, const struct field *f)
{
	bool bad = req_error(r, f->name);

	if (!f->hint && !bad)
		return "";
	return arena_printf(r->a, "%s%s%s%s%s", f->hint ? f->name : "", f->hint ? "-aide" : "",
			    f->hint && bad ? " " : "", bad ? f->name : "", bad ? "-erreur" : "");
}

bool field_is_yes(const struct req *r, const struct field *f, const void *in)
{
	const char *shown = field_shown(r, f, in);

	return shown[0] && strcmp(shown, "non") && strcmp(shown, "0");
}

const char *field_class(const struct req *r, const struct field *f)
{
	return req_error(r, f->name) ? "field bad" : "field";
}

const char *field_inputmode(const struct field *f)
{
	return f->kind == F_INT ? "numeric" : f->kind == F_REAL ? "decimal" : "text";
}

bool field_is_optional(const struct field *fields, const struct field *f)
{
	for (; !f->required && fields->name; fields++) {
		if (fields->required)
			return true;
	}
	return false;
}

const char *choice_id(const struct req *r, const struct field *f, const struct choice *c)
{
	return c == f->choices ? f->name : arena_printf(r->a, "%s-%s", f->name, c->slug);
}

bool moment_is_proposed(const struct req *r, const char *shown)
{
	struct moment m;

	(void)r;
	return !shown[0] || !strcmp(shown, now_slug) || read_half_day(shown, &m);
}

struct moment_choice moment_choice(const struct req *r, int i)
{
	static const char *const mornings[] = {
		N_("lundi matin"), N_("mardi matin"), N_("mercredi matin"), N_("jeudi matin"),
		N_("vendredi matin"), N_("samedi matin"), N_("dimanche matin"),
	};
	static const char *const afternoons[] = {
		N_("lundi après-midi"), N_("mardi après-midi"), N_("mercredi après-midi"),
		N_("jeudi après-midi"), N_("vendredi après-midi"), N_("samedi après-midi"),
		N_("dimanche après-midi"),
	};
	int day = i / 2 % 7;            /* i below MOMENT_CHOICES */

	return (struct moment_choice){
		.slug = arena_printf(r->a, "%s-%s", days[day], i % 2 ? "apres-midi" : "matin"),
		.label = tr(r->lang, i % 2 ? afternoons[day] : mornings[day]),
	};
}
