/* points EPSG N: N points over the plane of a projection and our degrees for them, "x y lat lon". */
#include <stdio.h>
#include <stdlib.h>

#include "core/projection.h"

/* What official files of each territory may hold, in metres. */
static const struct { long epsg; double x0, x1, y0, y1; } planes[] = {
	{ 2154, 100000, 1250000, 6050000, 7110000 },
	{ 5490, 480000, 740000, 1590000, 2010000 },
	{ 4559, 480000, 740000, 1590000, 2010000 },
	{ 2972, 100000, 450000, 230000, 640000 },
	{ 2975, 310000, 385000, 7630000, 7695000 },
	{ 4471, 500000, 536000, 8560000, 8605000 },
};

int main(int argc, char **argv)
{
	long epsg = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	long n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	enum projection p;

	if (!projection_of_epsg(epsg, &p))
		return 2;
	for (size_t k = 0; k < sizeof planes / sizeof *planes; k++) {
		if (planes[k].epsg != epsg)
			continue;
		for (long i = 0; i < n; i++) {
			/* a lattice that fills the rectangle evenly (Weyl) */
			double u = (double)i * 0.7548776662466927, v = (double)i * 0.5698402909980532;
			double x = planes[k].x0 + (u - (double)(long)u) * (planes[k].x1 - planes[k].x0);
			double y = planes[k].y0 + (v - (double)(long)v) * (planes[k].y1 - planes[k].y0);
			double lat, lon;

			if (!projection_inverse(p, x, y, &lat, &lon))
				return 1;
			printf("%.4f %.4f %.10f %.10f\n", x, y, lat, lon);
		}
	}
	return 0;
}
