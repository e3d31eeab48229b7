#include "test.h"

#include <stdlib.h>

#include "core/contour.h"
#include "core/territoire.h"
#include "core/territoire.sql.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

static struct store *new_store(void)
{
	struct err e = { 0 };
	struct store *s;

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	return s;
}

static const char *file_of(const char *name, const char *text)
{
	static char paths[8][96];
	static int turn;
	char *path = paths[turn++ % 8];
	FILE *f;

	snprintf(path, sizeof paths[0], "%s/%s", test_dir(), name);
	f = fopen(path, "wb");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
	return path;
}

static struct territoire_count_row count_of(struct store *s, const char *niveau)
{
	struct arena a = arena_new(1 << 20);
	struct territoire_count_row row;
	struct err e = { 0 };
	CLEANUP(db_release) struct db *db = NULL;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(territoire_count(db, &a, niveau, &row, &e), &e);
	arena_free(&a);
	return row;
}

/* The row of a territory; its texts live in `a`. */
static struct territoire_get_row row_of(struct store *s, struct arena *a, const char *niveau,
					const char *code)
{
	struct territoire_get_row row = { 0 };
	struct err e = { 0 };
	bool found;
	CLEANUP(db_release) struct db *db = NULL;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(territoire_get(db, a, niveau, code, &row, &found, &e), &e);
	if (!found)
		fail_msg("no %s %s", niveau, code);
	return row;
}

static const char communes_csv[] =
	"code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon\n"
	"90001,Alpha,90,27,200000001,,100,90000,47.5,7.0\n"
	"90002,Beta,90,27,200000001,,200,90000 90001,47.7,7.2\n"
	"90003,Gamma,90,27,200000002,,50,90001,,\n"
	"90004,Delta,90,27,200000001,,,90009,,\n"
	"90005,Epsilon,90,27,,,7,,,\n";

TEST("territories of five files come in, whatever the order of the files")
{
	static const char *const orders[][3] = { { "a", "b", "c" }, { "c", "b", "a" } };

	for (int i = 0; i < 2; i++) {
		CLEANUP(store_shut) struct store *s = new_store();
		const char *files[3];
		struct territoire_report r;
		struct err e = { 0 };

		for (int k = 0; k < 3; k++) {
			files[k] = *orders[i][k] == 'a' ? file_of("x.csv", communes_csv)
			: *orders[i][k] == 'b' ? file_of("d.csv", "code,nom,region,chef_lieu\n90,Terr,27,90001\n")
			: file_of("e.csv", "code;nom;type;population\n200000001;CC du Test;CC;300\n");
		}
		accepts(territoire_import(s, files, 3, &r, &e), &e);
		equals(r.lus, 7);
		equals(r.acceptes, 7);
		equals(r.modifies, 7);
		equals(r.refuses, 0);
		equals(count_of(s, "commune").n, 5);
		equals(count_of(s, "departement").n, 1);
		equals(count_of(s, "epci").n, 1);
	}
}

TEST("importing the same files twice changes nothing")
{
	CLEANUP(store_shut) struct store *s = new_store();
	const char *files[] = { file_of("x.csv", communes_csv),
		file_of("v_commune_2026.csv", "TYPECOM,COM,REG,DEP,LIBELLE,COMPARENT\n"
			"COM,90001,27,90,Alpha,\nCOMD,90099,,,Vieux-Alpha,90001\n") };
	struct territoire_report r;
	struct err e = { 0 };

	accepts(territoire_import(s, files, 2, &r, &e), &e);
	equals(r.modifies, 6);
	accepts(territoire_import(s, files, 2, &r, &e), &e);
	equals(r.acceptes, 7);
	equals(r.modifies, 0);
	equals(r.approchees, 3);
}

TEST("a commune without coordinates borrows those of its postal code, then its EPCI, then its département")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct arena a = arena_new(1 << 20);
	const char *files[] = { file_of("x.csv", communes_csv) };
	struct territoire_report r;
	struct err e = { 0 };
	struct { const char *code; double lat, lon; } wanted[] = {
		{ "90003", 47.7, 7.2 }, { "90004", 47.6, 7.1 }, { "90005", 47.6, 7.1 },
	};

	accepts(territoire_import(s, files, 1, &r, &e), &e);
	equals(r.approchees, 3);
	equals(count_of(s, "commune").places, 5);
	for (int i = 0; i < 3; i++) {
		struct territoire_get_row g = row_of(s, &a, "commune", wanted[i].code);

		same(g.position, "approchee");
		near_to(g.latitude, wanted[i].lat, 1e-9);
		near_to(g.longitude, wanted[i].lon, 1e-9);
	}
	same(row_of(s, &a, "commune", "90001").position, "source");
	arena_free(&a);
}

TEST("the population of a département is the sum of its communes")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct arena a = arena_new(1 << 20);
	const char *files[] = { file_of("x.csv", communes_csv),
		file_of("d.csv", "code,nom,region,chef_lieu\n90,Terr,27,90001\n") };
	struct territoire_report r;
	struct err e = { 0 };

	accepts(territoire_import(s, files, 2, &r, &e), &e);
	equals(row_of(s, &a, "departement", "90").population, 357);
	arena_free(&a);
}

TEST("a row that cannot be right is refused by its line, with the reason")
{
	static const struct { const char *row, *why; } rows[] = {
		{ "9000A,Alpha,90,27,,,1,,,", "code INSEE" },
		{ ",Alpha,90,27,,,1,,,", "code manque" },
		{ "90001,,90,27,,,1,,,", "nom manque" },
		{ "90001,Alpha,9A,27,,,1,,,", "département" },
		{ "90001,Alpha,90,27,12,,1,,,", "EPCI" },
		{ "90001,Alpha,90,27,,,-4,,,", "population" },
		{ "90001,Alpha,90,27,,,1e3,,,", "population" },
		{ "90001,Alpha,90,27,,,999999999999,,,", "population" },
		{ "90001,Alpha,90,27,,,1,9000,,", "code postal" },
		{ "90001,Alpha,90,27,,,1,,91,7", "latitude" },
		{ "90001,Alpha,90,27,,,1,,nan,7", "latitude" },
		{ "90001,Alpha,90,27,,,1,,0x2F,7", "latitude" },
		{ "90001,Alpha,90,27,,,1,,47,", "vont ensemble" },
		{ "90009,Deux,90,27,,,1,,,", "déjà donné" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP(store_shut) struct store *s = new_store();
		char text[400];
		struct territoire_report r;
		struct err e = { 0 };

		snprintf(text, sizeof text, "code,nom,departement,region,epci,ept,population,"
			 "codes_postaux,lat,lon\n90009,Bon,90,27,,,,,47,7\n%s\n", rows[i].row);
		accepts(territoire_import(s, (const char *[]){ file_of("x.csv", text) }, 1, &r, &e), &e);
		equals(r.lus, 2);
		equals(r.refuses, 1);
		if (!strstr(r.refus[0], rows[i].why) || !strstr(r.refus[0], "x.csv:3: "))
			fail_msg("%s: %s", rows[i].why, r.refus[0]);
	}
}

TEST("a file that is not about territories is refused, and nothing is written")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct territoire_report r;
	struct err e = { 0 };
	const char *bad[] = { file_of("a.csv", communes_csv), file_of("b.csv", "id;nom\n1;x\n") };
	const char *cut[] = { file_of("a.csv", communes_csv),
			      file_of("d.csv", "code,nom,region,chef_lieu\n90,\"Terr,27,90001\n") };
	const char *wrong[] = { file_of("a.csv", "code,nom,departement,codes_postaux\nx,y,z,t\n") };

	refuses(E_INPUT, territoire_import(s, bad, 2, &r, &e), &e);
	refuses(E_INPUT, territoire_import(s, cut, 2, &r, &e), &e);
	refuses(E_INPUT, territoire_import(s, wrong, 1, &r, &e), &e);
	refuses(E_MISSING, territoire_import(s, (const char *[]){ "/nowhere.csv" }, 1, &r, &e), &e);
	equals(count_of(s, "commune").n, 0);
}

TEST("the official COG files give communes, arrondissements and old names")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct arena a = arena_new(1 << 20);
	const char *before[] = { file_of("x.csv", communes_csv) };
	const char *files[] = {
		file_of("v_commune_2026.csv", "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
			"COM,90001,27,90,90D,901,1,ALPHA,Alpha,Alpha,9001,\n"
			"COM,90010,27,90,90D,901,0,TOUR,Tour,La Tour,9001,\n"
			"ARM,13201,93,13,13D,133,0,MARSEILLE 1ER,Marseille 1er,Marseille 1er Arrondissement,,13055\n"
			"COMD,90002,,,,,0,BETA,Beta,Beta,,90001\n"
			"COMA,90003,,,,,0,GAMMA,Gamma,Gamma,,90010\n"
			"XXX,90004,,,,,0,D,D,D,,90010\n"),
		file_of("v_departement_2026.csv", "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n90,27,90010,0,T,T,Territoire\n"),
		file_of("v_region_2026.csv", "REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n27,21231,0,B,B,Bourgogne-Franche-Comté\n"),
	};
	struct territoire_ancien_get_row old;
	struct territoire_report r;
	struct err e = { 0 };
	bool found;
	CLEANUP(db_release) struct db *db = NULL;

	accepts(territoire_import(s, before, 1, &r, &e), &e);
	accepts(territoire_import(s, files, 3, &r, &e), &e);
	equals(r.lus, 8);
	equals(r.refuses, 1);
	holds(strstr(r.refus[0], "v_commune_2026.csv:7: TYPECOM"));
	/* Beta and Gamma are communes no more; Delta and Epsilon, which the file does not
	 * name, stay; Alpha keeps its population and place. */
	equals(count_of(s, "commune").n, 4);
	equals(count_of(s, "arrondissement").n, 1);
	equals(row_of(s, &a, "commune", "90001").population, 100);
	same(row_of(s, &a, "departement", "90").chef_lieu, "90010");
	same(row_of(s, &a, "region", "27").nom, "Bourgogne-Franche-Comté");
	accepts(db_acquire(s, &db, &e), &e);
	accepts(territoire_ancien_get(db, &a, "gamma", &old, &found, &e), &e);
	holds(found);
	same(old.code, "90010");
	same(old.ancien_code, "90003");
	arena_free(&a);
}

/* Two squares side by side, and a département that is a rough square. */
static const char squares[] =
	"{\"type\":\"FeatureCollection\",\"features\":[\n"
	"{\"properties\":{\"code\":\"90001\",\"nom\":\"Alpha\"},\"geometry\":{\"type\":\"Polygon\","
	"\"coordinates\":[[[7,47],[7.1,47],[7.1,47.1],[7,47.1],[7,47]]]}},\n"
	"{\"properties\":{\"code\":\"90003\",\"nom\":\"Gamma\"},\"geometry\":{\"type\":\"Polygon\","
	"\"coordinates\":[[[7.1,47],[7.2,47],[7.2,47.1],[7.1,47.1],[7.1,47]]]}}]}\n";
static const char departement[] =
	"{\"type\":\"FeatureCollection\",\"features\":[\n"
	"{\"properties\":{\"code\":\"90\",\"nom\":\"Terr\"},\"geometry\":{\"type\":\"MultiPolygon\","
	"\"coordinates\":[[[[7,47],[7.3,47],[7.3,47.1],[7,47]]]]}}]}\n";

TEST("contours are kept when communes are imported again, and place the communes that had none")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct arena a = arena_new(1 << 20);
	const char *one[] = { file_of("dep.geojson", departement), file_of("x.csv", communes_csv),
			      file_of("c.geojson", squares) };
	struct contour_get_row c;
	struct territoire_get_row g;
	struct territoire_report r;
	struct err e = { 0 };
	double south, west, north, east;
	bool found;
	CLEANUP(db_release) struct db *db = NULL;

	accepts(territoire_import(s, one, 3, &r, &e), &e);
	equals(r.contours, 3);
	accepts(territoire_import(s, one + 1, 1, &r, &e), &e);
	equals(r.modifies, 0);
	g = row_of(s, &a, "commune", "90003");
	same(g.position, "source");
	near_to(g.latitude, 47.05, 1e-5);
	near_to(g.longitude, 7.15, 1e-5);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(contour_get(db, &a, "departement", "90", &c, &found, &e), &e);
	holds(found && contour_box(c.trace, &south, &west, &north, &east));
	near_to(east, 7.2, 1e-9);               /* made of its communes, not the file's 7.3 */
	accepts(contour_get(db, &a, "commune", "90001", &c, &found, &e), &e);
	holds(found);
	arena_free(&a);
}

TEST("a contour that is no surface is refused by its line, the others stay")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct territoire_report r;
	struct err e = { 0 };
	char text[1200];

	snprintf(text, sizeof text, "%.*s,\n"
		 "{\"properties\":{\"code\":\"90002\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[7,47]}},\n"
		 "{\"properties\":{\"code\":\"90004\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[700,47],[1,2],[3,4]]]}},\n"
		 "{\"properties\":{},\"geometry\":null}]}", (int)(strlen(squares) - 3), squares);
	accepts(territoire_import(s, (const char *[]){ file_of("c.geojson", text) }, 1, &r, &e), &e);
	equals(r.acceptes, 2);
	equals(r.refuses, 3);
	holds(strstr(r.refus[0], "c.geojson:4: "));
	holds(strstr(r.refus[1], "hors du globe"));
	holds(strstr(r.refus[2], "sans code"));
}

TEST("outlines of IRIS are known by their own code, not by that of their commune")
{
	static const char two[] = "{\"type\":\"FeatureCollection\",\"features\":[\n"
		"{\"type\":\"Feature\",\"properties\":{\"INSEE_COM\":\"90001\",\"CODE_IRIS\":\"900010101\","
		"\"NOM_IRIS\":\"Gare\",\"TYP_IRIS\":\"A\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
		"[[[6.80,47.60],[6.82,47.60],[6.82,47.62],[6.80,47.62],[6.80,47.60]]]}},\n"
		"{\"type\":\"Feature\",\"properties\":{\"INSEE_COM\":\"90001\",\"CODE_IRIS\":\"900010102\","
		"\"NOM_IRIS\":\"Fort\",\"TYP_IRIS\":\"H\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
		"[[[6.82,47.60],[6.84,47.60],[6.84,47.62],[6.82,47.62],[6.82,47.60]]]}}]}";
	CLEANUP(store_shut) struct store *s = new_store();
	CLEANUP(db_release) struct db *db = NULL;
	struct arena a = arena_new(1 << 20);
	struct territoire_report r;
	struct contour_get_row c;
	struct err e = { 0 };
	double south = 0, west = 0, north = 0, east = 0;
	bool found;

	accepts(territoire_import(s, (const char *[]){ file_of("i.geojson", two) }, 1, &r, &e), &e);
	equals(r.contours, 2);
	equals(r.refuses, 0);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(contour_get(db, &a, "iris", "900010102", &c, &found, &e), &e);
	holds(found && contour_box(c.trace, &south, &west, &north, &east));
	near_to(west, 6.82, 1e-9);
	near_to(east, 6.84, 1e-9);
	near_to(south, 47.60, 1e-9);
	accepts(contour_get(db, &a, "commune", "90001", &c, &found, &e), &e);
	holds(!found);
	arena_free(&a);
}

TEST("a polygon that crosses itself is refused by its line, with where; one that touches itself is not")
{
	static const char two[] = "{\"type\":\"FeatureCollection\",\"features\":[\n"
		"{\"type\":\"Feature\",\"properties\":{\"code\":\"90001\",\"nom\":\"Sablier\"},"
		"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
		"[[[6.80,47.60],[6.90,47.70],[6.90,47.60],[6.80,47.70],[6.80,47.60]]]}},\n"
		"{\"type\":\"Feature\",\"properties\":{\"code\":\"90002\",\"nom\":\"Pince\"},"
		"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
		"[[[7.00,47.00],[7.10,47.00],[7.05,47.05],[7.10,47.10],[7.00,47.10],[7.05,47.05],[7.00,47.00]]]}}]}";
	CLEANUP(store_shut) struct store *s = new_store();
	struct territoire_report r;
	struct err e = { 0 };

	accepts(territoire_import(s, (const char *[]){ file_of("x.geojson", two) }, 1, &r, &e), &e);
	equals(r.refuses, 1);
	equals(r.acceptes, 1);
	holds(strstr(r.refus[0], "x.geojson:2: "));
	holds(strstr(r.refus[0], "se croise"));
}

TEST("the demonstration brings Seine-Saint-Denis: 39 communes and the fortieth as an old name")
{
	CLEANUP(store_shut) struct store *s = new_store();
	struct arena a = arena_new(1 << 20);
	struct territoire_ancien_get_row old;
	struct contour_get_row c;
	struct err e = { 0 };
	bool found;
	CLEANUP(db_release) struct db *db = NULL;

	accepts(territoire_demo(s, &e), &e);
	equals(count_of(s, "commune").n, 39);
	equals(count_of(s, "commune").approchees, 0);
	equals(count_of(s, "ept").n, 4);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(territoire_ancien_get(db, &a, "pierrefitte sur seine", &old, &found, &e), &e);
	holds(found);
	same(old.code, "93066");
	accepts(contour_get(db, &a, "departement", "93", &c, &found, &e), &e);
	holds(found);
	holds(c.trace.n < 6000);
	accepts(contour_get(db, &a, "commune", "93010", &c, &found, &e), &e);
	holds(found);
	arena_free(&a);
}

TEST("the five real files come in whole: every commune has a position")
{
	needs_data(communes, "communes_france.csv");
	CLEANUP(store_shut) struct store *s = new_store();
	const char *files[] = { real_data("regions.csv"), communes, real_data("epci.csv"),
		real_data("departements.csv"), real_data("arrondissements_municipaux.csv") };
	struct territoire_count_row c;
	struct territoire_report r;
	struct err e = { 0 };

	accepts(territoire_import(s, files, 5, &r, &e), &e);
	for (size_t i = 0; i < r.refuses && i < TERRITOIRE_REFUS; i++)
		print_message("%s\n", r.refus[i]);
	equals(r.refuses, 0);
	equals(r.lus, 34969 + 1255 + 11 + 109 + 26 + 45);       /* SOURCES.md */
	equals(r.modifies, r.lus);
	c = count_of(s, "commune");
	equals(c.n, 34969);
	equals(c.places, 34969);
	equals(c.approchees, 105);
	equals(count_of(s, "arrondissement").places, 45);
	accepts(territoire_import(s, files, 5, &r, &e), &e);
	equals(r.modifies, 0);
}
