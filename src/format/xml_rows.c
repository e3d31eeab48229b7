#include "format/xml_rows.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MEMORY = 16 << 20 };

struct reading {
	const char *name;
	XML_Parser parser;
	struct arena a;                 /* of a row */
	struct buf text;
	int depth;                      /* 1: inside the root */
	char section[80], field[80], root[80];
	bool in_row;
	struct xml_field fields[XML_FIELDS];
	int n;
	bool (*see)(const struct xml_row *, void *, struct err *);
	void *arg;
	struct err *e;
	bool failed;
};

const char *xml_value(const struct xml_row *row, const char *name)
{
	for (int i = 0; i < row->n; i++) {
		if (strcmp(row->fields[i].name, name) == 0)
			return row->fields[i].value;
	}
	return "";
}

static long line_of(const struct reading *r)
{
	return (long)XML_GetCurrentLineNumber(r->parser);
}

static void refuse(struct reading *r, const char *what)
{
	if (r->failed)
		return;
	r->failed = true;
	fail(r->e, E_INPUT, "%s:%ld: %s", r->name, line_of(r), what);
	XML_StopParser(r->parser, XML_FALSE);
}

static void tell(struct reading *r, const char *section)
{
	const struct xml_row row = { section, r->fields, r->n, line_of(r) };

	if (!r->failed && !r->see(&row, r->arg, r->e)) {
		r->failed = true;
		XML_StopParser(r->parser, XML_FALSE);
	}
	r->n = 0;
	arena_reset(&r->a);
}

static void copy_name(char out[80], const char *name)
{
	size_t n = strlen(name);

	if (n > 79)
		n = 79;
	memcpy(out, name, n);
	out[n] = '\0';
}

static void XMLCALL begin(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = arg;

	(void)attributes;
	buf_clear(&r->text);
	if (++r->depth > XML_DEPTH) {
		refuse(r, "ce fichier XML est trop profond");
	} else if (r->depth == 2) {
		copy_name(r->section, name);
	} else if (r->depth == 4 && strcmp(name, "row") == 0) {
		r->in_row = true;
		r->n = 0;
	} else if (r->depth == 5) {
		copy_name(r->field, name);
	}
}

static void add_field(struct reading *r)
{
	if (r->n == XML_FIELDS || r->text.full) {
		refuse(r, "cette ligne est trop longue");
		return;
	}
	r->fields[r->n++] = (struct xml_field){ arena_str(&r->a, r->field),
						arena_strn(&r->a, r->text.p, r->text.n) };
}

static void XMLCALL end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;

	(void)name;
	if (r->depth == 5 && r->in_row) {
		add_field(r);
	} else if (r->depth == 4 && r->in_row) {
		r->in_row = false;
		tell(r, r->section);
	} else if (r->depth == 2 && r->text.n && strspn(buf_text(&r->text),
		" \t\r\n") < r->text.n) {
		r->field[0] = '\0';
		add_field(r);
		tell(r, r->section);
	}
	buf_clear(&r->text);
	r->depth--;
}

static void XMLCALL characters(void *arg, const XML_Char *p, int n)
{
	struct reading *r = arg;

	buf_add(&r->text, p, (size_t)n);
}

static void XMLCALL doctype(void *arg, const XML_Char *name, const XML_Char *system,
			    const XML_Char *public_id, int subset)
{
	(void)name, (void)system, (void)public_id, (void)subset;
	refuse(arg, "un fichier qui déclare son type (DOCTYPE) n’est pas lu");
}

bool xml_rows_read(const char *name, const char *p, size_t n,
		   bool (*see)(const struct xml_row *, void *, struct err *), void *arg,
		   struct err *e)
{
	struct reading *r = calloc(1, sizeof *r);
	bool good;

	if (!r || n > (size_t)256 << 20) {
		free(r);
		return fail(e, E_LIMIT, "%s : ce fichier est trop grand.", name);
	}
	*r = (struct reading){ .name = name, .a = arena_new(MEMORY), .text = buf_new(XML_TEXT),
			       .see = see, .arg = arg, .e = e,
			       .parser = XML_ParserCreate(NULL) };
	good = r->parser != NULL;
	if (!good)
		fail(e, E_LIMIT, "%s : la mémoire manque.", name);
	if (good) {
		XML_SetUserData(r->parser, r);
		XML_SetElementHandler(r->parser, begin, end);
		XML_SetCharacterDataHandler(r->parser, characters);
		XML_SetStartDoctypeDeclHandler(r->parser, doctype);
		good = XML_Parse(r->parser, p, (int)n, 1) == XML_STATUS_OK && !r->failed;
		if (!good && !r->failed)
			fail(e, E_INPUT, "%s:%ld: ce n’est pas du XML : %s", name, line_of(r),
			     XML_ErrorString(XML_GetErrorCode(r->parser)));
		XML_ParserFree(r->parser);
	}
	arena_free(&r->a);
	buf_free(&r->text);
	free(r);
	return good;
}
