/*
 * The template compiler: x.htm in, C out.  The grammar and what is refused are on one
 * page, ARCHITECTURE.md "Templates".
 *
 *     htmlc_template.c   lines: directives, control lines, the functions they make
 *     htmlc_markup.c     characters: text, values of attributes, white space
 *     htmlc_tag.c        tags and attributes, what is open
 *     htmlc_insert.c     {expression}, {!part}, {@message}: which function writes it
 *     htmlc_rules.c      what a finished tag or template must have (labels, alt, headings)
 *     htmlc_c.c          just enough C to find where an expression or a block ends
 *     htmlc_out.c        slices, refusals, and the C that is written
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * Compiles the n bytes of a template.  `file` is the name that messages and #line give;
 * `header` is what the C file includes.  On refusal `e` says "FILE:LINE: error: ..." and
 * the buffers hold nothing of use.  Keeps and leaks nothing; src need not end in a NUL.
 */
bool htmlc_compile(const char *file, const char *src, size_t n, const char *header,
		   struct buf *c, struct buf *h, struct err *e);

/* --- between the files of the compiler ------------------------------------------------ */

enum { DEPTH_MOST = 128, FRAMES_MOST = 64, ATTRS_MOST = 40, IDS_MOST = 400 };

struct slice {
	const char *p;
	size_t n;
};

enum place { IN_TEXT, IN_TAG, IN_VALUE };

struct element {
	struct slice name;
	long line;
	bool foreign;                   /* SVG or MathML: XML rules */
	bool keeps_space;               /* pre, textarea */
};

struct attribute {
	struct slice name;
	struct slice value;             /* as written, without quotes; p NULL when there is none */
	bool inserted;                  /* holds at least one insertion */
	bool conditional;               /* attr?="{cond}" */
};

/* A C block that is open: what it opens it closes. */
enum frame_kind { FRAME_BLOCK, FRAME_IF, FRAME_LOOP, FRAME_SWITCH };

struct frame {
	enum frame_kind kind;
	long line;
	size_t depth;                   /* elements open where it starts */
	size_t first_id;
	int level_start, level_least;   /* heading level before, least at the end of a branch */
	bool has_else;
};

/* An id, the target of a label, or a field that waits for its label. */
struct name_use {
	struct slice name;
	long line;
	size_t branch;                  /* frames open when its branch ended; 0: in force */
};

struct name_list {
	struct name_use use[IDS_MOST];
	size_t n;
};

struct compiler {
	const char *file, *header;
	const char *p, *end;            /* what is left to read */
	long line;
	struct buf *c, *h;
	struct buf lit;                 /* literal markup not yet written */
	struct err *e;

	bool xml;
	bool in_function, is_layout, slot_seen, calls_part;
	struct slice name, params;      /* of the function */
	struct slice wrap_name, wrap_args;      /* of @in */

	enum place place;
	bool line_start;
	bool space;                     /* what went out last was white space */
	struct element open[DEPTH_MOST];
	size_t depth;
	struct frame frames[FRAMES_MOST];
	size_t nframes;
	struct frame ended;             /* the branch before `else` */
	bool may_else;

	struct slice tag;               /* the one being read */
	long tag_line;
	bool tag_closing, tag_spaced;
	struct attribute attrs[ATTRS_MOST];
	size_t nattrs;
	size_t value_at;                /* bytes and insertions so far in this value */
	bool scheme_open;               /* an address: no / ? # : yet */
	bool tel;                       /* an address that starts with tel: */

	int level;                      /* of the last heading, 0 before the first */
	struct name_list ids, labels, fields;
};

/* Refuses at the line being read, or at another. */
bool wrong(struct compiler *z, const char *fmt, ...) PRINTF(2, 3);
bool wrong_at(struct compiler *z, long line, const char *fmt, ...) PRINTF(3, 4);

static inline size_t left(const struct compiler *z)
{
	return (size_t)(z->end - z->p);
}

/* Moves past n bytes, counting lines. */
void pass(struct compiler *z, size_t n);
bool looking_at(const struct compiler *z, const char *word);

bool is_space(char c);
bool is_letter(char c);
bool is_word(char c);                                   /* of a C identifier */
struct slice slice(const char *p, const char *end);
struct slice trimmed(struct slice s);
bool slice_is(struct slice s, const char *word);
bool slice_same(struct slice a, struct slice b);
bool slice_in(struct slice s, const char *words);       /* one of "a b c" */
bool slice_in_any_case(struct slice s, const char *words);

/* htmlc_c.c */
/* past a string, char or comment; p when there is none, NULL when it does not end */
const char *c_skip(const char *p, const char *end);
/* Reads C up to one of `stops` outside any bracket; the stop is not passed. */
bool c_scan(struct compiler *z, const char *stops, struct slice *out);
bool control_lines(struct compiler *z);

/* htmlc_out.c */
void out_line(struct compiler *z, struct buf *b, long line);    /* a #line */
void out_literal(struct compiler *z);                           /* html_lit of what waits */
void out_slice(struct buf *b, struct slice s);
void out_c_string(struct buf *b, struct slice s);

/* htmlc_template.c */
struct frame *frame_push(struct compiler *z, enum frame_kind kind);

/* htmlc_markup.c */
bool markup_step(struct compiler *z);
void literal(struct compiler *z, const char *p, size_t n);      /* goes out as it is */
const struct element *parent(const struct compiler *z);         /* innermost element, NULL */
bool is_foreign(const struct compiler *z);      /* its children: XML rules? */
bool is_url_attribute(struct slice name);

/* htmlc_tag.c */
bool tag_starts(struct compiler *z);            /* at < */
bool tag_step(struct compiler *z);              /* between < and >, outside quotes */
bool value_ends(struct compiler *z);            /* at the closing quote */
bool address_byte(struct compiler *z, char c);  /* a literal byte of a value, before it goes out */

/* htmlc_insert.c */
bool insertion(struct compiler *z);
bool condition(struct compiler *z, struct slice name);

/* htmlc_rules.c */
bool attribute_allowed(struct compiler *z, const struct attribute *a);
bool tag_finished(struct compiler *z);                  /* an opening tag, before it is pushed */
bool nesting_allowed(struct compiler *z);
bool template_finished(struct compiler *z);
void branch_ended(struct compiler *z, struct frame *f);
void block_ended(struct compiler *z, struct frame *f);
const struct attribute *attribute_find(const struct compiler *z, const char *name);
