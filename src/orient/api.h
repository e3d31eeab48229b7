/* The open API of places and communes.  Addresses are declared in orient.c. */
#pragma once

#include "web/openapi_schema.h"
#include "web/route.h"

struct lieux_api_in {
	const char *apres;              /* id after which the next page starts */
	int64_t limite;
	const char *departement;
	uint64_t service;
	const char *depuis;             /* changed since that date */
};
extern const struct field lieux_api_fields[];

struct communes_api_in {
	const char *q;
	int64_t limite;
};
extern const struct field communes_api_fields[];

bool api_lieux(struct req *r, struct res *s, struct err *e);
bool api_lieu(struct req *r, struct res *s, struct err *e);
bool api_communes(struct req *r, struct res *s, struct err *e);
bool api_orientation(struct req *r, struct res *s, struct err *e);

extern const struct schema orient_schemas[];
