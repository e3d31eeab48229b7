/* The characters of markup: where we are, what stays open, what goes out as it is. */
#include "htmlc.h"

#include <string.h>

void literal(struct compiler *z, const char *p, size_t n)
{
	buf_add(&z->lit, p, n);
	z->space = false;
}

const struct element *parent(const struct compiler *z)
{
	return z->depth ? &z->open[z->depth - 1] : NULL;
}

bool is_foreign(const struct compiler *z)
{
	const struct element *up = parent(z);

	return z->xml || (up && up->foreign && !slice_is(up->name, "foreignObject"));
}

bool is_url_attribute(struct slice name)
{
	const char *prefix = memchr(name.p, ':', name.n);       /* xlink:href */

	if (prefix)
		name = slice(prefix + 1, name.p + name.n);
	return slice_in_any_case(name, "href src action formaction cite poster ping manifest "
				 "background data");
}

/* --- text ----------------------------------------------------------------------------- */

/* A run of white space is one byte, a line end when it holds one. */
static bool white_space(struct compiler *z)
{
	const char *start = z->p;
	const struct element *up = parent(z);
	bool keeps = z->place == IN_TEXT && up && up->keeps_space, eol = false;

	while (z->p < z->end && is_space(*z->p) && !eol) {
		eol = *z->p == '\n';
		pass(z, 1);
	}
	z->line_start = eol;
	if (z->place == IN_VALUE) {
		if (z->value_at && !z->space)
			buf_char(&z->lit, ' ');
		z->space = true;
	} else if (keeps) {
		literal(z, start, (size_t)(z->p - start));
	} else if (z->in_function) {
		if (!z->space)
			buf_char(&z->lit, eol ? '\n' : ' ');
		else if (eol && z->lit.n && z->lit.p[z->lit.n - 1] == ' ')
			z->lit.p[z->lit.n - 1] = '\n';
		z->space = true;
	}
	return true;
}

/* & starts a character reference, or it is a mistake. */
static bool reference(struct compiler *z)
{
	const char *p = z->p + 1;
	struct slice name;

	while (p < z->end && (is_word(*p) || *p == '#'))
		p++;
	name = slice(z->p + 1, p);
	if (!name.n || p == z->end || *p != ';')
		return wrong(z, "a lone &: write &amp;");
	if (z->xml && name.p[0] != '#' && !slice_in(name, "amp lt gt quot apos"))
		return wrong(z, "XML does not know &%.*s;: write the character itself",
			     (int)name.n, name.p);
	if (z->place == IN_VALUE && z->scheme_open
	    && is_url_attribute(z->attrs[z->nattrs - 1].name))
		return wrong(z, "a reference at the head of an address");
	literal(z, z->p, name.n + 2);
	z->value_at++;
	pass(z, name.n + 2);
	return true;
}

static bool comment(struct compiler *z)
{
	const char *close = memmem(z->p + 4, left(z) - 4, "-->", 3);

	if (!close)
		return wrong(z, "a comment that does not end");
	for (const char *p = z->p; p < close; p++) {
		if (*p == '{') {
			pass(z, (size_t)(p - z->p));
			return wrong(z, "an insertion in a comment (comments are dropped)");
		}
	}
	pass(z, (size_t)(close + 3 - z->p));
	return true;
}

/* <!doctype html>, <?xml ...?> */
static bool declaration(struct compiler *z)
{
	const char *close = memchr(z->p, '>', left(z));
	struct slice all;

	if (!close)
		return wrong(z, "a declaration that does not end");
	all = slice(z->p, close + 1);
	if (memchr(all.p, '{', all.n))
		return wrong(z, "an insertion in a declaration");
	if (z->depth || (!z->xml && strncasecmp(all.p, "<!doctype html>", all.n)))
		return wrong(z, "this declaration may not stand here");
	literal(z, all.p, all.n);
	pass(z, all.n);
	return true;
}

/* --- one step ------------------------------------------------------------------------- */

static bool plain_byte(struct compiler *z)
{
	if (*z->p == '\\' && left(z) > 1 && (z->p[1] == '{' || z->p[1] == '}'))
		pass(z, 1);
	else if (*z->p == '}')
		return wrong(z, "} closes nothing (a brace as it is: \\})");
	else if (z->place == IN_VALUE && !address_byte(z, *z->p))
		return false;
	literal(z, z->p, 1);
	z->value_at++;
	pass(z, 1);
	return true;
}

static bool value_step(struct compiler *z)
{
	if (is_space(*z->p))
		return white_space(z);
	if (*z->p == '"')
		return value_ends(z);
	if (*z->p == '<')
		return wrong(z, "a < in an attribute: write &lt;");
	if (*z->p == '&')
		return reference(z);
	if (*z->p == '{') {
		z->attrs[z->nattrs - 1].inserted = true;
		return insertion(z);
	}
	return plain_byte(z);
}

static bool text_step(struct compiler *z)
{
	if (is_space(*z->p))
		return white_space(z);
	if (looking_at(z, "<!--"))
		return comment(z);
	if (!z->in_function)
		return wrong(z, "text outside @page, @part and @layout");
	if (looking_at(z, "<!") || looking_at(z, "<?"))
		return declaration(z);
	if (*z->p == '<')
		return tag_starts(z);
	if (*z->p == '&')
		return reference(z);
	if (*z->p == '{')
		return insertion(z);
	return plain_byte(z);
}

bool markup_step(struct compiler *z)
{
	switch (z->place) {
	case IN_TAG:
		return tag_step(z);
	case IN_VALUE:
		return value_step(z);
	case IN_TEXT:
		break;
	}
	return text_step(z);
}
