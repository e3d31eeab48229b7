#include "web/query.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

enum { QUERY_MOST = 4000 };

static void encode(struct buf *b, const char *s)
{
	static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-._~";

	for (; *s; s++) {
		if (strchr(kept, *s))
			buf_char(b, *s);
		else
			buf_printf(b, "%%%02X", (unsigned char)*s);
	}
}

static void pair(struct buf *b, const char *name, const char *value)
{
	if (b->n)
		buf_char(b, '&');
	encode(b, name);
	buf_char(b, '=');
	encode(b, value);
}

static void pair_moment(struct buf *b, const char *name, const struct moment *m)
{
	static const char *const days[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
					    "samedi", "dimanche" };
	char text[48];

	switch (m->kind) {
	case MOMENT_NONE:
		return;
	case MOMENT_NOW:
		pair(b, name, "maintenant");
		return;
	case MOMENT_AT:
		snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d", m->at.year, m->at.month,
			 m->at.day, m->at.hour, m->at.minute);
		break;
	case MOMENT_HALF_DAY:
		snprintf(text, sizeof text, "%s-%s", days[m->weekday % 7],
			 m->afternoon ? "apres-midi" : "matin");
		break;
	}
	pair(b, name, text);
}

static void pair_choices(struct buf *b, const struct field *f, uint64_t bits)
{
	for (int i = 0; f->choices[i].slug; i++) {
		if (bits >> i & 1)
			pair(b, f->name, f->choices[i].slug);
	}
}

/* Numbers start at nothing: a zero says nothing. */
static void pair_number(struct buf *b, const char *name, double v)
{
	char text[64];

	if (!(v > 0 || v < 0))
		return;
	snprintf(text, sizeof text, "%.10g", v);
	pair(b, name, text);
}

static void write_field(struct buf *b, const struct field *f, const void *in)
{
	const char *at = (const char *)in + f->at;
	const struct point *p = (const void *)at;
	char text[64];

	switch (f->kind) {
	case F_TEXT:
		if (*(const char *const *)at && **(const char *const *)at)
			pair(b, f->name, *(const char *const *)at);
		break;
	case F_INT:
		pair_number(b, f->name, (double)*(const int64_t *)at);
		break;
	case F_REAL:
		pair_number(b, f->name, *(const double *)at);
		break;
	case F_BOOL:
		if (*(const bool *)at)
			pair(b, f->name, "oui");
		break;
	case F_CHOICE:
		if (*(const int *)at >= 0)
			pair(b, f->name, f->choices[*(const int *)at].slug);
		break;
	case F_CHOICES:
		pair_choices(b, f, *(const uint64_t *)at);
		break;
	case F_MOMENT:
		pair_moment(b, f->name, (const struct moment *)at);
		break;
	case F_POINT:
		if (p->given) {
			snprintf(text, sizeof text, "%.5f,%.5f", p->lat, p->lon);
			pair(b, f->name, text);
		}
		break;
	}
}

const char *query_write(struct arena *a, const struct field *fields, const void *in)
{
	struct buf b = buf_new(QUERY_MOST);
	const char *out;

	for (; fields->name; fields++)
		write_field(&b, fields, in);
	out = arena_strn(a, b.p ? b.p : "", b.n);
	buf_free(&b);
	return out;
}
