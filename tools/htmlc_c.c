/* Just enough C to find where an expression ends and what a control line opens. */
#include "htmlc.h"

#include <string.h>

enum { BRACKETS_MOST = 64 };

const char *c_skip(const char *p, const char *end)
{
	char quote = *p;

	if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
		const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);

		return close ? close + 2 : NULL;
	}
	if (quote != '"' && quote != '\'')
		return p;
	for (p++; p < end && *p != '\n'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == quote)
			return p + 1;
	}
	return NULL;
}

/* Length of what needs no reading: a string, a character, a comment; 0; -1 refused. */
static long skipped(struct compiler *z)
{
	const char *after = c_skip(z->p, z->end);

	if (!after) {
		wrong(z, "%s that does not end, in C",
		      *z->p == '/' ? "a comment" : "a string");
		return -1;
	}
	if (after == z->p && looking_at(z, "//")) {
		wrong(z, "a // comment in C: write /* */");
		return -1;
	}
	return after - z->p;
}

static char closer(char c)
{
	return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : '\0';
}

bool c_scan(struct compiler *z, const char *stops, struct slice *out)
{
	const char *start = z->p;
	char wanted[BRACKETS_MOST];
	size_t depth = 0;
	long line = z->line;

	while (z->p < z->end) {
		char c = *z->p;
		long n;

		if (!depth && strchr(stops, c)) {
			*out = trimmed(slice(start, z->p));
			return true;
		}
		n = skipped(z);
		if (n < 0)
			return false;
		if (n) {
			pass(z, (size_t)n);
			continue;
		}
		if (c == '\\' && left(z) > 1 && z->p[1] == '|')
			pass(z, 1);
		else if (closer(c) && depth < BRACKETS_MOST)
			wanted[depth++] = closer(c);
		else if (closer(c))
			return wrong(z, "brackets nested too deep in C");
		else if (c == ')' || c == ']' || c == '}') {
			if (!depth || wanted[--depth] != c)
				return wrong(z, "%c closes nothing in this C", c);
		}
		pass(z, 1);
	}
	return wrong_at(z, line, "the C that starts here is never closed");
}

/* --- control lines -------------------------------------------------------------------- */

/* One statement list, as it is read. */
struct control {
	const char *start;              /* of the statement being read */
	size_t parens;
	size_t values;                  /* { of an initial value or of a compound literal */
	char last;                      /* last byte that counts */
};

static struct slice first_word(const char *p, const char *end)
{
	const char *start;

	while (p < end && is_space(*p))
		p++;
	for (start = p; p < end && is_word(*p);)
		p++;
	return slice(start, p);
}

static enum frame_kind kind_of(struct slice word)
{
	if (slice_in(word, "for while do"))
		return FRAME_LOOP;
	if (slice_in(word, "if else"))
		return FRAME_IF;
	return slice_is(word, "switch") ? FRAME_SWITCH : FRAME_BLOCK;
}

static bool block_opens(struct compiler *z, struct control *k)
{
	struct slice word = first_word(k->start, z->p);
	struct frame *f = frame_push(z, kind_of(word));

	if (!f)
		return false;
	if (slice_is(word, "else")) {
		struct slice next = first_word(word.p + word.n, z->p);

		if (!z->may_else)
			return wrong(z, "else stands alone: write } else { on one line");
		f->first_id = z->ended.first_id;
		f->level_start = z->ended.level_start;
		f->level_least = z->ended.level_least;
		f->has_else = !slice_is(next, "if");
	}
	z->may_else = false;
	k->start = z->p + 1;
	return true;
}

static bool block_closes(struct compiler *z, struct control *k)
{
	struct frame *f = z->nframes ? &z->frames[z->nframes - 1] : NULL;

	if (!f)
		return wrong(z, "} closes no block");
	if (z->depth != f->depth)
		return wrong(z, "<%.*s> is still open at the end of this block",
			     (int)z->open[z->depth - 1].name.n, z->open[z->depth - 1].name.p);
	z->nframes--;
	k->start = z->p + 1;
	z->may_else = f->kind == FRAME_IF
		      && slice_is(first_word(z->p + 1, z->end), "else");
	if (z->may_else) {
		branch_ended(z, f);
		z->ended = *f;
	} else {
		block_ended(z, f);
	}
	return true;
}

/* break, continue, return and goto may not leave elements open. */
static bool jump_allowed(struct compiler *z, struct slice word)
{
	size_t i = z->nframes;

	if (slice_in(word, "return goto"))
		return wrong(z, "%.*s in a template would leave elements open: use if",
			     (int)word.n, word.p);
	while (i && z->frames[i - 1].kind != FRAME_LOOP
	       && !(slice_is(word, "break") && z->frames[i - 1].kind == FRAME_SWITCH))
		i--;
	if (i && z->frames[i - 1].depth != z->depth)
		return wrong(z, "%.*s leaves <%.*s> open", (int)word.n, word.p,
			     (int)z->open[z->depth - 1].name.n, z->open[z->depth - 1].name.p);
	return true;
}

static bool word_allowed(struct compiler *z, size_t *n)
{
	const char *p = z->p;
	struct slice word;

	while (p < z->end && is_word(*p))
		p++;
	word = slice(z->p, p);
	*n = word.n;
	if (slice_in(word, "break continue return goto"))
		return jump_allowed(z, word);
	return true;
}

static bool bracket(struct compiler *z, struct control *k)
{
	switch (*z->p) {
	case '(':
		k->parens++;
		return true;
	case ')':
		if (!k->parens)
			return wrong(z, ") closes nothing in this C");
		k->parens--;
		return true;
	case '{':
		if (k->parens || k->values || k->last == '=') {
			k->values++;
			return true;
		}
		return block_opens(z, k);
	case '}':
		if (k->values) {
			k->values--;
			return true;
		}
		return block_closes(z, k);
	case ';':
		if (z->may_else)
			return wrong(z, "else without { }");
		if (!k->parens)
			k->start = z->p + 1;
		return true;
	default:
		return true;
	}
}

/* Reads to the end of the line; the C stays in the source for out_slice. */
static bool control_line(struct compiler *z, struct control *k)
{
	while (z->p < z->end && *z->p != '\n') {
		size_t step = 1;
		long n = skipped(z);

		if (n < 0)
			return false;
		if (*z->p == '#')
			return wrong(z, "no preprocessor line in a template");
		if (n) {
			if (*z->p != '/')
				k->last = '"';
			pass(z, (size_t)n);
			continue;
		}
		if (is_word(*z->p) ? !word_allowed(z, &step) : !bracket(z, k))
			return false;
		if (!is_space(*z->p))
			k->last = *z->p;
		pass(z, step);
	}
	return true;
}

static bool is_complete(const struct control *k)
{
	return !k->parens && !k->values && strchr("{};:", k->last);
}

bool control_lines(struct compiler *z)
{
	struct control k = { 0 };
	long first = z->line;

	out_literal(z);
	do {
		const char *start;
		long line = z->line;

		while (z->p < z->end && (*z->p == ' ' || *z->p == '\t'))
			pass(z, 1);
		if (z->p == z->end || *z->p != '%')
			return wrong_at(z, first, "this C does not end in { } ; or :");
		pass(z, 1);
		start = z->p;
		if (!k.last)
			k.start = start;
		if (!control_line(z, &k))
			return false;
		out_line(z, z->c, line);
		out_slice(z->c, slice(start, z->p));
		buf_char(z->c, '\n');
		if (z->p < z->end)
			pass(z, 1);
	} while (!is_complete(&k));
	z->line_start = true;
	return true;
}
