/*
 * The few words of SQL that tools/sqlgen must see by itself: where parameters, strings and
 * comments begin and end.  The meaning is SQLite's and PostgreSQL's affair.
 */
#pragma once

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum token_kind {
	T_END, T_BLANK, T_WORD, T_PARAM, T_PARAM_OTHER, T_STRING, T_BLOB, T_COMMENT, T_OTHER,
};

struct token {
	enum token_kind kind;
	const char *p;          /* in the source */
	size_t n;
};

static inline bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static inline const char *skip_words(const char *p, const char *end)
{
	while (p < end && word_char(*p))
		p++;
	return p;
}

/* After the closing quote; a doubled quote stays inside.  `end` when it never closes. */
static inline const char *skip_quoted(const char *p, const char *end)
{
	char quote = *p++;

	for (; p < end; p++) {
		if (*p != quote)
			continue;
		if (p + 1 == end || p[1] != quote)
			return p + 1;
		p++;
	}
	return end;
}

static inline const char *skip_comment(const char *p, const char *end)
{
	const char *stop;

	if (*p == '-') {
		stop = memchr(p, '\n', (size_t)(end - p));
		return stop ? stop : end;
	}
	for (p += 2; p + 1 < end; p++) {
		if (p[0] == '*' && p[1] == '/')
			return p + 2;
	}
	return end;
}

static inline enum token_kind token_scan(const char *p, const char *end, const char **after)
{
	bool two = p + 1 < end;

	*after = p + 1;
	if (isspace((unsigned char)*p)) {
		while (*after < end && isspace((unsigned char)**after))
			++*after;
		return T_BLANK;
	}
	if ((*p == '-' && two && p[1] == '-') || (*p == '/' && two && p[1] == '*')) {
		*after = skip_comment(p, end);
		return T_COMMENT;
	}
	if ((*p == 'x' || *p == 'X') && two && p[1] == '\'') {
		*after = skip_quoted(p + 1, end);
		return T_BLOB;
	}
	if (*p == '\'' || *p == '"' || *p == '`') {
		*after = skip_quoted(p, end);
		return T_STRING;
	}
	if (*p == ':' && two && p[1] == ':') {
		*after = p + 2;         /* a cast of PostgreSQL */
		return T_OTHER;
	}
	if (*p == ':' || *p == '?' || *p == '@' || *p == '$') {
		*after = skip_words(p + 1, end);
		return *p == ':' && *after > p + 1 ? T_PARAM : T_PARAM_OTHER;
	}
	if (word_char(*p)) {
		*after = skip_words(p, end);
		return T_WORD;          /* numbers too: nobody here minds */
	}
	return T_OTHER;
}

/* Reads the token at *p and moves *p after it; T_END at `end`. */
static inline struct token token_next(const char **p, const char *end)
{
	struct token t = { T_END, *p, 0 };

	if (*p < end) {
		t.kind = token_scan(t.p, end, p);
		t.n = (size_t)(*p - t.p);
	}
	return t;
}

/* The next token that is neither blank nor comment. */
static inline struct token token_solid(const char **p, const char *end)
{
	struct token t;

	do
		t = token_next(p, end);
	while (t.kind == T_BLANK || t.kind == T_COMMENT);
	return t;
}

static inline bool token_is(const struct token *t, const char *word)
{
	return t->n == strlen(word) && strncasecmp(t->p, word, t->n) == 0;
}
