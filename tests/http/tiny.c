/*
 * A server without a store, for the probes and the measures of web/:
 *	tiny [--listen ADDR] [--tls-cert F --tls-key F] [--connections N] [--head-ms N]
 *	     [--body-ms N] [--idle-ms N] [--threads N] [--queue N] [--no-gzip]
 * It says "listening PORT" on standard output when it is ready.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "web/openapi.h"
#include "web/router.h"
#include "web/session.h"

static bool home(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	buf_str(&s->body, "<!doctype html><title>tiny</title><p>Bonjour");
	return true;
}

/* A page of 10 KB, written piece by piece as templates do. */
static bool page(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	buf_str(&s->body, "<!doctype html><title>page</title><ul>");
	for (int i = 0; s->body.n < 10100; i++) {
		buf_str(&s->body, "<li class=\"place\"><h2><a href=\"/lieux/");
		buf_int(&s->body, i * 7919);
		buf_str(&s->body, "\">Espace public numérique de la rue n° ");
		buf_int(&s->body, i * 31);
		buf_str(&s->body, "</a></h2><p>Sans rendez-vous, à ");
		buf_int(&s->body, i * 140);
		buf_str(&s->body, " m</p></li>");
	}
	buf_str(&s->body, "</ul>");
	return true;
}

static bool slow(struct req *r, struct res *s, struct err *e)
{
	struct timespec t = { 0, 300000000 };

	(void)r, (void)e;
	nanosleep(&t, NULL);
	buf_str(&s->body, "slow");
	return true;
}

static bool big(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	for (int i = 0; i < 1 << 17; i++)
		buf_str(&s->body, "0123456789abcdef");
	s->type = "application/octet-stream";
	return true;
}

struct said {
	const char *text;
};

static const struct field said_fields[] = {
	{ AT(said, text), .kind = F_TEXT, .max = 100, .required = true, .label = "Texte" },
	{ 0 },
};

static bool form(struct req *r, struct res *s, struct err *e)
{
	const char *before = session_get(r->session, "text");

	(void)e;
	buf_printf(&s->body, "<form method=post>%s %s", before ? before : "nothing",
		   r->session->csrf);
	return true;
}

static bool said(struct req *r, struct res *s, struct err *e)
{
	const struct said *in = r->in;

	(void)e;
	if (r->nerrors) {
		buf_str(&s->body, r->errors[0].msg);
		return true;
	}
	session_set(r->session, r->a, "text", in->text);
	return res_see_other(s, "/form");
}

static bool api(struct req *r, struct res *s, struct err *e)
{
	const struct said *in = r->in;

	(void)e;
	buf_printf(&s->body, "{\"text\":\"%s\"}", in->text);
	return true;
}

static const struct schema_member say_members[] = {
	{ "text", .kind = S_TEXT, .about = "What was said" },
	{ "who", .kind = S_OBJECT, .list = true, .optional = true, .of = "Who" },
	{ 0 },
};
static const struct schema_member who_members[] = {
	{ "name", .kind = S_TEXT, .nullable = true }, { "since", .kind = S_DATE, .optional = true }, { 0 },
};
static const struct schema schemas[] = {
	{ "Say", "What was said", say_members }, { "Who", "By whom", who_members }, { 0 },
};
static const struct schema *const schema_list[] = { schemas, NULL };

static const struct route routes[] = {
	{ GET, "/", home, CAN_PUBLIC, NULL, 0, "Home", 0, NULL },
	{ POST, "/", home, CAN_PUBLIC, NULL, 0, "Home", ROUTE_FORGETS, NULL },
	{ GET, "/page", page, CAN_PUBLIC, NULL, 0, "10 KB", 0, NULL },
	{ GET, "/pool", page, CAN_PUBLIC, NULL, 0, "10 KB, from the pool", ROUTE_SLOW, NULL },
	{ GET, "/slow", slow, CAN_PUBLIC, NULL, 0, "300 ms", ROUTE_SLOW, NULL },
	{ GET, "/big", big, CAN_PUBLIC, NULL, 0, "2 MB", 0, NULL },
	{ GET, "/form", form, CAN_PUBLIC, NULL, 0, "A form", 0, NULL },
	{ POST, "/form", said, CAN_PUBLIC, said_fields, sizeof(struct said), "Sent", 0, NULL },
	{ GET, "/api/say", api, CAN_PUBLIC, said_fields, sizeof(struct said), "Say", ROUTE_JSON, "Say" },
	{ POST, "/api/say", api, CAN_PUBLIC, said_fields, sizeof(struct said), "Say",
	  ROUTE_JSON | ROUTE_NO_CSRF, "Say" },
	{ 0 },
};

static int *number_option(struct server_options *o, const char *name)
{
	const struct { const char *name; int *at; } all[] = {
		{ "--connections", &o->connections }, { "--head-ms", &o->head_ms },
		{ "--body-ms", &o->body_ms }, { "--idle-ms", &o->idle_ms },
		{ "--threads", &o->threads }, { "--queue", &o->queue }, { "--loops", &o->loops },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (!strcmp(name, all[i].name))
			return all[i].at;
	}
	fprintf(stderr, "unknown option %s\n", name);
	exit(2);
}

static struct proxies local_proxies(void)
{
	struct proxies p;
	struct err e;

	if (!proxies_read("", "", &p, &e))
		exit(2);
	return p;
}

static void read_options(int argc, char **argv, struct server_options *o, struct router_options *ro,
			 const struct proxies *proxies)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--no-gzip"))
			ro->gzip_level = -1;
		else if (!strcmp(argv[i], "--derriere-proxy"))
			ro->proxies = proxies;
		else if (i + 1 == argc)
			exit(2);
		else if (!strcmp(argv[i], "--listen"))
			o->listen = argv[++i];
		else if (!strcmp(argv[i], "--tls-cert"))
			o->tls_cert = argv[++i];
		else if (!strcmp(argv[i], "--tls-key"))
			o->tls_key = argv[++i];
		else if (!strcmp(argv[i], "--gzip"))
			ro->gzip_level = (int)strtol(argv[++i], NULL, 10);
		else {
			*number_option(o, argv[i]) = (int)strtol(argv[i + 1], NULL, 10);
			i++;
		}
	}
}

int main(int argc, char **argv)
{
	struct server_options o = { .listen = "127.0.0.1:0" };
	struct router_options ro = { .env = &env_system, .schemas = schema_list };
	const struct proxies proxies = local_proxies();
	struct router *router = NULL;
	struct err e = { 0 };
	bool ok;

	read_options(argc, argv, &o, &ro, &proxies);
	box_make(&env_system, &ro.box);
	ok = server_open(&o, &ro.server, &e) && router_new(&ro, &router, &e) &&
	     router_add(router, web_routes, &e) &&
	     router_add(router, openapi_routes, &e) && router_add(router, routes, &e);
	if (ok) {
		printf("listening %d\n", server_port(ro.server));
		fflush(stdout);
		ok = server_run(ro.server, router_dispatcher(router), &e);
	}
	if (!ok)
		fprintf(stderr, "%s %s\n", e.msg, e.hint);
	if (e.kind == E_BUSY)
		_Exit(1);
	server_close(&ro.server);
	router_close(&router);
	return !ok;
}
