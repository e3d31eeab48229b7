/* The characters of markup: where we are, what stays open, what goes out as it is. */
#include "htmlc.h"

#include <string.h>

static const char void_elements[] =
	"area base br col embed hr img input link meta source track wbr";

static void literal(struct compiler *z, const char *p, size_t n)
{
	buf_add(&z->lit, p, n);
	z->space = false;
}

static struct element *parent(struct compiler *z)
{
	return z->depth ? &z->open[z->depth - 1] : NULL;
}

bool is_foreign(const struct compiler *z)
{
	const struct element *up = z->depth ? &z->open[z->depth - 1] : NULL;

	return z->xml || (up && up->foreign && !slice_is(up->name, "foreignObject"));
}

static bool is_foreign_tag(struct compiler *z)
{
	return is_foreign(z) || slice_in(z->tag, "svg math");
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

/* --- tags ----------------------------------------------------------------------------- */

static struct slice read_name(struct compiler *z)
{
	const char *start = z->p;

	while (z->p < z->end && (is_word(*z->p) || strchr("-:.", *z->p)))
		z->p++;
	return slice(start, z->p);
}

static bool has_capital(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	}
	return false;
}

static bool tag_starts(struct compiler *z)
{
	z->tag_line = z->line;
	z->tag_closing = looking_at(z, "</");
	pass(z, z->tag_closing ? 2 : 1);
	z->tag = read_name(z);
	z->nattrs = 0;
	z->tag_spaced = false;
	z->place = IN_TAG;
	if (!z->tag.n || !is_letter(z->tag.p[0]))
		return wrong(z, "a lone <: write &lt;");
	if (has_capital(z->tag) && !z->tag_closing && !is_foreign(z))
		return wrong(z, "<%.*s>: elements of HTML are in lower case", (int)z->tag.n,
			     z->tag.p);
	if (!z->tag_closing && !nesting_allowed(z))
		return false;
	literal(z, z->tag_closing ? "</" : "<", z->tag_closing ? 2 : 1);
	literal(z, z->tag.p, z->tag.n);
	return true;
}

static bool tag_closes(struct compiler *z)
{
	const struct element *up = parent(z);
	size_t floor = z->nframes ? z->frames[z->nframes - 1].depth : 0;

	if (z->nattrs)
		return wrong(z, "</%.*s> has an attribute", (int)z->tag.n, z->tag.p);
	if (!up)
		return wrong(z, "</%.*s> closes nothing", (int)z->tag.n, z->tag.p);
	if (!slice_same(up->name, z->tag))
		return wrong(z, "</%.*s> closes <%.*s> of line %ld", (int)z->tag.n, z->tag.p,
			     (int)up->name.n, up->name.p, up->line);
	if (z->depth == floor)
		return wrong(z, "</%.*s> closes in this block what line %ld opened outside",
			     (int)z->tag.n, z->tag.p, up->line);
	z->depth--;
	literal(z, ">", 1);
	return true;
}

static bool tag_opens(struct compiler *z)
{
	struct element *top = &z->open[z->depth];

	if (z->depth == DEPTH_MOST)
		return wrong(z, "elements nested too deep");
	*top = (struct element){ .name = z->tag, .line = z->tag_line,
		.foreign = is_foreign_tag(z) };
	top->keeps_space = !top->foreign && slice_in(z->tag, "pre textarea");
	if (!top->foreign && slice_is(z->tag, "textarea"))
		literal(z, "\n", 1);            /* a parser drops the first line end */
	z->depth++;
	return true;
}

/* A script comes from a file of ours and has no content. */
static bool script(struct compiler *z)
{
	const char *p = z->p;

	while (p < z->end && is_space(*p))
		p++;
	pass(z, (size_t)(p - z->p));
	if (looking_at(z, "{"))
		return wrong(z, "an insertion in a script: pass it in a data- attribute");
	if (!looking_at(z, "</script>"))
		return wrong(z, "a script inside a page: put it in assets/, with src=");
	return true;
}

/* What every form that posts carries, on a page that has a session. */
static void out_csrf(struct compiler *z)
{
	static const char before[] = "<input type=\"hidden\" name=\"csrf\" value=\"";

	out_literal(z);
	buf_str(z->c, "\tif (h->csrf) {\n\t");
	literal(z, before, sizeof before - 1);
	out_literal(z);
	buf_str(z->c, "\t\thtml_attr(h, h->csrf);\n\t");
	literal(z, "\">", 2);
	out_literal(z);
	buf_str(z->c, "\t}\n");
}

static bool tag_ends(struct compiler *z, bool self_closing)
{
	bool foreign = is_foreign_tag(z);
	bool is_void = !foreign && slice_in(z->tag, void_elements);
	const struct attribute *method = attribute_find(z, "method");

	pass(z, self_closing ? 2 : 1);
	z->place = IN_TEXT;
	z->space = false;
	if (z->tag_closing)
		return self_closing ? wrong(z, "</%.*s/>", (int)z->tag.n, z->tag.p) : tag_closes(z);
	if (!tag_finished(z))
		return false;
	if (self_closing && !foreign && !is_void)
		return wrong(z, "<%.*s/> does not close itself in HTML: write </%.*s>",
			     (int)z->tag.n, z->tag.p, (int)z->tag.n, z->tag.p);
	if (self_closing && foreign)
		literal(z, "/", 1);
	literal(z, ">", 1);
	if (!self_closing && !is_void && !tag_opens(z))
		return false;
	if (!foreign && slice_is(z->tag, "form") && method
	    && slice_in_any_case(method->value, "post"))
		out_csrf(z);
	return !slice_is(z->tag, "script") || foreign || script(z);
}

/* --- attributes ----------------------------------------------------------------------- */

static bool attribute_name(struct compiler *z, struct attribute **a)
{
	struct slice name = read_name(z);

	if (!name.n)
		return wrong(z, "\"%.1s\" in the tag <%.*s>", z->p, (int)z->tag.n, z->tag.p);
	if (has_capital(name) && !is_foreign_tag(z))
		return wrong(z, "%.*s: attributes of HTML are in lower case", (int)name.n, name.p);
	if (!z->tag_spaced)
		return wrong(z, "no space before the attribute %.*s", (int)name.n, name.p);
	for (size_t i = 0; i < z->nattrs; i++) {
		if (slice_same(z->attrs[i].name, name))
			return wrong(z, "the attribute %.*s twice", (int)name.n, name.p);
	}
	if (z->nattrs == ATTRS_MOST)
		return wrong(z, "too many attributes");
	*a = &z->attrs[z->nattrs++];
	**a = (struct attribute){ .name = name };
	z->tag_spaced = false;
	return true;
}

static bool conditional(struct compiler *z, struct attribute *a)
{
	a->conditional = a->inserted = true;
	pass(z, 3);
	if (is_foreign_tag(z))
		return wrong(z, "XML has no attribute without value");
	if (!condition(z, a->name))
		return false;
	if (!looking_at(z, "\""))
		return wrong(z, "expected %.*s?=\"{condition}\"", (int)a->name.n, a->name.p);
	pass(z, 1);
	return attribute_allowed(z, a);
}

static bool attribute(struct compiler *z)
{
	struct attribute *a = NULL;

	if (!attribute_name(z, &a))
		return false;
	if (looking_at(z, "?=\""))
		return conditional(z, a);
	literal(z, " ", 1);
	literal(z, a->name.p, a->name.n);
	if (!looking_at(z, "=")) {
		if (is_foreign_tag(z))
			return wrong(z, "XML has no attribute without value");
		return attribute_allowed(z, a);
	}
	if (!looking_at(z, "=\""))
		return wrong(z, "the value of %.*s stands between double quotes",
			     (int)a->name.n, a->name.p);
	pass(z, 2);
	literal(z, "=\"", 2);
	a->value = (struct slice){ z->p, 0 };
	z->place = IN_VALUE;
	z->value_at = 0;
	z->scheme_open = true;
	z->tel = false;
	return true;
}

static bool tag_step(struct compiler *z)
{
	if (is_space(*z->p)) {
		z->tag_spaced = true;
		z->line_start = *z->p == '\n';
		pass(z, 1);
		return true;
	}
	if (*z->p == '>')
		return tag_ends(z, false);
	if (looking_at(z, "/>"))
		return tag_ends(z, true);
	if (*z->p == '{')
		return wrong(z, "an insertion in the tag <%.*s>: only between quotes, or "
			     "attr?=\"{cond}\"", (int)z->tag.n, z->tag.p);
	return attribute(z);
}

static bool value_ends(struct compiler *z)
{
	struct attribute *a = &z->attrs[z->nattrs - 1];

	a->value.n = (size_t)(z->p - a->value.p);
	if (z->value_at && z->space && z->lit.n)
		z->lit.n--;
	z->place = IN_TAG;
	pass(z, 1);
	literal(z, "\"", 1);
	return attribute_allowed(z, a);
}

/* A literal byte of an address: which scheme, and has it been passed? */
static bool address_byte(struct compiler *z, char c)
{
	const struct attribute *a = &z->attrs[z->nattrs - 1];
	struct slice scheme = trimmed(slice(a->value.p, z->p));

	if (!z->scheme_open || !is_url_attribute(a->name))
		return true;
	z->scheme_open = !strchr("/?#:", c);
	if (c != ':')
		return true;
	if (a->inserted || !slice_in_any_case(scheme, "https http mailto tel geo"))
		return wrong(z, "an address may start with https: http: mailto: tel: geo: "
			     "or be a path");
	z->tel = slice_in_any_case(scheme, "tel");
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
