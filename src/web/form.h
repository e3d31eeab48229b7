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

/*
 * Reads multipart/form-data (RFC 7578) with at most one file, whose bytes are borrowed from
 * p; `type` is the whole Content-Type.  E_INPUT when it is not written as it should be, or
 * holds two files.
 */
bool form_parse_file(struct arena *a, const char *type, const char *p, size_t n,
		     struct form *out, struct sent_file *file, struct err *e);

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

/* True for what is never given back nor kept: passwords ("mot_de_passe..."), codes
 * ("code_secret..."), the token. */
bool form_is_secret(const char *name);

/* --- for form.htm ----------------------------------------------------------------------- */

/* The field of that name; aborts in tests when there is none: a template is wrong. */
const struct field *field_named(const struct field *fields, const char *name);

/* What stands in a control: what was typed when r was given something, else the value of
 * `in` (may be NULL) as text; "" when absent. */
const char *field_shown(const struct req *r, const struct field *f, const void *in);

/* The same for one choice of a list. */
bool field_has(const struct req *r, const struct field *f, const struct choice *c,
	       const void *in);

/* True when a yes or no field is ticked. */
bool field_is_yes(const struct req *r, const struct field *f, const void *in);

const char *field_class(const struct req *r, const struct field *f);    /* "field", "field bad" */
const char *field_inputmode(const struct field *f);     /* the keyboard that a phone shows */

/* Ids of the hint and of the error beside the control: "" when there is none. */
const char *field_described_by(const struct req *r, const struct field *f);

/* Said on the label only where other fields of the form are required. */
bool field_is_optional(const struct field *fields, const struct field *f);

enum { FIELD_RADIOS = 7, MOMENT_CHOICES = 14 };         /* more choices make a list to open */
int choices_count(const struct choice *c);

/* The first choice has the field's own name as id, so that a link of the summary leads there. */
const char *choice_id(const struct req *r, const struct field *f, const struct choice *c);

/* Half days that a F_MOMENT proposes: slug "mardi-matin", label "mardi matin"; i from 0. */
struct moment_choice {
	const char *slug, *label;
};
struct moment_choice moment_choice(const struct req *r, int i);
bool moment_is_proposed(const struct req *r, const char *shown);

/*
 * A page that waited too long may be sent again: the visitor's own cookie came, only too
 * old.  Then form_resend (form.htm) gives back all that was typed, behind one button.
 */
bool form_may_resend(const struct req *r);

/*
 * form.htm has, for a template (`in`: the values to show when nothing was typed; NULL: none):
 *	{!form_errors(h, r)}                            the summary, at the head of the page
 *	{!form_field(h, r, fields, "commune", in)}      label, hint, control by kind, error
 *	{!form_text(h, r, f, in, optional)}             one by hand: also form_select, form_choices,
 *	                                                form_check, form_choice (one radio or box)
 *	{!form_resend(h, r)}                            in the page of a 403
 */
