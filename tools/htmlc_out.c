/* Slices, refusals, and the C that is written. */
#include "htmlc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* --- small words ---------------------------------------------------------------------- */

PRINTF(3, 0)
static bool refuse(struct compiler *z, long line, const char *fmt, va_list ap)
{
	char what[256];

	vsnprintf(what, sizeof what, fmt, ap);
	utf8_trim_end(what);
	return fail(z->e, E_INPUT, "%.90s:%ld: error: %s", z->file, line, what);
}

bool wrong(struct compiler *z, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse(z, z->line, fmt, ap);
	va_end(ap);
	return false;
}

bool wrong_at(struct compiler *z, long line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse(z, line, fmt, ap);
	va_end(ap);
	return false;
}

void pass(struct compiler *z, size_t n)
{
	for (; n && z->p < z->end; n--) {
		if (*z->p++ == '\n')
			z->line++;
	}
}

bool looking_at(const struct compiler *z, const char *word)
{
	size_t n = strlen(word);

	return left(z) >= n && !memcmp(z->p, word, n);
}

bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

struct slice slice(const char *p, const char *end)
{
	return (struct slice){ p, (size_t)(end - p) };
}

struct slice trimmed(struct slice s)
{
	while (s.n && is_space(s.p[0]))
		s.p++, s.n--;
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool slice_is(struct slice s, const char *word)
{
	return s.n == strlen(word) && (!s.n || !memcmp(s.p, word, s.n));
}

bool slice_same(struct slice a, struct slice b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

static bool word_in(struct slice s, const char *words,
		    int (*same)(const char *, const char *, size_t))
{
	while (s.n && *words) {
		size_t n = strcspn(words, " ");

		if (n == s.n && !same(words, s.p, n))
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}

bool slice_in(struct slice s, const char *words)
{
	return word_in(s, words, strncmp);
}

bool slice_in_any_case(struct slice s, const char *words)
{
	return word_in(s, words, strncasecmp);
}

/* --- writing C ------------------------------------------------------------------------ */

void out_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

void out_c_string(struct buf *b, struct slice s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		if (c == '\n')
			buf_str(b, "\\n");
		else if (c == '\t')
			buf_str(b, "\\t");
		else
			buf_char(b, c);
	}
	buf_char(b, '"');
}

void out_line(struct compiler *z, struct buf *b, long line)
{
	buf_printf(b, "#line %ld ", line);
	out_c_string(b, (struct slice){ z->file, strlen(z->file) });
	buf_char(b, '\n');
}

void out_literal(struct compiler *z)
{
	struct slice rest = { z->lit.p, z->lit.n };

	if (!rest.n)
		return;
	buf_str(z->c, "\thtml_lit(h");
	for (const char *sep = ", "; rest.n; sep = "\n\t\t") {
		const char *eol = memchr(rest.p, '\n', rest.n);
		size_t n = eol ? (size_t)(eol + 1 - rest.p) : rest.n;

		buf_str(z->c, sep);
		out_c_string(z->c, (struct slice){ rest.p, n });
		rest.p += n;
		rest.n -= n;
	}
	buf_printf(z->c, ", %zu);\n", z->lit.n);
	buf_clear(&z->lit);
}
