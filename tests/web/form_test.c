#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "web/form.h"
#include "web/form.htm.h"

static const struct choice services[] = {
	{ "demarches", "Aide aux démarches", "Aide aux démarches administratives" },
	{ "materiel", "Trouver un appareil", NULL },
	{ "wifi", "Accéder à internet", NULL },
	{ NULL, NULL, NULL },
};

struct search {
	const char *commune;
	int64_t age;
	double rayon;
	bool gratuit;
	int service;
	uint64_t publics;
	struct moment quand;
	struct point ou;
};

static const struct field fields[] = {
	{ AT(search, commune), .kind = F_TEXT, .max = 10, .required = true, .label = "Commune",
	  .hint = "Un nom ou un code postal" },
	{ AT(search, age), .kind = F_INT, .min = 0, .max = 120, .label = "Âge" },
	{ AT(search, rayon), .kind = F_REAL, .label = "Rayon" },
	{ AT(search, gratuit), .kind = F_BOOL, .label = "Gratuit" },
	{ AT(search, service), .kind = F_CHOICE, .choices = services, .label = "Besoin" },
	{ AT(search, publics), .kind = F_CHOICES, .choices = services, .label = "Publics" },
	{ AT(search, quand), .kind = F_MOMENT, .label = "Quand" },
	{ AT(search, ou), .kind = F_POINT, .label = "Où" },
	{ 0 },
};

/* One form read; everything of it dies with `a`. */
struct reading {
	struct arena a;
	struct req r;
	struct form form;
	struct search in;
	struct err err;
};

static void reading_end(struct reading *d)
{
	arena_free(&d->a);
}

static bool reading_of(struct reading *d, const char *sent)
{
	*d = (struct reading){ .a = arena_new(4 << 20) };
	d->r = (struct req){ .a = &d->a, .lang = langs[0], .path = "/lieux", .query = "" };
	if (!form_parse(&d->a, sent, strlen(sent), &d->form, &d->err))
		return false;
	form_read(&d->r, fields, &d->form, &d->in, sizeof d->in);
	return true;
}

#define READ(d, sent) CLEANUP(reading_end) struct reading d; holds(reading_of(&d, sent))

TEST("a form fills the input of its route")
{
	READ(d, "commune=+Saint-Denis+&age=34&rayon=2%2C5&gratuit=oui&service=materiel&publics=wifi"
	     "&publics=demarches&quand=mardi-apres-midi&ou=48.902,2.483&autre=x");

	equals(d.r.nerrors, 1);                 /* eleven characters are one too many */
	holds(strstr(d.r.errors[0].msg, "« Commune » est trop long : 10"));
	equals(d.in.age, 34);
	near_to(d.in.rayon, 2.5, 0);
	holds(d.in.gratuit);
	equals(d.in.service, 1);
	equals(d.in.publics, 5);
	equals(d.in.quand.kind, MOMENT_HALF_DAY);
	equals(d.in.quand.weekday, 1);
	holds(d.in.quand.afternoon);
	near_to(d.in.ou.lat, 48.902, 1e-9);
	near_to(d.in.ou.lon, 2.483, 1e-9);
}

TEST("ten characters are ten characters, whatever their bytes")
{
	READ(d, "commune=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9");

	equals(d.r.nerrors, 0);
	same(d.in.commune, "éééééééééé");
}

TEST("what is absent is absent, and no choice is made for anybody")
{
	READ(d, "commune=Bondy&age=&service=&quand=");

	equals(d.r.nerrors, 0);
	equals(d.in.service, -1);
	equals(d.in.publics, 0);
	equals(d.in.quand.kind, MOMENT_NONE);
	holds(!d.in.ou.given && !d.in.gratuit);
}

TEST("a required field that is missing or blank says so, once")
{
	READ(d, "commune=%20%C2%A0%20");

	equals(d.r.nerrors, 1);
	same(req_error(&d.r, "commune"), "« Commune » : à remplir.");
	equals(req_error(&d.r, "age") == NULL, 1);
}

TEST("each kind refuses what it is not, in words")
{
	static const struct { const char *sent, *field, *words; } all[] = {
		{ "commune=a&age=douze", "age", "entre ces bornes : 0 – 120" },
		{ "commune=a&age=-1", "age", "entre" }, { "commune=a&age=121", "age", "entre" },
		{ "commune=a&age=1.5", "age", "nombre" }, { "commune=a&age=1e2", "age", "nombre" },
		{ "commune=a&age=0x10", "age", "nombre" }, { "commune=a&age=nan", "age", "nombre" },
		{ "commune=a&rayon=inf", "rayon", "écrivez un nombre" },
		{ "commune=a&rayon=1e999", "rayon", "nombre" },
		{ "commune=a&rayon=1.2.3", "rayon", "nombre" },
		{ "commune=a&gratuit=peut-etre", "gratuit", "oui ou par non" },
		{ "commune=a&service=tout", "service", "réponses proposées" },
		{ "commune=a&publics=wifi&publics=tout", "publics", "réponses proposées" },
		{ "commune=a&quand=demain", "quand", "2026-11-24T10:00" },
		{ "commune=a&quand=mardi", "quand", "moment" },
		{ "commune=a&quand=mardi-soir", "quand", "moment" },
		{ "commune=a&quand=2026-11-24", "quand", "moment" },
		{ "commune=a&quand=2026-11-31T10:00", "quand", "moment" },
		{ "commune=a&quand=2026-11-24T10:00:00Z", "quand", "moment" },
		{ "commune=a&ou=48.9", "ou", "latitude" }, { "commune=a&ou=91,0", "ou", "latitude" },
		{ "commune=a&ou=0,181", "ou", "latitude" }, { "commune=a&ou=1,2,3", "ou", "latitude" },
		{ "commune=a&commune=b", "commune", "donné deux fois" },
		{ "commune=a&age=1&age=1", "age", "donné deux fois" },
		{ "commune=%ff", "commune", "caractères" }, { "commune=a%00b", "commune", "caractères" },
		{ "commune=a%1bb", "commune", "caractères" }, { "commune=%c0%af", "commune", "caractères" },
		{ "commune=%ed%a0%80", "commune", "caractères" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		READ(d, all[i].sent);
		const char *msg = req_error(&d.r, all[i].field);

		if (!msg || !strstr(msg, all[i].words) || d.r.nerrors != 1)
			fail_msg("%s: %s (%d)", all[i].sent, msg ? msg : "taken", d.r.nerrors);
	}
}

TEST("a moment is now, a half day, or an hour of the place")
{
	READ(now, "commune=a&quand=maintenant");
	READ(half, "commune=a&quand=dimanche-matin");
	READ(at, "commune=a&quand=2026-11-24T10:30");

	equals(now.in.quand.kind, MOMENT_NOW);
	equals(half.in.quand.weekday, 6);
	holds(!half.in.quand.afternoon);
	equals(at.in.quand.kind, MOMENT_AT);
	equals(at.in.quand.at.day, 24);
	equals(at.in.quand.at.minute, 30);
}

TEST("a choice is named by its slug, its national value or its label")
{
	READ(slug, "commune=a&service=demarches");
	READ(value, "commune=a&service=Aide+aux+d%C3%A9marches+administratives");
	READ(label, "commune=a&service=Acc%C3%A9der+%C3%A0+internet");

	equals(slug.in.service, 0);
	equals(value.in.service, 0);
	equals(label.in.service, 2);
}

TEST("numbers are read as people write them")
{
	READ(d, "commune=a&rayon=1%20234%2C5");
	READ(n, "commune=a&rayon=1%E2%80%AF234.5");

	near_to(d.in.rayon, 1234.5, 0);
	near_to(n.in.rayon, 1234.5, 0);
}

TEST("a broken escape and too many pairs are refused whole")
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	static char many[2 * 1000];
	struct form f;
	struct err e;

	refuses(E_INPUT, form_parse(&a, "a=%", 3, &f, &e), &e);
	refuses(E_INPUT, form_parse(&a, "a=%4", 4, &f, &e), &e);
	refuses(E_INPUT, form_parse(&a, "%zz=1", 5, &f, &e), &e);
	for (size_t i = 0; i < sizeof many; i += 2)
		memcpy(many + i, "a&", 2);
	refuses(E_LIMIT, form_parse(&a, many, sizeof many, &f, &e), &e);
	accepts(form_parse(&a, many, 2 * FORM_PAIRS - 1, &f, &e), &e);
	equals(f.n, FORM_PAIRS);
	accepts(form_parse(&a, "", 0, &f, &e), &e);
	equals(f.n, 0);
	accepts(form_parse(&a, "&&=x&a&b=", 9, &f, &e), &e);
	equals(f.n, 2);
	same(form_value(&f, "a"), "");
	equals(form_value(&f, "c") == NULL, 1);
}

TEST("lines end with one sign, whoever typed them")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct form f;
	struct err e;
	const char *s = "t=%0D%0Aun%0D%0Adeux%0Dtrois%0A";

	accepts(form_parse(&a, s, strlen(s), &f, &e), &e);
	same(form_value(&f, "t"), "un\ndeux\ntrois");
}

TEST("a JSON object fills the same fields as a form")
{
	CLEANUP(reading_end) struct reading d = { .a = arena_new(4 << 20) };
	const char *s = "{\"commune\":\" Bondy \",\"age\":34,\"rayon\":2.5,\"gratuit\":true,"
		"\"publics\":[\"wifi\",\"demarches\"],\"service\":null,\"ou\":{\"lat\":1},\"x\":[1,2]}";

	d.r = (struct req){ .a = &d.a, .lang = langs[0] };
	accepts(form_parse_json(&d.a, s, strlen(s), &d.form, &d.err), &d.err);
	form_read(&d.r, fields, &d.form, &d.in, sizeof d.in);
	same(d.in.commune, "Bondy");
	equals(d.in.age, 34);
	near_to(d.in.rayon, 2.5, 0);
	holds(d.in.gratuit);
	equals(d.in.publics, 5);
	equals(d.in.service, -1);
	equals(d.r.nerrors, 1);
	holds(req_error(&d.r, "ou"));
	refuses(E_INPUT, form_parse_json(&d.a, "[1]", 3, &d.form, &d.err), &d.err);
	refuses(E_INPUT, form_parse_json(&d.a, "{\"a\":", 5, &d.form, &d.err), &d.err);
	refuses(E_INPUT, form_parse_json(&d.a, "{\"a\":1,\"a\":2}", 13, &d.form, &d.err), &d.err);
}

/* --- as HTML ------------------------------------------------------------------------------ */

static const char *shown(struct reading *d, const char *name, const void *in)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct html h = { &b, d->r.lang, NULL };

	form_field(&h, &d->r, fields, name, in);
	return arena_strn(&d->a, b.p, b.n);
}

TEST("a field shows its label, its hint, what was typed and its error beside it")
{
	READ(d, "commune=un+nom+bien+trop+long+%3C%22&age=12");
	const char *s = shown(&d, "commune", NULL);

	holds(strstr(s, "<label for=\"commune\">Commune</label>"));
	holds(strstr(s, "value=\"un nom bien trop long &lt;&quot;\"") ||
	      strstr(s, "value=\"un nom bien trop long &lt;&#34;\""));
	holds(strstr(s, "id=\"commune-aide\"") && strstr(s, "id=\"commune-erreur\""));
	holds(strstr(s, "aria-describedby=\"commune-aide commune-erreur\""));
	holds(strstr(s, "aria-invalid=\"true\"") && strstr(s, "class=\"field bad\""));
	holds(strstr(s, d.r.errors[0].msg + strlen("« Commune »")));
	s = shown(&d, "age", NULL);
	holds(strstr(s, "value=\"12\"") && strstr(s, "inputmode=\"numeric\""));
	holds(strstr(s, "(facultatif)") && !strstr(s, "aria-describedby"));
}

TEST("the summary links to each refused field")
{
	READ(d, "age=1000&service=tout");
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct html h = { &b, d.r.lang, NULL };
	const char *s;

	form_errors(&h, &d.r);
	s = buf_text(&b);
	holds(strstr(s, "Il y a un problème"));
	holds(strstr(s, "href=\"#commune\"") && strstr(s, "href=\"#age\"") && strstr(s, "href=\"#service\""));
	holds(strstr(shown(&d, "service", NULL), "id=\"service\""));    /* the first radio */
}

TEST("a field with values shows them until something is typed")
{
	READ(nothing, "");
	READ(typed, "commune=a&service=wifi&publics=demarches&quand=lundi-matin");
	struct search in = { .commune = "Pantin", .age = 8, .service = 1, .publics = 4,
			     .quand = { .kind = MOMENT_AT, .at = { 2026, 11, 24, 10, 0, 0 } } };

	holds(strstr(shown(&nothing, "commune", &in), "value=\"Pantin\""));
	holds(strstr(shown(&nothing, "age", &in), "value=\"8\""));
	holds(strstr(shown(&nothing, "service", &in), "value=\"materiel\" checked"));
	holds(strstr(shown(&nothing, "publics", &in), "value=\"wifi\" checked"));
	holds(strstr(shown(&nothing, "quand", &in), "value=\"2026-11-24T10:00\" selected"));
	holds(strstr(shown(&typed, "service", &in), "value=\"wifi\" checked"));
	holds(!strstr(shown(&typed, "service", &in), "value=\"materiel\" checked"));
	holds(strstr(shown(&typed, "publics", &in), "value=\"demarches\" checked"));
	holds(!strstr(shown(&typed, "publics", &in), "value=\"wifi\" checked"));
	holds(strstr(shown(&typed, "quand", &in), "value=\"lundi-matin\" selected"));
	holds(!strstr(shown(&nothing, "service", NULL), "checked"));
}

/* --- forms with a file: bodies written by hand from RFC 7578 and RFC 2046 ------------------ */

struct sending {
	struct arena a;
	struct form form;
	struct sent_file file;
	struct err err;
};

static bool send_parts(struct sending *s, const char *type, const char *body, size_t n)
{
	*s = (struct sending){ .a = arena_new(1 << 20) };
	return form_parse_file(&s->a, type, body, n, &s->form, &s->file, &s->err);
}

#define TYPE "multipart/form-data; boundary=ab-c"
#define NAMED(name) "--ab-c\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILED "--ab-c\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.ogg\"\r\n" \
	"Content-Type: audio/ogg\r\n\r\n"

TEST("a form with a file gives its values and the bytes of the file, zero bytes and lines as they came")
{
	static const char body[] = NAMED("langue") "snk\r\n" FILED "\0\r\n--ab\r\nz\r\n" NAMED("nom")
		"\xc3\xa9t\xc3\xa9\r\n--ab-c--\r\n";
	struct sending s;

	accepts(send_parts(&s, TYPE, body, sizeof body - 1), &s.err);
	equals(s.form.n, 2);
	same(s.form.pairs[0].name, "langue");
	same(s.form.pairs[0].value, "snk");
	same(s.form.pairs[1].value, "\xc3\xa9t\xc3\xa9");
	equals(s.file.n, 10);
	holds(memcmp(s.file.p, "\0\r\n--ab\r\nz", 10) == 0);
	arena_free(&s.a);
	accepts(send_parts(&s, "multipart/form-data; boundary=\"ab-c\"", body, sizeof body - 1), &s.err);
	equals(s.file.n, 10);
	arena_free(&s.a);
}

TEST("a file field left empty is no file")
{
	static const char body[] = FILED "\r\n" NAMED("x") "1\r\n--ab-c--\r\n";
	struct sending s;

	accepts(send_parts(&s, TYPE, body, sizeof body - 1), &s.err);
	holds(!s.file.p);
	equals(s.form.n, 1);
	arena_free(&s.a);
}

TEST("a form with a file that is cut anywhere is refused, and never read past its end")
{
	static const char body[] = NAMED("x") "1\r\n" FILED "data\r\n--ab-c--";

	for (size_t n = 0; n < sizeof body - 1; n++) {
		char *copy = malloc(n ? n : 1);
		struct sending s;

		memcpy(copy, body, n);
		refuses(E_INPUT, send_parts(&s, TYPE, copy, n), &s.err);
		arena_free(&s.a);
		free(copy);
	}
}

TEST("a form with a file is refused when its boundary is broken, its head unread, or it has two files or too many values")
{
	static const char good[] = NAMED("x") "1\r\n--ab-c--\r\n";
	static const char *const types[] = { "multipart/form-data", "multipart/form-data; boundary=",
		"multipart/form-data; boundary=other", "multipart/form-data; boundary=\"ab-c",
		"multipart/form-data; boundary=a\xc3\xa9", TYPE "b",
		"multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x",
	};
	static const char *const bodies[] = {
		"--ab-c\r\n\r\n1\r\n--ab-c--", "--ab-c\r\nX: y\r\n\r\n1\r\n--ab-c--",
		NAMED("") "1\r\n--ab-c--", NAMED("\xff") "1\r\n--ab-c--", "--ab-cNAMED",
		FILED "a\r\n" FILED "b\r\n--ab-c--", "before\r\n" NAMED("x") "1\r\n--ab-c--",
	};
	struct buf many = buf_new(64 << 10);
	struct sending s;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		refuses(E_INPUT, send_parts(&s, types[i], good, sizeof good - 1), &s.err);
		arena_free(&s.a);
	}
	refuses(E_INPUT, send_parts(&s, NULL, good, sizeof good - 1), &s.err);
	arena_free(&s.a);
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		refuses(E_INPUT, send_parts(&s, TYPE, bodies[i], strlen(bodies[i])), &s.err);
		arena_free(&s.a);
	}
	for (int i = 0; i < 41; i++)
		buf_str(&many, NAMED("x") "1\r\n");
	buf_str(&many, "--ab-c--");
	holds(!send_parts(&s, TYPE, many.p, many.n));
	arena_free(&s.a);
	buf_free(&many);
}
