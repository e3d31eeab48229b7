#include "web/html.h"

#include <math.h>
#include <stdio.h>

/* What a byte becomes in text and in a quoted attribute; NULL: itself. */
static const struct escape {
	const char *p;
	uint8_t n;
} escapes[256] = {
	['&'] = { "&amp;", 5 }, ['<'] = { "&lt;", 4 }, ['>'] = { "&gt;", 4 },
	['"'] = { "&quot;", 6 }, ['\''] = { "&#39;", 5 },
};

static void escaped(struct html *h, const char *s, size_t n)
{
	const char *run = s, *end = s + n;

	for (; s < end; s++) {
		const struct escape *e = &escapes[(unsigned char)*s];

		if (__builtin_expect(!e->n, 1))
			continue;
		html_lit(h, run, (size_t)(s - run));
		html_lit(h, e->p, e->n);
		run = s + 1;
	}
	html_lit(h, run, (size_t)(s - run));
}

void html_text(struct html *h, const char *s)
{
	if (s)
		escaped(h, s, strlen(s));
}

void html_attr(struct html *h, const char *s)
{
	html_text(h, s);
}

void html_markup(struct html *h, struct markup m)
{
	html_lit(h, m.p, m.n);
}

/* --- numbers -------------------------------------------------------------------------- */

void html_int(struct html *h, int64_t v)
{
	char text[I18N_TEXT];

	if (v >= 0 && v < 1000)
		buf_int(h->out, v);
	else
		html_text(h, number_text(h->lang, v, text));
}

void html_size(struct html *h, uint64_t v)
{
	html_int(h, v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

void html_attr_int(struct html *h, int64_t v)
{
	buf_int(h->out, v);
}

void html_attr_size(struct html *h, uint64_t v)
{
	buf_int(h->out, v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

/* Without the zeros at the end, nor the point when nothing follows it. */
static size_t shortest(char *text, size_t n)
{
	while (n && text[n - 1] == '0')
		n--;
	if (n && text[n - 1] == '.')
		n--;
	if (n == 2 && text[0] == '-' && text[1] == '0') {
		text[0] = '0';
		n = 1;
	}
	return n;
}

void html_real(struct html *h, double v)
{
	char text[I18N_TEXT];

	html_text(h, real_text(h->lang, v, text));
}

/* A drawing has hundreds of these: whole arithmetic where it is exact enough. */
void html_attr_real(struct html *h, double v)
{
	char text[64];
	int n;

	if (!isfinite(v) || fabs(v) > 1e15)
		v = 0;
	if (fabs(v) < 1e9) {
		int64_t micro = llrint(v * 1e6);
		uint64_t rest = (uint64_t)(micro < 0 ? -micro : micro);

		if (micro < 0)
			buf_char(h->out, '-');
		buf_int(h->out, (int64_t)(rest / 1000000));
		rest %= 1000000;
		if (!rest)
			return;
		text[0] = '.';
		for (n = 6; n; n--, rest /= 10)
			text[n] = (char)('0' + rest % 10);
		html_lit(h, text, shortest(text, 7));
		return;
	}
	n = snprintf(text, sizeof text, "%.6f", v);
	html_lit(h, text, shortest(text, (size_t)n));
}

/* --- addresses ------------------------------------------------------------------------ */

/* Bytes that no address holds as they are. */
static bool is_foreign(unsigned char c)
{
	return c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^'
	       || c == '`' || c == '{' || c == '|' || c == '}' || c == 0x7f;
}

static void percent(struct html *h, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	char three[3] = { '%', hex[c >> 4], hex[c & 15] };

	html_lit(h, three, 3);
}

static bool scheme_is_known(const char *s, size_t n)
{
	static const char *const known[] = { "https", "http", "mailto", "tel", "geo" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strlen(known[i]) == n && !strncasecmp(s, known[i], n))
			return true;
	}
	return false;
}

/*
 * Browsers drop control characters and read \ as /, so both are refused where they could
 * make a scheme or a host out of a path.
 */
static bool is_address(const char *s)
{
	size_t n = strcspn(s, ":/?#");

	for (const char *p = s; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	}
	if (s[0] == ' ' || s[0] == '\\')
		return false;
	if (s[0] == '/' && (s[1] == '/' || s[1] == '\\'))
		return false;
	return s[n] != ':' || scheme_is_known(s, n);
}

static void address(struct html *h, const char *s, size_t n)
{
	const char *run = s, *end = s + n;

	for (; s < end; s++) {
		unsigned char c = (unsigned char)*s;

		if (!is_foreign(c) && !escapes[c].n)
			continue;
		html_lit(h, run, (size_t)(s - run));
		run = s + 1;
		if (is_foreign(c))
			percent(h, c);
		else
			html_lit(h, escapes[c].p, escapes[c].n);
	}
	html_lit(h, run, (size_t)(s - run));
}

void html_url(struct html *h, const char *s)
{
	if (!s || !is_address(s))
		s = "#";
	address(h, s, strlen(s));
}

void html_url_base(struct html *h, const char *s)
{
	size_t n;

	if (!s || !is_address(s))
		s = "#";
	for (n = strlen(s); n && s[n - 1] == '/'; n--)
		;
	address(h, s, n);
}

/* RFC 3986 unreserved, and two that mean nothing where we write them. */
static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || c == '-' || c == '.' || c == '_' || c == '~' || c == ',' || c == '@';
}

void html_url_part(struct html *h, const char *s)
{
	const char *run = s ? s : "";

	for (s = run; *s; s++) {
		if (is_plain((unsigned char)*s))
			continue;
		html_lit(h, run, (size_t)(s - run));
		percent(h, (unsigned char)*s);
		run = s + 1;
	}
	html_lit(h, run, (size_t)(s - run));
}

void html_url_int(struct html *h, int64_t v)
{
	buf_int(h->out, v);
}

void html_tel(struct html *h, const char *s)
{
	for (bool first = true; s && *s; s++) {
		if ((*s >= '0' && *s <= '9') || (*s == '+' && first)) {
			buf_char(h->out, *s);
			first = false;
		}
	}
}

/* --- messages ------------------------------------------------------------------------- */

static void put_arg(struct html *h, bool attribute, const struct msg_arg *a)
{
	if (a->s)
		html_text(h, a->s);
	else if (attribute)
		html_attr_int(h, a->i);
	else
		html_int(h, a->i);
}

/* A space that may not break, where French typography wants one: before : ; ? ! % and
 * closing quotation marks, after opening ones. */
static bool space_holds(const char *space, const char *start, const char *end)
{
	ptrdiff_t after = end - space - 1, before = space - start;

	return (after >= 1 && strchr(":;?!", space[1]))
	       || (after >= 1 && space[1] == '%' && (after < 2 || space[2] > '9' || space[2] < '0'))
	       || (after >= 2 && !memcmp(space + 1, "\xc2\xbb", 2))
	       || (before >= 2 && !memcmp(space - 2, "\xc2\xab", 2));
}

/* Words of a message, escaped; in French with the spaces that hold. */
static void words(struct html *h, const char *s, size_t n)
{
	const char *end = s + n, *run = s;

	if (strncmp(h->lang->tag, "fr", 2)) {
		escaped(h, s, n);
		return;
	}
	for (const char *p = s; (p = memchr(p, ' ', (size_t)(end - p))); p++) {
		if (!space_holds(p, s, end))
			continue;
		escaped(h, run, (size_t)(p - run));
		html_lit(h, "\xc2\xa0", 2);
		run = p + 1;
	}
	escaped(h, run, (size_t)(end - run));
}

/* The sentence with its values; a placeholder without value stays as it is. */
static void put_message(struct html *h, bool attribute, const char *s,
			const struct msg_arg *args, int n)
{
	const char *run = s;

	if (!n) {
		words(h, s, strlen(s));
		return;
	}
	while ((s = strchr(s, '%'))) {
		int k = s[1] - '1';

		if (k < 0 || k >= n) {
			s++;
			continue;
		}
		words(h, run, (size_t)(s - run));
		put_arg(h, attribute, &args[k]);
		run = s += 2;
	}
	words(h, run, strlen(run));
}

void html_msg(struct html *h, bool attribute, const char *msgid,
	      const struct msg_arg *args, int n)
{
	put_message(h, attribute, tr(h->lang, msgid), args, n);
}

void html_msg_n(struct html *h, bool attribute, int64_t count, const char *one,
		const char *many, const struct msg_arg *args, int n)
{
	put_message(h, attribute, tr_n(h->lang, count, one, many), args, n);
}
