/*
 * Inside the router: one request being answered (turn.c), from its head to the bytes of
 * its answer (reply.c).
 */
#pragma once

#include "web/form.h"
#include "web/gzip.h"
#include "web/router.h"
#include "web/session.h"

enum { TARGET_MOST = 8 << 10, SESSION_RENEW_MS = 60 * 1000, GZIP_LEAST = 1024, GZIP_LEVEL = 3 };

struct node;

struct router {
	struct router_options o;
	struct dispatcher d;
	struct node *root;
	const struct route **routes;    /* sorted, NULL at the end */
	size_t nroutes;
};

struct match {
	const struct route *route;      /* NULL: `status` says why */
	int status;                     /* 404, or 405 with `allow` */
	const char *allow;
	const struct asset *asset;      /* a static file instead of a route */
	struct slice params[ROUTE_PARAMS];      /* parts of the path */
};

struct turn {
	struct req req;
	struct res res;
	struct err err;
	struct router *router;
	struct exchange *x;
	struct match match;
	struct session session;
	/* made in advance for who has none; unused while its token is in no page */
	struct session fresh;
	bool fresh_ready;
	struct forwarded asked_by;      /* what a proxy says of it */
	struct form form;
	const char *part;               /* Content-Range of the answer; NULL: all of it */
	struct gzip *gzip;
	struct buf packed;
	char path[TARGET_MOST];
};

/* Which route a path and a method have. */
void router_match(const struct router *r, const char *path, struct slice method,
		  struct match *m);

/* The dispatcher (server.h). */
bool turn_waits(void *router, struct exchange *x);
void turn_answer(void *router, struct exchange *x);
void turn_refuse(void *router, struct exchange *x, int status);
size_t turn_most(void *router, struct exchange *x);
void turn_forget(void *router, struct exchange *x);

/* The head and the bytes of t->res into its exchange. */
void turn_reply(struct turn *t);
void turn_reply_asset(struct turn *t, const struct asset *a);

/* Makes the answer one about t->err: a page, or problem+json.  status 0: by its kind. */
void turn_error(struct turn *t, int status);

/* Who asked, and how; once for each request. */
void turn_origin(struct turn *t);
