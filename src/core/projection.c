#include "core/projection.h"

#include <math.h>
#include <string.h>

/* GRS80, the ellipsoid of all of them. */
static const double A = 6378137.0, F = 1 / 298.257222101;
static const double RAD = 3.14159265358979323846 / 180;

bool projection_of_epsg(long epsg, enum projection *out)
{
	static const struct { long epsg; enum projection p; } known[] = {
		{ 2154, PROJ_LAMBERT93 }, { 5490, PROJ_UTM20N }, { 4559, PROJ_UTM20N },
		{ 32620, PROJ_UTM20N }, { 2972, PROJ_UTM22N }, { 2975, PROJ_UTM40S },
		{ 4471, PROJ_UTM38S },
	};

	for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].epsg == epsg) {
			*out = known[i].p;
			return true;
		}
	}
	return false;
}

enum projection projection_of(const char *departement)
{
	static const struct { const char *code; enum projection p; } overseas[] = {
		{ "971", PROJ_UTM20N }, { "972", PROJ_UTM20N }, { "973", PROJ_UTM22N },
		{ "974", PROJ_UTM40S }, { "976", PROJ_UTM38S },
	};

	for (unsigned i = 0; i < sizeof overseas / sizeof *overseas; i++) {
		if (!strncmp(departement, overseas[i].code, 3))
			return overseas[i].p;
	}
	return PROJ_LAMBERT93;
}

/* --- Lambert-93: conic, two parallels 44 and 49, origin 46.5 N 3 E at 700 000, 6 600 000 ---- */

/* Snyder, Map Projections: a working manual (USGS 1395), 14-15 and 15-9. */
static double half_angle(double phi, double ecc)
{
	double s = ecc * sin(phi);

	return tan(RAD * 45 - phi / 2) / pow((1 - s) / (1 + s), ecc / 2);
}

static double radius(double phi, double ecc)
{
	double s = ecc * sin(phi);

	return cos(phi) / sqrt(1 - s * s);
}

static bool lambert(double x, double y, double *lat, double *lon)
{
	double ecc = sqrt(F * (2 - F));
	double m1 = radius(44 * RAD, ecc), m2 = radius(49 * RAD, ecc);
	double t1 = half_angle(44 * RAD, ecc), t2 = half_angle(49 * RAD, ecc);
	double n = (log(m1) - log(m2)) / (log(t1) - log(t2));
	double big = m1 / (n * pow(t1, n));
	double rho0 = A * big * pow(half_angle(46.5 * RAD, ecc), n);
	double dx = x - 700000, dy = rho0 - (y - 6600000);
	double rho = hypot(dx, dy), t, phi;

	if (!(x > -1e6 && x < 2.5e6 && y > 5e6 && y < 8e6))
		return false;
	t = pow(rho / (A * big), 1 / n);
	phi = RAD * 90 - 2 * atan(t);
	for (int i = 0; i < 8; i++) {
		double s = ecc * sin(phi);

		phi = RAD * 90 - 2 * atan(t * pow((1 - s) / (1 + s), ecc / 2));
	}
	*lat = phi / RAD;
	*lon = atan2(dx, dy) / n / RAD + 3;
	return true;
}

/* --- UTM: transverse Mercator (Snyder, 8-17 to 8-25) ----------------------------------------- */

/* Latitude whose arc of meridian is m. */
static double footpoint(double m, double e2)
{
	double e1 = (1 - sqrt(1 - e2)) / (1 + sqrt(1 - e2));
	double mu = m / (A * (1 - e2 / 4 - 3 * e2 * e2 / 64 - 5 * e2 * e2 * e2 / 256));

	return mu + (3 * e1 / 2 - 27 * pow(e1, 3) / 32) * sin(2 * mu)
	       + (21 * e1 * e1 / 16 - 55 * pow(e1, 4) / 32) * sin(4 * mu)
	       + 151 * pow(e1, 3) / 96 * sin(6 * mu) + 1097 * pow(e1, 4) / 512 * sin(8 * mu);
}

static bool utm(double x, double y, double meridian, bool south, double *lat, double *lon)
{
	double e2 = F * (2 - F), ep2 = e2 / (1 - e2), k = 0.9996;
	double phi = footpoint((south ? y - 1e7 : y) / k, e2);
	double s = sin(phi), c = cos(phi), t = s * s / (c * c), cc = ep2 * c * c;
	double n = A / sqrt(1 - e2 * s * s), r = A * (1 - e2) / pow(1 - e2 * s * s, 1.5);
	double d = (x - 500000) / (n * k), d2 = d * d;

	if (!(x > 0 && x < 1e6 && y > 0 && y < 1e7))
		return false;
	*lat = (phi - n * tan(phi) / r * (d2 / 2
		- (5 + 3 * t + 10 * cc - 4 * cc * cc - 9 * ep2) * d2 * d2 / 24
		+ (61 + 90 * t + 298 * cc + 45 * t * t - 252 * ep2 - 3 * cc * cc)
		  * d2 * d2 * d2 / 720)) / RAD;
	*lon = meridian + (d - (1 + 2 * t + cc) * d * d2 / 6
		+ (5 - 2 * cc + 28 * t - 3 * cc * cc + 8 * ep2 + 24 * t * t) * d * d2 * d2 / 120)
		/ c / RAD;
	return true;
}

bool projection_inverse(enum projection p, double x, double y, double *lat, double *lon)
{
	switch (p) {
	case PROJ_LAMBERT93:
		return lambert(x, y, lat, lon);
	case PROJ_UTM20N:
		return utm(x, y, -63, false, lat, lon);
	case PROJ_UTM22N:
		return utm(x, y, -51, false, lat, lon);
	case PROJ_UTM40S:
		return utm(x, y, 57, true, lat, lon);
	case PROJ_UTM38S:
		return utm(x, y, 45, true, lat, lon);
	}
	return false;
}
