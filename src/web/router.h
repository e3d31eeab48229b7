/*
 * From a request to the handler of its route, and from its answer to bytes: the
 * dispatcher that the server calls.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/box.h"
#include "web/openapi_schema.h"
#include "web/route.h"
#include "web/server.h"

struct router_options {
	const struct env *env;
	struct core *core;
	const struct page_site *site;
	struct box box;                 /* seals sessions: box_load or box_make */
	const struct proxies *proxies;  /* whom to believe; NULL: nobody (web/proxy.h) */
	/* Who may frame a ROUTE_FRAMED page, as a Content-Security-Policy says it; NULL: "*". */
	const char *frames;
	int gzip_level;                 /* 0: the usual one; -1: never */
	struct server *server;          /* for /metrics; may be NULL */
	schema_tables schemas;          /* of the API: openapi_routes; may be NULL */
	/* Is everything there to answer?  For /readyz; NULL: always. */
	bool (*ready)(struct core *core, struct err *e);
	/*
	 * Writes the page of an error into s->body; s->status is set, r->lang and r->path are
	 * there, r->route may be NULL, r->session may be NULL.  NULL: plain text.
	 */
	void (*error_page)(struct req *r, struct res *s, const struct err *e);
	/*
	 * Before the handler of each route that may be asked; for tests that count which
	 * routes were hit.  May be NULL; on any thread.
	 */
	void (*asked)(void *at, const struct route *route);
	void *asked_at;
};

struct router;

bool router_new(const struct router_options *o, struct router **out, struct err *e);
void router_close(struct router **r);           /* for CLEANUP; NULL inside is allowed */

/*
 * Adds the routes of a table that ends with an empty one; it must live as long as the
 * router.  Refuses a route without right or summary, one declared twice, a bad path.
 * All before the server runs.
 */
bool router_add(struct router *r, const struct route *routes, struct err *e);

/* /healthz, /readyz, /metrics, /langue?vers=en&retour=/lieux */
extern const struct route web_routes[];

const struct dispatcher *router_dispatcher(struct router *r);

/* Every route, in the order of its path then method; NULL at the end. */
const struct route *const *router_routes(const struct router *r);

/* The permission matrix: a line for each route, a column for each right.  A test compares
 * it with the one that was reviewed. */
void router_rights(const struct router *r, struct buf *out);

/*
 * Answers one request without a socket, for tests: `raw` is a whole request, from
 * 127.0.0.1.  The answer with its head is added to `out`.
 */
void router_ask(struct router *r, const char *raw, size_t n, struct buf *out);
