/* The shapes of /carto (docs/carto.md), written. */
#pragma once

#include "format/json.h"
#include "orient/carto.h"

/* "Seine-Saint-Denis" is "seine-saint-denis". */
const char *carto_slug(struct arena *a, const char *nom);

/* A place in a list; now: is it open?  from: how far is it, NULL: not said. */
void carto_put_item(struct json_out *j, struct arena *a, const struct repertoire *r,
		    const struct lieu *l, int64_t now, const struct point *from);
void carto_put_details(struct json_out *j, struct arena *a, const struct repertoire *r,
		       const struct lieu *l);
void carto_put_point(struct json_out *j, const struct lieu *l);
void carto_put_found(struct json_out *j, struct arena *a, const struct lieu *l);
void carto_put_mediateur(struct json_out *j, struct arena *a, const struct lieu *l);

/* Regions or départements with how many of the places wanted are there. */
bool carto_put_counts(struct json_out *j, struct arena *a, const char *niveau,
		      const struct carto_filter *f, struct err *e);
