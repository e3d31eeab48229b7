/* The open API, described for programs (OpenAPI 3.1) and for people (/api). */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "web/i18n.h"
#include "web/openapi_schema.h"
#include "web/router.h"

/* The schema of that name; NULL. */
const struct schema *schema_find(schema_tables all, const char *name);

/*
 * Writes the document of every ROUTE_JSON route of r.  E_MISSING when a route or a member
 * names a schema that is in no table: a test calls it with all modules.
 */
bool openapi_write(const struct router *r, schema_tables schemas, const char *title,
		   const struct lang *l, struct buf *out, struct err *e);

/* True when the route is one of the API that is described. */
bool openapi_has(const struct route *route);

/* The next name in braces of a path, from *at on; NULL at the end. */
const char *path_param(struct arena *a, const char **at);

/* An address that works, for the page: "/api/v1/communes?q=..." with each required field. */
const char *openapi_example(struct arena *a, const struct route *route);

/* The same as a command line for curl. */
const char *openapi_command(const struct req *r, const struct route *route);

/* "texte", "nombre entier", "un ou plusieurs choix": what a field takes, in words. */
const char *field_kind_words(const struct field *f);
const char *schema_kind_words(const struct schema_member *m);

/* /api and /api/openapi.json; the tables come from router_options. */
extern const struct route openapi_routes[];
