/*
 * GeoJSON (RFC 7946): the shapes that territories and places have.  WGS 84 degrees,
 * longitude first as the format wants.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "format/json.h"

/* A closed line: the last point joins the first and is not repeated. */
struct ring {
	const double *lonlat;           /* 2 * n numbers */
	size_t n;
};

enum geojson_kind { GEOJSON_NONE, GEOJSON_POINT, GEOJSON_AREA };

struct geojson_shape {
	enum geojson_kind kind;         /* NONE: "geometry": null */
	double lat, lon;                /* of a point */
	const struct ring *rings;       /* of an area: outer rings and holes, even-odd */
	size_t n;
};

enum { GEOJSON_POINTS = 1 << 20 };      /* of one area */

/* The shape of a Feature: Point, Polygon or MultiPolygon.  E_INPUT for another geometry,
 * a position that is not two numbers in range, an area of fewer than three points;
 * E_LIMIT past GEOJSON_POINTS. */
bool geojson_read(struct arena *a, const json_t *feature, struct geojson_shape *out,
		  struct err *e);

/* Writes "geometry": a point of six decimals, or null when lat is not a number. */
void geojson_put_point(struct json_out *j, double lat, double lon);

/* Opens and closes {"type":"FeatureCollection","features":[ ... ]}. */
void geojson_open(struct json_out *j);
void geojson_close(struct json_out *j);
