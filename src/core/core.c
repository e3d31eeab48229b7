#include "core/core.h"

#include "core/repertoire.h"
#include "web/route.h"

struct holding core_hold(struct core *c)
{
	return (struct holding){ c->slot, repertoire_hold(c->slot) };
}

void core_let_go(struct holding *h)
{
	if (h->r)
		repertoire_drop(h->slot, h->r);
	h->r = NULL;
}

const char *core_address(struct req *r)
{
	if (*r->core->site.adresse)
		return r->core->site.adresse;
	return arena_printf(r->a, "%s://%s", r->https ? "https" : "http", r->host);
}
