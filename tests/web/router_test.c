#include "test.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "web/asset.h"
#include "web/form.h"
#include "web/form.htm.h"
#include "web/right.h"
#include "web/router.h"
#include "web/session.h"

/* --- a small site ------------------------------------------------------------------------ */

static bool home(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	buf_printf(&s->body, "home %s %s %s %s", r->lang->tag, r->https ? "https" : "http", r->host,
		   r->query);
	return true;
}

static bool place(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	buf_printf(&s->body, "place %s %s", r->params[0], r->params[1] ? r->params[1] : "-");
	return true;
}

static bool near_by(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	buf_str(&s->body, "near");
	return true;
}

static bool versioned(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	s->etag = "\"v1\"";
	for (int i = 0; i < 500; i++)
		buf_str(&s->body, "Bondy, Pantin ");
	return true;
}

static bool conflict(struct req *r, struct res *s, struct err *e)
{
	(void)r;
	buf_str(&s->body, "half a page");
	fail(e, E_CONFLICT, "Ce lieu est fermé.");
	return hint(e, "Choisissez-en un autre.");
}

static bool greedy(struct req *r, struct res *s, struct err *e)
{
	(void)s;
	while (arena_alloc(r->a, 1 << 20))
		;
	return arena_refuse(r->a, e);
}

static bool form_page(struct req *r, struct res *s, struct err *e)
{
	const char *text = session_get(r->session, "text");

	(void)e;
	buf_printf(&s->body, "[%s] <input name=csrf value=\"%s\">", text ? text : "", r->session->csrf);
	return true;
}

struct said {
	const char *text;
};

static const struct field said_fields[] = {
	{ AT(said, text), .kind = F_TEXT, .max = 10, .required = true, .label = "Texte" },
	{ 0 },
};

static bool said(struct req *r, struct res *s, struct err *e)
{
	const struct said *in = r->in;

	(void)e;
	if (r->nerrors) {
		buf_str(&s->body, r->errors[0].msg);
		return true;
	}
	session_set(r->session, r->a, "text", in->text);
	return res_see_other(s, "/form");
}

static bool say(struct req *r, struct res *s, struct err *e)
{
	const struct said *in = r->in;

	(void)e;
	buf_printf(&s->body, "{\"text\":\"%s\"}", in->text);
	return true;
}

static bool erase(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	s->clear_site_data = true;
	return res_see_other(s, "/");
}

static bool file(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	s->type = "text/csv; charset=utf-8";
	s->filename = "lieux été\r\n.csv";
	s->link = "</next>; rel=\"next\"\r\nX-Bad: 1";
	buf_str(&s->body, "id\n");
	return true;
}

/* 3 bytes on disk, changed on 22 November 2026 at 10:00:00. */
static bool on_disk(struct req *r, struct res *s, struct err *e)
{
	FILE *f = tmpfile();

	(void)r, (void)e;
	fputs("id\n", f);
	fflush(f);
	s->file = dup(fileno(f));
	fclose(f);
	s->type = "text/csv; charset=utf-8";
	s->modified = 1795341600000;
	return true;
}

static bool late(struct req *r, struct res *s, struct err *e)
{
	return on_disk(r, s, e) && fail(e, E_STORE, "Trop tard.");
}

static bool nobody(struct req *r)
{
	(void)r;
	return false;
}

static const struct right can_admin = { .name = "admin", .allows = nobody };

static const struct route routes[] = {
	{ GET, "/", home, CAN_PUBLIC, NULL, 0, "Home", 0, NULL },
	{ GET, "/lieux", near_by, CAN_PUBLIC, NULL, 0, "Places", 0, NULL },
	{ GET, "/lieux/{id}", place, CAN_PUBLIC, NULL, 0, "One place", 0, NULL },
	{ GET, "/lieux/{id}/{page}", place, CAN_PUBLIC, NULL, 0, "A page of it", 0, NULL },
	{ GET, "/lieux/carte", near_by, CAN_PUBLIC, NULL, 0, "Map", 0, NULL },
	{ GET, "/versioned", versioned, CAN_PUBLIC, NULL, 0, "Version", 0, NULL },
	{ GET, "/conflict", conflict, CAN_PUBLIC, NULL, 0, "Conflict", 0, NULL },
	{ GET, "/greedy", greedy, CAN_PUBLIC, NULL, 0, "Greedy", 0, NULL },
	{ GET, "/form", form_page, CAN_PUBLIC, NULL, 0, "Form", 0, NULL },
	{ POST, "/form", said, CAN_PUBLIC, said_fields, sizeof(struct said), "Form", 0, NULL },
	{ GET, "/private", near_by, CAN_PUBLIC, NULL, 0, "Private", ROUTE_PRIVATE, NULL },
	{ GET, "/admin", near_by, &can_admin, NULL, 0, "Admin", 0, NULL },
	{ GET, "/file", file, CAN_PUBLIC, NULL, 0, "File", 0, NULL },
	{ GET, "/disk", on_disk, CAN_PUBLIC, NULL, 0, "On disk", ROUTE_OPEN, NULL },
	{ GET, "/late", late, CAN_PUBLIC, NULL, 0, "Late", ROUTE_OPEN, NULL },
	{ GET, "/frame", home, CAN_PUBLIC, NULL, 0, "Frame", ROUTE_FRAMED, NULL },
	{ POST, "/effacer", erase, CAN_PUBLIC, NULL, 0, "Erase", ROUTE_FORGETS, NULL },
	{ GET, "/api/say", say, CAN_PUBLIC, said_fields, sizeof(struct said), "Say", ROUTE_JSON, NULL },
	{ POST, "/api/say", say, CAN_PUBLIC, said_fields, sizeof(struct said), "Say",
	  ROUTE_JSON | ROUTE_NO_CSRF, NULL },
	{ 0 },
};

static void error_page(struct req *r, struct res *s, const struct err *e)
{
	struct html h = { &s->body, r->lang, r->session ? r->session->csrf : NULL };

	buf_printf(&s->body, "<h1>%d</h1>%s %s (%s)", s->status, e->msg, e->hint, r->path);
	form_resend(&h, r);
}

/* One site and its last answer. */
struct site {
	struct router *router;
	struct buf out;
	char cookie[SESSION_COOKIE + 64];
	const char *more;               /* fields of every request */
};

static void site_close(struct site *w)
{
	router_close(&w->router);
	buf_free(&w->out);
}

static struct site site_open(void)
{
	static struct proxies local;
	struct router_options o = { .env = &env_test, .error_page = error_page };
	struct site w = { .out = buf_new(4 << 20), .more = "" };
	struct err e;

	accepts(proxies_read("", "", &local, &e), &e);
	o.proxies = &local;

	box_make(&env_test, &o.box);
	accepts(router_new(&o, &w.router, &e), &e);
	accepts(router_add(w.router, routes, &e), &e);
	accepts(router_add(w.router, web_routes, &e), &e);
	return w;
}

/* Keeps the cookie that the answer sets, as a browser does. */
static void take_cookie(struct site *w, const char *answer)
{
	const char *set = strstr(answer, "Set-Cookie: "), *end;

	if (!set)
		return;
	set += strlen("Set-Cookie: ");
	end = strchr(set, ';');
	snprintf(w->cookie, sizeof w->cookie, "Cookie: %.*s\r\n", (int)(end - set), set);
}

static const char *raw(struct site *w, const char *request)
{
	const char *answer;

	buf_clear(&w->out);
	router_ask(w->router, request, strlen(request), &w->out);
	answer = buf_text(&w->out);
	take_cookie(w, answer);
	return answer;
}

static const char *ask(struct site *w, const char *line)
{
	char b[8192];

	snprintf(b, sizeof b, "%s HTTP/1.1\r\nHost: aide.fr\r\n%s%s\r\n", line, w->more, w->cookie);
	return raw(w, b);
}

static const char *post(struct site *w, const char *path, const char *type, const char *body)
{
	char b[8192];

	snprintf(b, sizeof b, "POST %s HTTP/1.1\r\nHost: aide.fr\r\nContent-Type: %s\r\n"
		 "Content-Length: %zu\r\n%s%s\r\n%s", path, type, strlen(body), w->more, w->cookie, body);
	return raw(w, b);
}

static const char form_type[] = "application/x-www-form-urlencoded";

static const char *body_of(const char *answer)
{
	return strstr(answer, "\r\n\r\n") + 4;
}

static int status_of(const char *answer)
{
	return (int)strtol(answer + 9, NULL, 10);
}

static bool has(const char *answer, const char *line)
{
	const char *at = strstr(answer, line);

	return at && at < body_of(answer);
}

static const char *token_of(const char *page, char out[64])
{
	const char *at = strstr(page, "value=\"");

	snprintf(out, 64, "%.43s", at ? at + 7 : "");
	return out;
}

#define SITE(w) CLEANUP(site_close) struct site w = site_open()

/* --- addresses ------------------------------------------------------------------------------ */

TEST("each address has its page, exact words before any word")
{
	SITE(w);

	same(body_of(ask(&w, "GET /lieux")), "near");
	same(body_of(ask(&w, "GET /lieux/carte")), "near");
	same(body_of(ask(&w, "GET /lieux/0198%20a")), "place 0198 a -");
	same(body_of(ask(&w, "GET /lieux/12/fiche?x=1")), "place 12 fiche");
	same(body_of(ask(&w, "GET /lieux/carte/fiche")), "place carte fiche");
	equals(status_of(ask(&w, "GET /lieux/1/2/3")), 404);
	equals(status_of(ask(&w, "GET /lieu")), 404);
	equals(status_of(ask(&w, "GET //lieux")), 404);
	equals(status_of(ask(&w, "GET /%2e%2e/lieux")), 400);
}

TEST("a final slash leads to the page without it")
{
	SITE(w);
	const char *s = ask(&w, "GET /lieux/?commune=93010");

	equals(status_of(s), 301);
	holds(has(s, "\r\nLocation: /lieux?commune=93010\r\n"));
	equals(status_of(ask(&w, "GET /nulle-part/")), 404);
	equals(status_of(ask(&w, "GET //")), 404);
}

TEST("a method that an address has not is refused with those it has")
{
	SITE(w);

	holds(has(ask(&w, "PUT /form"), "405 "));
	holds(has(ask(&w, "OPTIONS /form"), "\r\nAllow: GET, HEAD, POST\r\n"));
	holds(has(ask(&w, "POST /lieux"), "\r\nAllow: GET, HEAD\r\n"));
	holds(has(ask(&w, "GET /effacer"), "\r\nAllow: POST\r\n"));
	equals(status_of(ask(&w, "DELETE /nulle-part")), 404);
}

TEST("HEAD has the fields of GET, and no body")
{
	SITE(w);
	const char *s;

	s = ask(&w, "HEAD /lieux");
	equals(status_of(s), 200);
	holds(has(s, "\r\nContent-Length: 4\r\n"));
	same(body_of(s), "");
}

TEST("every answer protects who reads it")
{
	static const char *const lines[] = {
		"\r\nContent-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; "
		"media-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n",
		"\r\nX-Content-Type-Options: nosniff\r\n", "\r\nReferrer-Policy: no-referrer\r\n",
		"\r\nCross-Origin-Opener-Policy: same-origin\r\n", "\r\nPermissions-Policy: ",
	};
	static const char *const asked[] = { "GET /", "GET /nulle-part", "GET /api/say", "GET /conflict",
					     "GET /favicon.svg", "POST /form" };
	SITE(w);

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		const char *s = ask(&w, asked[i]);

		for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
			if (!has(s, lines[k]))
				fail_msg("%s: %s", asked[i], lines[k]);
		}
	}
}

TEST("an error is a page for people and a problem for programs")
{
	SITE(w);
	const char *s = ask(&w, "GET /conflict");

	equals(status_of(s), 409);
	same(body_of(s), "<h1>409</h1>Ce lieu est fermé. Choisissez-en un autre. (/conflict)");
	holds(has(s, "\r\nCache-Control: no-store\r\n"));
	s = ask(&w, "GET /api/nulle-part");
	equals(status_of(s), 404);
	holds(has(s, "\r\nContent-Type: application/problem+json\r\n"));
	holds(strstr(body_of(s), "\"status\":404"));
	s = ask(&w, "GET /api/say?text=bien+trop+long");
	equals(status_of(s), 400);
	holds(strstr(body_of(s), "\"errors\":[{\"field\":\"text\",\"detail\":\"« Texte » est trop long"));
	equals(status_of(ask(&w, "GET /api/say?text=%")), 400);
	equals(status_of(ask(&w, "GET /greedy")), 413);
	equals(status_of(ask(&w, "GET /admin")), 403);
}

TEST("what is no request at all is refused in plain text")
{
	SITE(w);
	const char *s = raw(&w, "GET / HTTP/1.1\r\n\r\n");

	equals(status_of(s), 400);
	holds(has(s, "\r\nContent-Type: text/plain; charset=utf-8\r\n"));
	equals(status_of(raw(&w, "GET / HTTP/3.0\r\n\r\n")), 505);
}

/* --- what is kept by browsers ------------------------------------------------------- */

TEST("a page that has not changed is not sent again")
{
	SITE(w);
	const char *s = ask(&w, "GET /versioned");

	holds(has(s, "\r\nETag: W/\"v1\"\r\n") && has(s, "\r\nCache-Control: no-cache\r\n"));
	w.more = "If-None-Match: \"v0\", W/\"v1\"\r\n";
	s = ask(&w, "GET /versioned");
	equals(status_of(s), 304);
	holds(has(s, "\r\nETag: W/\"v1\"\r\n"));
	same(body_of(s), "");
	w.more = "If-None-Match: \"v12\"\r\n";
	equals(status_of(ask(&w, "GET /versioned")), 200);
	w.more = "If-None-Match: *\r\n";
	equals(status_of(ask(&w, "GET /versioned")), 304);
}

TEST("a file goes out as it is on disk, with its date, and is not sent twice")
{
	SITE(w);
	const char *s = ask(&w, "GET /disk");

	equals(status_of(s), 200);
	holds(has(s, "\r\nLast-Modified: Sun, 22 Nov 2026 10:00:00 GMT\r\n"));
	holds(has(s, "\r\nContent-Length: 3\r\n"));
	same(body_of(s), "id\n");
	s = ask(&w, "HEAD /disk");
	holds(has(s, "\r\nContent-Length: 3\r\n"));
	same(body_of(s), "");
	w.more = "If-Modified-Since: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
	s = ask(&w, "GET /disk");
	equals(status_of(s), 304);
	same(body_of(s), "");
	w.more = "If-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT\r\n";
	equals(status_of(ask(&w, "GET /disk")), 200);
	/* the ETag decides when both are given (RFC 9110, 13.1.3) */
	w.more = "If-None-Match: \"v0\"\r\nIf-Modified-Since: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
	equals(status_of(ask(&w, "GET /disk")), 200);
	w.more = "";
	s = ask(&w, "GET /late");               /* refused after the file was made */
	equals(status_of(s), 500);
	holds(strstr(body_of(s), "Trop tard."));
}

TEST("open data is for pages of any site, a frame for any page, neither has a cookie")
{
	SITE(w);
	const char *s = ask(&w, "GET /disk");

	holds(has(s, "\r\nAccess-Control-Allow-Origin: *\r\n") && !has(s, "Set-Cookie"));
	holds(has(s, "frame-ancestors 'none'\r\n") && has(s, "X-Frame-Options: DENY"));
	s = ask(&w, "GET /frame");
	holds(has(s, "frame-ancestors *\r\n") && !has(s, "X-Frame-Options") && !has(s, "Set-Cookie"));
	holds(has(s, "default-src 'none'") && !has(s, "Access-Control"));
	holds(!has(ask(&w, "GET /lieux"), "Access-Control"));
}

TEST("a page made for one visitor has no version, and is kept by no browser")
{
	SITE(w);
	char sent[200], token[64];
	const char *s;

	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(ask(&w, "GET /form"), token));
	post(&w, "/form", form_type, sent);
	w.more = "If-None-Match: \"v1\"\r\n";
	s = ask(&w, "GET /versioned");
	equals(status_of(s), 200);
	holds(!has(s, "ETag") && has(s, "\r\nCache-Control: no-store\r\n"));
}

TEST("an answer of the API has a version even when nobody gave it one")
{
	SITE(w);
	const char *at = strstr(ask(&w, "GET /api/say?text=a"), "ETag: W/");
	char more[64];

	holds(at);
	snprintf(more, sizeof more, "If-None-Match: %.18s\r\n", at + 8);
	w.more = more;
	equals(status_of(ask(&w, "GET /api/say?text=a")), 304);
	equals(status_of(ask(&w, "GET /api/say?text=b")), 200);
}

TEST("text is compressed for who can read it, and is the same after")
{
	SITE(w);
	char plain[8192] = "", back[8192];
	z_stream z = { 0 };
	const char *s;

	snprintf(plain, sizeof plain, "%s", body_of(ask(&w, "GET /versioned")));
	w.more = "Accept-Encoding: br, gzip\r\n";
	s = ask(&w, "GET /versioned");
	holds(has(s, "\r\nContent-Encoding: gzip\r\n") && has(s, "\r\nVary: Accept-Encoding"));
	z.next_in = (Bytef *)(uintptr_t)body_of(s);
	z.avail_in = (uInt)(w.out.n - (size_t)(body_of(s) - s));
	z.next_out = (Bytef *)back;
	z.avail_out = sizeof back - 1;
	equals(inflateInit2(&z, 31), Z_OK);
	equals(inflate(&z, Z_FINISH), Z_STREAM_END);
	back[z.total_out] = '\0';
	inflateEnd(&z);
	same(back, plain);
	holds(!has(ask(&w, "GET /lieux"), "Content-Encoding"));         /* too small to gain */
	w.more = "Accept-Encoding: gzip;q=0\r\n";
	holds(!has(ask(&w, "GET /versioned"), "Content-Encoding"));
}

TEST("a static file is kept for ever under its own version only")
{
	SITE(w);
	char line[160];
	const char *s;

	snprintf(line, sizeof line, "GET %s", asset_url("tremplin.css"));
	holds(strstr(line, "?v="));
	s = ask(&w, line);
	equals(status_of(s), 200);
	holds(has(s, "\r\nContent-Type: text/css; charset=utf-8\r\n") && has(s, "immutable"));
	s = ask(&w, "GET /assets/tremplin.css?v=0");
	holds(has(s, "\r\nCache-Control: no-cache\r\n"));
	w.more = "Accept-Encoding: gzip\r\n";
	holds(has(ask(&w, line), "\r\nContent-Encoding: gzip\r\n"));
	equals(status_of(ask(&w, "GET /assets/nothing.css")), 404);
	equals(status_of(ask(&w, "GET /assets/")), 404);
	equals(status_of(ask(&w, "POST /assets/tremplin.css")), 405);
}

/* --- visitors ----------------------------------------------------------------------- */

TEST("a form that comes back with its token is taken, and remembered")
{
	SITE(w);
	char sent[200], token[64];
	const char *s = ask(&w, "GET /form");

	holds(has(s, "Set-Cookie: tremplin=") && has(s, "; Path=/; HttpOnly; SameSite=Lax\r\n"));
	holds(has(s, "\r\nCache-Control: no-store\r\n"));
	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(s, token));
	s = post(&w, "/form", form_type, sent);
	equals(status_of(s), 303);
	holds(has(s, "\r\nLocation: /form\r\n"));
	s = ask(&w, "GET /form");
	holds(strstr(body_of(s), "[Bondy]"));
	holds(!has(s, "Set-Cookie"));           /* nothing new, less than a minute old */
	snprintf(sent, sizeof sent, "text=bien+trop+long&csrf=%s", token);
	s = post(&w, "/form", form_type, sent);
	equals(status_of(s), 400);
	holds(strstr(body_of(s), "« Texte » est trop long"));
}

TEST("a form without its token, or with another's, is refused in words")
{
	SITE(w);
	SITE(other);
	char sent[200], token[64];
	const char *s;

	ask(&w, "GET /form");
	s = post(&w, "/form", form_type, "text=Bondy");
	equals(status_of(s), 403);
	holds(strstr(body_of(s), "ouverte depuis trop longtemps"));
	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(ask(&other, "GET /form"), token));
	equals(status_of(post(&w, "/form", form_type, sent)), 403);
	w.cookie[0] = '\0';
	equals(status_of(post(&w, "/form", form_type, sent)), 403);
}

TEST("a form that another site sends is refused, with the token or without")
{
	SITE(w);
	char sent[200], token[64];

	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(ask(&w, "GET /form"), token));
	w.more = "Sec-Fetch-Site: cross-site\r\n";
	equals(status_of(post(&w, "/form", form_type, sent)), 403);
	equals(status_of(post(&w, "/effacer", form_type, "")), 403);
	w.more = "Sec-Fetch-Site: same-site\r\n";
	equals(status_of(post(&w, "/form", form_type, sent)), 403);
	w.more = "Sec-Fetch-Site: same-origin\r\n";
	equals(status_of(post(&w, "/form", form_type, sent)), 303);
}

TEST("ten minutes without a page forget everything")
{
	SITE(w);
	char sent[200], token[64];

	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(ask(&w, "GET /form"), token));
	post(&w, "/form", form_type, sent);
	test_time_set("2026-11-22T10:11:00Z");
	equals(status_of(post(&w, "/form", form_type, sent)), 403);
	holds(strstr(body_of(ask(&w, "GET /form")), "[]"));
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("what was typed into a page that waited too long is given back, and can be sent again")
{
	SITE(w);
	char sent[200], token[64];
	const char *s;

	snprintf(sent, sizeof sent, "text=%%C3%%A9t%%C3%%A9&csrf=%s",
		 token_of(ask(&w, "GET /form"), token));
	test_time_set("2026-11-22T10:11:00Z");
	s = post(&w, "/form", form_type, sent);
	equals(status_of(s), 403);
	holds(strstr(body_of(s), "<input type=\"hidden\" name=\"text\" value=\"été\">"));
	holds(!strstr(body_of(s), token));
	snprintf(sent, sizeof sent, "text=%%C3%%A9t%%C3%%A9&csrf=%s",
		 token_of(strstr(body_of(s), "name=\"csrf\""), token));
	equals(status_of(post(&w, "/form", form_type, sent)), 303);
	holds(strstr(body_of(ask(&w, "GET /form")), "[été]"));
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("nothing is given back to a page of another site, or to who never came")
{
	SITE(w);

	holds(!strstr(body_of(post(&w, "/form", form_type, "text=Bondy")), "hidden"));
	ask(&w, "GET /form");
	test_time_set("2026-11-22T10:11:00Z");
	w.more = "Sec-Fetch-Site: cross-site\r\n";
	holds(!strstr(body_of(post(&w, "/form", form_type, "text=Bondy")), "Bondy"));
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("who goes on stays known past ten minutes")
{
	SITE(w);
	char sent[200], token[64];

	snprintf(sent, sizeof sent, "text=Bondy&csrf=%s", token_of(ask(&w, "GET /form"), token));
	post(&w, "/form", form_type, sent);
	test_time_set("2026-11-22T10:08:00Z");
	holds(has(ask(&w, "GET /form"), "Set-Cookie: "));
	test_time_set("2026-11-22T10:16:00Z");
	holds(strstr(body_of(ask(&w, "GET /form")), "[Bondy]"));
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("erasing works even when the page waited too long, and takes the cookie back")
{
	SITE(w);
	const char *s = post(&w, "/effacer", form_type, "");

	equals(status_of(s), 303);
	holds(has(s, "\r\nClear-Site-Data: \"cache\",\"cookies\",\"storage\"\r\n"));
	holds(has(s, "Set-Cookie: tremplin=; ") && has(s, "Max-Age=0"));
}

TEST("a page without form or memory sets no cookie, and a private one is never stored")
{
	SITE(w);

	holds(!has(ask(&w, "GET /"), "Set-Cookie"));
	holds(has(ask(&w, "GET /private"), "\r\nCache-Control: no-store\r\n"));
	holds(!has(ask(&w, "GET /private"), "Set-Cookie"));
}

TEST("behind a proxy that speaks https, the cookie is of this host alone")
{
	SITE(w);
	const char *s;

	w.more = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: aide.exemple.fr\r\n";
	s = ask(&w, "GET /form");
	holds(has(s, "Set-Cookie: __Host-tremplin=") && has(s, "; Secure\r\n"));
	holds(has(s, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
	holds(strstr(body_of(ask(&w, "GET /?a=b")), "https aide.exemple.fr a=b"));
}

TEST("the API takes JSON alone, and no cookie")
{
	SITE(w);
	const char *s = post(&w, "/api/say", "application/json; charset=utf-8", "{\"text\":\"Bondy\"}");

	equals(status_of(s), 200);
	same(body_of(s), "{\"text\":\"Bondy\"}");
	holds(has(s, "\r\nContent-Type: application/json\r\n") && !has(s, "Set-Cookie"));
	equals(status_of(post(&w, "/api/say", form_type, "text=Bondy")), 415);
	equals(status_of(post(&w, "/api/say", "application/json", "{\"text\":")), 400);
	equals(status_of(post(&w, "/api/say", "application/json", "{}")), 400);
	ask(&w, "GET /form");
	equals(status_of(post(&w, "/form", "text/plain", "text=Bondy")), 415);
}

TEST("the language is the one chosen, else the browser's, else French")
{
	SITE(w);

	holds(strstr(body_of(ask(&w, "GET /")), "home fr"));
	w.more = "Accept-Language: en-GB,en;q=0.9\r\n";
	holds(strstr(body_of(ask(&w, "GET /")), "home en"));
	w.more = "";
	holds(has(ask(&w, "GET /langue?vers=en&retour=/lieux%3Fcommune=93010"),
		  "\r\nLocation: /lieux?commune=93010\r\n"));
	holds(strstr(body_of(ask(&w, "GET /")), "home en"));
	holds(has(ask(&w, "GET /langue?vers=fr&retour=//ailleurs.fr"), "\r\nLocation: /\r\n"));
	holds(strstr(body_of(ask(&w, "GET /")), "home fr"));
}

TEST("no value of ours can add a line to a head")
{
	SITE(w);
	const char *s = ask(&w, "GET /file");

	holds(has(s, "filename*=UTF-8''lieux%20%C3%A9t%C3%A9%0D%0A.csv\r\n"));
	holds(!has(s, "\r\nX-Bad"));
}

TEST("machines that watch are told that all is well")
{
	SITE(w);

	same(body_of(ask(&w, "GET /healthz")), "ok\n");
	same(body_of(ask(&w, "GET /readyz")), "ok\n");
	equals(status_of(ask(&w, "GET /metrics")), 200);
}

/* --- the tables --------------------------------------------------------------------- */

TEST("a route that is not whole, or declared twice, stops the start")
{
	SITE(w);
	struct err e;
	const struct route twice[] = { { GET, "/lieux", home, CAN_PUBLIC, NULL, 0, "x", 0, NULL }, { 0 } };
	const struct route bare[] = { { GET, "/x", home, NULL, NULL, 0, "x", 0, NULL }, { 0 } };
	const struct route silent[] = { { GET, "/x", home, CAN_PUBLIC, NULL, 0, NULL, 0, NULL }, { 0 } };
	const struct route three[] = {
		{ GET, "/{a}/{b}/{c}/{d}/{e}/{f}", home, CAN_PUBLIC, NULL, 0, "x", 0, NULL }, { 0 } };

	refuses(E_INPUT, router_add(w.router, twice, &e), &e);
	refuses(E_INPUT, router_add(w.router, bare, &e), &e);
	refuses(E_INPUT, router_add(w.router, silent, &e), &e);
	refuses(E_INPUT, router_add(w.router, three, &e), &e);
}

TEST("the matrix of rights has a line for each route")
{
	SITE(w);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	const char *s;

	router_rights(w.router, &b);
	s = buf_text(&b);
	holds(!strncmp(s, "method\tpath\tpublic\tadmin\n", 25));
	holds(strstr(s, "\nGET\t/admin\t-\tx\n"));
	holds(strstr(s, "\nPOST\t/form\tx\t-\n"));
	holds(strstr(s, "\nGET\t/lieux/{id}/{page}\tx\t-\n"));
}
