#include "core/agent.h"
#include "web/page.h"

static size_t active_places(const struct agent *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nplaces; i++)
		n += g->places[i].active;
	return n;
}

static const struct choice *places_of(struct arena *a, const struct agent *g)
{
	size_t n = active_places(g), k = 0;
	struct choice *out = n > 1 ? NEW_ARRAY(a, n + 1, struct choice) : NULL;

	for (size_t i = 0; out && i < g->nplaces; i++) {
		if (g->places[i].active)
			out[k++] = (struct choice){ g->places[i].structure, g->places[i].nom,
						    g->ici == &g->places[i] ? "ici" : NULL };
	}
	return out;
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
		.places = places_of(r->a, g),
	};
	return bar;
}
