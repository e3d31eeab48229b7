#include "app/site_page.h"

#include <string.h>

#include "app/modules.h"
#include "app/site_page.htm.h"
#include "core/core.h"
#include "web/page.h"
#include "web/session.h"

static bool home_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("De l’aide pour le numérique, près de vous"));
	struct html h = page_html(r, s);

	(void)e;
	page.wide = true;
	page.description = tr(r->lang, N_("Trouver près de chez soi qui aide pour une "
		"démarche en ligne, un téléphone ou un ordinateur : adresse, horaires, numéro."));
	home_page(&h, &page);
	return true;
}

static bool aide_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Comment ça marche"));
	struct html h = page_html(r, s);

	(void)e;
	aide_page(&h, &page);
	return true;
}

static bool accessibilite_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Déclaration d’accessibilité"));
	struct html h = page_html(r, s);

	(void)e;
	accessibilite_page(&h, &page, &r->core->site);
	return true;
}

static bool donnees_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Données personnelles"));
	struct html h = page_html(r, s);

	(void)e;
	donnees_page(&h, &page, &r->core->site);
	return true;
}

static bool mentions_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Mentions légales"));
	struct html h = page_html(r, s);

	(void)e;
	mentions_page(&h, &page, &r->core->site);
	return true;
}

static bool effacer_do(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	session_end(r->session);
	s->clear_site_data = true;
	s->cache = CACHE_NO_STORE;
	return res_see_other(s, "/efface");
}

static bool efface_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("C’est effacé"));
	struct html h = page_html(r, s);

	(void)e;
	page.no_index = true;
	efface_page(&h, &page);
	return true;
}

/*
 * Leaves at once for a page that says nothing about who reads it.  The cookie is taken back;
 * Clear-Site-Data is left out because browsers wait for it.
 */
static bool quitter_do(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	session_end(r->session);
	s->status = 303;
	s->location = "https://meteofrance.com/";
	s->cache = CACHE_NO_STORE;
	return true;
}

/* Addresses that act, need to know a place, or speak to machines: no page to begin with. */
static bool is_page(const struct route *r)
{
	static const char *const others[] = { "/", "/langue", "/efface", "/quitter",
		"/fiche", "/healthz", "/readyz", "/metrics", "/catalog.jsonld" };

	if (r->method != GET || r->right != CAN_PUBLIC || !r->summary
	    || r->flags & (ROUTE_JSON | ROUTE_PRIVATE | ROUTE_CALL) || strchr(r->path, '{'))
		return false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!strcmp(r->path, others[i]))
			return false;
	return true;
}

enum { PLAN_LINKS = 60 };

static bool plan_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Plan du site"));
	struct html h = page_html(r, s);
	struct site_link links[PLAN_LINKS];
	size_t n = 0;

	(void)e;
	for (const struct route *const *m = module_routes; *m; m++)
		for (const struct route *route = *m; route->path; route++)
			if (n < PLAN_LINKS && is_page(route))
				links[n++] = (struct site_link){ route->path, route->summary };
	plan_page(&h, &page, links, n);
	return true;
}

const struct route site_routes[] = {
	{ GET, "/", home_show, CAN_PUBLIC, NULL, 0, N_("Accueil"), 0, NULL },
	{ GET, "/aide", aide_show, CAN_PUBLIC, NULL, 0, N_("Comment ça marche"), 0, NULL },
	{ GET, "/accessibilite", accessibilite_show, CAN_PUBLIC, NULL, 0,
	  N_("Déclaration d’accessibilité"), 0, NULL },
	{ GET, "/donnees-personnelles", donnees_show, CAN_PUBLIC, NULL, 0,
	  N_("Données personnelles"), 0, NULL },
	{ GET, "/mentions-legales", mentions_show, CAN_PUBLIC, NULL, 0,
	  N_("Mentions légales"), 0, NULL },
	{ GET, "/plan-du-site", plan_show, CAN_PUBLIC, NULL, 0, N_("Plan du site"), 0, NULL },
	{ POST, "/effacer", effacer_do, CAN_PUBLIC, NULL, 0, N_("Tout effacer"),
	  ROUTE_FORGETS, NULL },
	{ GET, "/efface", efface_show, CAN_PUBLIC, NULL, 0, N_("C’est effacé"), 0, NULL },
	{ GET, "/quitter", quitter_do, CAN_PUBLIC, NULL, 0, N_("Quitter vite"), 0, NULL },
	{ 0 },
};
