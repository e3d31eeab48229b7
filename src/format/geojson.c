#include "format/geojson.h"

#include <math.h>
#include <string.h>

static bool position(const json_t *p, double *lon, double *lat, struct err *e)
{
	const json_t *x = json_array_get(p, 0), *y = json_array_get(p, 1);

	if (!json_is_number(x) || !json_is_number(y))
		return fail(e, E_INPUT, "une position n'est pas faite de deux nombres.");
	*lon = json_number_value(x);
	*lat = json_number_value(y);
	if (fabs(*lon) <= 180 && fabs(*lat) <= 90)
		return true;
	fail(e, E_INPUT, "une position est hors du globe (%g, %g).", *lon, *lat);
	return hint(e, "Les coordonnées sont attendues en degrés (WGS 84), longitude d'abord.");
}

static bool read_ring(struct arena *a, const json_t *points, struct ring *out, struct err *e)
{
	size_t n = json_array_size(points);
	double *xy = NEW_ARRAY(a, n * 2, double);

	if (!xy)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		if (!position(json_array_get(points, i), xy + 2 * i, xy + 2 * i + 1, e))
			return false;
	}
	if (n > 1 && xy[0] == xy[2 * n - 2] && xy[1] == xy[2 * n - 1])
		n--;
	if (n < 3)
		return fail(e, E_INPUT, "un contour a moins de trois points.");
	*out = (struct ring){ xy, n };
	return true;
}

/* Rings and points of a list of polygons. */
static bool measure(const json_t *polygons, size_t *rings, struct err *e)
{
	size_t points = 0, i, k;
	const json_t *polygon, *ring;

	*rings = 0;
	json_array_foreach(polygons, i, polygon) {
		*rings += json_array_size(polygon);
		json_array_foreach(polygon, k, ring)
			points += json_array_size(ring);
	}
	if (points > GEOJSON_POINTS)
		return fail(e, E_LIMIT, "un contour a plus d'un million de points.");
	if (!*rings)
		return fail(e, E_INPUT, "un contour est vide.");
	return true;
}

static bool read_area(struct arena *a, const json_t *polygons, struct geojson_shape *out,
		      struct err *e)
{
	const json_t *polygon, *points;
	struct ring *rings;
	size_t i, k, n;

	if (!measure(polygons, &n, e))
		return false;
	rings = NEW_ARRAY(a, n, struct ring);
	if (!rings)
		return arena_refuse(a, e);
	json_array_foreach(polygons, i, polygon) {
		json_array_foreach(polygon, k, points) {
			if (!read_ring(a, points, &rings[out->n], e))
				return false;
			out->n++;
		}
	}
	out->kind = GEOJSON_AREA;
	out->rings = rings;
	return true;
}

bool geojson_read(struct arena *a, const json_t *feature, struct geojson_shape *out,
		  struct err *e)
{
	const json_t *g = json_object_get(feature, "geometry");
	const json_t *at = json_object_get(g, "coordinates");
	const char *type = json_string_value(json_object_get(g, "type"));

	*out = (struct geojson_shape){ 0 };
	if (!g || json_is_null(g))
		return true;
	if (!type || !json_is_array(at))
		return fail(e, E_INPUT, "une géométrie n'a pas de type ou de coordonnées.");
	if (!strcmp(type, "Point")) {
		out->kind = GEOJSON_POINT;
		return position(at, &out->lon, &out->lat, e);
	}
	if (!strcmp(type, "MultiPolygon"))
		return read_area(a, at, out, e);
	if (!strcmp(type, "Polygon")) {
		json_t *one = json_pack("[O]", at);
		bool ok = one && read_area(a, one, out, e);

		json_decref(one);
		return one ? ok : fail(e, E_LIMIT, "il manque de la mémoire.");
	}
	return fail(e, E_INPUT, "une géométrie « %.40s » n'est ni un point ni une surface.", type);
}

void geojson_put_point(struct json_out *j, double lat, double lon)
{
	if (!isfinite(lat) || !isfinite(lon)) {
		json_put_null(j, "geometry");
		return;
	}
	json_open_object(j, "geometry");
	json_put_text(j, "type", "Point");
	json_open_array(j, "coordinates");
	json_put_real(j, NULL, round(lon * 1e6) / 1e6);
	json_put_real(j, NULL, round(lat * 1e6) / 1e6);
	json_close_array(j);
	json_close_object(j);
}

void geojson_open(struct json_out *j)
{
	json_open_object(j, NULL);
	json_put_text(j, "type", "FeatureCollection");
	json_open_array(j, "features");
}

void geojson_close(struct json_out *j)
{
	json_close_array(j);
	json_close_object(j);
}
