#include "web/router.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/asset.h"
#include "web/page.h"
#include "web/right.h"
#include "web/turn.h"

const struct right can_public = { .name = "public" };

/* One segment of the paths that were declared. */
struct node {
	const char *segment;            /* not NUL-terminated; NULL: "{id}", any segment */
	size_t n;
	struct node *child, *next;      /* the "{id}" child comes last: exact words win */
	const struct route *get, *post;
};

/* --- adding ----------------------------------------------------------------------------- */

static struct node *node_child(struct node *at, const char *segment, size_t n)
{
	bool any = n >= 2 && segment[0] == '{' && segment[n - 1] == '}';
	struct node **link = &at->child, *c;

	for (; (c = *link); link = &c->next) {
		if (any ? !c->segment : c->segment && c->n == n && !memcmp(c->segment, segment, n))
			return c;
	}
	c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	if (!any) {
		c->segment = segment;
		c->n = n;
		link = &at->child;
		c->next = at->child;
	}
	*link = c;
	return c;
}

static bool route_is_whole(const struct route *r, struct err *e)
{
	int params = 0;

	for (const char *p = r->path; *p; p++)
		params += *p == '{';
	if (r->path[0] != '/' || params > ROUTE_PARAMS || strstr(r->path, "//"))
		return fail(e, E_INPUT, "%s: not a path of a route", r->path);
	if (!r->right || !r->page || !r->summary || (r->method != GET && r->method != POST))
		return fail(e, E_INPUT, "%s: a route needs a method, a handler, a right and a "
			    "summary", r->path);
	if (r->in && !r->in_size)
		return fail(e, E_INPUT, "%s: the size of the input is missing", r->path);
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct route *x = *(const struct route *const *)a;
	const struct route *y = *(const struct route *const *)b;
	int c = strcmp(x->path, y->path);

	return c ? c : (int)x->method - (int)y->method;
}

static bool list_route(struct router *r, const struct route *route, struct err *e)
{
	const struct route **more = realloc(r->routes, (r->nroutes + 2) * sizeof(struct route *));

	if (!more)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	r->routes = more;
	more[r->nroutes++] = route;
	more[r->nroutes] = NULL;
	qsort(more, r->nroutes, sizeof *more, by_path);
	return true;
}

static bool add_route(struct router *r, const struct route *route, struct err *e)
{
	struct node *at = r->root;
	const struct route **where;

	for (const char *p = route->path; p[0] == '/' && p[1];) {
		size_t n = strcspn(p + 1, "/");

		at = node_child(at, p + 1, n);
		if (!at)
			return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
		p += 1 + n;
	}
	where = route->method == GET ? &at->get : &at->post;
	if (*where)
		return fail(e, E_INPUT, "%s: this route is declared twice", route->path);
	*where = route;
	return list_route(r, route, e);
}

bool router_add(struct router *r, const struct route *routes, struct err *e)
{
	for (; routes->path; routes++) {
		if (!route_is_whole(routes, e) || !add_route(r, routes, e))
			return false;
	}
	return true;
}

const struct route *const *router_routes(const struct router *r)
{
	return r->routes;
}

/* --- matching ------------------------------------------------------------------------------ */

static const struct node *walk(const struct node *at, const char *p, struct match *m, int nparams)
{
	size_t n;

	if (!p[0] || !p[1])
		return at->get || at->post ? at : NULL;
	n = strcspn(p + 1, "/");
	for (const struct node *c = at->child; c; c = c->next) {
		const struct node *found;

		if (c->segment ? c->n != n || memcmp(c->segment, p + 1, n) : !n)
			continue;
		if (!c->segment)
			m->params[nparams] = (struct slice){ p + 1, n };
		found = p[1 + n] == '/' && !p[2 + n] ? NULL :
			walk(c, p + 1 + n, m, nparams + !c->segment);
		if (found)
			return found;
	}
	return NULL;
}

void router_match(const struct router *r, const char *path, struct slice method,
		  struct match *m)
{
	const struct node *at;

	*m = (struct match){ .status = 404, .asset = asset_find(path) };
	at = m->asset ? NULL : walk(r->root, path, m, 0);
	if (at && slice_is(method, "POST"))
		m->route = at->post;
	else if (at && (slice_is(method, "GET") || slice_is(method, "HEAD")))
		m->route = at->get;
	if ((at && !m->route)
	    || (m->asset && !slice_is(method, "GET") && !slice_is(method, "HEAD"))) {
		m->status = 405;
		m->allow = !at || !at->post ? "GET, HEAD" : at->get ? "GET, HEAD, POST" : "POST";
		m->asset = NULL;
	}
}

/* --- the matrix of rights --------------------------------------------------------------------- */

void router_rights(const struct router *r, struct buf *out)
{
	const struct right *rights[32];
	int n = 0;

	for (size_t i = 0; i < r->nroutes; i++) {
		int k = 0;

		while (k < n && rights[k] != r->routes[i]->right)
			k++;
		if (k == n && n < 32)
			rights[n++] = r->routes[i]->right;
	}
	buf_str(out, "method\tpath");
	for (int k = 0; k < n; k++)
		buf_printf(out, "\t%s", rights[k]->name);
	buf_char(out, '\n');
	for (size_t i = 0; i < r->nroutes; i++) {
		const struct route *route = r->routes[i];

		buf_printf(out, "%s\t%s", route->method == GET ? "GET" : "POST", route->path);
		for (int k = 0; k < n; k++)
			buf_str(out, route->right == rights[k] ? "\tx" : "\t-");
		buf_char(out, '\n');
	}
}

/* --- making ------------------------------------------------------------------------- */

static void node_free(struct node *at)
{
	while (at) {
		struct node *next = at->next;

		node_free(at->child);
		free(at);
		at = next;
	}
}

void router_close(struct router **at)
{
	struct router *r = *at;

	*at = NULL;
	if (!r)
		return;
	node_free(r->root);
	free(r->routes);
	free(r);
}

bool router_new(const struct router_options *o, struct router **out, struct err *e)
{
	struct router *r = calloc(1, sizeof *r);

	if (!r || !(r->root = calloc(1, sizeof *r->root))) {
		free(r);
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	}
	r->o = *o;
	if (!r->o.gzip_level)
		r->o.gzip_level = GZIP_LEVEL;
	r->d = (struct dispatcher){ r, turn_waits, turn_answer, turn_refuse, turn_most,
		turn_forget };
	asset_url("");                  /* compressed now, not at the first visit */
	*out = r;
	return true;
}

const struct dispatcher *router_dispatcher(struct router *r)
{
	return &r->d;
}

static void add_file(struct buf *out, struct exchange *x)
{
	ssize_t n = 1;

	for (size_t at = 0; n > 0 && at < x->out_size && buf_room(out, 1 << 16); at += (size_t)n) {
		size_t left = x->out_size - at;

		n = pread(x->file, out->p + out->n, left < 1 << 16 ? left : 1 << 16,
			  (off_t)(x->file_from + at));
		n = n > 0 ? n : 0;
		out->n += (size_t)n;
	}
}

void router_ask(struct router *r, const char *raw, size_t n, struct buf *out)
{
	static const struct http1_limits limits = { 8 << 10, 4 << 10, HTTP1_FIELDS };
	struct exchange *x = calloc(1, sizeof *x);
	int head;

	if (!x)
		return;
	net_read("127.0.0.1", 9, &x->from);
	x->a = arena_new(EXCHANGE_ARENA);
	x->head = buf_new(16 << 10);
	x->body = buf_new(32 << 20);
	head = http1_read(raw, n, &limits, &x->asked);
	if (head <= 0 || n - (size_t)head < x->asked.length) {
		turn_refuse(r, x, head < 0 ? -head : 400);
	} else {
		x->content = raw + head;
		turn_waits(r, x);
		turn_answer(r, x);
	}
	buf_add(out, x->head.p, x->head.n);
	buf_printf(out, "Content-Length: %zu\r\n\r\n", x->out_size);
	if (!x->no_content && !slice_is(x->asked.method, "HEAD") && x->file)
		add_file(out, x);
	else if (!x->no_content && !slice_is(x->asked.method, "HEAD"))
		buf_add(out, x->out, x->out_size);
	if (x->file)
		close(x->file);
	turn_forget(r, x);
	arena_free(&x->a);
	buf_free(&x->head);
	buf_free(&x->body);
	free(x);
}
