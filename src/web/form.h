/*
 * What people send: the pairs of a query, a form or a JSON object, read once into the
 * route's input struct by its fields, with a sentence for each that cannot be taken.
 */
#pragma once

#include "web/html.h"
#include "web/route.h"

enum { FORM_PAIRS = 400 };

struct form_pair {
	const char *name;
	const char *value;              /* decoded and trimmed; UTF-8 without control characters */
	bool bad;                       /* it was not: value is "" */
};

struct form {
	struct form_pair *pairs;
	size_t n;
};

/*
 * Reads application/x-www-form-urlencoded; also the query of an address.  E_INPUT for a
 * broken escape, E_LIMIT for more than FORM_PAIRS pairs.
 */
bool form_parse(struct arena *a, const char *p, size_t n, struct form *out, struct err *e);

/* Reads one JSON object: a pair per member, one per element of a list. */
bool form_parse_json(struct arena *a, const char *p, size_t n, struct form *out,
		     struct err *e);

/* The first value of that name; NULL when there is none. */
const char *form_value(const struct form *f, const char *name);

/*
 * Fills `in` (in_size bytes, zeroed here; absent choices are -1) from f, and r->errors.
 * An unknown pair is ignored, one that may not repeat is refused.
 */
void form_read(struct req *r, const struct field *fields, const struct form *f, void *in,
	       size_t in_size);

/* Absent values of every field. */
void fields_clear(const struct field *fields, void *in, size_t in_size);

/*
 * Puts one text into its field of `in`, as form_read and the command line do; `text` is
 * trimmed and not empty.  NULL, or the sentence that says why not, in language l.
 * A choice is named by its slug, its national value or its label.
 */
const char *field_set(struct arena *a, const struct lang *l, const struct field *f,
		      const char *text, void *in);

/* The message with the field's label for %1 and `value` (may be NULL) for %2. */
const char *field_sentence(struct arena *a, const struct lang *l, const struct field *f,
			   const char *msgid, const char *value);

/* --- for form.htm ----------------------------------------------------------------------- */

/* The field of that name; aborts in tests when there is none: a template is wrong. */
const struct field *field_named(const struct field *fields, const char *name);

/* What stands in a control: what was typed when r was given something, else the value of
 * `in` (may be NULL) as text; "" when absent. */
const char *field_shown(const struct req *r, const struct field *f, const void *in);

/* The same for one choice of a list. */
bool field_has(const struct req *r, const struct field *f, const struct choice *c,
	       const void *in);

/* Ids of the label's control and of the two texts that describe it; "" when there is none. */
const char *field_described_by(const struct req *r, const struct field *f);
int choices_count(const struct choice *c);

/* Half days that a F_MOMENT proposes: slug "mardi-matin", label "mardi matin". */
struct moment_choice {
	const char *slug, *label;
};
struct moment_choice moment_choice(const struct req *r, int i);         /* 0 to 13 */

/*
 * A page that waited too long may be sent again: the visitor's own cookie came, only too
 * old.  Then form_resend (form.htm) gives back all that was typed, behind one button.
 */
bool form_may_resend(const struct req *r);
