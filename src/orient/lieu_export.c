#include "orient/lieu_export.h"

#include <math.h>
#include <string.h>

#include "core/command.h"
#include "format/csv.h"

enum { ONE_MOST = 4 << 20, LINE_MOST = 16 << 20, BAR_EVERY = 512 };

void lieu_export_json_one(struct json_out *j, const struct lieu *l)
{
	CLEANUP(arena_free) struct arena a = arena_new(ONE_MOST);
	const char *v[LIEU_FIELDS];

	lieu_values(&a, l, v);
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const char *name = lieu_field_rules[f].name;

		if (!*v[f])
			continue;
		if (f == LIEU_LATITUDE)
			json_put_real(j, name, l->lat);
		else if (f == LIEU_LONGITUDE)
			json_put_real(j, name, l->lon);
		else
			json_put_text(j, name, v[f]);
	}
}

void lieu_export_json(struct json_out *j, const char *name, const struct lieu *l)
{
	json_open_object(j, name);
	lieu_export_json_one(j, l);
	json_close_object(j);
}

/* RFC 7946: longitude first; null where only the commune is known. */
static void put_feature(struct json_out *j, const struct lieu *l)
{
	bool placed = !l->position_commune && isfinite(l->lat) && isfinite(l->lon);

	json_open_object(j, NULL);
	json_put_text(j, "type", "Feature");
	if (placed) {
		json_open_object(j, "geometry");
		json_put_text(j, "type", "Point");
		json_open_array(j, "coordinates");
		json_put_real(j, NULL, l->lon);
		json_put_real(j, NULL, l->lat);
		json_close_array(j);
		json_close_object(j);
	} else {
		json_put_null(j, "geometry");
	}
	lieu_export_json(j, "properties", l);
	json_close_object(j);
}

static void put_csv(struct buf *b, struct arena *a, const struct lieu *l)
{
	const char *v[LIEU_FIELDS];

	lieu_values(a, l, v);
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(b, v[f], f == 0);
	buf_str(b, "\r\n");
}

static void put_head(struct buf *b, enum lieu_export_format format)
{
	if (format == EXPORT_JSON)
		buf_str(b, "[\n");
	else if (format == EXPORT_GEOJSON)
		buf_str(b, "{\"type\":\"FeatureCollection\",\"features\":[\n");
	for (int f = 0; format == EXPORT_CSV && f < LIEU_FIELDS; f++)
		csv_write_cell(b, lieu_field_rules[f].name, f == 0);
	if (format == EXPORT_CSV)
		buf_str(b, "\r\n");
}

static void put_tail(struct buf *b, enum lieu_export_format format)
{
	if (format != EXPORT_CSV)
		buf_str(b, format == EXPORT_JSON ? "\n]\n" : "\n]}\n");
}

static void put_one(struct buf *b, struct arena *a, enum lieu_export_format format, bool first,
		    const struct lieu *l)
{
	struct json_out j = { b, false };

	if (format == EXPORT_CSV) {
		put_csv(b, a, l);
		return;
	}
	if (!first)
		buf_str(b, ",\n");
	if (format == EXPORT_JSON)
		lieu_export_json(&j, NULL, l);
	else
		put_feature(&j, l);
}

static bool flush(struct buf *b, FILE *out, struct err *e)
{
	bool good = !b->full && fwrite(b->p, 1, b->n, out) == b->n;

	buf_clear(b);
	if (good)
		return true;
	fail(e, E_STORE, "l'export n'a pas pu être écrit en entier.");
	return hint(e, "Vérifiez la place qui reste sur le disque, puis recommencez.");
}

bool lieu_export(const struct repertoire *r, const struct lieu_export_ask *ask, FILE *out,
		 size_t *count, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(LINE_MOST);
	CLEANUP(arena_free) struct arena a = arena_new(ONE_MOST);
	size_t n = 0;

	put_head(&b, ask->format);
	for (size_t i = 0; i < r->nlieux; i++) {
		const struct lieu *l = &r->lieux[i];

		if (ask->since && strcmp(l->maj_le, ask->since) < 0)
			continue;
		put_one(&b, &a, ask->format, n == 0, l);
		n++;
		arena_reset(&a);
		if (!flush(&b, out, e))
			return false;
		if (ask->bar && i % BAR_EVERY == 0)
			progress("Export", i, r->nlieux);
	}
	if (ask->bar)
		progress_end();
	put_tail(&b, ask->format);
	if (count)
		*count = n;
	if (!flush(&b, out, e))
		return false;
	if (fflush(out)) {
		fail(e, E_STORE, "l'export n'a pas pu être écrit en entier.");
		return hint(e, "Vérifiez la place qui reste sur le disque, puis recommencez.");
	}
	return true;
}
