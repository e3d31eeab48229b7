/* floor: 480 edges */
/* Any bytes as a form or as JSON: what is read is clean, fits its fields and can be shown. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/form.h"
#include "web/form.htm.h"

static const struct choice choices[] = {
	{ "un", "Un", "Valeur nationale" }, { "deux", "Deux", NULL }, { NULL, NULL, NULL },
};

struct all {
	const char *t;
	int64_t i;
	double r;
	bool b;
	int c;
	uint64_t m;
	struct moment q;
	struct point p;
};

static const struct field fields[] = {
	{ AT(all, t), .kind = F_TEXT, .max = 8, .required = true, .label = "T", .hint = "H" },
	{ AT(all, i), .kind = F_INT, .min = -5, .max = 500, .label = "I" },
	{ AT(all, r), .kind = F_REAL, .label = "R" },
	{ AT(all, b), .kind = F_BOOL, .label = "B" },
	{ AT(all, c), .kind = F_CHOICE, .choices = choices, .label = "C" },
	{ AT(all, m), .kind = F_CHOICES, .choices = choices, .label = "M" },
	{ AT(all, q), .kind = F_MOMENT, .label = "Q" },
	{ AT(all, p), .kind = F_POINT, .label = "P" },
	{ 0 },
};

static void must(bool it)
{
	if (!it)
		abort();
}

static void check_pairs(const struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *v = f->pairs[i].value;
		size_t n = strlen(v);

		must(utf8_valid(v, n) && utf8_valid(f->pairs[i].name, strlen(f->pairs[i].name)));
		must(!n || (v[0] != ' ' && v[n - 1] != ' ' && v[n - 1] != '\n'));
		must(!strpbrk(v, "\001\b\r\033\177"));
	}
}

static void check_input(const struct req *r, const struct all *in)
{
	must(req_error(r, "t") || (in->t && in->t[0] && utf8_length(in->t) <= 8));
	must(in->i >= -5 && in->i <= 500);
	must(in->r > -1e300 && in->r < 1e300);
	must(in->c >= -1 && in->c <= 1 && in->m <= 3);
	must(in->p.lat >= -90 && in->p.lat <= 90 && in->p.lon >= -180 && in->p.lon <= 180);
	must(in->q.weekday >= 0 && in->q.weekday <= 6);
}

static void show(const struct req *r, const struct all *in)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 << 20);
	struct html h = { &b, r->lang, "token" };

	form_errors(&h, r);
	for (const struct field *f = fields; f->name; f++)
		form_field(&h, r, fields, f->name, in);
	must(!memmem(b.p, b.n, "<script", 7));
	must(utf8_valid(b.p, b.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	struct req r = { .a = &a, .lang = langs[0], .path = "/", .query = "" };
	struct form form;
	struct all in;
	struct err e;
	const char *b = (const char *)p;

	if (n && b[0] == '{' ? !form_parse_json(&a, b, n, &form, &e)
			     : !form_parse(&a, b, n, &form, &e)) {
		must(e.msg[0]);
		return 0;
	}
	if (a.spent)
		return 0;
	check_pairs(&form);
	form_read(&r, fields, &form, &in, sizeof in);
	if (a.spent)
		return 0;
	check_input(&r, &in);
	show(&r, &in);
	return 0;
}
