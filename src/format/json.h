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

/* Reads one document from memory.  The caller frees it with json_decref. */
bool json_read(const char *p, size_t n, json_t **out, struct err *e);
void json_done(json_t **j);                     /* for CLEANUP */

/*
 * Walks the objects of a list in a file, one at a time, whatever its size: a top-level
 * array, or the array under one of `keys` ("features", "lieux"); memory stays flat.
 */
struct json_list;
bool json_list_open(const char *path, const char *const *keys, struct json_list **out,
		    struct err *e);
void json_list_close(struct json_list **l);
/* The next object and the line where it begins; lives until the next call.  false with
 * e->kind E_OK at the end. */
bool json_list_next(struct json_list *l, json_t **out, long *line, struct err *e);
double json_list_progress(const struct json_list *l);

/* Text of a member: strings as they are, numbers and booleans in their JSON form; NULL
 * when absent or null. */
const char *json_member_text(const json_t *object, const char *name, char *number, size_t room);

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
