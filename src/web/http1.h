/*
 * The head of one HTTP/1.1 request, read strictly: bytes in, fields out, no I/O.
 *
 * Anything that two readers could understand in two ways is refused (RFC 9112 sections
 * 2.2, 3, 5, 6.3, 11.2): a bare LF or CR, a folded line, a space before a colon, two Host
 * or Content-Length, a length that is not plain digits, any Transfer-Encoding.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Part of the bytes that were given; not NUL-terminated. */
struct slice {
	const char *p;          /* NULL when absent */
	size_t n;
};

struct http1_limits {
	size_t head;            /* bytes of a whole head, blank line included: else 431 */
	size_t target;          /* bytes of the request target: else 414 */
	int fields;             /* at most HTTP1_FIELDS: else 431 */
};

enum { HTTP1_FIELDS = 64 };

/* The fields that we read, found while passing.  Those marked * are refused when doubled. */
enum http1_name {
	HTTP1_HOST,                     /* * */
	HTTP1_LENGTH,                   /* * */
	HTTP1_TRANSFER,
	HTTP1_CONNECTION,
	HTTP1_EXPECT,                   /* * */
	HTTP1_TYPE,                     /* * Content-Type */
	HTTP1_COOKIE,                   /* * */
	HTTP1_ACCEPT_ENCODING,
	HTTP1_ACCEPT_LANGUAGE,
	HTTP1_IF_NONE_MATCH,            /* * */
	HTTP1_FETCH_SITE,               /* * Sec-Fetch-Site */
	HTTP1_NAMES,
};

struct http1_field {
	struct slice name, value;
};

struct http1_head {
	struct slice method;
	struct slice target;            /* origin form: "/lieux?commune=93010"; or "*" with OPTIONS */
	int minor;                      /* 0 or 1 */
	bool close;                     /* the connection ends with the answer */
	bool expects;                   /* waits for "100 Continue" before it sends its body */
	size_t length;                  /* of the body that follows; 0 when there is none */
	int nfields;
	struct slice known[HTTP1_NAMES];
	struct http1_field fields[HTTP1_FIELDS];
};

/*
 * Reads the head at b.  Returns its length with the blank line, 0 when more bytes are
 * needed, or minus the status to answer before closing: 400, 413, 414, 417, 431, 501, 505.
 * A mistake is told as soon as its byte is there.  `h` points into b.
 * An absolute target is taken when its authority is the one of Host.
 */
int http1_read(const char *b, size_t n, const struct http1_limits *limits,
	       struct http1_head *h);

/*
 * Decodes the path of a target (what stands before "?") into out, NUL-terminated.
 * false when it is not "/...", does not fit, has a bad escape, an escaped "/" or "\", a
 * control character, a "." or ".." segment, or is not UTF-8.
 */
bool http1_path(struct slice target, char *out, size_t room);

/* A name or address with an optional port, and nothing else. */
bool http1_host_is_plain(struct slice host);

/* What follows "?" in a target; empty when there is none. */
struct slice http1_query(struct slice target);

/* True when the comma list has this token, without regard to case or parameters;
 * a token with ";q=0" is not there. */
bool http1_list_has(struct slice list, const char *token);

bool slice_is(struct slice s, const char *text);        /* exactly */
bool slice_is_nocase(struct slice s, const char *text);
