/*
 * Tables written as XML: document / SECTION / rows / row / FIELD, as LimeSurvey and others
 * export them.  Read by expat; a document type (and so any entity of its own) is refused,
 * and so is what passes a ceiling.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { XML_FIELDS = 200, XML_TEXT = 1 << 20, XML_DEPTH = 12 };

struct xml_field {
	const char *name, *value;       /* UTF-8; live until the next row */
};

struct xml_row {
	const char *section;            /* "questions"; for a text alone under the root, its name */
	const struct xml_field *fields;
	int n;
	long line;                      /* where it ends, from 1 */
};

/* The value of a field; "" when the row has none. */
const char *xml_value(const struct xml_row *row, const char *name);

/*
 * Calls `see` for each row, and for each text that stands alone under the root (DBVersion):
 * section its name, one field "" with the text.  E_INPUT "NAME:LINE: ..." when the XML is
 * broken, is no such document, or says a document type.
 */
bool xml_rows_read(const char *name, const char *p, size_t n,
		   bool (*see)(const struct xml_row *row, void *arg, struct err *e), void *arg,
		   struct err *e);
