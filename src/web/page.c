#include "web/page.h"

#include <string.h>

#include "web/erreur.htm.h"
#include "web/session.h"

static const struct page_site site_unknown = {
	.nom = "Tremplin", .territoire = "", .telephone = "", .telephone_lien = "",
	.telephone_heures = "", .accessibilite = "non",
};

static bool under(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return !strncmp(path, folder, n) && (path[n] == '/' || !path[n]);
}

static enum page_nav nav_of(const char *path)
{
	static const struct { const char *folder; enum page_nav nav; } entries[] = {
		{ "/lieux", NAV_LIEUX }, { "/reperage", NAV_REPERAGE },
		{ "/territoires", NAV_TERRITOIRES }, { "/observatoire", NAV_TERRITOIRES },
		{ "/aide", NAV_AIDE },
	};

	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		if (under(path, entries[i].folder))
			return entries[i].nav;
	return NAV_NONE;
}

struct page page_for(struct req *r, const char *title)
{
	const struct page_site *site = r->site ? r->site : &site_unknown;
	bool private = r->route && r->route->flags & ROUTE_PRIVATE;
	bool query = r->query && r->query[0];

	return (struct page){
		.title = tr(r->lang, title),
		.site = site,
		.lang = r->lang,
		.demandee = r->demandee != r->lang ? r->demandee : NULL,
		.dir = r->lang->rtl ? "rtl" : "ltr",
		.path = arena_printf(r->a, "%s%s%s", r->path, query ? "?" : "",
				     query ? r->query : ""),
		.nav = nav_of(r->path),
		.error = r->nerrors > 0,
		.no_index = private || site->demo,
		.effacer = private && !r->agent,
		.quitter = private && !r->agent,
		.agent = r->agent && site->bar ? site->bar(r) : NULL,
	};
}

struct html page_html(struct req *r, struct res *s)
{
	return (struct html){ &s->body, r->lang, r->session ? r->session->csrf : NULL };
}

void page_error(struct req *r, struct res *s, const struct err *e)
{
	int status = s->status >= 400 ? s->status : err_status(e->kind);
	struct page page = page_for(r, status == 404 ? N_("Page introuvable") : N_("Erreur"));
	struct html h = page_html(r, s);

	page.no_index = true;
	buf_clear(&s->body);
	s->status = status;
	s->cache = CACHE_NO_STORE;
	erreur_page(&h, &page, r, status, tr(r->lang, e->msg), tr(r->lang, e->hint));
}

const char *page_accessibilite(const struct page_site *site)
{
	if (!strcmp(site->accessibilite, "totale"))
		return N_("Accessibilité : totalement conforme");
	if (!strcmp(site->accessibilite, "partielle"))
		return N_("Accessibilité : partiellement conforme");
	return N_("Accessibilité : non conforme");
}
