/*
 * The addresses that the web component of the national map asks its server for, under
 * /carto, with the shapes that it reads (docs/carto.md says which parts are guesses), so that
 * a territory can put its own places behind the national widget.  Published places alone;
 * of professionals the function and the structure, never a name.
 */
#pragma once

#include "core/lieu.h"
#include "web/openapi_schema.h"
#include "web/route.h"

/* What the widget may add to any address; lists are joined by commas, values that are not
 * known are passed over, as the national server does. */
struct carto_in {
	const char *services, *publics, *prises_en_charge, *frais, *prise_rdv, *dispositifs;
	const char *autres_labels, *territoire_type, *territoires, *source;
	const char *ouvert_actuellement;        /* an instant, ISO 8601 */
	bool ouvert_le_week_end;
	int64_t page, limit;
	double latitude, longitude;
	const char *q;
};
extern const struct field carto_filters[], carto_lists[], carto_chunks[], carto_searches[];

/* The same, read once for all places. */
struct carto_filter {
	const struct repertoire *r;
	uint32_t services, publics, prises_en_charge, frais, dispositifs;
	bool prise_rdv, week_end;
	const char *autres_labels, *territoires, *source;       /* "" when they say nothing */
	enum { CARTO_PARTOUT, CARTO_REGIONS, CARTO_DEPARTEMENTS, CARTO_COMMUNES } ou;
	int64_t ouvert;                 /* instant in milliseconds; -1: whenever */
	int64_t samedi;                 /* the next one, days since 1970 */
	const char *region, *departement;       /* of the address; NULL: all */
};
struct carto_filter carto_read(const struct carto_in *in, const struct repertoire *r, int64_t now);
bool carto_wants(const struct lieu *l, const void *filter);

extern const struct route carto_routes[];
extern const struct schema carto_schemas[];
