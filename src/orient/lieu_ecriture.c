/* The national schema 1.0.2 in CSV and JSON, GeoJSON, and cards. */
#include "orient/lieu_ecriture.h"

#include <math.h>
#include <string.h>

#include "core/lieu_local.h"

#include "format/csv.h"
#include "orient/lieu_sorti.sql.h"
#include "orient/lieu_vcard.h"

enum { ONE_MOST = 1 << 20, RESUME_MOST = 280 };

/* --- the schema to the letter ----------------------------------------------------------- */

/* What the national file writes where no SIRET is known. */
static const char no_pivot[] = "00000000000000";

/* The fields, with what the schema requires; false when it cannot be had. */
static bool strict_values(struct ecriture *w, const struct lieu *l, const char *v[LIEU_FIELDS])
{
	lieu_values(&w->a, l, v);
	if (!*v[LIEU_PIVOT])
		v[LIEU_PIVOT] = no_pivot;
	if (!*v[LIEU_ADRESSE])
		v[LIEU_ADRESSE] = v[LIEU_COMMUNE];
	return *v[LIEU_NOM] && *v[LIEU_COMMUNE] && *v[LIEU_CODE_POSTAL] && *v[LIEU_DATE_MAJ];
}

static void put_members(struct json_out *j, const struct lieu *l, const char *v[LIEU_FIELDS])
{
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

void lieu_export_json_one(struct json_out *j, const struct lieu *l)
{
	CLEANUP(arena_free) struct arena a = arena_new(ONE_MOST);
	const char *v[LIEU_FIELDS];

	lieu_values(&a, l, v);
	put_members(j, l, v);
	if (l->equipements)
		json_put_text(j, "equipements", choices_write(&a, lieu_equipements, l->equipements));
	json_put_text(j, "genre", choices_write(&a, lieu_genres, l->genre));
}

void lieu_export_json(struct json_out *j, const char *name, const struct lieu *l)
{
	json_open_object(j, name);
	lieu_export_json_one(j, l);
	json_close_object(j);
}

/* --- CSV -------------------------------------------------------------------------------- */

static bool csv_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(&w->b, lieu_field_rules[f].name, f == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool csv_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	const char *v[LIEU_FIELDS];

	(void)e;
	if (!strict_values(w, l, v))
		return false;
	/* an apostrophe before what a spreadsheet would compute must not make it too long */
	if (strchr("=+-@", *v[LIEU_RESUME]) && strlen(v[LIEU_RESUME]) >= RESUME_MOST)
		v[LIEU_RESUME] += strspn(v[LIEU_RESUME], "=+-@ ");
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(&w->b, v[f], f == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

/* A line with an id and a date, and nothing else. */
static bool csv_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)e;
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(&w->b, f == LIEU_ID ? id : f == LIEU_DATE_MAJ ? day : "", f == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool nothing(struct ecriture *w, struct err *e)
{
	(void)w;
	(void)e;
	return true;
}

const struct lieu_ecriture ecriture_csv = { 0, csv_begin, csv_one, csv_gone, nothing };

/* --- JSON ------------------------------------------------------------------------------- */

static void next(struct ecriture *w)
{
	if (w->n)
		buf_str(&w->b, ",\n");
}

static bool json_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "[\n");
	return true;
}

static bool json_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	struct json_out j = { &w->b, false };
	const char *v[LIEU_FIELDS];

	(void)e;
	if (!strict_values(w, l, v))
		return false;
	next(w);
	json_open_object(&j, NULL);
	put_members(&j, l, v);
	json_close_object(&j);
	return true;
}

static bool json_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)e;
	next(w);
	ecriture_gone(w, id, day);
	return true;
}

static bool json_end(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "\n]\n");
	return true;
}

const struct lieu_ecriture ecriture_json = { 0, json_begin, json_one, json_gone, json_end };

/* --- extended: every place, its fields as they are, then the local ones ------------------ */

static bool etendu_csv_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(&w->b, lieu_field_rules[f].name, f == 0);
	csv_write_cell(&w->b, "local_equipements", false);
	csv_write_cell(&w->b, "local_genre", false);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool etendu_csv_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	const char *v[LIEU_FIELDS];

	(void)e;
	lieu_values(&w->a, l, v);
	for (int f = 0; f < LIEU_FIELDS; f++)
		csv_write_cell(&w->b, v[f], f == 0);
	csv_write_cell(&w->b, choices_write(&w->a, lieu_equipements, l->equipements), false);
	csv_write_cell(&w->b, choices_write(&w->a, lieu_genres, l->genre), false);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool etendu_csv_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)e;
	for (int f = 0; f < LIEU_FIELDS + 2; f++)
		csv_write_cell(&w->b, f == LIEU_ID ? id : f == LIEU_DATE_MAJ ? day : "", f == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

const struct lieu_ecriture ecriture_etendu_csv = { 0, etendu_csv_begin, etendu_csv_one,
	etendu_csv_gone, nothing };

static bool etendu_json_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	struct json_out j = { &w->b, false };

	(void)e;
	next(w);
	lieu_export_json(&j, NULL, l);
	return true;
}

const struct lieu_ecriture ecriture_etendu_json = { 0, json_begin, etendu_json_one, json_gone,
	json_end };

/* --- GeoJSON ------------------------------------------------------------------------------ */

static bool geojson_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "{\"type\":\"FeatureCollection\",\"features\":[\n");
	return true;
}

/* RFC 7946: longitude first; null where only the commune is known. */
static bool geojson_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	bool placed = !l->position_commune && isfinite(l->lat) && isfinite(l->lon);
	struct json_out j = { &w->b, false };

	(void)e;
	next(w);
	json_open_object(&j, NULL);
	json_put_text(&j, "type", "Feature");
	json_put_text(&j, "id", l->id);
	if (placed) {
		json_open_object(&j, "geometry");
		json_put_text(&j, "type", "Point");
		json_open_array(&j, "coordinates");
		json_put_real(&j, NULL, l->lon);
		json_put_real(&j, NULL, l->lat);
		json_close_array(&j);
		json_close_object(&j);
	} else {
		json_put_null(&j, "geometry");
	}
	json_open_object(&j, "properties");
	lieu_export_json_one(&j, l);
	json_close_object(&j);
	json_close_object(&j);
	return true;
}

static bool geojson_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	struct json_out j = { &w->b, false };

	(void)e;
	next(w);
	json_open_object(&j, NULL);
	json_put_text(&j, "type", "Feature");
	json_put_text(&j, "id", id);
	json_put_null(&j, "geometry");
	buf_str(&w->b, ",\"properties\":");
	ecriture_gone(w, id, day);
	buf_char(&w->b, '}');
	return true;
}

static bool geojson_end(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "\n]}\n");
	return true;
}

const struct lieu_ecriture ecriture_geojson = { 0, geojson_begin, geojson_one, geojson_gone,
						geojson_end };

/* --- cards -------------------------------------------------------------------------------- */

static bool vcard_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	const char *page = ecriture_page(w, l);

	return lieu_vcard(&w->b, l, *page ? page : NULL, e);
}

static bool vcard_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)day;
	return lieu_vcard_parti(&w->b, id, w->parti->le, e);
}

const struct lieu_ecriture ecriture_vcard = { 0, nothing, vcard_one, vcard_gone, nothing };
