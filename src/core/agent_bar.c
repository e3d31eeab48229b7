#include "core/agent.h"
#include "web/page.h"

static size_t active_places(const struct agent *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nplaces; i++)
		n += g->places[i].active;
	return n;
}

const struct page_agent *agent_bar(struct req *r)
{
	const struct agent *g = r->agent;
	struct page_agent *bar = g ? NEW(r->a, struct page_agent) : NULL;

	if (!bar)
		return NULL;
	*bar = (struct page_agent){
		.nom = arena_cat(r->a, g->prenom, " ", g->nom, NULL),
		.structure = g->ici ? g->ici->nom : NULL,
		.elsewhere = active_places(g) > (g->ici ? 1 : 0),
	};
	return bar;
}
