/*
 * JSON: read with jansson, strictly (no duplicate key, UTF-8, depth and size limits);
 * written straight into a buffer.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { JSON_DEPTH = 64, JSON_ITEM = 64 << 20 };

/* Reads one document from memory (an object or an array).  E_INPUT with the line.
 * The caller frees it with json_decref. */
bool json_read(const char *p, size_t n, json_t **out, struct err *e);
void json_done(json_t **j);                     /* for CLEANUP */
/* The same for whoever knows where the text stands: `line` is that of the error, from 1. */
bool json_read_part(const char *p, size_t n, json_t **out, long *line, struct err *e);

/*
 * Walks the objects of a list in a file, one at a time, whatever its size: a top-level
 * array, or the array under one of `keys` ("features", "lieux"; NULL at the end; keys
 * may be NULL); memory stays flat.  Messages begin with "FILE:" or "FILE:LINE:".
 */
struct json_list;
bool json_list_open(const char *path, const char *const *keys, struct json_list **out,
		    struct err *e);
/* The same from memory (an embedded file), which must outlive it. */
bool json_list_open_text(const char *name, const char *p, size_t n, const char *const *keys,
			 struct json_list **out, struct err *e);
void json_list_close(struct json_list **l);     /* for CLEANUP */
/* The next object and the line where it begins; lives until the next call.  false with
 * e->kind E_OK at the end. */
bool json_list_next(struct json_list *l, json_t **out, long *line, struct err *e);
double json_list_progress(const struct json_list *l);   /* 0..1 */

/* Text of a member: strings as they are, numbers and booleans in their JSON form; NULL
 * when absent, null, a list or an object.  `number` is where a number is written. */
const char *json_member_text(const json_t *object, const char *name, char *number, size_t room);

/* A member that is a text, borrowed; NULL when it is absent or something else. */
const char *json_text_of(const json_t *object, const char *name);
/* Is this text one of the list?  A list that is absent has none. */
bool json_list_has(const json_t *list, const char *word);

enum { JSON_NUMBER = 32 };
/* v in the fewest digits that read back the same; "null" when it is not finite. */
const char *json_real_text(double v, char out[JSON_NUMBER]);

/* --- writing ------------------------------------------------------------------------ */
struct json_out {
	struct buf *b;
	bool comma;             /* a value stands before the next one */
};
void json_open_object(struct json_out *j, const char *name);    /* name NULL inside an array */
void json_close_object(struct json_out *j);
void json_open_array(struct json_out *j, const char *name);
void json_close_array(struct json_out *j);
void json_put_text(struct json_out *j, const char *name, const char *v);        /* NULL: null */
void json_put_int(struct json_out *j, const char *name, int64_t v);
void json_put_real(struct json_out *j, const char *name, double v);             /* NaN: null */
void json_put_bool(struct json_out *j, const char *name, bool v);
void json_put_null(struct json_out *j, const char *name);
