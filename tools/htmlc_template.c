/* A template file: directives, control lines, and the C functions they make. */
#include "htmlc.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { OUT_MOST = 16 << 20 };

static void out_prototype(struct compiler *z, struct buf *b, const char *suffix)
{
	buf_str(b, "void ");
	out_slice(b, z->name);
	buf_printf(b, "%s(struct html *h", suffix);
	if (z->params.n && !slice_is(z->params, "void")) {
		buf_str(b, ", ");
		out_slice(b, z->params);
	}
	buf_char(b, ')');
}

/* Declares a function in the header and opens its body. */
static void out_function(struct compiler *z, const char *suffix, long line)
{
	out_line(z, z->h, line);
	out_prototype(z, z->h, suffix);
	buf_str(z->h, ";\n");
	buf_char(z->c, '\n');
	out_line(z, z->c, line);
	out_prototype(z, z->c, suffix);
	buf_str(z->c, "\n{\n");
}

static void out_wrap(struct compiler *z, const char *suffix, long line)
{
	out_line(z, z->c, line);
	buf_char(z->c, '\t');
	out_slice(z->c, z->wrap_name);
	buf_printf(z->c, "%s(h", suffix);
	if (z->wrap_args.n) {
		buf_str(z->c, ", ");
		out_slice(z->c, z->wrap_args);
	}
	buf_str(z->c, ");\n");
}

struct frame *frame_push(struct compiler *z, enum frame_kind kind)
{
	struct frame *f = &z->frames[z->nframes];

	if (z->nframes == FRAMES_MOST) {
		wrong(z, "blocks nested too deep");
		return NULL;
	}
	z->nframes++;
	*f = (struct frame){ .kind = kind, .line = z->line, .depth = z->depth,
		.first_id = z->ids.n, .level_start = z->level, .level_least = 99 };
	return f;
}

/* --- functions ------------------------------------------------------------------------ */

static bool nothing_is_open(struct compiler *z)
{
	if (z->nframes)
		return wrong_at(z, z->frames[z->nframes - 1].line, "this block is never closed");
	if (z->depth)
		return wrong_at(z, z->open[z->depth - 1].line, "<%.*s> is never closed",
				(int)z->open[z->depth - 1].name.n, z->open[z->depth - 1].name.p);
	return true;
}

static bool function_end(struct compiler *z)
{
	if (!z->in_function)
		return true;
	if (z->place != IN_TEXT)
		return wrong_at(z, z->tag_line, "<%.*s is never finished", (int)z->tag.n, z->tag.p);
	if (!nothing_is_open(z) || !template_finished(z))
		return false;
	if (z->is_layout && !z->slot_seen)
		return wrong(z, "a @layout without @slot");
	if (z->space && z->lit.n && !z->wrap_name.n)    /* a part may stand inside a sentence */
		z->lit.n--;
	out_literal(z);
	if (z->wrap_name.n)
		out_wrap(z, "_end", z->line);
	buf_str(z->c, "}\n");
	z->in_function = false;
	return true;
}

/* NAME(anything balanced), then the end of the line. */
static bool read_call(struct compiler *z, struct slice *name, struct slice *args)
{
	const char *start = z->p;

	while (z->p < z->end && is_word(*z->p))
		z->p++;
	*name = slice(start, z->p);
	if (!name->n || (*start >= '0' && *start <= '9') || !looking_at(z, "("))
		return wrong(z, "expected NAME(...) after the directive");
	pass(z, 1);
	if (!c_scan(z, ")", args))
		return false;
	pass(z, 1);
	return true;
}

static bool function_start(struct compiler *z, bool layout)
{
	long line = z->line;

	if (!function_end(z) || !read_call(z, &z->name, &z->params))
		return false;
	z->in_function = true;
	z->is_layout = layout;
	z->slot_seen = z->calls_part = false;
	z->wrap_name = z->wrap_args = (struct slice){ NULL, 0 };
	z->ids.n = z->labels.n = z->fields.n = 0;
	z->level = 0;
	z->space = true;
	out_function(z, layout ? "_begin" : "", line);
	return true;
}

static bool slot(struct compiler *z)
{
	if (!z->is_layout || !z->in_function || z->slot_seen)
		return wrong(z, "@slot stands once, in a @layout");
	if (z->nframes)
		return wrong(z, "@slot inside a block");
	out_literal(z);
	buf_str(z->c, "}\n");
	z->slot_seen = true;
	z->level = 0;
	out_function(z, "_end", z->line);
	return true;
}

static bool wrap(struct compiler *z)
{
	long line = z->line;

	if (!z->in_function || z->is_layout || z->wrap_name.n || z->lit.n || z->depth)
		return wrong(z, "@in stands once, on the first line of a @page");
	if (!read_call(z, &z->wrap_name, &z->wrap_args))
		return false;
	out_wrap(z, "_begin", line);
	return true;
}

static bool include(struct compiler *z)
{
	const char *eol = memchr(z->p, '\n', left(z));
	struct slice name = trimmed(slice(z->p, eol ? eol : z->end));

	if (z->in_function)
		return wrong(z, "@include stands before the first @page");
	if (name.n < 3 || !((name.p[0] == '"' && name.p[name.n - 1] == '"')
			    || (name.p[0] == '<' && name.p[name.n - 1] == '>')))
		return wrong(z, "expected @include \"folder/file.h\"");
	out_line(z, z->h, z->line);
	buf_str(z->h, "#include ");
	out_slice(z->h, name);
	buf_char(z->h, '\n');
	pass(z, (size_t)(name.p + name.n - z->p));
	return true;
}

static bool xml(struct compiler *z)
{
	if (z->line != 1)
		return wrong(z, "@xml is the first line of a file");
	z->xml = true;
	return true;
}

static bool end_of_line(struct compiler *z)
{
	while (z->p < z->end && is_space(*z->p) && *z->p != '\n')
		pass(z, 1);
	if (z->p < z->end && *z->p != '\n')
		return wrong(z, "nothing may follow the directive on its line");
	pass(z, 1);
	z->line_start = true;
	return true;
}

static bool directive(struct compiler *z)
{
	const char *start = ++z->p;
	struct slice word;
	bool done;

	while (z->p < z->end && is_letter(*z->p))
		z->p++;
	word = slice(start, z->p);
	while (z->p < z->end && (*z->p == ' ' || *z->p == '\t'))
		z->p++;
	if (slice_is(word, "include"))
		done = include(z);
	else if (slice_is(word, "page") || slice_is(word, "part"))
		done = function_start(z, false);
	else if (slice_is(word, "layout"))
		done = function_start(z, true);
	else if (slice_is(word, "slot"))
		done = slot(z);
	else if (slice_is(word, "in"))
		done = wrap(z);
	else if (slice_is(word, "xml"))
		done = xml(z);
	else
		return wrong(z, "unknown directive @%.*s (a text starting so: {\"@\"})",
			     (int)(word.n < 40 ? word.n : 40), word.p);
	return done && end_of_line(z);
}

/* --- the file ------------------------------------------------------------------------- */

/* At the start of a line: is it a directive or a control line?  Otherwise nothing moves. */
static bool line_start(struct compiler *z, bool *taken)
{
	const char *p = z->p;

	z->line_start = false;
	while (p < z->end && (*p == ' ' || *p == '\t'))
		p++;
	*taken = p < z->end && (*p == '@' || *p == '%') && z->place != IN_VALUE;
	if (!*taken)
		return true;
	if (z->place == IN_TAG)
		return wrong(z, "a line of C or a directive inside the tag <%.*s>",
			     (int)z->tag.n, z->tag.p);
	if (*p == '@') {
		z->p = p;
		return directive(z);
	}
	if (!z->in_function)
		return wrong(z, "a line of C outside @page, @part and @layout");
	return control_lines(z);
}

static bool compile_all(struct compiler *z)
{
	while (z->p < z->end) {
		bool taken = false;

		if (z->line_start && !line_start(z, &taken))
			return false;
		if (taken)
			continue;
		if (z->p < z->end && !markup_step(z))
			return false;
		if (z->lit.full || z->c->full || z->h->full)
			return wrong(z, "the template is too big");
	}
	return function_end(z);
}

static bool is_text(struct compiler *z)
{
	if (!utf8_valid(z->p, left(z)))
		return wrong(z, "the file is not UTF-8");
	for (const char *p = z->p; p < z->end; p++) {
		if ((unsigned char)*p < 0x20 && !is_space(*p))
			return wrong(z, "the file has a control character");
	}
	return true;
}

static void out_heads(struct compiler *z)
{
	buf_printf(z->h, "/* made from %s by tools/htmlc: do not edit */\n"
		   "#pragma once\n#include \"web/html.h\"\n", z->file);
	buf_printf(z->c, "/* made from %s by tools/htmlc: do not edit */\n"
		   "#include \"%s\"\n"
		   "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n",
		   z->file, z->header);
}

bool htmlc_compile(const char *file, const char *src, size_t n, const char *header,
		   struct buf *c, struct buf *h, struct err *e)
{
	struct compiler *z = calloc(1, sizeof *z);
	bool done;

	if (!z)
		return fail(e, E_LIMIT, "%s: no memory", file);
	z->file = file;
	z->header = header;
	z->p = src;
	z->end = src + n;
	z->line = 1;
	z->c = c;
	z->h = h;
	z->lit = buf_new(OUT_MOST);
	z->e = e;
	z->line_start = true;
	out_heads(z);
	done = is_text(z) && compile_all(z);
	buf_free(&z->lit);
	free(z);
	return done;
}
