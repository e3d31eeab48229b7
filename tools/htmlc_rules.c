/*
 * What a finished tag and a finished template must have.  The rules are those of the HTML
 * standard and of RGAA 4.1 (criteria 1.1, 5.7, 8.2, 9.1, 11.1) that can be seen without
 * running the page.
 */
#include "htmlc.h"

#include <string.h>

const struct attribute *attribute_find(const struct compiler *z, const char *name)
{
	for (size_t i = 0; i < z->nattrs; i++) {
		if (slice_is(z->attrs[i].name, name))
			return &z->attrs[i];
	}
	return NULL;
}

/* There, and not empty. */
static bool says(const struct compiler *z, const char *name)
{
	const struct attribute *a = attribute_find(z, name);

	return a && trimmed(a->value).n > 0;
}

bool attribute_allowed(struct compiler *z, const struct attribute *a)
{
	struct slice v = trimmed(a->value);

	if (a->name.n > 2 && !strncasecmp(a->name.p, "on", 2))
		return wrong(z, "an inline handler, %.*s: put it in assets/", (int)a->name.n,
			     a->name.p);
	if (slice_in_any_case(a->name, "style srcdoc"))
		return wrong(z, "the attribute %.*s is refused by our own Content-Security-Policy",
			     (int)a->name.n, a->name.p);
	if (slice_is(a->name, "tabindex") && !a->inserted && v.n && v.p[0] != '0' && v.p[0] != '-')
		return wrong(z, "a tabindex above 0 breaks the order of the keyboard");
	return true;
}

/* --- nesting -------------------------------------------------------------------------- */

static const struct {
	const char *inner, *outer, *why;
} never_inside[] = {
	{ "address article aside blockquote details dialog div dl fieldset figure footer form "
	  "h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre search section table ul", "p",
	  "the browser would close the paragraph" },
	{ "a button details input select textarea label", "a", "one control inside another" },
	{ "a button details input select textarea label form h1 h2 h3 h4 h5 h6", "button",
	  "one control inside another" },
	{ "label", "label", "one label inside another" },
	{ "form", "form", "one form inside another" },
	{ "main", "article aside footer header nav main", "main stands alone" },
};

/* What our Content-Security-Policy stops, or what a browser reads in its own way. */
static const char never[] =
	"style object embed applet frame frameset base animate animatetransform animatemotion "
	"set xmp plaintext listing noembed noframes";

bool nesting_allowed(struct compiler *z)
{
	const struct element *up = parent(z);

	if (up && !up->foreign && slice_in(up->name, "title textarea"))
		return wrong(z, "<%.*s> inside <%.*s>", (int)z->tag.n, z->tag.p,
			     (int)up->name.n, up->name.p);
	if (slice_in_any_case(z->tag, never))
		return wrong(z, "<%.*s> does not belong in a template", (int)z->tag.n, z->tag.p);
	if (is_foreign(z) && slice_in_any_case(z->tag, "script"))
		return wrong(z, "a script in a drawing");
	for (size_t i = z->depth; i-- && !z->xml && !z->open[i].foreign;) {
		for (size_t k = 0; k < sizeof never_inside / sizeof *never_inside; k++) {
			if (slice_in(z->tag, never_inside[k].inner)
			    && slice_in(z->open[i].name, never_inside[k].outer))
				return wrong(z, "<%.*s> inside <%.*s>: %s", (int)z->tag.n, z->tag.p,
					     (int)z->open[i].name.n, z->open[i].name.p,
					     never_inside[k].why);
		}
	}
	return true;
}

/* --- names: ids, labels, fields ------------------------------------------------------- */

static bool name_add(struct compiler *z, struct name_list *list, struct slice name)
{
	if (list->n == IDS_MOST)
		return wrong(z, "too many ids in one template");
	list->use[list->n++] = (struct name_use){ .name = trimmed(name), .line = z->tag_line };
	return true;
}

static bool has_name(const struct name_list *list, struct slice name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (slice_same(list->use[i].name, trimmed(name)))
			return true;
	}
	return false;
}

static bool id_is_new(struct compiler *z, const struct attribute *id)
{
	struct slice name = trimmed(id->value);

	if (!name.n)
		return wrong(z, "an empty id");
	for (size_t i = 0; i < z->ids.n; i++) {
		if (!z->ids.use[i].branch && slice_same(z->ids.use[i].name, name))
			return wrong_at(z, z->tag_line, "the id \"%.*s\" is also on line %ld",
					(int)name.n, name.p, z->ids.use[i].line);
	}
	for (size_t i = 0; i < z->nframes && !id->inserted; i++) {
		if (z->frames[i].kind == FRAME_LOOP)
			return wrong_at(z, z->tag_line, "the id \"%.*s\" repeats in a loop",
					(int)name.n, name.p);
	}
	return name_add(z, &z->ids, name);
}

void branch_ended(struct compiler *z, struct frame *f)
{
	for (size_t i = f->first_id; i < z->ids.n; i++) {
		if (!z->ids.use[i].branch)
			z->ids.use[i].branch = z->nframes + 1;
	}
	if (z->level < f->level_least)
		f->level_least = z->level;
	z->level = f->level_start;
}

/* After the block: its ids count again; the heading level is the least of its ways. */
void block_ended(struct compiler *z, struct frame *f)
{
	for (size_t i = f->first_id; i < z->ids.n; i++) {
		if (z->ids.use[i].branch == z->nframes + 1)
			z->ids.use[i].branch = 0;
	}
	if (f->kind == FRAME_BLOCK || !f->level_start)
		return;
	if (f->level_least < z->level)
		z->level = f->level_least;
	if (!f->has_else && f->level_start < z->level)
		z->level = f->level_start;
}

/* --- what a tag must have ------------------------------------------------------------- */

static bool is_field(const struct compiler *z)
{
	const struct attribute *type = attribute_find(z, "type");

	if (slice_in(z->tag, "select textarea"))
		return true;
	return slice_is(z->tag, "input")
	       && !(type && slice_in(type->value, "hidden submit button reset image"));
}

static bool in_label(const struct compiler *z)
{
	for (size_t i = z->depth; i--;) {
		if (slice_is(z->open[i].name, "label"))
			return true;
	}
	return false;
}

static bool field_has_label(struct compiler *z)
{
	const struct attribute *id = attribute_find(z, "id");

	if (says(z, "aria-label") || says(z, "aria-labelledby") || in_label(z))
		return true;
	if (!id || !trimmed(id->value).n)
		return wrong_at(z, z->tag_line, "<%.*s> without label: give it an id and a "
				"<label for>, or aria-label", (int)z->tag.n, z->tag.p);
	return name_add(z, &z->fields, id->value);
}

static bool heading(struct compiler *z)
{
	int level = z->tag.p[1] - '0';

	if (z->level && level > z->level + 1)
		return wrong_at(z, z->tag_line, "<h%d> after <h%d> skips a level", level,
				z->level);
	z->level = level;
	return true;
}

static bool is_heading(struct slice tag)
{
	return tag.n == 2 && tag.p[0] == 'h' && tag.p[1] >= '1' && tag.p[1] <= '6';
}

static bool form_is_clear(struct compiler *z)
{
	const struct attribute *method = attribute_find(z, "method");

	if (method && method->inserted)
		return wrong_at(z, z->tag_line, "the method of a form is written, not inserted");
	if (method && !slice_in_any_case(method->value, "get post dialog"))
		return wrong_at(z, z->tag_line, "a form has method get or post");
	return true;
}

static bool meta_is_clear(struct compiler *z)
{
	const struct attribute *content = attribute_find(z, "content");

	if (attribute_find(z, "http-equiv") && content && content->inserted)
		return wrong_at(z, z->tag_line, "an insertion beside http-equiv");
	return true;
}

/* Elements that need one attribute, RGAA's criterion beside. */
static const struct {
	const char *tag, *attribute;
	bool may_be_empty;
	const char *why;
} needed[] = {
	{ "img", "alt", true, "RGAA 1.1: alt=\"\" when it decorates" },
	{ "area", "alt", true, "RGAA 1.1" },
	{ "th", "scope", false, "RGAA 5.7: scope=\"col\" or \"row\"" },
	{ "html", "lang", false, "RGAA 8.3" },
	{ "iframe", "title", false, "RGAA 2.1" },
	{ "script", "src", false, "a script inside a page: put it in assets/" },
};

static bool has_what_it_needs(struct compiler *z)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!slice_is(z->tag, needed[i].tag))
			continue;
		if (needed[i].may_be_empty ? !attribute_find(z, needed[i].attribute)
					   : !says(z, needed[i].attribute))
			return wrong_at(z, z->tag_line, "<%s> without %s (%s)", needed[i].tag,
					needed[i].attribute, needed[i].why);
	}
	return true;
}

bool tag_finished(struct compiler *z)
{
	const struct attribute *id = attribute_find(z, "id"), *label = attribute_find(z, "for");
	const struct attribute *type = attribute_find(z, "type");

	if (id && !id_is_new(z, id))
		return false;
	if (is_foreign(z))
		return true;
	if (!has_what_it_needs(z))
		return false;
	if (slice_is(z->tag, "label") && label && !name_add(z, &z->labels, label->value))
		return false;
	if (is_field(z) && !field_has_label(z))
		return false;
	if (slice_is(z->tag, "input") && type && slice_is(type->value, "image")
	    && !says(z, "alt"))
		return wrong_at(z, z->tag_line, "<input type=\"image\"> without alt (RGAA 1.1)");
	if (is_heading(z->tag) && !heading(z))
		return false;
	if (slice_is(z->tag, "form") && !form_is_clear(z))
		return false;
	return !slice_is(z->tag, "meta") || meta_is_clear(z);
}

/* --- what a template must have -------------------------------------------------------- */

bool template_finished(struct compiler *z)
{
	for (size_t i = 0; i < z->fields.n; i++) {
		struct name_use f = z->fields.use[i];

		if (!has_name(&z->labels, f.name))
			return wrong_at(z, f.line, "the field \"%.*s\" has no <label for> in this "
					"template", (int)f.name.n, f.name.p);
	}
	for (size_t i = 0; i < z->labels.n && !z->calls_part && !z->is_layout; i++) {
		struct name_use l = z->labels.use[i];

		if (!has_name(&z->ids, l.name))
			return wrong_at(z, l.line, "the label is for \"%.*s\", which is not in this "
					"template", (int)l.name.n, l.name.p);
	}
	return true;
}
