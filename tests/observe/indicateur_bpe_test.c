#include "observe/indicateur_world.h"

#include "core/lieu.h"
#include "core/projection.h"
#include "observe/indicateur_proche.h"

TEST("plane coordinates come back to degrees as PROJ gives them")
{
	/* cs2cs -f %.9f EPSG:... EPSG:4171 of PROJ 9.1.1 (Debian's proj-bin) */
	static const struct { long epsg; double x, y, lat, lon; } points[] = {
		{ 2154, 648237.3, 6862275.1, 48.858430741, 2.294499563 },
		{ 2154, 700000, 6600000, 46.5, 3 },
		{ 2154, 1000000, 6200000, 42.836774866, 6.666842058 },
		{ 2154, 145000, 6840000, 48.422481481, -4.512855005 },
		{ 2154, 1220000, 6100000, 41.815572129, 9.250322710 },
		{ 5490, 656000, 1800000, 16.275796973, -61.540055654 },
		{ 2972, 350000, 540000, 4.884066583, -52.352767047 },
		{ 2975, 340000, 7690000, -20.883318691, 55.461815801 },
		{ 4471, 520000, 8590000, -12.754552846, 45.184251797 },
	};

	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		enum projection p;
		double lat, lon;

		holds(projection_of_epsg(points[i].epsg, &p));
		holds(projection_inverse(p, points[i].x, points[i].y, &lat, &lon));
		near_to(lat, points[i].lat, 2e-8);      /* two millimetres */
		near_to(lon, points[i].lon, 2e-8);
	}
}

TEST("what is in no plane of ours is refused, not placed in the sea")
{
	double lat, lon;
	enum projection p;

	holds(!projection_inverse(PROJ_LAMBERT93, 4.9, 46.1, &lat, &lon));
	holds(!projection_inverse(PROJ_UTM20N, -5, 1e5, &lat, &lon));
	holds(!projection_of_epsg(27572, &p));
	equals(projection_of("97411"), PROJ_UTM40S);
	equals(projection_of("2A"), PROJ_LAMBERT93);
}

TEST("the nearest of many points is the nearest of them all, one by one")
{
	CLEANUP(semis_free) struct semis s = { 0 };
	double at[600][2];
	uint32_t seed = 7;
	struct err e = { 0 };

	for (int i = 0; i < 600; i++) {
		for (int k = 0; k < 2; k++) {
			seed = seed * 1664525 + 1013904223;
			at[i][k] = k ? -5 + (seed >> 8) / 16777216.0 * 14 : 41 + (seed >> 8) / 16777216.0 * 10;
		}
		if (i < 500)
			accepts(semis_add(&s, at[i][0], at[i][1], &e), &e);
	}
	accepts(semis_add(&s, -21.1, 55.5, &e), &e);
	semis_settle(&s);
	for (int i = 450; i < 600; i++) {
		double best = INFINITY;

		for (int k = 0; k < 500; k++) {
			double d = distance_metres(at[i][0], at[i][1], at[k][0], at[k][1]) / 1000;

			best = d < best ? d : best;
		}
		near_to(semis_nearest(&s, at[i][0], at[i][1]), best, 1e-6);
	}
	near_to(semis_nearest(&s, -12.8, 45.2), distance_metres(-12.8, 45.2, -21.1, 55.5) / 1000, 1e-3);
	s.n = 0;
	holds(isinf(semis_nearest(&s, 46, 3)));
}

/* Two libraries, a post office, a France services, an employment agency, taxes; Lambert-93 of
 * Alpha's centre (46.15, 4.92) is 848 174.82, 6 562 933.00 (cs2cs). */
static const char bpe[] =
	"AN;DCIRIS;DEP;REG;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY\n"
	"2021;01001;01;84;F307;848174.82;6562933.00;Bonne\n"
	"2021;01033_0101;01;84;F307;900000;6560000;Bonne\n"
	"2021;01033_0101;01;84;A206;900000;6560000;Bonne\n"
	"2021;01033_0101;01;84;A122;900000;6560000;Bonne\n"
	"2021;01033_0101;01;84;A120;900000;6560000;Bonne\n"
	"2021;01033_0102;01;84;A128;;;Non géolocalisé\n"
	"2021;01033_0101;01;84;B201;900000;6560000;Bonne\n";

TEST("facilities give distances: to a library, and to a basket of services that must be whole")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "bpe21.csv", bpe);
	char with[2000];

	equals(t.lus, 7);
	equals(t.derniere, 2021);
	near_to(value_of(s, "library_distance", "commune", 2021, "01001").valeur, 0, 0.01);
	holds(value_of(s, "library_distance", "commune", 2021, "01002").valeur > 15);
	/* no France services that has a place: the basket is not whole, and this is said */
	is_status(s, "public_service_distance", "commune", 2021, "01001", STATUTS);
	holds(strstr(t.avis, "France services"));
	/* the file speaks of Ain only */
	is_status(s, "library_distance", "commune", 2021, "2A004", STATUTS);
	snprintf(with, sizeof with, "%s2021;01001;01;84;A128;848174.82;6562933.00;Bonne\n", bpe);
	take_file(s, "bpe21.csv", with);
	/* three services in one place, the fourth at home */
	{
		double lat, lon, d;

		holds(projection_inverse(PROJ_LAMBERT93, 900000, 6560000, &lat, &lon));
		d = distance_metres(46.15, 4.92, lat, lon) / 1000;
		near_to(value_of(s, "public_service_distance", "commune", 2021, "01001").valeur,
			3 * d / 4, 0.01);
	}
}

TEST("an IRIS stands where its facilities stand; degrees of a newer file are taken as they are")
{
	CLEANUP(store_shut) struct store *s = world();

	take_file(s, "base-ic-2021.csv", "IRIS;COM;TYP_IRIS;LIBIRIS;P21_POP\n010330101;01033;H;Nord;9000\n"
		  "010330102;01033;H;Sud;7000\n010010000;01001;Z;Alpha;1000\n");
	take_file(s, "BPE24.csv", "AN;DEPCOM;DCIRIS;TYPEQU;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE\n"
		  "2024;01033;010330101;F307;1;1;5.82;46.20\n2024;01033;010330101;B201;1;1;5.80;46.20\n"
		  "2024;01033;010330101;B202;1;1;5.84;46.20\n2024;01033;010330102;B202;1;1;5.84;46.00\n");
	near_to(value_of(s, "library_distance", "iris", 2024, "010330101").valeur, 0, 1e-6);
	/* one facility is no centre: the commune's (46.10, 5.82) */
	near_to(value_of(s, "library_distance", "iris", 2024, "010330102").valeur,
		distance_metres(46.10, 5.82, 46.20, 5.82) / 1000, 1e-6);
}
