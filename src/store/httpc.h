/*
 * The only HTTP client: SMS gateways, OpenID providers.  One question, one whole answer.
 *
 * Only http and https; no redirection is followed (an answer 302 is an answer); TLS is
 * verified (name and chain, TLS 1.2 at least); nothing is decompressed; the answer has a
 * ceiling and the whole exchange a deadline.  A proxy of the environment (https_proxy) is
 * used.  Addresses often hold a password: errors name the host, never the rest.
 *
 * Opens sockets, and a thread while a name is looked up.  For the sender process; any
 * thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	HTTPC_TIMEOUT_MS = 10000,       /* unless the question says another */
	HTTPC_MOST = 1 << 20,           /* bytes of an answer, unless the question says another */
	HTTPC_HEADERS = 64,             /* fields of an answer that are kept */
};

struct http_field {
	const char *name, *value;
};

/* A connection kept open between questions to one server; one thread at a time. */
struct http_line;
struct http_line *http_line_new(void);          /* NULL when there is no memory */
void http_line_free(struct http_line **l);      /* for CLEANUP; NULL inside is allowed */

struct http_ask {
	const char *method;             /* "GET", "POST"...; capitals */
	const char *url;                /* absolute, without a fragment */
	const struct http_field *fields;
	size_t nfields;
	const char *body;               /* sent when not NULL, whatever the method */
	size_t body_size;
	int timeout_ms;                 /* of the whole exchange; 0: HTTPC_TIMEOUT_MS */
	size_t most;                    /* bytes of the answer; 0: HTTPC_MOST */
	const char *ca_file;            /* PEM; NULL: those of the system */
	bool https_only;                /* refuse http:// */
	struct http_line *line;         /* NULL: a connection of its own */
};

struct http_answer {
	int status;                     /* 100..999 */
	const char *body;               /* NUL-terminated, may hold other NULs; never NULL */
	size_t size;
	const char *type;               /* Content-Type; "" when there is none */
	const struct http_field *fields;        /* names in lower case */
	size_t nfields;
};

/*
 * Loads and starts what asking needs: a process that confines itself does it before.
 * E_STORE when libcurl is not installed.
 */
bool httpc_prepare(struct err *e);

/*
 * Asks and reads the whole answer into `a`.  True for every status.  E_INPUT for an address
 * that is none, a name or value with a line break; E_REMOTE when no whole answer came in
 * time or the certificate is not good; E_LIMIT when the answer is too long.
 */
bool httpc_do(const struct http_ask *ask, struct arena *a, struct http_answer *out,
	      struct err *e);

/* Field of an answer by its name in lower case; NULL. */
const char *http_field(const struct http_answer *answer, const char *name);
