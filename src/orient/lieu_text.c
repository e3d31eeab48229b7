/* Free text from outside as plain text: HTML, Markdown, entities, UTF-8 read twice. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "orient/lieu_clean.h"

enum { TEXT_MOST = 1 << 20, TAG_MOST = 4000, PASSES = 8 };

/* --- UTF-8 that was read as Windows-1252 and written again ("FresnÃ¨s") ------------- */

/* What the bytes 0x80 to 0x9f mean in Windows-1252; 0 where they mean nothing. */
static const uint16_t cp1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static int byte_of(uint32_t c)
{
	if (c < 0x100)
		return (int)c;
	for (int i = 0; i < 32; i++) {
		if (cp1252[i] == c)
			return 0x80 + i;
	}
	return -1;
}

/* Undoes one such reading in place; false when the text is not one. */
static bool unread_twice(char *s)
{
	const char *end = s + strlen(s);
	char *copy, *p;
	bool high = false, good = true;

	if (!strstr(s, "\xc3\x83") && !strstr(s, "\xc3\x82") && !strstr(s, "\xc3\xa2\xe2\x82\xac"))
		return false;
	p = copy = malloc((size_t)(end - s) + 1);
	if (!copy)
		return false;
	for (const char *q = s; q < end && good;) {
		uint32_t c;
		int byte;

		q += utf8_read(q, end, &c);
		byte = byte_of(c);
		good = byte >= 0;
		high |= byte >= 0x80;
		*p++ = (char)byte;
	}
	good = good && high && utf8_valid(copy, (size_t)(p - copy));
	if (good) {
		memcpy(s, copy, (size_t)(p - copy));
		s[p - copy] = '\0';
	}
	free(copy);
	return good;
}

/* --- entities ----------------------------------------------------------------------- */

static const struct { const char *name; uint32_t c; } entities[] = {
	{ "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' },
	{ "nbsp;", 0xa0 }, { "eacute;", 0xe9 }, { "egrave;", 0xe8 }, { "ecirc;", 0xea },
	{ "euml;", 0xeb }, { "agrave;", 0xe0 }, { "acirc;", 0xe2 }, { "ccedil;", 0xe7 },
	{ "icirc;", 0xee }, { "iuml;", 0xef }, { "ocirc;", 0xf4 }, { "ugrave;", 0xf9 },
	{ "ucirc;", 0xfb }, { "oelig;", 0x153 }, { "Eacute;", 0xc9 }, { "Egrave;", 0xc8 },
	{ "Agrave;", 0xc0 }, { "Ccedil;", 0xc7 }, { "laquo;", 0xab }, { "raquo;", 0xbb },
	{ "rsquo;", 0x2019 }, { "lsquo;", 0x2018 }, { "rdquo;", 0x201d }, { "ldquo;", 0x201c },
	{ "hellip;", 0x2026 }, { "ndash;", 0x2013 }, { "mdash;", 0x2014 }, { "euro;", 0x20ac },
	{ "deg;", 0xb0 }, { "bull;", 0x2022 },
};

/* The character of the entity at s (after '&'), and its end; 0 when there is none. */
static uint32_t entity_read(const char *s, const char **end)
{
	if (*s == '#') {
		bool hex = s[1] == 'x' || s[1] == 'X';
		const char *digits = s + 1 + hex;
		char *stop;
		unsigned long c = strtoul(digits, &stop, hex ? 16 : 10);

		if (stop == digits || *stop != ';' || stop - digits > 7 || c > 0x10ffff
		    || (c >= 0xd800 && c < 0xe000) || strchr("+- ", *digits))
			return 0;
		*end = stop + 1;
		return c < 32 ? ' ' : (uint32_t)c;
	}
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		size_t n = strlen(entities[i].name);

		if (strncmp(s, entities[i].name, n) == 0) {
			*end = s + n;
			return entities[i].c;
		}
	}
	return 0;
}

static void entities_resolve(char *s)
{
	char *out = s;

	while (*s) {
		const char *end;
		uint32_t c = *s == '&' ? entity_read(s + 1, &end) : 0;

		if (c) {
			out += utf8_write(out, c);
			s = (char *)end;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
}

/* --- HTML --------------------------------------------------------------------------- */

static bool tag_is(const char *name, size_t n, const char *list)
{
	for (const char *p = list; *p; p += strlen(p) + 1) {
		if (strlen(p) == n && strncasecmp(p, name, n) == 0)
			return true;
	}
	return false;
}

/* What stands in place of a tag. */
static const char *tag_text(const char *name, size_t n, bool closing)
{
	if (tag_is(name, n, "br\0"))
		return "\n";
	if (tag_is(name, n, "li\0"))
		return closing ? "" : "\n- ";
	if (tag_is(name, n, "p\0div\0h1\0h2\0h3\0h4\0h5\0h6\0ul\0ol\0table\0tr\0blockquote\0"))
		return "\n";
	if (tag_is(name, n, "td\0th\0"))
		return " ";
	return "";
}

/* The end of what the '<' at s opens, or s when it is a mere sign. */
static const char *tag_end(const char *s, const char **text)
{
	const char *name = s + 1 + (s[1] == '/'), *end;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456");

	*text = "";
	if (strncmp(s, "<!--", 4) == 0) {
		end = strstr(s, "-->");
		return end ? end + 3 : s + strlen(s);
	}
	end = memchr(s, '>', strnlen(s, TAG_MOST));
	if (!end || (!n && s[1] != '!' && s[1] != '?')
	    || (n && !strchr(" \t\r\n/>", name[n])))
		return s;
	*text = tag_text(name, n, s[1] == '/');
	if (tag_is(name, n, "script\0style\0") && s[1] != '/') {
		const char *close = strcasestr(end, "</");

		while (close && strncasecmp(close + 2, name, n))
			close = strcasestr(close + 2, "</");
		return close ? close : s + strlen(s);
	}
	return end + 1;
}

static void html_strip(const char *s, struct buf *out)
{
	while (*s) {
		const char *text, *end = *s == '<' ? tag_end(s, &text) : s;

		if (end > s) {
			buf_str(out, text);
			s = end;
		} else {
			buf_char(out, *s++);
		}
	}
}

/* --- Markdown ----------------------------------------------------------------------- */

/* "[words](address)" as "words (address)"; the end, or s when it is none. */
static const char *link_write(const char *s, struct buf *out)
{
	const char *close = s + strcspn(s, "]\n"), *end;

	if (*close != ']' || close[1] != '(')
		return s;
	end = close + 2 + strcspn(close + 2, ")\n ");
	if (*end != ')')
		return s;
	buf_add(out, s + 1, (size_t)(close - s - 1));
	if (s[-1] != '!') {
		buf_str(out, close - s > 1 ? " (" : "(");
		buf_add(out, close + 2, (size_t)(end - close - 2));
		buf_char(out, ')');
	}
	return end + 1;
}

/* The signs at the head of a line. */
static const char *head_skip(const char *s, struct buf *out)
{
	size_t n = strspn(s, " \t");
	size_t hashes = strspn(s + n, "#");

	if (hashes && hashes < 7 && s[n + hashes] == ' ')
		return s + n + hashes + 1;
	if ((s[n] == '*' || s[n] == '+') && s[n + 1] == ' ') {
		buf_str(out, "- ");
		return s + n + 2;
	}
	if (s[n] == '>' && s[n + 1] == ' ')
		return s + n + 2;
	for (const char *p = "-*_="; *p; p++) {
		size_t rule = strspn(s + n, (char[]){ *p, '\0' });

		if (rule > 2 && (s[n + rule] == '\n' || !s[n + rule]))
			return s + n + rule;
	}
	return s;
}

/* `s` is in a text that has a byte before it. */
static void markdown_strip(const char *s, struct buf *out)
{
	bool head = true;

	while (*s) {
		const char *end;

		if (head)
			s = head_skip(s, out);
		head = *s == '\n';
		if (*s == '\\' && s[1] && strchr("\\`*_{}[]()#+-.!<>|~", s[1]))
			s++;
		else if ((*s == '*' && s[1] == '*') || (*s == '_' && s[1] == '_')) {
			s += 2;
			continue;
		} else if (*s == '[' && (end = link_write(s, out)) > s) {
			s = end;
			continue;
		} else if (*s == '!' && s[1] == '['
			   && link_write(s + 1, &(struct buf){ 0 }) > s + 1) {
			s++;
			continue;               /* link_write sees the '!' before it */
		}
		if (*s)
			buf_char(out, *s++);
	}
}

/* --- spaces ------------------------------------------------------------------------- */

/* Drops control and invisible signs; folds spaces; keeps line ends when `lines`, at most
 * two together. */
static void spaces_fold(char *s, bool lines)
{
	const char *end = s + strlen(s), *q = s;
	char *out = s;
	int newlines = 0;
	bool space = false;

	while (q < end) {
		uint32_t c;
		size_t n = utf8_read(q, end, &c);

		if (c == '\n' || (c == '\r' && q[1] != '\n')) {
			newlines += lines;
			space = true;
		} else if (c <= ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028) {
			space = true;
		} else if (c != 0xad && c != 0xfeff && (c < 0x200b || c > 0x200f)
			   && (c < 0x202a || c > 0x202e) && (c < 0x2060 || c > 0x2069)) {
			if (out > s && newlines)
				for (int i = 0; i < newlines && i < 2; i++)
					*out++ = '\n';
			else if (out > s && space)
				*out++ = ' ';
			memmove(out, q, n);
			out += n;
			newlines = 0;
			space = false;
		}
		q += n;
	}
	*out = '\0';
}

/* --- the two ------------------------------------------------------------------------ */

static struct cleaned result(struct arena *a, const char *text, const char *out,
			     const char *why)
{
	if (strcmp(text, out) == 0)
		return (struct cleaned){ text, NOTE_NONE, NULL };
	return (struct cleaned){ arena_str(a, out), NOTE_CORRIGE, why };
}

static bool is_plain(const char *s)
{
	if (*s == ' ')
		return false;
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == '&' || (*s == ' ' && (s[1] == ' ' || !s[1]))
		    || (unsigned char)*s == 0x7f || (unsigned char)*s >= 0xc2)
			return false;
	}
	return true;
}

struct cleaned line_clean(struct arena *a, const char *text)
{
	struct cleaned r;
	bool twice;
	char *s;

	if (is_plain(text))
		return (struct cleaned){ text, NOTE_NONE, NULL };
	s = strdup(text);
	if (!s)
		return (struct cleaned){ text, NOTE_NONE, NULL };
	twice = unread_twice(s);
	for (int i = 0; i < PASSES && strchr(s, '&'); i++)
		entities_resolve(s);
	spaces_fold(s, false);
	r = result(a, text, s, twice ? "accents abîmés par un double codage, rétablis"
		   : "espaces et signes invisibles retirés");
	free(s);
	return r;
}

/* Are only spaces and invisible signs different? */
static bool only_spaces(const char *text, const char *out)
{
	char *s = strdup(text);
	bool same;

	if (!s)
		return false;
	spaces_fold(s, true);
	same = strcmp(s, out) == 0;
	free(s);
	return same;
}

/* One pass over the text of `from`, by way of `to`. */
static void text_pass(struct buf *from, struct buf *to)
{
	buf_clear(to);
	buf_char(to, '\n');
	html_strip(buf_text(from) + 1, to);
	buf_text(to);
	entities_resolve(to->p);
	buf_clear(from);
	buf_char(from, '\n');
	markdown_strip(to->p + 1, from);
	buf_text(from);
	spaces_fold(from->p + 1, true);
	from->n = 1 + strlen(from->p + 1);
}

struct cleaned text_clean(struct arena *a, const char *text)
{
	struct buf one = buf_new(TEXT_MOST), two = buf_new(TEXT_MOST);
	struct cleaned r = { text, NOTE_NONE, NULL };
	char *before = strdup(text);

	buf_char(&one, '\n');
	buf_str(&one, text);
	buf_text(&one);
	if (before && one.p && unread_twice(one.p + 1))
		one.n = 1 + strlen(one.p + 1);
	for (int i = 0; i < PASSES && before && one.p; i++) {
		text_pass(&one, &two);
		if (strcmp(buf_text(&one) + 1, before) == 0)
			break;
		free(before);
		before = strdup(one.p + 1);
	}
	if (one.full || two.full)
		r = (struct cleaned){ "", NOTE_RETIRE, "texte trop long" };
	else if (before)
		r = result(a, text, buf_text(&one) + 1, only_spaces(text, one.p + 1)
			   ? "espaces et signes invisibles retirés"
			   : "HTML ou Markdown mis en texte simple");
	free(before);
	buf_free(&one);
	buf_free(&two);
	return r;
}
