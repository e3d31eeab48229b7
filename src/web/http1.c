#include "web/http1.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { LENGTH_DIGITS = 9, METHOD_MOST = 16, HOST_MOST = 255 };

/* What a byte may be part of. */
enum { C_TOKEN = 1, C_TARGET = 2, C_TEXT = 4, C_HOST = 8,
	C_SEEN = C_TARGET | C_TEXT, C_SIGN = C_SEEN | C_TOKEN, C_WORD = C_SIGN | C_HOST };

static const unsigned char classes[256] = {
	['\t'] = C_TEXT, [' '] = C_TEXT, ['!'] = C_SIGN, ['"'] = C_SEEN,
	['#'] = C_TEXT | C_TOKEN, ['$' ... '\''] = C_SIGN, ['(' ... ')'] = C_SEEN,
	['*' ... '+'] = C_SIGN, [','] = C_SEEN, ['-' ... '.'] = C_WORD, ['/'] = C_SEEN,
	['0' ... '9'] = C_WORD, [':' ... '@'] = C_SEEN, ['A' ... 'Z'] = C_WORD,
	['[' ... ']'] = C_SEEN, ['^'] = C_SIGN, ['_'] = C_WORD, ['`'] = C_SIGN,
	['a' ... 'z'] = C_WORD, ['{'] = C_SEEN, ['|'] = C_SIGN, ['}'] = C_SEEN, ['~'] = C_SIGN,
	[0x80 ... 0xff] = C_TEXT,
};

static bool is(char c, unsigned k)
{
	return classes[(unsigned char)c] & k;
}

/* Reading stops here, with what it means: 0 wants more, -N refuses with status N. */
struct cursor {
	const char *p, *end;
	int stop;
};

static bool stop(struct cursor *c, int why)
{
	c->stop = why;
	return false;
}

/* The longest run of bytes of class k; `most` bytes at most, else `status`. */
static bool take(struct cursor *c, unsigned k, size_t most, int status, struct slice *out)
{
	const char *from = c->p;

	while (c->p < c->end && is(*c->p, k)) {
		if ((size_t)(c->p - from) == most)
			return stop(c, -status);
		c->p++;
	}
	*out = (struct slice){ from, (size_t)(c->p - from) };
	return true;
}

/* Exactly these bytes next.  A wrong one refuses at once, a missing one waits. */
static bool expect(struct cursor *c, const char *text)
{
	for (; *text; text++, c->p++) {
		if (c->p == c->end)
			return stop(c, 0);
		if (*c->p != *text)
			return stop(c, -400);
	}
	return true;
}

bool slice_is(struct slice s, const char *text)
{
	return s.p && s.n == strlen(text) && !memcmp(s.p, text, s.n);
}

bool slice_is_nocase(struct slice s, const char *text)
{
	return s.p && s.n == strlen(text) && !strncasecmp(s.p, text, s.n);
}

static struct slice trimmed(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* "q=0", "q=0.000": what the client will not have. */
static bool is_refusal(struct slice q)
{
	if (q.n < 3 || strncasecmp(q.p, "q=0", 3))
		return false;
	for (size_t i = 3; i < q.n; i++) {
		if (q.p[i] != '.' && q.p[i] != '0')
			return false;
	}
	return true;
}

bool http1_list_has(struct slice list, const char *token)
{
	while (list.n) {
		const char *comma = memchr(list.p, ',', list.n);
		size_t n = comma ? (size_t)(comma - list.p) : list.n;
		const char *semi = memchr(list.p, ';', n);
		size_t name = semi ? (size_t)(semi - list.p) : n;

		if (slice_is_nocase(trimmed((struct slice){ list.p, name }), token))
			return !semi || !is_refusal(trimmed((struct slice){
					semi + 1, n - name - 1 }));
		n += comma != NULL;
		list.p += n;
		list.n -= n;
	}
	return false;
}

/* --- the request line ------------------------------------------------------------------ */

static bool read_version(struct cursor *c, struct http1_head *h)
{
	if (!expect(c, " HTTP/"))
		return false;
	if (c->end - c->p < 3)
		return stop(c, 0);
	if (c->p[1] != '.' || c->p[0] < '0' || c->p[0] > '9' || c->p[2] < '0' || c->p[2] > '9')
		return stop(c, -400);
	if (c->p[0] != '1' || c->p[2] > '1')
		return stop(c, -505);
	h->minor = c->p[2] - '0';
	h->close = h->minor == 0;
	c->p += 3;
	return expect(c, "\r\n");
}

static bool read_request_line(struct cursor *c, const struct http1_limits *limits,
			      struct http1_head *h)
{
	if (!take(c, C_TOKEN, METHOD_MOST, 501, &h->method))
		return false;
	if (!h->method.n)
		return stop(c, c->p == c->end ? 0 : -400);
	if (!expect(c, " ") || !take(c, C_TARGET, limits->target, 414, &h->target))
		return false;
	if (!h->target.n)
		return stop(c, c->p == c->end ? 0 : -400);
	return read_version(c, h);
}

/* --- fields ------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	size_t n;
	bool once;
} known[HTTP1_NAMES] = {
#define KNOWN(s, once) { s, sizeof s - 1, once }
	[HTTP1_HOST] = KNOWN("host", true),
	[HTTP1_LENGTH] = KNOWN("content-length", true),
	[HTTP1_TRANSFER] = KNOWN("transfer-encoding", false),
	[HTTP1_CONNECTION] = KNOWN("connection", false),
	[HTTP1_EXPECT] = KNOWN("expect", true),
	[HTTP1_TYPE] = KNOWN("content-type", true),
	[HTTP1_COOKIE] = KNOWN("cookie", true),
	[HTTP1_ACCEPT_ENCODING] = KNOWN("accept-encoding", false),
	[HTTP1_ACCEPT_LANGUAGE] = KNOWN("accept-language", false),
	[HTTP1_IF_NONE_MATCH] = KNOWN("if-none-match", true),
	[HTTP1_FETCH_SITE] = KNOWN("sec-fetch-site", true),
#undef KNOWN
};

static bool read_length(struct cursor *c, struct slice v, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return stop(c, -400);
		if (i < LENGTH_DIGITS)
			n = n * 10 + (size_t)(v.p[i] - '0');
	}
	if (!v.n || v.n > LENGTH_DIGITS)
		return stop(c, v.n ? -413 : -400);
	*out = n;
	return true;
}

bool http1_host_is_plain(struct slice v)
{
	size_t i = 0;

	if (!v.n || v.n > HOST_MOST)
		return false;
	if (v.p[0] == '[') {
		for (i = 1; i < v.n && v.p[i] != ']'; i++) {
			if (!strchr("0123456789abcdefABCDEF:.", v.p[i]))
				return false;
		}
		if (i++ == v.n)
			return false;
	} else {
		while (i < v.n && is(v.p[i], C_HOST))
			i++;
		if (!i)
			return false;
	}
	if (i == v.n)
		return true;
	if (v.p[i++] != ':' || i == v.n || v.n - i > 5)
		return false;
	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	return i == v.n;
}

static bool note_field(struct cursor *c, struct http1_head *h, const struct http1_field *f)
{
	int k = 0;

	while (k < HTTP1_NAMES && (known[k].n != f->name.n ||
				   strncasecmp(known[k].name, f->name.p, f->name.n)))
		k++;
	if (k == HTTP1_NAMES)
		return true;
	if (h->known[k].p && known[k].once)
		return stop(c, -400);
	if (!h->known[k].p)
		h->known[k] = f->value;
	switch (k) {
	case HTTP1_HOST:
		return http1_host_is_plain(f->value) || stop(c, -400);
	case HTTP1_LENGTH:
		return read_length(c, f->value, &h->length);
	case HTTP1_TRANSFER:
		return stop(c, -501);
	case HTTP1_CONNECTION:
		h->close |= http1_list_has(f->value, "close");
		return true;
	case HTTP1_EXPECT:
		h->expects = slice_is_nocase(f->value, "100-continue");
		return h->expects || stop(c, -417);
	default:
		return true;
	}
}

/* One field line; *last when the blank line came instead. */
static bool read_field(struct cursor *c, const struct http1_limits *limits,
		       struct http1_head *h, bool *last)
{
	struct http1_field *f = &h->fields[h->nfields];

	*last = c->p < c->end && *c->p == '\r';
	if (*last)
		return expect(c, "\r\n");
	if (h->nfields == HTTP1_FIELDS || h->nfields == limits->fields)
		return stop(c, -431);
	if (!take(c, C_TOKEN, limits->head, 431, &f->name))
		return false;
	if (!f->name.n)
		return stop(c, c->p == c->end ? 0 : -400);      /* also a folded line */
	if (!expect(c, ":") || !take(c, C_TEXT, limits->head, 431, &f->value) ||
	    !expect(c, "\r\n"))                             /* a NUL, bare CR or LF stops here */
		return false;
	f->value = trimmed(f->value);
	h->nfields++;
	return note_field(c, h, f);
}

/* --- the whole ----------------------------------------------------------------------------- */

/* Turns "http://host/path" into "/path" when host is the Host; refuses the other forms. */
static bool settle_target(struct http1_head *h)
{
	struct slice t = h->target;
	size_t scheme;

	if (t.p[0] == '/')
		return true;
	if (slice_is(t, "*"))
		return slice_is(h->method, "OPTIONS");
	scheme = t.n > 7 && !strncasecmp(t.p, "http://", 7) ? 7 :
		 t.n > 8 && !strncasecmp(t.p, "https://", 8) ? 8 : 0;
	if (!scheme)
		return false;
	t.p += scheme;
	t.n -= scheme;
	if (!h->known[HTTP1_HOST].p || t.n <= h->known[HTTP1_HOST].n ||
	    strncasecmp(t.p, h->known[HTTP1_HOST].p, h->known[HTTP1_HOST].n))
		return false;
	t.p += h->known[HTTP1_HOST].n;
	t.n -= h->known[HTTP1_HOST].n;
	h->target = t;
	return t.p[0] == '/';
}

static bool read_head(struct cursor *c, const struct http1_limits *limits,
		      struct http1_head *h)
{
	bool last = false;

	if (!read_request_line(c, limits, h))
		return false;
	while (!last) {
		if (!read_field(c, limits, h, &last))
			return false;
	}
	if (h->minor == 1 && !h->known[HTTP1_HOST].p)
		return stop(c, -400);
	if (!settle_target(h))
		return stop(c, -400);
	if (h->length && !slice_is(h->method, "POST"))          /* a body that nothing expects */
		return stop(c, -400);
	return true;
}

int http1_read(const char *b, size_t n, const struct http1_limits *limits,
	       struct http1_head *h)
{
	struct cursor c = { b, b + (n < limits->head ? n : limits->head), 0 };

	h->method = h->target = (struct slice){ 0 };
	h->minor = h->nfields = 0;
	h->close = h->expects = false;
	h->length = 0;
	memset(h->known, 0, sizeof h->known);
	if (read_head(&c, limits, h))
		return (int)(c.p - b);
	if (!c.stop && n >= limits->head)
		return -431;
	return c.stop;
}

/* --- targets -------------------------------------------------------------------------------- */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A "." or ".." segment would name another place than it shows. */
static bool has_dots(const char *path)
{
	for (const char *s = path; (s = strchr(s, '/'));) {
		s++;
		if (s[0] == '.' && (s[1] == '/' || !s[1] ||
				    (s[1] == '.' && (s[2] == '/' || !s[2]))))
			return true;
	}
	return false;
}

bool http1_path(struct slice t, char *out, size_t room)
{
	size_t n = 0;

	if (!t.n || t.p[0] != '/' || !room)
		return false;
	for (size_t i = 0; i < t.n && t.p[i] != '?'; i++) {
		int c = (unsigned char)t.p[i];

		if (c == '%') {
			if (t.n - i < 3 || hex(t.p[i + 1]) < 0 || hex(t.p[i + 2]) < 0)
				return false;
			c = hex(t.p[i + 1]) * 16 + hex(t.p[i + 2]);
			i += 2;
			if (c == '/')
				return false;
		}
		if (c < 32 || c == 127 || c == '\\' || n + 1 >= room)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return utf8_valid(out, n) && !has_dots(out);
}

struct slice http1_query(struct slice t)
{
	const char *mark = t.n ? memchr(t.p, '?', t.n) : NULL;

	if (!mark)
		return (struct slice){ "", 0 };
	return (struct slice){ mark + 1, (size_t)(t.p + t.n - mark - 1) };
}
