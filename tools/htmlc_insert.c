/* Insertions: the place and the C type choose the function that writes. */
#include "htmlc.h"

#include <string.h>

enum { MESSAGE_MOST = 4000, VALUES_MOST = 9 };

static const struct attribute *value_of(const struct compiler *z)
{
	return &z->attrs[z->nattrs - 1];
}

static bool in_address(const struct compiler *z)
{
	return z->place == IN_VALUE && is_url_attribute(value_of(z)->name);
}

static const char *writer(const struct compiler *z)
{
	if (z->place == IN_TEXT)
		return "html_put";
	if (!in_address(z))
		return "html_put_attr";
	if (!z->value_at)               /* z->p is at what follows the insertion */
		return looking_at(z, "/") ? "html_url_base" : "html_url";
	return z->tel ? "html_tel" : "html_put_url_part";
}

/* What follows an insertion knows nothing of what it wrote. */
static void inserted(struct compiler *z)
{
	z->space = false;
	z->value_at++;
}

static bool part(struct compiler *z, long line)
{
	struct slice call;

	if (z->place != IN_TEXT)
		return wrong(z, "a part only stands where text may stand");
	if (z->depth && slice_in(z->open[z->depth - 1].name, "title textarea"))
		return wrong(z, "a part inside <%.*s>", (int)z->open[z->depth - 1].name.n,
			     z->open[z->depth - 1].name.p);
	pass(z, 1);
	if (!c_scan(z, "}", &call))
		return false;
	if (!call.n || call.p[call.n - 1] != ')')
		return wrong(z, "expected {!part(h, ...)}");
	pass(z, 1);
	out_literal(z);
	out_line(z, z->c, line);
	buf_char(z->c, '\t');
	out_slice(z->c, call);
	buf_str(z->c, ";\n");
	z->calls_part = true;
	inserted(z);
	return true;
}

static bool expression(struct compiler *z, long line)
{
	struct slice expr;

	if (!c_scan(z, "}", &expr))
		return false;
	if (!expr.n)
		return wrong(z, "an empty insertion");
	pass(z, 1);
	if (in_address(z) && !z->value_at && looking_at(z, "{"))
		return wrong(z, "two insertions touch at the head of an address");
	out_literal(z);
	out_line(z, z->c, line);
	buf_printf(z->c, "\t%s(h, (", writer(z));
	out_slice(z->c, expr);
	buf_str(z->c, "));\n");
	inserted(z);
	return true;
}

bool condition(struct compiler *z, struct slice name)
{
	struct slice expr;
	long line = z->line;

	if (!looking_at(z, "{"))
		return wrong(z, "expected %.*s?=\"{condition}\"", (int)name.n, name.p);
	pass(z, 1);
	if (!c_scan(z, "}", &expr))
		return false;
	if (!expr.n)
		return wrong(z, "an empty condition");
	pass(z, 1);
	out_literal(z);
	out_line(z, z->c, line);
	buf_str(z->c, "\tif (");
	out_slice(z->c, expr);
	buf_printf(z->c, ")\n\t\thtml_lit(h, \" %.*s\", %zu);\n", (int)name.n, name.p,
		   name.n + 1);
	return true;
}

/* --- messages ------------------------------------------------------------------------- */

static bool message_byte_allowed(struct compiler *z)
{
	if (*z->p == '{')
		return wrong(z, "an insertion in a message: write %%1 and give the value after |");
	if (*z->p == '<' && left(z) > 1 && (is_letter(z->p[1]) || z->p[1] == '/'))
		return wrong(z, "an element in a message: it is text only");
	if (*z->p == '&') {
		const char *p = z->p + 1;

		while (p < z->end && (is_word(*p) || *p == '#'))
			p++;
		if (p > z->p + 1 && p < z->end && *p == ';')
			return wrong(z, "a message is text: write the character itself");
	}
	return true;
}

/* One sentence up to | or }, white space folded; sets a bit per placeholder. */
static bool message_text(struct compiler *z, struct buf *out, unsigned *used)
{
	long line = z->line;

	for (; z->p < z->end && *z->p != '|' && *z->p != '}'; pass(z, 1)) {
		bool escaped = *z->p == '\\' && left(z) > 1 && strchr("|{}", z->p[1]);

		if (is_space(*z->p)) {
			if (out->n && out->p[out->n - 1] != ' ')
				buf_char(out, ' ');
			continue;
		}
		if (escaped)
			pass(z, 1);
		else if (!message_byte_allowed(z))
			return false;
		if (*z->p == '%' && left(z) > 1 && z->p[1] >= '1' && z->p[1] <= '9')
			*used |= 1u << (z->p[1] - '0');
		buf_char(out, *z->p);
	}
	if (z->p == z->end)
		return wrong_at(z, line, "a message that does not end");
	if (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	return out->n && !out->full ? true : wrong(z, "an empty or endless message");
}

static bool out_message(struct compiler *z, const char *before, const char *after,
			unsigned *used)
{
	CLEANUP(buf_free) struct buf text = buf_new(MESSAGE_MOST);

	if (!message_text(z, &text, used))
		return false;
	buf_str(z->c, before);
	out_c_string(z->c, (struct slice){ text.p, text.n });
	buf_str(z->c, after);
	return true;
}

/* The values after the sentence; removes the backslash of \|. */
static void out_value(struct compiler *z, struct slice expr)
{
	for (size_t i = 0; i < expr.n; i++) {
		if (expr.p[i] != '\\' || i + 1 == expr.n || expr.p[i + 1] != '|')
			buf_char(z->c, expr.p[i]);
	}
}

static bool out_values(struct compiler *z, unsigned used)
{
	unsigned given = 0;
	int n = 0;

	while (*z->p == '|') {
		struct slice expr;

		pass(z, 1);
		if (!c_scan(z, "|}", &expr))
			return false;
		if (!expr.n || n == VALUES_MOST)
			return wrong(z, expr.n ? "more than nine values" : "an empty value");
		given |= 1u << ++n;
		buf_str(z->c, n == 1 ? ", (const struct msg_arg[]){ html_arg(" : "), html_arg(");
		out_value(z, expr);
	}
	if (used != given)
		return wrong(z, "the sentence uses %%1 to %%9 otherwise than its %d value%s", n,
			     n == 1 ? "" : "s");
	if (n)
		buf_printf(z->c, ") }, %d);\n", n);
	else
		buf_str(z->c, ", NULL, 0);\n");
	pass(z, 1);
	return true;
}

static bool plural(struct compiler *z, const char *attribute)
{
	struct slice count;
	unsigned used = 0;

	pass(z, 1);
	if (!c_scan(z, "|}", &count))
		return false;
	if (!count.n || *z->p != '|')
		return wrong(z, "expected {@#count|one|many|values}");
	buf_printf(z->c, "\thtml_msg_n(h, %s, (int64_t)(", attribute);
	out_value(z, count);
	buf_str(z->c, ")");
	pass(z, 1);
	if (!out_message(z, ", ", "", &used))
		return false;
	if (*z->p != '|')
		return wrong(z, "a plural needs its second sentence");
	pass(z, 1);
	return out_message(z, ", ", "", &used) && out_values(z, used);
}

static bool message(struct compiler *z, long line)
{
	const char *attribute = z->place == IN_VALUE ? "true" : "false";
	unsigned used = 0;

	if (in_address(z))
		return wrong(z, "a message in an address");
	pass(z, 1);
	out_literal(z);
	out_line(z, z->c, line);
	if (looking_at(z, "#")) {
		if (!plural(z, attribute))
			return false;
	} else {
		buf_printf(z->c, "\thtml_msg(h, %s", attribute);
		if (!out_message(z, ", N_(", ")", &used) || !out_values(z, used))
			return false;
	}
	inserted(z);
	return true;
}

bool insertion(struct compiler *z)
{
	long line = z->line;

	if (z->place == IN_VALUE && slice_in_any_case(value_of(z)->name, "srcset imagesrcset"))
		return wrong(z, "an insertion in srcset");
	pass(z, 1);
	if (looking_at(z, "!"))
		return part(z, line);
	if (looking_at(z, "@"))
		return message(z, line);
	return expression(z, line);
}
