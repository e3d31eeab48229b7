#include "test.h"

#include "format/json.h"
#include "web/openapi.h"

struct near {
	const char *commune;
	int64_t limite;
	int service;
	uint64_t publics;
	bool gratuit;
	struct moment quand;
};

static const struct choice services[] = {
	{ "demarches", "Démarches", "Aide aux démarches administratives" },
	{ "materiel", "Matériel", NULL },
	{ NULL, NULL, NULL },
};

static const struct field near_fields[] = {
	{ AT(near, commune), .kind = F_TEXT, .max = 60, .required = true, .label = "Commune",
	  .hint = "Un code" },
	{ AT(near, limite), .kind = F_INT, .min = 1, .max = 50, .label = "Limite" },
	{ AT(near, service), .kind = F_CHOICE, .choices = services, .label = "Besoin" },
	{ AT(near, publics), .kind = F_CHOICES, .choices = services, .label = "Publics" },
	{ AT(near, gratuit), .kind = F_BOOL, .label = "Gratuit" },
	{ AT(near, quand), .kind = F_MOMENT, .label = "Quand" },
	{ 0 },
};

static const struct schema_member place_members[] = {
	{ "id", .kind = S_TEXT, .about = "Identifiant" },
	{ "services", .kind = S_VALUE, .list = true, .choices = services },
	{ "maj", .kind = S_DATE, .nullable = true },
	{ "voisins", .kind = S_OBJECT, .list = true, .optional = true, .of = "Lieu" },
	{ 0 },
};
static const struct schema places[] = { { "Lieu", "Un lieu", place_members }, { 0 } };
static const struct schema *const tables[] = { places, NULL };

static bool nothing(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)s, (void)e;
	return true;
}

static const struct route routes[] = {
	{ GET, "/lieux", nothing, CAN_PUBLIC, NULL, 0, "A page", 0, NULL },
	{ GET, "/api/v1/orientation", nothing, CAN_PUBLIC, near_fields, sizeof(struct near), "Près",
	  ROUTE_JSON, "Lieu" },
	{ POST, "/api/v1/orientation", nothing, CAN_PUBLIC, near_fields, sizeof(struct near), "Près",
	  ROUTE_JSON | ROUTE_NO_CSRF, "Lieu" },
	{ GET, "/api/v1/lieux/{id}", nothing, CAN_PUBLIC, NULL, 0, "Un lieu", ROUTE_JSON, "Lieu" },
	{ 0 },
};

static struct router *router_with(const struct route *more)
{
	struct router_options o = { .env = &env_test, .schemas = tables };
	struct router *r = NULL;
	struct err e;

	box_make(&env_test, &o.box);
	accepts(router_new(&o, &r, &e), &e);
	accepts(router_add(r, more, &e), &e);
	accepts(router_add(r, openapi_routes, &e), &e);
	return r;
}

/* The member of a path of keys and indexes, as in "/paths/~/0"; keys have no "|". */
static json_t *at(json_t *j, const char *path)
{
	char key[80];

	while (j && *path) {
		size_t n = strcspn(path, "|");

		snprintf(key, sizeof key, "%.*s", (int)n, path);
		j = json_is_array(j) ? json_array_get(j, (size_t)(key[0] - '0')) : json_object_get(j, key);
		path += n + (path[n] == '|');
	}
	return j;
}

static const char *text_at(json_t *j, const char *path)
{
	const char *s = json_string_value(at(j, path));

	return s ? s : "(absent)";
}

TEST("the OpenAPI document says what the tables say")
{
	CLEANUP(router_close) struct router *r = router_with(routes);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	CLEANUP(json_done) json_t *j = NULL;
	struct err e;
	json_t *get, *post;

	accepts(openapi_write(r, tables, "Essai", langs[0], &b, &e), &e);
	accepts(json_read(b.p, b.n, &j, &e), &e);
	same(text_at(j, "openapi"), "3.1.0");
	same(text_at(j, "info|title"), "Essai");
	equals(json_object_size(at(j, "paths")), 2);            /* pages and the document are not in */
	get = at(j, "paths|/api/v1/orientation|get");
	same(text_at(get, "operationId"), "orientation");
	same(text_at(get, "parameters|0|name"), "commune");
	same(text_at(get, "parameters|0|description"), "Commune. Un code");
	holds(json_is_true(at(get, "parameters|0|required")));
	equals(json_integer_value(at(get, "parameters|0|schema|maxLength")), 60);
	same(text_at(get, "parameters|1|schema|type"), "integer");
	near_to(json_number_value(at(get, "parameters|1|schema|maximum")), 50, 0);
	same(text_at(get, "parameters|2|schema|enum|1"), "materiel");
	same(text_at(get, "parameters|3|schema|items|enum|0"), "demarches");
	same(text_at(get, "parameters|4|schema|type"), "boolean");
	post = at(j, "paths|/api/v1/orientation|post");
	same(text_at(post, "operationId"), "post_orientation");
	same(text_at(post, "requestBody|content|application/json|schema|required|0"), "commune");
	same(text_at(post, "responses|200|content|application/json|schema|$ref"),
	     "#/components/schemas/Lieu");
	same(text_at(j, "paths|/api/v1/lieux/{id}|get|parameters|0|in"), "path");
	holds(at(j, "paths|/api/v1/lieux/{id}|get|responses|404"));
	same(text_at(j, "components|schemas|Lieu|properties|services|items|enum|0"),
	     "Aide aux démarches administratives");
	same(text_at(j, "components|schemas|Lieu|properties|maj|type|1"), "null");
	same(text_at(j, "components|schemas|Lieu|properties|voisins|items|$ref"),
	     "#/components/schemas/Lieu");
	equals(json_array_size(at(j, "components|schemas|Lieu|required")), 3);
	holds(at(j, "components|schemas|Probleme|properties|detail"));
}

TEST("a schema that is in no table stops the document")
{
	static const struct route lost[] = {
		{ GET, "/api/v1/x", nothing, CAN_PUBLIC, NULL, 0, "X", ROUTE_JSON, "Inconnu" }, { 0 } };
	CLEANUP(router_close) struct router *r = router_with(lost);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct err e;

	refuses(E_MISSING, openapi_write(r, tables, "Essai", langs[0], &b, &e), &e);
	holds(strstr(e.msg, "/api/v1/x") && strstr(e.msg, "Inconnu"));
}

TEST("the page about the API shows each operation with a line that works")
{
	CLEANUP(router_close) struct router *r = router_with(routes);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	const char *ask = "GET /api HTTP/1.1\r\nHost: aide.fr\r\n\r\n", *s;

	router_ask(r, ask, strlen(ask), &b);
	s = buf_text(&b);
	holds(!strncmp(s, "HTTP/1.1 200 OK\r\n", 17));
	holds(strstr(s, "GET /api/v1/orientation</code>") && strstr(s, "POST /api/v1/orientation</code>"));
	holds(strstr(s, "curl &#39;http://aide.fr/api/v1/orientation?commune=93010&#39;"));
	holds(strstr(s, "<a href=\"#Lieu\">Lieu</a>") && strstr(s, "id=\"Lieu\""));
	buf_clear(&b);
	ask = "GET /api/openapi.json HTTP/1.1\r\nHost: aide.fr\r\n\r\n";
	router_ask(r, ask, strlen(ask), &b);
	holds(strstr(buf_text(&b), "\r\nETag: W/\""));
}
