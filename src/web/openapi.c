#include "web/openapi.h"

#include <string.h>

#include "format/json.h"
#include "web/form.h"

static const char self[] = "/api/openapi.json";

bool openapi_has(const struct route *route)
{
	return route->flags & ROUTE_JSON && strcmp(route->path, self);
}

const struct schema *schema_find(schema_tables all, const char *name)
{
	for (; all && *all; all++) {
		for (const struct schema *s = *all; s->name; s++) {
			if (!strcmp(s->name, name))
				return s;
		}
	}
	return NULL;
}

const char *path_param(struct arena *a, const char **at)
{
	const char *open = strchr(*at, '{'), *close = open ? strchr(open, '}') : NULL;

	if (!close)
		return NULL;
	*at = close + 1;
	return arena_strn(a, open + 1, (size_t)(close - open - 1));
}

/* --- words of the document ------------------------------------------------------------- */

struct writer {
	struct json_out j;
	const struct lang *lang;
	schema_tables schemas;
	struct arena *a;
};

static void put_about(struct writer *w, const char *label, const char *more)
{
	if (!label)
		return;
	json_put_text(&w->j, "description", more ?
		      arena_printf(w->a, "%s. %s", tr(w->lang, label), tr(w->lang, more)) :
		      tr(w->lang, label));
}

static void put_ref(struct writer *w, const char *name)
{
	json_put_text(&w->j, "$ref", arena_printf(w->a, "#/components/schemas/%s", name));
}

static void put_slugs(struct writer *w, const struct choice *c)
{
	json_open_array(&w->j, "enum");
	for (; c->slug; c++)
		json_put_text(&w->j, NULL, c->slug);
	json_close_array(&w->j);
}

static void put_values(struct writer *w, const struct choice *c)
{
	json_open_array(&w->j, "enum");
	for (; c->slug; c++)
		json_put_text(&w->j, NULL, c->value ? c->value : c->slug);
	json_close_array(&w->j);
}

static void put_number(struct writer *w, const struct field *f, const char *type)
{
	json_put_text(&w->j, "type", type);
	if (f->min < f->max) {
		json_put_real(&w->j, "minimum", f->min);
		json_put_real(&w->j, "maximum", f->max);
	}
}

static void put_field_type(struct writer *w, const struct field *f)
{
	struct json_out *j = &w->j;

	switch (f->kind) {
	case F_INT:
		put_number(w, f, "integer");
		return;
	case F_REAL:
		put_number(w, f, "number");
		return;
	case F_BOOL:
		json_put_text(j, "type", "boolean");
		return;
	case F_CHOICES:
		json_put_text(j, "type", "array");
		json_open_object(j, "items");
		json_put_text(j, "type", "string");
		put_slugs(w, f->choices);
		json_close_object(j);
		return;
	default:
		json_put_text(j, "type", "string");
	}
	if (f->kind == F_CHOICE)
		put_slugs(w, f->choices);
	if (f->kind == F_TEXT)
		json_put_int(j, "maxLength", f->max > 0 ? (int64_t)f->max : 200);
	if (f->kind == F_POINT)
		json_put_text(j, "pattern", "^-?[0-9]+(\\.[0-9]+)?,-?[0-9]+(\\.[0-9]+)?$");
	if (f->kind == F_MOMENT)
		json_put_text(j, "pattern", "^(maintenant|(lundi|mardi|mercredi|jeudi|vendredi|samedi|"
			      "dimanche)-(matin|apres-midi)|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"
			      "(:[0-9]{2})?)$");
}

/* --- what is asked --------------------------------------------------------------------- */

static void put_parameters(struct writer *w, const struct route *route)
{
	struct json_out *j = &w->j;
	const char *at = route->path, *name;

	json_open_array(j, "parameters");
	while ((name = path_param(w->a, &at))) {
		json_open_object(j, NULL);
		json_put_text(j, "name", name);
		json_put_text(j, "in", "path");
		json_put_bool(j, "required", true);
		json_open_object(j, "schema");
		json_put_text(j, "type", "string");
		json_close_object(j);
		json_close_object(j);
	}
	for (const struct field *f = route->method == GET ? route->in : NULL; f && f->name; f++) {
		json_open_object(j, NULL);
		json_put_text(j, "name", f->name);
		json_put_text(j, "in", "query");
		json_put_bool(j, "required", f->required);
		put_about(w, f->label, f->hint);
		json_open_object(j, "schema");
		put_field_type(w, f);
		json_close_object(j);
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_body(struct writer *w, const struct route *route)
{
	struct json_out *j = &w->j;

	json_open_object(j, "requestBody");
	json_put_bool(j, "required", true);
	json_open_object(j, "content");
	json_open_object(j, "application/json");
	json_open_object(j, "schema");
	json_put_text(j, "type", "object");
	json_open_object(j, "properties");
	for (const struct field *f = route->in; f && f->name; f++) {
		json_open_object(j, f->name);
		put_about(w, f->label, f->hint);
		put_field_type(w, f);
		json_close_object(j);
	}
	json_close_object(j);
	json_open_array(j, "required");
	for (const struct field *f = route->in; f && f->name; f++) {
		if (f->required)
			json_put_text(j, NULL, f->name);
	}
	json_close_array(j);
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
}

/* --- what is answered --------------------------------------------------------------------- */

static void put_problem(struct writer *w, const char *status, const char *about)
{
	struct json_out *j = &w->j;

	json_open_object(j, status);
	json_put_text(j, "description", tr(w->lang, about));
	json_open_object(j, "content");
	json_open_object(j, "application/problem+json");
	json_open_object(j, "schema");
	put_ref(w, "Probleme");
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
}

static void put_responses(struct writer *w, const struct route *route)
{
	struct json_out *j = &w->j;

	json_open_object(j, "responses");
	json_open_object(j, "200");
	json_put_text(j, "description", tr(w->lang, route->summary));
	json_open_object(j, "content");
	json_open_object(j, "application/json");
	json_open_object(j, "schema");
	if (route->schema && route->flags & ROUTE_LIST) {
		json_put_text(j, "type", "array");
		json_open_object(j, "items");
		put_ref(w, route->schema);
		json_close_object(j);
	} else if (route->schema) {
		put_ref(w, route->schema);
	}
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
	json_close_object(j);
	put_problem(w, "400", N_("La demande n’est pas comprise"));
	if (strchr(route->path, '{'))
		put_problem(w, "404", N_("Rien n’a ce nom"));
	put_problem(w, "default", N_("La demande n’a pas pu être servie"));
	json_close_object(j);
}

/* "lieux_id", "post_reperage": what generated clients call it. */
static const char *operation_id(struct arena *a, const struct route *route)
{
	const char *path = route->path + (strncmp(route->path, "/api/v1/", 8) ? 1 : 8);
	char *id = NEW_ARRAY(a, strlen(path) + 6, char);
	size_t n = 0;

	if (!id)
		return "";
	if (route->method == POST) {
		memcpy(id, "post_", 5);
		n = 5;
	}
	for (; *path; path++) {
		if (*path != '{' && *path != '}')
			id[n++] = *path == '/' || *path == '-' || *path == '.' ? '_' : *path;
	}
	return id;
}

static void put_operation(struct writer *w, const struct route *route)
{
	struct json_out *j = &w->j;

	json_open_object(j, route->method == GET ? "get" : "post");
	json_put_text(j, "operationId", operation_id(w->a, route));
	json_put_text(j, "summary", tr(w->lang, route->summary));
	put_parameters(w, route);
	if (route->method == POST)
		put_body(w, route);
	put_responses(w, route);
	json_close_object(j);
}

/* Routes come sorted by path: those of one path stand together. */
static void put_paths(struct writer *w, const struct router *r)
{
	const char *open = NULL;

	json_open_object(&w->j, "paths");
	for (const struct route *const *at = router_routes(r); at && *at; at++) {
		if (!openapi_has(*at))
			continue;
		if (!open || strcmp(open, (*at)->path)) {
			if (open)
				json_close_object(&w->j);
			json_open_object(&w->j, (*at)->path);
			open = (*at)->path;
		}
		put_operation(w, *at);
	}
	if (open)
		json_close_object(&w->j);
	json_close_object(&w->j);
}

/* --- schemas ---------------------------------------------------------------------------------- */

static void put_type(struct json_out *j, const char *type, bool nullable)
{
	if (!nullable) {
		json_put_text(j, "type", type);
		return;
	}
	json_open_array(j, "type");
	json_put_text(j, NULL, type);
	json_put_text(j, NULL, "null");
	json_close_array(j);
}

static void put_member_type(struct writer *w, const struct schema_member *m, bool nullable)
{
	static const char *const types[] = {
		[S_TEXT] = "string", [S_INT] = "integer", [S_REAL] = "number", [S_BOOL] = "boolean",
		[S_DATE] = "string", [S_INSTANT] = "string", [S_URI] = "string", [S_SLUG] = "string",
		[S_VALUE] = "string",
	};
	static const char *const formats[] = {
		[S_DATE] = "date", [S_INSTANT] = "date-time", [S_URI] = "uri",
		[S_SLUG] = NULL, [S_VALUE] = NULL,
	};

	if (m->kind == S_OBJECT) {
		put_ref(w, m->of);
		return;
	}
	if (m->kind == S_ANY)
		return;
	put_type(&w->j, types[m->kind], nullable);
	if (formats[m->kind])
		json_put_text(&w->j, "format", formats[m->kind]);
	/* with null the list of values would have to name it: the type says it better */
	if (m->choices && m->kind == S_SLUG && !nullable)
		put_slugs(w, m->choices);
	if (m->choices && m->kind == S_VALUE && !nullable)
		put_values(w, m->choices);
}

static void put_member(struct writer *w, const struct schema_member *m)
{
	struct json_out *j = &w->j;

	json_open_object(j, m->name);
	if (m->about)
		put_about(w, m->about, NULL);
	if (m->list) {
		put_type(j, "array", m->nullable);
		json_open_object(j, "items");
		put_member_type(w, m, false);
		json_close_object(j);
	} else {
		put_member_type(w, m, m->nullable);
	}
	json_close_object(j);
}

static void put_schema(struct writer *w, const struct schema *s)
{
	struct json_out *j = &w->j;

	json_open_object(j, s->name);
	json_put_text(j, "type", "object");
	put_about(w, s->about, NULL);
	json_open_object(j, "properties");
	for (const struct schema_member *m = s->members; m->name; m++)
		put_member(w, m);
	json_close_object(j);
	json_open_array(j, "required");
	for (const struct schema_member *m = s->members; m->name; m++) {
		if (!m->optional)
			json_put_text(j, NULL, m->name);
	}
	json_close_array(j);
	json_close_object(j);
}

/* RFC 9457, with what to do and the fields that were refused. */
static const struct schema_member problem_members[] = {
	{ "type", S_TEXT, .about = N_("about:blank : le titre dit tout") },
	{ "title", S_TEXT, .about = N_("Le statut HTTP en mots") },
	{ "status", S_INT, .about = N_("Le statut HTTP") },
	{ "detail", S_TEXT, .about = N_("Ce qui s’est passé") },
	{ "hint", S_TEXT, .optional = true, .about = N_("Ce qu’on peut faire") },
	{ "errors", S_OBJECT, .list = true, .optional = true, .of = "Refus",
	  .about = N_("Les champs refusés") },
	{ 0 },
};

static const struct schema_member refused_members[] = {
	{ "field", S_TEXT, .about = N_("Le nom du champ") },
	{ "detail", S_TEXT, .about = N_("Pourquoi il est refusé") },
	{ 0 },
};

static const struct schema ours[] = {
	{ "Probleme", N_("Une demande refusée (RFC 9457)"), problem_members },
	{ "Refus", N_("Un champ refusé"), refused_members },
	{ 0 },
};

static bool is_known(schema_tables all, const char *name, const char *by, struct err *e)
{
	return !name || schema_find(all, name) ||
	       fail(e, E_MISSING, "%s names the schema %s, which is in no table", by, name);
}

static bool all_known(const struct router *r, schema_tables all, struct err *e)
{
	for (const struct route *const *at = router_routes(r); at && *at; at++) {
		if (openapi_has(*at) && !is_known(all, (*at)->schema, (*at)->path, e))
			return false;
	}
	for (; all && *all; all++) {
		for (const struct schema *s = *all; s->name; s++) {
			for (const struct schema_member *m = s->members; m->name; m++) {
				if (!is_known(all, m->of, s->name, e))
					return false;
			}
		}
	}
	return true;
}

static void put_head(struct writer *w, const char *title)
{
	struct json_out *j = &w->j;

	json_put_text(j, "openapi", "3.1.0");
	json_open_object(j, "info");
	json_put_text(j, "title", title);
	json_put_text(j, "version", TREMPLIN_VERSION);
	json_put_text(j, "description", tr(w->lang, N_("Lieux, communes et orientation, en lecture libre, "
		"sans compte. Les erreurs sont des « problem+json ». Chaque réponse a un ETag.")));
	json_open_object(j, "license");
	json_put_text(j, "name", "MPL-2.0");
	json_put_text(j, "identifier", "MPL-2.0");
	json_close_object(j);
	json_close_object(j);
	json_open_array(j, "servers");
	json_open_object(j, NULL);
	json_put_text(j, "url", "/");
	json_close_object(j);
	json_close_array(j);
	json_open_array(j, "security");         /* none: everybody may read */
	json_close_array(j);
}

bool openapi_write(const struct router *r, schema_tables schemas, const char *title,
		   const struct lang *l, struct buf *out, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	struct writer w = { { out, false }, l, schemas, &a };

	if (!all_known(r, schemas, e))
		return false;
	json_open_object(&w.j, NULL);
	put_head(&w, title);
	put_paths(&w, r);
	json_open_object(&w.j, "components");
	json_open_object(&w.j, "schemas");
	for (; schemas && *schemas; schemas++) {
		for (const struct schema *s = *schemas; s->name; s++)
			put_schema(&w, s);
	}
	for (const struct schema *s = ours; s->name; s++)
		put_schema(&w, s);
	json_close_object(&w.j);
	json_close_object(&w.j);
	json_close_object(&w.j);
	return !a.spent || arena_refuse(&a, e);
}
