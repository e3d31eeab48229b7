/* Tags and attributes. */
#include "htmlc.h"

#include <string.h>

/* --- tags ----------------------------------------------------------------------------- */

static const char void_elements[] =
	"area base br col embed hr img input link meta source track wbr";

static bool is_foreign_tag(struct compiler *z)
{
	return is_foreign(z) || slice_in(z->tag, "svg math");
}

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

bool tag_starts(struct compiler *z)
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

bool tag_step(struct compiler *z)
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

bool value_ends(struct compiler *z)
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
bool address_byte(struct compiler *z, char c)
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
