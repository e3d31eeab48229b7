/*
 * What compiled templates write with.  No template and no C file writes markup by hand:
 * tools/htmlc chooses the function by the place of an insertion and by its C type.
 * (ARCHITECTURE.md, "Templates", is the grammar.)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "web/i18n.h"

struct html {
	struct buf *out;
	const struct lang *lang;        /* of the page: messages, dates, numbers */
	const char *csrf;               /* token, in every <form method="post">; NULL: no session */
};

/* Markup that a template has made: the only thing that goes out unescaped. */
struct markup {
	const char *p;
	size_t n;
};

static inline void html_lit(struct html *h, const char *s, size_t n)
{
	buf_add(h->out, s, n);
}

/* Between tags: & < > " ' become references; NULL writes nothing. */
void html_text(struct html *h, const char *s);
void html_int(struct html *h, int64_t v);               /* grouped as the language does: 1 234 */
void html_size(struct html *h, uint64_t v);
void html_real(struct html *h, double v);               /* one decimal at most, comma in French */
void html_markup(struct html *h, struct markup m);

/* Between the quotes of an attribute: the same text, plain numbers. */
void html_attr(struct html *h, const char *s);
void html_attr_int(struct html *h, int64_t v);          /* digits only */
void html_attr_size(struct html *h, uint64_t v);
/* at most 6 decimals, a point; 0 when not finite */
void html_attr_real(struct html *h, double v);

/*
 * In href, src, action and the like.  An insertion at the head is a whole address: a path
 * of ours, or http(s), mailto, tel, geo; anything else ("javascript:", "//host") becomes
 * "#".  Further on it is a part, percent-encoded, that cannot leave its place.  After
 * "tel:" only digits and a leading + stay.
 */
void html_url(struct html *h, const char *s);
/* a / follows: without its own at the end */
void html_url_base(struct html *h, const char *s);
void html_url_part(struct html *h, const char *s);
void html_url_int(struct html *h, int64_t v);
void html_tel(struct html *h, const char *s);

/* Messages: a value of a placeholder %1 to %9, already text, escaped where it lands. */
struct msg_arg {
	const char *s;                  /* NULL: a number */
	int64_t i;
};
void html_msg(struct html *h, bool attribute, const char *msgid,
	      const struct msg_arg *args, int n);
void html_msg_n(struct html *h, bool attribute, int64_t count, const char *one,
		const char *many, const struct msg_arg *args, int n);

static inline struct msg_arg msg_text(const char *s) { return (struct msg_arg){ s ? s : "", 0 }; }
static inline struct msg_arg msg_int(int64_t i) { return (struct msg_arg){ NULL, i }; }
static inline struct msg_arg msg_size(uint64_t i) { return msg_int((int64_t)i); }

#define html_put(h, x) _Generic((x), \
	char *: html_text, const char *: html_text, \
	int: html_int, unsigned: html_int, long: html_int, long long: html_int, \
	unsigned long: html_size, float: html_real, double: html_real, \
	struct markup: html_markup)((h), (x))
#define html_put_attr(h, x) _Generic((x), \
	char *: html_attr, const char *: html_attr, \
	int: html_attr_int, unsigned: html_attr_int, long: html_attr_int, \
	long long: html_attr_int, unsigned long: html_attr_size, \
	float: html_attr_real, double: html_attr_real)((h), (x))
#define html_put_url_part(h, x) _Generic((x), \
	char *: html_url_part, const char *: html_url_part, \
	int: html_url_int, unsigned: html_url_int, long: html_url_int, \
	long long: html_url_int, unsigned long: html_attr_size, \
	float: html_attr_real, double: html_attr_real)((h), (x))
#define html_arg(x) _Generic((x), \
	char *: msg_text, const char *: msg_text, \
	int: msg_int, unsigned: msg_int, long: msg_int, long long: msg_int, \
	unsigned long: msg_size)(x)
