/*
 * What the API answers, declared once by the module that writes it; the OpenAPI document
 * and the page about the API derive from it.  A route names its schema (route.h).
 */
#pragma once

#include "web/route.h"

enum schema_kind {
	S_TEXT, S_INT, S_REAL, S_BOOL,
	S_DATE,                 /* "2026-11-22" */
	S_INSTANT,              /* "2026-11-22T10:00:00Z" */
	S_URI,
	S_SLUG,                 /* slug of one of `choices` */
	S_VALUE,                /* national value of one of `choices`, letter for letter */
	S_OBJECT,               /* another schema, named by `of` */
	S_ANY,                  /* any JSON (GeoJSON geometries) */
};

struct schema_member {
	const char *name;
	enum schema_kind kind;
	bool list;                      /* an array of these */
	bool optional;                  /* may be absent */
	bool nullable;                  /* may be null */
	const struct choice *choices;
	const char *of;
	const char *about;              /* N_(): what it is, its unit; may be NULL */
};

struct schema {
	const char *name;               /* "Lieu"; unique */
	const char *about;              /* N_() */
	const struct schema_member *members;    /* ends with a NULL name */
};

/* Tables of schemas, each ending with a NULL name; NULL at the end. */
typedef const struct schema *const *schema_tables;
