/*
 * Published places in every format that others read, written as they are read: memory does
 * not grow with the file.  The national schema 1.0.2 (its 32 fields in order) in CSV and
 * JSON, GeoJSON, a workbook for offices, data.inclusion v1, cards and calendars.
 *
 * CSV and JSON hold the schema to the letter (docs/exports.md): a place without SIRET has
 * the national file's "00000000000000", one whose street is not known has its commune as
 * address, one without postal code is left out, and counted.
 */
#pragma once

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/lieu_record.h"
#include "core/repertoire.h"
#include "format/json.h"

struct db;

enum lieu_export_format {
	EXPORT_CSV, EXPORT_JSON, EXPORT_GEOJSON, EXPORT_XLSX, EXPORT_INCLUSION,
	EXPORT_STRUCTURES, EXPORT_SERVICES, EXPORT_STRUCTURES_CSV, EXPORT_SERVICES_CSV,
	EXPORT_VCARD, EXPORT_ICS,
	EXPORT_ETENDU_CSV, EXPORT_ETENDU_JSON, EXPORT_FORMATS
};

struct lieu_export_kind {
	const char *name;               /* of --format: "csv" */
	const char *file;               /* in addresses: "donnees.csv" */
	const char *type;               /* media type */
};
extern const struct lieu_export_kind lieu_exports[EXPORT_FORMATS];

struct lieu_export_ask {
	enum lieu_export_format format;
	/* YYYY-MM-DD: changed that day or later, and those that are published no more (id and
	 * date, nothing else: docs/exports.md); NULL: all */
	const char *since;
	bool bar;                       /* show progress on a terminal */
	const struct repertoire *r;     /* places in memory; NULL: read one by one from db */
	struct db *db;                  /* NULL with r: no place that left is named */
	const char *folder;             /* for the working files of a workbook; NULL: /tmp */
	const char *base;               /* address of the site, to name pages; NULL or "": none */
	int64_t now;                    /* milliseconds: calendars begin that day */
	bool (*wanted)(const struct lieu *l, const void *arg);  /* NULL: every place */
	const void *wanted_arg;
};

struct lieu_export_count {
	size_t lieux, sortis;           /* written; that left */
	size_t incomplets;              /* left out, the schema does not take them */
};

/* Writes to `out`; `count` may be NULL.  E_STORE when the file or the store refuses. */
bool lieu_export(const struct lieu_export_ask *ask, FILE *out, struct lieu_export_count *count,
		 struct err *e);

/* One place as members of the object that is open: fields that are absent are left out,
 * latitude and longitude are numbers, the rest is text as in the national files; then the
 * local fields (core/lieu_local.h), which no standard has. */
void lieu_export_json_one(struct json_out *j, const struct lieu *l);

/* The same with an object around it. */
void lieu_export_json(struct json_out *j, const char *name, const struct lieu *l);
