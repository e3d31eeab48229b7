/*
 * Plane coordinates of official files to WGS 84 degrees.  The French systems (RGF93, RGAF09,
 * RGFG95, RGR92, RGM04) stand within decimetres of WGS 84: no change of datum.
 */
#pragma once

#include <stdbool.h>

enum projection { PROJ_LAMBERT93, PROJ_UTM20N, PROJ_UTM22N, PROJ_UTM40S, PROJ_UTM38S };

/* EPSG 2154 Lambert-93; 5490 and 4559 Antilles; 2972 Guyane; 2975 Réunion; 4471 Mayotte.
 * False for another. */
bool projection_of_epsg(long epsg, enum projection *out);
/* That of a département's official files: "971" is UTM 20 north. */
enum projection projection_of(const char *departement);

/* False when the point is not in the plane that the projection covers. */
bool projection_inverse(enum projection p, double x, double y, double *lat, double *lon);
