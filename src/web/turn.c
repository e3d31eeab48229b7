/* One request: who asks, in which language, may they, what did they send; then its page. */
#include "web/turn.h"

#include <stdlib.h>
#include <string.h>

#include "web/asset.h"
#include "web/right.h"

enum { FILE_AROUND = 32 << 10 };        /* of a form beside its file */

static const char lang_key[] = "langue";

/* --- what the request says of itself --------------------------------------------------- */

static struct slice asked(const struct turn *t, enum http1_name name)
{
	return t->x->asked.known[name];
}

static const char *text_of(struct turn *t, struct slice s)
{
	return s.p ? arena_strn(&t->x->a, s.p, s.n) : NULL;
}

void turn_origin(struct turn *t)
{
	t->asked_by = proxies_ask(t->router->o.proxies, &t->x->from, &t->x->asked);
	t->req.client = t->asked_by.client;
	t->req.https = t->x->tls || t->asked_by.https;
}

const char *req_header(const struct req *r, const char *name)
{
	for (int i = 0; r->asked && i < r->asked->nfields; i++) {
		if (slice_is_nocase(r->asked->fields[i].name, name))
			return arena_strn(r->a, r->asked->fields[i].value.p,
					  r->asked->fields[i].value.n);
	}
	return NULL;
}

static const char *cookie_name(const struct turn *t)
{
	return t->req.https ? "__Host-tremplin=" : "tremplin=";
}

/* The value of our cookie; empty when it did not come. */
static struct slice find_cookie(const struct turn *t)
{
	struct slice all = asked(t, HTTP1_COOKIE);
	const char *name = cookie_name(t), *p = all.p, *end = all.p ? all.p + all.n : NULL;
	size_t n = strlen(name);

	while (p < end) {
		const char *semi = memchr(p, ';', (size_t)(end - p));
		const char *stop = semi ? semi : end;

		while (p < stop && *p == ' ')
			p++;
		if ((size_t)(stop - p) > n && !memcmp(p, name, n))
			return (struct slice){ p + n, (size_t)(stop - p) - n };
		p = stop + 1;
	}
	return (struct slice){ "", 0 };
}

static void open_session(struct turn *t)
{
	const struct router_options *o = &t->router->o;
	struct slice cookie = find_cookie(t);

	if (!t->fresh_ready)
		session_new(&t->fresh, &o->box, o->env);
	t->fresh_ready = true;
	/* an empty one costs a few bytes, not the copy of all its places */
	memcpy(t->session.csrf, t->fresh.csrf, sizeof t->session.csrf);
	memcpy(t->session.id, t->fresh.id, sizeof t->session.id);
	t->session.n = 0;
	t->session.next = &t->fresh;
	t->session.changed = t->session.ended = t->session.expired = t->session.known = false;
	t->req.session = &t->session;
	if (cookie.n)
		session_open(&t->session, &o->box, o->env, &t->x->a, cookie.p, cookie.n);
}

static void choose_lang(struct turn *t)
{
	struct req *r = &t->req;
	const char *kept = r->session ? session_get(r->session, lang_key) : NULL;

	r->demandee = lang_choose(kept, text_of(t, asked(t, HTTP1_ACCEPT_LANGUAGE)));
	r->lang = lang_of_page(r->demandee, r->path);
}

static const char *host_of(struct turn *t)
{
	struct slice given = t->asked_by.host;

	if (!given.n)
		given = asked(t, HTTP1_HOST);
	return given.n ? text_of(t, given) : "localhost";
}

static struct turn *turn_begin(struct router *router, struct exchange *x)
{
	struct turn *t = x->own;
	struct slice query = http1_query(x->asked.target);

	if (!t) {
		t = x->own = calloc(1, sizeof *t);
		if (!t)
			return NULL;
		t->packed = buf_new(32 << 20);
	}
	t->router = router;
	t->x = x;
	t->err = (struct err){ 0 };
	t->form = (struct form){ 0 };
	t->res = (struct res){ .cache = CACHE_REVALIDATE, .body = x->body };
	t->req = (struct req){ .file = { 0 },
		.env = router->o.env, .a = &x->a, .core = router->o.core, .site = router->o.site,
		.method = slice_is(x->asked.method, "POST") ? POST : GET,
		.head = slice_is(x->asked.method, "HEAD"),
		.path = t->path,
		.query = "",
		.asked = &x->asked, .raw_body = x->content, .raw_size = x->asked.length,
	};
	if (query.n)
		t->req.query = arena_strn(&x->a, query.p, query.n);
	if (!http1_path(x->asked.target, t->path, sizeof t->path)) {
		t->path[0] = '\0';
		t->match = (struct match){ .status = 400 };
	} else {
		router_match(router, t->path, x->asked.method, &t->match);
	}
	return t;
}

/* --- refusals ----------------------------------------------------------------------------- */

static void no_such_page(struct turn *t)
{
	switch (t->match.status) {
	case 400:
		fail(&t->err, E_INPUT, "Cette adresse n’est pas lisible.");
		break;
	case 405:
		fail(&t->err, E_INPUT, "Cette adresse ne peut pas être demandée ainsi.");
		break;
	default:
		fail(&t->err, E_MISSING, "Cette page n’existe pas, ou plus.");
	}
	hint(&t->err, "Vérifiez l’adresse, ou repartez de l’accueil.");
	turn_error(t, t->match.status);
}

/* No sign that an address would have to escape. */
static bool is_simple(const char *path)
{
	return path[1] != '/' && !path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789/_.-")];
}

/* "/lieux/" is "/lieux". */
static bool redirected(struct turn *t)
{
	size_t n = strlen(t->path);
	struct match m;

	if (t->match.status != 404 || n < 2 || t->path[n - 1] != '/' || !is_simple(t->path))
		return false;
	t->path[n - 1] = '\0';
	router_match(t->router, t->path, t->x->asked.method, &m);
	if (!m.route || m.route->method != GET) {
		t->path[n - 1] = '/';
		return false;
	}
	t->res.status = 301;
	t->res.location = arena_printf(&t->x->a, "%s%s%s", t->path, t->req.query[0] ? "?" : "",
				       t->req.query);
	return true;
}

static bool refuse_stale(struct turn *t)
{
	fail(&t->err, E_DENIED, "Cette page était ouverte depuis trop longtemps, ou votre navigateur "
	     "a refusé le témoin (cookie) de sécurité.");
	hint(&t->err, "Revenez à la page précédente, rechargez-la, puis envoyez de nouveau. Si cela "
	     "recommence, acceptez les témoins (cookies) de ce site.");
	return false;
}

/* A form of ours, sent from a page of ours. */
static bool is_ours(struct turn *t)
{
	struct slice site = asked(t, HTTP1_FETCH_SITE);

	if (site.p && !slice_is(site, "same-origin") && !slice_is(site, "none")) {
		t->session.expired = false;     /* nothing is given back to another site */
		fail(&t->err, E_DENIED, "Cet envoi vient d’un autre site : il n’est pas accepté.");
		return hint(&t->err, "Ouvrez la page sur ce site et envoyez-la d’ici.");
	}
	if (t->match.route->flags & ROUTE_FORGETS)
		return true;
	if (t->session.known && session_token_is(&t->session, form_value(&t->form, "csrf")))
		return true;
	return refuse_stale(t);
}

/* --- what was sent --------------------------------------------------------------------------- */

static bool type_is(const struct turn *t, const char *type)
{
	struct slice v = asked(t, HTTP1_TYPE);
	const char *semi = v.n ? memchr(v.p, ';', v.n) : NULL;

	if (semi)
		v.n = (size_t)(semi - v.p);
	while (v.n && v.p[v.n - 1] == ' ')
		v.n--;
	return slice_is_nocase(v, type);
}

/* The status to answer when it is not err's usual one. */
static bool read_sent(struct turn *t, int *status)
{
	struct req *r = &t->req;
	bool json = t->match.route->flags & ROUTE_NO_CSRF;

	if (t->match.route->flags & ROUTE_CALL)
		return true;
	if (r->method == GET)
		return form_parse(r->a, r->query, strlen(r->query), &t->form, &t->err);
	if (!r->raw_size && !json)
		return true;
	if (t->match.route->flags & ROUTE_FILE && type_is(t, "multipart/form-data"))
		return form_parse_file(r->a, text_of(t, asked(t, HTTP1_TYPE)), r->raw_body,
			r->raw_size,
				       &t->form, &r->file, &t->err);
	if (!type_is(t, json ? "application/json" : "application/x-www-form-urlencoded")) {
		*status = 415;
		fail(&t->err, E_INPUT, "Cet envoi n’est pas du type attendu.");
		return hint(&t->err, json ? N_("Envoyez un objet JSON, avec Content-Type: application/json.") :
			    N_("Envoyez-le depuis le formulaire de la page."));
	}
	return json ? form_parse_json(r->a, r->raw_body, r->raw_size, &t->form, &t->err) :
		form_parse(r->a, r->raw_body, r->raw_size, &t->form, &t->err);
}

static bool read_input(struct turn *t)
{
	const struct route *route = t->match.route;
	void *in;

	t->req.form = &t->form;
	if (!route->in)
		return true;
	in = arena_alloc(&t->x->a, route->in_size);
	if (!in)
		return arena_refuse(&t->x->a, &t->err);
	form_read(&t->req, route->in, &t->form, in, route->in_size);
	t->req.in = in;
	if (!t->req.nerrors || !t->req.json)
		return true;
	return fail(&t->err, E_INPUT, "%s", t->req.errors[0].msg);
}

/* --- the route ---------------------------------------------------------------------- */

/* False: refused, or answered by the right itself (then `asked`). */
static bool may_ask(struct turn *t, bool *asked)
{
	const struct right *right = t->match.route->right;

	if (!right->allows || right->allows(&t->req))
		return true;
	if (right->ask && !t->req.json) {
		*asked = right->ask(&t->req, &t->res, &t->err);
		return false;
	}
	fail(&t->err, E_DENIED, "Cette page n’est pas ouverte à tous.");
	return hint(&t->err, "Connectez-vous avec un compte qui y a droit.");
}

static bool run_route(struct turn *t, int *status)
{
	struct req *r = &t->req;
	const struct route *route = t->match.route;
	bool form = r->method == POST && !(route->flags & (ROUTE_NO_CSRF | ROUTE_CALL));
	bool asked = false;

	for (int i = 0; i < ROUTE_PARAMS; i++)
		r->params[i] = text_of(t, t->match.params[i]);
	if (!may_ask(t, &asked))
		return asked;
	if (!read_sent(t, status))
		return false;
	r->form = &t->form;
	if ((form && !is_ours(t)) || !read_input(t))
		return false;
	if (t->router->o.asked)
		t->router->o.asked(t->router->o.asked_at, route);
	return route->page(r, &t->res, &t->err);
}

static void set_flags(struct turn *t)
{
	struct req *r = &t->req;
	const struct route *route = t->match.route;

	r->route = route;
	turn_origin(t);
	r->host = host_of(t);
	r->if_none_match = text_of(t, asked(t, HTTP1_IF_NONE_MATCH));
	r->json = route ? route->flags & ROUTE_JSON : !strncmp(t->path, "/api/", 5);
	if (!route || !(route->flags & (ROUTE_NO_CSRF | ROUTE_CALL | ROUTE_OPEN | ROUTE_FRAMED)))
		open_session(t);
	choose_lang(t);
}

/* Numbers that tell apart who asks, and for which account (FNV-1a). */
static uint64_t number_of(const void *p, size_t n)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const unsigned char *)p)[i]) * 1099511628211u;
	return h;
}

/* The account that is named, else the browser that asks. */
static struct slice account_of(const struct exchange *x)
{
	static const char name[] = "identifiant=";
	const char *end = x->content + x->asked.length;
	const char *at = x->asked.length ? memmem(x->content, x->asked.length, name,
						  sizeof name - 1) : NULL;
	const char *amp;

	if (!at)
		return x->asked.known[HTTP1_COOKIE];
	at += sizeof name - 1;
	amp = memchr(at, '&', (size_t)(end - at));
	return (struct slice){ at, (size_t)((amp ? amp : end) - at) };
}

static void say_heavy(struct turn *t)
{
	struct exchange *x = t->x;
	struct slice account = account_of(x);
	char group[NET_TEXT + 4];

	t->asked_by = proxies_ask(t->router->o.proxies, &x->from, &x->asked);
	net_text_group(&t->asked_by.client, group);
	x->heavy = true;
	x->client = number_of(group, strlen(group));
	x->account = number_of(account.p, account.n);
}

bool turn_waits(void *router, struct exchange *x)
{
	struct turn *t = turn_begin(router, x);
	const struct route *route = t ? t->match.route : NULL;

	if (route && route->flags & ROUTE_HEAVY)
		say_heavy(t);
	return route && (route->flags & ROUTE_SLOW || route->method == POST);
}

size_t turn_most(void *router, struct exchange *x)
{
	struct turn *t = turn_begin(router, x);

	return t && t->match.route && t->match.route->flags & ROUTE_FILE
		? SENT_FILE_MOST + FILE_AROUND : 0;
}

/* Without memory for even one turn. */
static void turn_none(struct exchange *x)
{
	static const char text[] = "Il n’y a plus de mémoire. Réessayez dans un instant.\n";

	x->status = 503;
	x->close = true;
	buf_str(&x->head, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n");
	x->out = text;
	x->out_size = sizeof text - 1;
}

void turn_answer(void *router, struct exchange *x)
{
	struct turn *t = x->own;
	int status = 0;

	(void)router;
	if (!t) {
		turn_none(x);
		return;
	}
	if (t->match.asset) {
		turn_origin(t);
		turn_reply_asset(t, t->match.asset);
		return;
	}
	set_flags(t);
	if (!t->match.route) {
		if (!redirected(t))
			no_such_page(t);
	} else if (!run_route(t, &status)) {
		turn_error(t, status);
	}
	turn_reply(t);
}

static void say_refusal(struct err *e, int status)
{
	switch (status) {
	case 408:
		fail(e, E_INPUT, "La demande a mis trop de temps à arriver.");
		hint(e, "Vérifiez la connexion et recommencez.");
		return;
	case 413:
		fail(e, E_LIMIT, "Cet envoi est trop gros.");
		hint(e, "Raccourcissez ce qui est écrit, ou choisissez un fichier plus petit, et "
		     "recommencez.");
		return;
	case 414:
	case 431:
		fail(e, E_LIMIT, "L’adresse ou l’en-tête de la demande est trop long.");
		hint(e, "Repartez de l’accueil. Si cela recommence, effacez les témoins (cookies) de ce "
		     "site.");
		return;
	case 503:
		fail(e, E_BUSY, "Beaucoup de monde en ce moment : le site ne peut pas répondre tout de "
		     "suite.");
		hint(e, "Réessayez dans quelques secondes.");
		return;
	default:
		fail(e, E_INPUT, "Cette demande n’est pas écrite comme le Web le demande.");
		hint(e, "Réessayez avec un navigateur à jour.");
	}
}

void turn_refuse(void *router, struct exchange *x, int status)
{
	struct turn *t;

	if (status != 503 && status != 413)             /* not a request that can be read */
		x->asked = (struct http1_head){ 0 };
	x->close = true;
	t = turn_begin(router, x);
	if (!t) {
		turn_none(x);
		return;
	}
	t->match = (struct match){ .status = status };
	turn_origin(t);
	t->req.host = "";
	t->req.json = !strncmp(t->path, "/api/", 5);
	choose_lang(t);
	say_refusal(&t->err, status);
	turn_error(t, status);
	turn_reply(t);
}

void turn_forget(void *router, struct exchange *x)
{
	struct turn *t = x->own;

	(void)router;
	if (!t)
		return;
	gzip_free(&t->gzip);
	buf_free(&t->packed);
	free(t);
	x->own = NULL;
}
