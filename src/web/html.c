#include "web/html.h"

#include <math.h>
#include <stdio.h>

/* What a byte means to a writer. */
enum {
	TO_ESCAPE = 1,          /* in text and in a quoted attribute */
	TO_PERCENT = 2,         /* in any address */
	NOT_PLAIN = 4,          /* in a part of an address: RFC 3986 unreserved stay, and , @ */
	HOLDS_SPACE = 8,        /* French marks, or their first byte */
};

static uint8_t byte_class(unsigned char c)
{
	static const uint8_t classes[256] = {
		[0 ... ' '] = TO_PERCENT | NOT_PLAIN,
		['!'] = NOT_PLAIN | HOLDS_SPACE,
		['"'] = TO_ESCAPE | TO_PERCENT | NOT_PLAIN,
		['#' ... '$'] = NOT_PLAIN,
		['%'] = NOT_PLAIN | HOLDS_SPACE,
		['&' ... '\''] = TO_ESCAPE | NOT_PLAIN,
		['(' ... '+'] = NOT_PLAIN,
		['/'] = NOT_PLAIN,
		[':' ... ';'] = NOT_PLAIN | HOLDS_SPACE,
		['<'] = TO_ESCAPE | TO_PERCENT | NOT_PLAIN,
		['='] = NOT_PLAIN,
		['>'] = TO_ESCAPE | TO_PERCENT | NOT_PLAIN,
		['?'] = NOT_PLAIN | HOLDS_SPACE,
		['['] = NOT_PLAIN,
		['\\'] = TO_PERCENT | NOT_PLAIN,
		[']'] = NOT_PLAIN,
		['^'] = TO_PERCENT | NOT_PLAIN,
		['`'] = TO_PERCENT | NOT_PLAIN,
		['{' ... '}'] = TO_PERCENT | NOT_PLAIN,
		[0x7f] = TO_PERCENT | NOT_PLAIN,
		[0x80 ... 0xc1] = NOT_PLAIN,
		[0xc2] = NOT_PLAIN | HOLDS_SPACE,
		[0xc3 ... 0xff] = NOT_PLAIN,
	};

	return classes[c];
}

/* The first byte of some class from s on, or end. */
static const char *find_class(const char *s, const char *end, uint8_t class)
{
	while (s < end && !(byte_class((unsigned char)*s) & class))
		s++;
	return s;
}

static void reference(struct html *h, char c)
{
	switch (c) {
	case '&':
		html_lit(h, "&amp;", 5);
		break;
	case '<':
		html_lit(h, "&lt;", 4);
		break;
	case '>':
		html_lit(h, "&gt;", 4);
		break;
	case '"':
		html_lit(h, "&quot;", 6);
		break;
	default:
		html_lit(h, "&#39;", 5);
		break;
	}
}

static void escaped(struct html *h, const char *s, size_t n)
{
	const char *end = s + n;

	for (;;) {
		const char *stop = find_class(s, end, TO_ESCAPE);

		html_lit(h, s, (size_t)(stop - s));
		if (stop == end)
			return;
		reference(h, *stop);
		s = stop + 1;
	}
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
	const char *end = s + n;

	for (;;) {
		const char *stop = find_class(s, end, TO_PERCENT | TO_ESCAPE);

		html_lit(h, s, (size_t)(stop - s));
		if (stop == end)
			return;
		if (byte_class((unsigned char)*stop) & TO_PERCENT)
			percent(h, (unsigned char)*stop);
		else
			reference(h, *stop);
		s = stop + 1;
	}
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

void html_url_part(struct html *h, const char *s)
{
	const char *end;

	if (!s)
		return;
	for (end = s + strlen(s);;) {
		const char *stop = find_class(s, end, NOT_PLAIN);

		html_lit(h, s, (size_t)(stop - s));
		if (stop == end)
			return;
		percent(h, (unsigned char)*stop);
		s = stop + 1;
	}
}

void html_url_int(struct html *h, int64_t v)
{
	buf_int(h->out, v);
}

void html_tel(struct html *h, const char *s)
{
	char digits[32];
	size_t n = 0;

	for (; s && *s && n < sizeof digits; s++) {
		if ((*s >= '0' && *s <= '9') || (*s == '+' && !n))
			digits[n++] = *s;
	}
	html_lit(h, digits, n);
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

/* A mark of French typography at `mark`: does the space before it hold? */
static bool holds_before(const char *mark, const char *end)
{
	if (*mark == '%')
		return end - mark < 2 || mark[1] > '9' || mark[1] < '0';
	return (unsigned char)*mark != 0xc2 || (end - mark >= 2 && (unsigned char)mark[1] == 0xbb);
}

/* An opening quotation mark and a space: does that space hold? */
static bool holds_after(const char *mark, const char *end)
{
	return end - mark >= 3 && !memcmp(mark, "\xc2\xab ", 3);
}

/* Words of a message, escaped; where the language wants it, with the spaces that hold:
 * before : ; ? ! % and closing quotation marks, after opening ones. */
static void words(struct html *h, const char *s, size_t n)
{
	const char *end = s + n, *start = s;

	if (!h->lang->spaced_marks) {
		escaped(h, s, n);
		return;
	}
	for (;;) {
		const char *stop = find_class(start, end, TO_ESCAPE | HOLDS_SPACE);

		if (stop == end)
			break;
		start = stop + 1;
		if (byte_class((unsigned char)*stop) & TO_ESCAPE) {
			html_lit(h, s, (size_t)(stop - s));
			reference(h, *stop);
			s = start;
		} else if (stop > s && stop[-1] == ' ' && holds_before(stop, end)) {
			html_lit(h, s, (size_t)(stop - s) - 1);
			html_lit(h, "\xc2\xa0", 2);
			s = stop;
		} else if (holds_after(stop, end)) {
			html_lit(h, s, (size_t)(stop - s) + 2);
			html_lit(h, "\xc2\xa0", 2);
			s = start = stop + 3;
		}
	}
	html_lit(h, s, (size_t)(end - s));
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
