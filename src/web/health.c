/* Addresses for machines that watch, and the change of language. */
#include <string.h>

#include "web/turn.h"

static struct turn *turn_of(struct req *r)
{
	return (struct turn *)(void *)((char *)r - offsetof(struct turn, req));
}

static bool healthz(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	s->type = "text/plain; charset=utf-8";
	s->cache = CACHE_NO_STORE;
	buf_str(&s->body, "ok\n");
	return true;
}

static bool readyz(struct req *r, struct res *s, struct err *e)
{
	const struct router_options *o = &turn_of(r)->router->o;

	if (o->ready && !o->ready(o->core, e)) {
		e->kind = E_BUSY;
		return false;
	}
	return healthz(r, s, e);
}

static bool metrics(struct req *r, struct res *s, struct err *e)
{
	struct server *server = turn_of(r)->router->o.server;

	(void)e;
	s->type = "text/plain; version=0.0.4; charset=utf-8";
	s->cache = CACHE_NO_STORE;
	if (server)
		server_metrics(server, &s->body);
	return true;
}

struct langue {
	const char *vers, *retour;
};

static const struct field langue_fields[] = {
	{ AT(langue, vers), .kind = F_TEXT, .max = 35, .label = N_("Langue") },
	{ AT(langue, retour), .kind = F_TEXT, .max = 4000, .label = N_("Page") },
	{ 0 },
};

/* Only a path of ours: "//host" and "/\host" would leave. */
static bool is_path(const char *s)
{
	return s && s[0] == '/' && s[1] != '/' && s[1] != '\\';
}

static bool langue(struct req *r, struct res *s, struct err *e)
{
	const struct langue *in = r->in;
	const struct lang *l = in->vers ? lang_find(in->vers) : NULL;

	(void)e;
	if (l)
		session_set(r->session, r->a, "langue", l->tag);
	s->cache = CACHE_NO_STORE;
	return res_see_other(s, is_path(in->retour) ? in->retour : "/");
}

const struct route web_routes[] = {
	{ GET, "/healthz", healthz, CAN_PUBLIC, NULL, 0, N_("Le programme répond"), 0, NULL },
	{ GET, "/readyz", readyz, CAN_PUBLIC, NULL, 0, N_("Le programme peut servir"), 0, NULL },
	{ GET, "/metrics", metrics, CAN_PUBLIC, NULL, 0, N_("Compteurs, pour Prometheus"), 0, NULL },
	{ GET, "/langue", langue, CAN_PUBLIC, langue_fields, sizeof(struct langue),
	  N_("Changer de langue"), 0, NULL },
	{ 0 },
};
