/* The answer of a handler into bytes: status, fields, cookie, compression. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "format/json.h"
#include "web/asset.h"
#include "web/turn.h"

#define POLICY \
	"Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; " \
	"media-src 'self'; script-src 'self'; form-action 'self'"
#define ANCESTORS "; base-uri 'none'; frame-ancestors "
#define SECURITY \
	"X-Content-Type-Options: nosniff\r\n" \
	"Referrer-Policy: no-referrer\r\n" \
	"Cross-Origin-Opener-Policy: same-origin\r\n"
#define PERMISSIONS "Permissions-Policy: camera=(), geolocation=(), microphone=%s, payment=(), usb=()\r\n"
/* X-Frame-Options: browsers of before frame-ancestors */
#define ALONE ANCESTORS "'none'\r\n" "X-Frame-Options: DENY\r\n" SECURITY
/* Public data that pages of other sites read. */
#define OPEN_DATA \
	"Access-Control-Allow-Origin: *\r\n" \
	"Access-Control-Expose-Headers: Content-Disposition, ETag, Link\r\n" \
	"Cross-Origin-Resource-Policy: cross-origin\r\n"
#define HSTS "Strict-Transport-Security: max-age=31536000\r\n"

static const char *reason(int status)
{
	static const struct { int status; const char *words; } all[] = {
		{ 200, "200 OK" }, { 204, "204 No Content" }, { 206, "206 Partial Content" }, { 301, "301 Moved Permanently" },
		{ 302, "302 Found" }, { 303, "303 See Other" }, { 304, "304 Not Modified" },
		{ 400, "400 Bad Request" }, { 401, "401 Unauthorized" }, { 403, "403 Forbidden" }, { 404, "404 Not Found" },
		{ 405, "405 Method Not Allowed" }, { 408, "408 Request Timeout" },
		{ 409, "409 Conflict" }, { 410, "410 Gone" }, { 413, "413 Content Too Large" },
		{ 414, "414 URI Too Long" }, { 415, "415 Unsupported Media Type" },
		{ 416, "416 Range Not Satisfiable" }, { 417, "417 Expectation Failed" }, { 422, "422 Unprocessable Content" },
		{ 429, "429 Too Many Requests" }, { 431, "431 Request Header Fields Too Large" },
		{ 500, "500 Internal Server Error" }, { 501, "501 Not Implemented" },
		{ 502, "502 Bad Gateway" }, { 503, "503 Service Unavailable" },
		{ 505, "505 HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].status == status)
			return all[i].words;
	}
	return status < 400 ? "200 OK" : status < 500 ? "400 Bad Request" :
		"500 Internal Server Error";
}

/* A field whose value comes from elsewhere: no byte of it can end the line. */
static void put_field(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_str(b, ": ");
	for (; *value; value++)
		buf_char(b, (unsigned char)*value < 32 || *value == 127 ? ' ' : *value);
	buf_str(b, "\r\n");
}

/* Nothing that could say more in a policy than where it leads. */
static bool is_origin(const char *s)
{
	return (!strncmp(s, "https://", 8) || !strncmp(s, "http://", 7))
	       && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/[]")];
}

static void begin_head(struct turn *t, int status)
{
	struct buf *b = &t->x->head;
	unsigned flags = t->match.route ? t->match.route->flags : 0;

	t->x->status = status;
	buf_str(b, "HTTP/1.1 ");
	buf_str(b, reason(status));
	buf_str(b, "\r\n" POLICY);
	if (t->res.form_to && is_origin(t->res.form_to))
		buf_printf(b, " %s", t->res.form_to);
	if (flags & ROUTE_FRAMED)
		buf_printf(b, ANCESTORS "%s\r\n" SECURITY,
			   t->router->o.frames ? t->router->o.frames : "*");
	else
		buf_str(b, ALONE);
	buf_printf(b, PERMISSIONS, t->res.microphone ? "(self)" : "()");
	if (flags & ROUTE_OPEN)
		buf_str(b, OPEN_DATA);
	if (t->req.https)
		buf_str(b, HSTS);
}

/* --- errors ------------------------------------------------------------------------------ */

static void put_problem(struct turn *t)
{
	struct json_out j = { &t->res.body, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "type", "about:blank");
	json_put_text(&j, "title", strchr(reason(t->res.status), ' ') + 1);
	json_put_int(&j, "status", t->res.status);
	json_put_text(&j, "detail", tr(t->req.lang, t->err.msg));
	if (t->err.hint[0])
		json_put_text(&j, "hint", tr(t->req.lang, t->err.hint));
	if (t->req.nerrors) {
		json_open_array(&j, "errors");
		for (int i = 0; i < t->req.nerrors; i++) {
			json_open_object(&j, NULL);
			json_put_text(&j, "field", t->req.errors[i].field->name);
			json_put_text(&j, "detail", t->req.errors[i].msg);
			json_close_object(&j);
		}
		json_close_array(&j);
	}
	json_close_object(&j);
	t->res.type = "application/problem+json";
}

static void put_plain(struct turn *t)
{
	t->res.type = "text/plain; charset=utf-8";
	buf_str(&t->res.body, tr(t->req.lang, t->err.msg));
	if (t->err.hint[0]) {
		buf_char(&t->res.body, '\n');
		buf_str(&t->res.body, tr(t->req.lang, t->err.hint));
	}
	buf_char(&t->res.body, '\n');
}

void turn_error(struct turn *t, int status)
{
	const struct router_options *o = &t->router->o;
	struct arena *a = &t->x->a;

	if (t->err.kind == E_OK)
		fail(&t->err, E_STORE, "Quelque chose n’a pas marché.");
	if (t->err.kind == E_STORE)
		log_error("%s %s", t->err.msg, t->err.hint);
	if (a->spent) {                         /* the page that says so needs a little */
		a->ceiling += EXCHANGE_ARENA / 8;
		a->spent = false;
	}
	buf_clear(&t->res.body);
	if (t->res.file)
		close(t->res.file);
	t->res = (struct res){ .status = status ? status : err_status(t->err.kind),
			       .cache = CACHE_NO_STORE, .body = t->res.body };
	if (t->req.json)
		put_problem(t);
	else if (o->error_page && t->x->asked.method.n)
		o->error_page(&t->req, &t->res, &t->err);
	else
		put_plain(t);
}

/* --- the cookie ------------------------------------------------------------------------------ */

static void put_cookie(struct turn *t, const char *value, const char *more)
{
	struct buf *b = &t->x->head;

	buf_str(b, t->req.https ? "Set-Cookie: __Host-tremplin=" : "Set-Cookie: tremplin=");
	buf_str(b, value);
	buf_str(b, "; Path=/; HttpOnly; SameSite=Lax");
	if (t->req.https)
		buf_str(b, "; Secure");
	buf_str(b, more);
	buf_str(b, "\r\n");
}

static bool page_has_token(const struct turn *t)
{
	const struct buf *b = &t->res.body;

	return b->n && memmem(b->p, b->n, t->session.csrf, BOX_TAG_TEXT - 1);
}

/* What the answer has to do with one visitor. */
struct alone {
	bool token;                     /* a form of theirs is in the page */
	bool erased;                    /* the cookie is taken back */
	bool any;                       /* nobody else may get this answer */
};

static struct alone is_alone(const struct turn *t)
{
	const struct session *s = t->req.session;
	struct alone r = { 0 };

	r.erased = t->res.clear_site_data || (s && s->ended);
	r.token = s && page_has_token(t);
	r.any = r.erased || r.token || (s && (s->n || s->changed));
	return r;
}

/* Remembers the visitor when there is something to remember, or a form to come back. */
static void keep_session(struct turn *t, const struct alone *alone)
{
	const struct router_options *o = &t->router->o;
	const struct session *s = t->req.session;
	char sealed[SESSION_COOKIE];
	bool old;

	if (alone->erased)
		put_cookie(t, "", "; Max-Age=0");
	if (alone->erased || !s || !alone->any)
		return;
	old = s->known && env_now(o->env) - s->sealed_at > SESSION_RENEW_MS;
	if (!s->changed && s->known && !old)
		return;
	session_seal(s, &o->box, o->env, sealed);
	put_cookie(t, sealed, "");
	if (!s->known)
		t->fresh_ready = false;         /* this id is somebody's now */
}

/* --- caching ------------------------------------------------------------------------ */

/* True when the client has this version: W/ does not count (RFC 9110, 13.1.2). */
static bool client_has(struct slice list, const char *etag)
{
	size_t n = strlen(etag);

	if (slice_is(list, "*"))
		return true;
	for (size_t i = 0; i + n <= list.n; i++) {
		if (!memcmp(list.p + i, etag, n))
			return true;            /* quotes are part of it: no partial match */
	}
	return false;
}

/* "Sun, 22 Nov 2026 10:00:00 GMT" (RFC 9110, 5.6.7). */
static const char *http_date(struct turn *t, int64_t ms)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c = zone_local(&utc, ms);

	return arena_printf(&t->x->a, "%s, %02d %s %04d %02d:%02d:%02d GMT",
			    days[date_weekday(date_days(c.year, c.month, c.day))], c.day,
			    months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

/* The client has the version of that very date; when it also knows an ETag, that decides. */
static bool client_has_date(struct turn *t)
{
	const char *since = t->res.modified ? req_header(&t->req, "if-modified-since") : NULL;

	return since && !t->x->asked.known[HTTP1_IF_NONE_MATCH].p
	       && !strcmp(since, http_date(t, t->res.modified));
}

/* A version for an answer that gave none: the same bytes, the same version (FNV-1a). */
static const char *version_of(struct turn *t)
{
	const struct buf *b = &t->res.body;
	uint64_t h = 14695981039346656037u ^ b->n, word;

	for (size_t i = 0; i < b->n; i += sizeof word) {
		word = 0;
		memcpy(&word, b->p + i, b->n - i < sizeof word ? b->n - i : sizeof word);
		h = (h ^ word) * 1099511628211u;
		h ^= h >> 32;
	}
	return arena_printf(&t->x->a, "\"%016" PRIx64 "\"", h);
}

static void put_cache(struct turn *t, bool alone)
{
	static const char *const words[] = {
		[CACHE_NO_STORE] = "Cache-Control: no-store\r\n",
		[CACHE_REVALIDATE] = "Cache-Control: no-cache\r\n",
		[CACHE_FOREVER] = "Cache-Control: public, max-age=31536000, immutable\r\n",
	};
	const struct route *route = t->match.route;

	if (alone || t->req.method == POST || t->res.clear_site_data ||
	    (route && route->flags & ROUTE_PRIVATE))
		t->res.cache = CACHE_NO_STORE;
	buf_str(&t->x->head, words[t->res.cache]);
	if (t->res.clear_site_data)
		buf_str(&t->x->head, "Clear-Site-Data: \"cache\",\"cookies\",\"storage\"\r\n");
}

/* --- the whole ---------------------------------------------------------------------- */

static bool is_text(const char *type)
{
	return !strncmp(type, "text/", 5) || strstr(type, "json") || strstr(type, "xml") ||
	       strstr(type, "javascript");
}

static bool wants_gzip(const struct turn *t)
{
	return http1_list_has(t->x->asked.known[HTTP1_ACCEPT_ENCODING], "gzip");
}

/* Digits of a bound of a range; false when there are none, or too many. */
static bool read_bound(const char **p, uint64_t *out)
{
	const char *first = *p;

	*out = 0;
	for (; **p >= '0' && **p <= '9' && *p - first < 18; (*p)++)
		*out = *out * 10 + (uint64_t)(**p - '0');
	return *p > first && (**p < '0' || **p > '9');
}

/*
 * "bytes=0-499", "bytes=500-", "bytes=-500": from and to (both in) of `size` bytes; one
 * range only.  0: not one, the whole is sent; 206; 416: it is past the end.
 */
static int read_range(const char *range, uint64_t size, uint64_t *from, uint64_t *to)
{
	const char *p = range;

	if (!p || strncmp(p, "bytes=", 6) != 0)
		return 0;
	p += 6;
	*to = size - 1;
	if (*p == '-') {
		p++;
		if (!read_bound(&p, to) || *p)
			return 0;
		*from = *to < size ? size - *to : 0;
		if (!*to || !size)
			return 416;
		*to = size - 1;
		return 206;
	}
	if (!read_bound(&p, from) || *p++ != '-')
		return 0;
	if (*p && (!read_bound(&p, to) || *p || *to < *from))
		return 0;
	if (*from >= size)
		return 416;
	*to = *to < size ? *to : size - 1;
	return 206;
}

/* A part of a file, when it is asked and the file is still the one that was begun. */
static int choose_part(struct turn *t)
{
	struct exchange *x = t->x;
	const char *range = req_header(&t->req, "range"), *once = req_header(&t->req, "if-range");
	uint64_t from, to;
	struct stat st;
	int status;

	if (!t->res.ranges || !t->res.file || t->req.head || fstat(t->res.file, &st)
	    || (once && (!t->res.etag || strcmp(once, t->res.etag) != 0)))
		return 200;
	status = read_range(range, (uint64_t)st.st_size, &from, &to);
	if (status == 206) {
		x->file_from = (size_t)from;
		x->file_most = (size_t)(to - from + 1);
		t->part = arena_printf(&x->a, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from, to,
				       (uint64_t)st.st_size);
	} else if (status == 416) {
		close(t->res.file);
		t->res.file = 0;
		t->part = arena_printf(&x->a, "bytes */%" PRIu64, (uint64_t)st.st_size);
	}
	return status ? status : 200;
}

/* Chooses the bytes; true when they are compressed. */
static bool put_bytes(struct turn *t)
{
	struct exchange *x = t->x;

	struct stat st;

	x->out = x->body.p;
	x->out_size = x->body.n;
	if (t->res.file) {
		x->file = t->res.file;
		x->out_size = fstat(x->file, &st) ? 0 : x->file_most ? x->file_most
			: (size_t)st.st_size;
		return false;
	}
	if (t->router->o.gzip_level < 0 || x->body.n < GZIP_LEAST || !is_text(t->res.type) ||
	    !wants_gzip(t) || !gzip_pack(&t->gzip, t->router->o.gzip_level, x->body.p, x->body.n,
					 &t->packed))
		return false;
	x->out = t->packed.p;
	x->out_size = t->packed.n;
	return true;
}

/* RFC 6266, with the name in UTF-8. */
static void put_filename(struct buf *b, const char *name)
{
	buf_str(b, "Content-Disposition: attachment; filename*=UTF-8''");
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		    c == '-' || c == '_' || c == '.')
			buf_char(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
	buf_str(b, "\r\n");
}

static void put_fields(struct turn *t)
{
	struct res *s = &t->res;
	struct buf *b = &t->x->head;

	if (s->location)
		put_field(b, "Location", s->location);
	if (s->authenticate)
		put_field(b, "WWW-Authenticate", s->authenticate);
	if (s->link)
		put_field(b, "Link", s->link);
	if (s->modified)
		put_field(b, "Last-Modified", http_date(t, s->modified));
	if (s->filename)
		put_filename(b, s->filename);
	if (t->match.status == 405 && t->match.allow)
		put_field(b, "Allow", t->match.allow);
	if (s->status == 503)
		buf_str(b, "Retry-After: 5\r\n");
}

/* What a handler left out, and what it could not finish. */
static void complete(struct turn *t)
{
	struct res *s = &t->res;

	if (t->x->a.spent || s->body.full) {
		if (!t->x->a.spent)
			fail(&t->err, E_LIMIT, "La réponse est trop grande.");
		else
			arena_refuse(&t->x->a, &t->err);
		hint(&t->err, "Demandez moins à la fois.");
		turn_error(t, 0);
	}
	if (!s->status)
		s->status = s->location ? 303 : t->req.nerrors ? 400 : 200;
	if (!s->type)
		s->type = t->req.json ? "application/json" : "text/html; charset=utf-8";
	if (s->status >= 400 || s->location)
		s->cache = CACHE_NO_STORE;
	if (t->req.json && t->req.method == GET && s->status == 200 && !s->etag)
		s->etag = version_of(t);
}

void turn_reply(struct turn *t)
{
	struct exchange *x = t->x;
	struct buf *b = &x->head;
	struct res *s = &t->res;
	struct alone alone;
	bool packed, same;

	complete(t);
	alone = is_alone(t);
	if (alone.any)
		s->etag = NULL;
	same = s->status == 200 && t->req.method == GET &&
	       ((s->etag && client_has(x->asked.known[HTTP1_IF_NONE_MATCH], s->etag))
		|| client_has_date(t));
	t->part = NULL;
	if (!same && s->status == 200)
		s->status = choose_part(t);
	begin_head(t, same ? 304 : s->status);
	keep_session(t, &alone);
	put_cache(t, alone.any);
	x->body = s->body;                      /* the handler may have moved it */
	packed = !same && put_bytes(t);
	if (same && s->file)
		close(s->file);
	if (same)
		x->no_content = true;
	else if (x->out_size || s->status == 200)
		put_field(b, "Content-Type", s->type);
	if (packed)
		buf_str(b, "Content-Encoding: gzip\r\n");
	buf_str(b, "Vary: Accept-Encoding, Accept-Language, Cookie\r\n");
	if (t->part)
		put_field(b, "Content-Range", t->part);
	if (s->ranges)
		buf_str(b, "Accept-Ranges: bytes\r\n");
	if (s->etag && (s->status == 200 || s->status == 206)) {
		/* a whole file is the same byte for byte; a page is compressed or not */
		buf_str(b, s->ranges ? "ETag: " : "ETag: W/");
		buf_str(b, s->etag);
		buf_str(b, "\r\n");
	}
	put_fields(t);
}

void turn_reply_asset(struct turn *t, const struct asset *a)
{
	struct exchange *x = t->x;
	struct buf *b = &x->head;
	bool current = asset_is_current(a, http1_query(x->asked.target));
	bool packed = a->gz && wants_gzip(t);
	const char *version = strchr(a->url, '=') + 1;
	char etag[24];
	bool same;

	snprintf(etag, sizeof etag, "\"%.18s\"", version);
	same = client_has(x->asked.known[HTTP1_IF_NONE_MATCH], etag);
	begin_head(t, same ? 304 : 200);
	buf_str(b, current ? "Cache-Control: public, max-age=31536000, immutable\r\n" :
		"Cache-Control: no-cache\r\n");
	put_field(b, "Content-Type", a->type);
	if (packed)
		buf_str(b, "Content-Encoding: gzip\r\n");
	buf_str(b, "Vary: Accept-Encoding\r\nETag: W/");
	buf_str(b, etag);
	buf_str(b, "\r\n");
	x->no_content = same;
	x->out = packed ? a->gz : a->p;
	x->out_size = packed ? a->gz_n : a->n;
}

bool res_see_other(struct res *s, const char *path)
{
	s->status = 303;
	s->location = path;
	return true;
}
