/* Published places in the words of the national schema 1.0.2, its 32 fields in order. */
#pragma once

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/lieu_record.h"
#include "core/repertoire.h"
#include "format/json.h"

enum lieu_export_format { EXPORT_CSV, EXPORT_JSON, EXPORT_GEOJSON };

struct lieu_export_ask {
	enum lieu_export_format format;
	const char *since;              /* YYYY-MM-DD: changed that day or later; NULL: all */
	bool bar;                       /* show progress on a terminal */
};

/* Writes to `out`; `count`, when given, receives how many places.  E_STORE when the
 * file refuses. */
bool lieu_export(const struct repertoire *r, const struct lieu_export_ask *ask, FILE *out,
		 size_t *count, struct err *e);

/* One place as members of the object that is open: fields that are absent are left out,
 * latitude and longitude are numbers, the rest is text as in the national files. */
void lieu_export_json_one(struct json_out *j, const struct lieu *l);

/* The same with an object around it. */
void lieu_export_json(struct json_out *j, const char *name, const struct lieu *l);
