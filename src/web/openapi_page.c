/* /api and /api/openapi.json: the open API shown to people and to programs. */
#include <string.h>

#include "web/form.h"
#include "web/openapi.h"
#include "web/openapi.htm.h"
#include "web/page.h"
#include "web/turn.h"

/* A value that the field takes, for an example. */
static const char *sample(const struct field *f)
{
	switch (f->kind) {
	case F_INT:
	case F_REAL:
		return "10";
	case F_BOOL:
		return "true";
	case F_CHOICE:
	case F_CHOICES:
		return f->choices[0].slug ? f->choices[0].slug : "";
	case F_MOMENT:
		return "mardi-matin";
	case F_POINT:
		return "48.902,2.483";
	case F_TEXT:
		return "93010";
	}
	return "";
}

const char *openapi_example(struct arena *a, const struct route *route)
{
	const char *s = route->path, *sep = "?";

	for (const struct field *f = route->method == GET ? route->in : NULL; f && f->name; f++) {
		if (!f->required)
			continue;
		s = arena_printf(a, "%s%s%s=%s", s, sep, f->name, sample(f));
		sep = "&";
	}
	return s;
}

static const char *example_body(struct arena *a, const struct route *route)
{
	const char *s = "", *comma = "";

	for (const struct field *f = route->in; f && f->name; f++) {
		bool bare = f->kind == F_INT || f->kind == F_REAL || f->kind == F_BOOL;

		if (!f->required)
			continue;
		s = arena_printf(a, "%s%s\"%s\":%s%s%s", s, comma, f->name, bare ? "" : "\"", sample(f),
				 bare ? "" : "\"");
		comma = ",";
	}
	return arena_printf(a, "-H 'Content-Type: application/json' -d '{%s}' ", s);
}

const char *openapi_command(const struct req *r, const struct route *route)
{
	return arena_printf(r->a, "%s'%s://%s%s'",
			    route->method == POST ? example_body(r->a, route) : "",
			    r->https ? "https" : "http", r->host, openapi_example(r->a, route));
}

const char *field_kind_words(const struct field *f)
{
	switch (f->kind) {
	case F_TEXT:
		return N_("texte");
	case F_INT:
		return N_("nombre entier");
	case F_REAL:
		return N_("nombre");
	case F_BOOL:
		return N_("true ou false");
	case F_CHOICE:
		return N_("un de :");
	case F_CHOICES:
		return N_("un ou plusieurs de :");
	case F_MOMENT:
		return N_("maintenant, mardi-matin ou 2026-11-24T10:00, à l’heure du lieu");
	case F_POINT:
		return N_("latitude,longitude");
	}
	return "";
}

const char *schema_kind_words(const struct schema_member *m)
{
	static const char *const words[] = {
		[S_TEXT] = N_("texte"), [S_INT] = N_("nombre entier"), [S_REAL] = N_("nombre"),
		[S_BOOL] = N_("true ou false"), [S_DATE] = N_("date, 2026-11-22"),
		[S_INSTANT] = N_("instant, 2026-11-22T10:00:00Z"), [S_URI] = N_("adresse"),
		[S_SLUG] = N_("mot d’une liste"), [S_VALUE] = N_("valeur nationale, à la lettre"),
		[S_OBJECT] = N_("objet"), [S_ANY] = N_("JSON"),
	};

	return words[m->kind];
}

static const struct router *router_of(const struct req *r)
{
	return ((const struct turn *)(const void *)((const char *)r -
			offsetof(struct turn, req)))->router;
}

static bool api_page(struct req *r, struct res *s, struct err *e)
{
	const struct router *router = router_of(r);
	struct page page = page_for(r, N_("Les données par programme"));
	struct html h = page_html(r, s);

	(void)e;
	openapi_page(&h, &page, r, router_routes(router), router->o.schemas);
	return true;
}

static bool api_document(struct req *r, struct res *s, struct err *e)
{
	const struct router *router = router_of(r);

	return openapi_write(router, router->o.schemas, r->site ? r->site->nom : "Tremplin",
			     r->lang, &s->body, e);
}

const struct route openapi_routes[] = {
	{ GET, "/api", api_page, CAN_PUBLIC, NULL, 0, N_("Les données par programme"), 0, NULL },
	{ GET, "/api/openapi.json", api_document, CAN_PUBLIC, NULL, 0,
	  N_("Description de l’API (OpenAPI 3.1)"), ROUTE_JSON, NULL },
	{ 0 },
};
