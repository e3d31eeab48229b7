#include "observe/indicateur_world.h"

/* --- INSEE communal ------------------------------------------------------------------------- */

static const char structure[] =
	"CODGEO;P21_POP;P21_POP65P;P15_POP;P15_POP65P;P21_NSCOL15P;P21_NSCOL15P_DIPLMIN;"
	"P21_NSCOL15P_BEPC;P21_NSCOL15P_CAPBEP\n"
	"01001;1000;200;900;90;700;100;50;200\n"
	"01002;3000;900;3100;620;2000;500;100;400\n"
	"01033;16000;4000;15000;3000;11000;2000;500;2500\n"
	"2A004;0;0;0;0;0;0;0;0\n"
	"75056;2000000;300000;2100000;310000;1500000;200000;60000;140000\n";

TEST("a census base gives rates and counts for each of its vintages, and nothing twice")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "base-cc-2021.CSV", structure);

	equals(t.lus, 5);
	equals(t.acceptes, 5);
	equals(t.refuses, 0);
	equals(t.premiere, 2015);
	equals(t.derniere, 2021);
	same(t.format, "insee");
	is_value(s, "older_65_rate", "commune", 2021, "01001", 20);
	is_value(s, "older_65_rate", "commune", 2015, "01001", 10);
	is_value(s, "nscol15p_rate", "commune", 2021, "01001", 50);
	is_value(s, "no_diploma_rate", "commune", 2021, "01002", 25);
	is_value(s, "population", "commune", 2021, "75056", 2000000);
	t = take_file(s, "base-cc-2021.CSV", structure);
	equals(t.modifies, 0);
}

TEST("a commune without inhabitants is without object, never zero per cent")
{
	CLEANUP(store_shut) struct store *s = world();

	take_file(s, "base-cc-2021.CSV", structure);
	is_status(s, "older_65_rate", "commune", 2021, "2A004", STATUT_SANS_OBJET);
	is_value(s, "population", "commune", 2021, "2A004", 0);
	/* a commune that the file does not name has no figure at all */
	is_status(s, "older_65_rate", "commune", 2021, "2A005", STATUTS);
}

TEST("sums of communes make the territories above, when nearly all their people are there")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_valeur v;

	take_file(s, "base-cc-2021.CSV", structure);
	is_value(s, "older_65_rate", "epci", 2021, "200000001", 1100 / 40.0);
	is_value(s, "older_65_rate", "departement", 2021, "01", 5100 / 200.0);
	is_value(s, "older_65_rate", "region", 2021, "84", 5100 / 200.0);
	v = value_of(s, "older_65_rate", "epci", 2021, "200000001");
	equals(v.origine, ORIGINE_CALCULE);
	/* 30,000 of the 100,000 people of 2A are in no row: no sum */
	is_status(s, "population", "departement", 2021, "2A", STATUTS);
	/* but they are 1.4 % of the country: said to be partial */
	v = value_of(s, "population", "france", 2021, "FR");
	near_to(v.valeur, 2020000, 1e-9);
	equals(v.origine, ORIGINE_CALCULE | ORIGINE_PARTIEL);
}

TEST("the arrondissements of Paris take its rates, not its counts; they make Paris when it is missing")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_valeur v;

	take_file(s, "base-cc-2021.CSV", structure);
	v = value_of(s, "older_65_rate", "arrondissement", 2021, "75101");
	near_to(v.valeur, 15, 1e-9);
	equals(v.origine, ORIGINE_HERITE);
	is_status(s, "population", "arrondissement", 2021, "75101", STATUTS);
	take_file(s, "arm.csv", "CODGEO;P20_POP;P20_POP65P\n75101;500;100\n75102;1500;150\n");
	v = value_of(s, "older_65_rate", "commune", 2020, "75056");
	near_to(v.valeur, 12.5, 1e-9);
	equals(v.origine, ORIGINE_CALCULE);
	is_value(s, "population", "commune", 2020, "75056", 2000);
}

TEST("a file of another year is refused with the years it bears; --annee takes one of them")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_ask ask = { .path = file_of("base.csv", structure), .annee = 2018 };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.msg, "2021 et 2015, pas de 2018"));
	ask.annee = 2015;
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	equals(t.premiere, 2015);
	equals(t.derniere, 2015);
	is_status(s, "older_65_rate", "commune", 2021, "01001", STATUTS);
}

TEST("a lost leading zero is given back when one commune fits, and said; otherwise the row is refused")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "base.csv",
		"CODGEO;P21_POP;P21_POP65P\n1001;1000;200\n2a004;10;5\n9999;10;5\n1,001E+03;1;1\n");

	equals(t.lus, 4);
	equals(t.acceptes, 2);
	equals(t.repares, 1);
	is_value(s, "older_65_rate", "commune", 2021, "01001", 20);
	is_value(s, "older_65_rate", "commune", 2021, "2A004", 50);
	holds(strstr(t.refus[0], "base.csv:4: CODGEO"));
	holds(strstr(t.refus[0], "9999"));
	holds(strstr(t.refus[1], "tableur"));
}

TEST("decimal commas, Windows-1252, spaces between thousands and title lines above are read")
{
	CLEANUP(store_shut) struct store *s = world();
	static const char text[] = "Base \xe9volution et structure;;;\nMise en ligne;27/06/2024;;\n\n"
		"CODGEO;LIBGEO;P21_POP;P21_POP65P\n01001;Alph\xe9;1 000,5;200,1\n01002;B\xeat;3\xa0" "000;900\n";
	struct indicateur_import_ask ask = { .path = file_with("b.csv", text, sizeof text - 1) };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(t.described, "1252"));
	is_value(s, "population", "commune", 2021, "01001", 1000.5);
	is_value(s, "older_65_rate", "commune", 2021, "01002", 30);
}

TEST("a row that cannot be right is refused by its line and column, the others stay")
{
	static const struct { const char *row, *why; } rows[] = {
		{ "01002;abc;5", ":3: P21_POP, ce n'est pas un nombre" },
		{ "01002;100;250", "plus grande que le tout" },
		{ "01002;-5;0", "négatif" },
		{ "01001;100;5", "déjà donné plus haut" },
		{ ";100;5", "le code manque" },
		{ "ABCDE;100;5", "code INSEE impossible" },
		{ "01999;100;5", "inconnue aujourd'hui" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP(store_shut) struct store *s = world();
		struct indicateur_import_totals t;
		char text[200];

		snprintf(text, sizeof text, "CODGEO;P21_POP;P21_POP65P\n01001;1000;200\n%s\n", rows[i].row);
		t = take_file(s, "x.csv", text);
		equals(t.acceptes, 1);
		equals(t.refuses, 1);
		if (!strstr(t.refus[0], rows[i].why) || strncmp(t.refus[0], "x.csv:3: ", 9))
			fail_msg("%s: %s", rows[i].why, t.refus[0]);
	}
}

TEST("a file of which nothing can be used is refused whole, with what to do, and nothing is written")
{
	static const struct { const char *text, *why; } files[] = {
		{ "a;b\n1;2\n", "pas celles d'un fichier connu" },
		{ "CODGEO;P21_QUOI\n01001;3\n", "aucune de ses colonnes ne sert" },
		{ "CODGEO;P21_POP\n99999;3\n", "inconnue" },
		{ "CODGEO;P21_POP\n", "pas de ligne" },
		{ "", "vide" },
		{ "{\"a\":1}", "JSON" },
	};
	CLEANUP(store_shut) struct store *s = world();

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct indicateur_import_ask ask = { .path = file_of("f.csv", files[i].text) };
		struct indicateur_import_totals t;
		struct err e = { 0 };

		refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
		holds(*e.hint);
		if (!strstr(e.msg, files[i].why))
			fail_msg("%s: %s", files[i].why, e.msg);
	}
	is_status(s, "population", "commune", 0, "01001", STATUTS);
}

TEST("a file that breaks in its middle leaves nothing behind")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_ask ask = {
		.path = file_of("f.csv", "CODGEO;P21_POP\n01001;5\n01002;\"6\n") };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	is_status(s, "population", "commune", 0, "01001", STATUTS);
}

TEST("without territories nothing is imported, and the person is told what to import first")
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct indicateur_import_ask ask = { .path = file_of("f.csv", structure) };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	refuses(E_CONFLICT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.hint, "territoire import"));
}

TEST("the dossier complet gives what the catalogue needs, or the columns that are asked")
{
	CLEANUP(store_shut) struct store *s = world();
	static const char text[] =
		"CODGEO;P21_POP;P21_LOG;P16_LOG;C21_MEN;C21_MENPSEUL;MED21;TP6021;NB_A101\n"
		"01001;1000;450;400;400;100;21500;s;3\n01002;3000;1200;1100;1000;300;23000;14;1\n";
	struct indicateur_import_ask ask = { .path = file_of("dossier_complet.csv", text) };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(indicateur_import(s, &ask, &t, &e), &e);
	is_value(s, "menseul_rate", "commune", 2021, "01001", 25);
	is_value(s, "median_income", "commune", 2021, "01001", 21500);
	is_status(s, "poverty_rate", "commune", 2021, "01001", STATUT_SECRET);
	is_status(s, "p_log", "commune", 2021, "01001", STATUTS);
	ask.colonnes = "P_LOG,menseul_rate";
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	is_value(s, "p_log", "commune", 2021, "01001", 450);
	is_value(s, "p_log", "commune", 2016, "01001", 400);
	is_value(s, "p_log", "epci", 2021, "200000001", 1650);
	equals(t.indicateurs, 2);
}

/* --- IRIS ----------------------------------------------------------------------------------- */

TEST("an IRIS base fills the IRIS, their rates, and the communes they make")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "base-ic-2021.csv",
		"IRIS;COM;TYP_IRIS;LAB_IRIS;LIBIRIS;P21_POP;P21_POP_ETR\n"
		"10010000;01001;Z;5;Alpha (commune non irisée);1000;100\n"
		"751010101;75101;H;1;Halles 1;1500;300\n"
		"751010102;75101;A;1;Halles 2;500;200\n"
		"751029999;75102;D;1;Bourse;2000;s\n");

	equals(t.acceptes, 4);
	equals(t.repares, 1);
	is_value(s, "foreigners_rate", "iris", 2021, "751010101", 20);
	is_value(s, "foreigners_rate", "iris", 2021, "010010000", 10);
	is_status(s, "foreigners_rate", "iris", 2021, "751029999", STATUT_SECRET);
	is_value(s, "foreigners_rate", "commune", 2021, "01001", 10);
	is_value(s, "foreigners_rate", "arrondissement", 2021, "75101", 25);
	/* one of its IRIS is secret: the 2nd arrondissement is not made, nor is Paris */
	is_status(s, "foreigners_rate", "arrondissement", 2021, "75102", STATUTS);
	is_status(s, "foreigners_rate", "commune", 2021, "75056", STATUTS);
	t = take_file(s, "base-ic-2021.csv", "IRIS;COM;TYP_IRIS;LIBIRIS;P21_POP;P21_POP_ETR\n"
		      "751010101;75101;H;Halles 1;1500;300\n");
	equals(t.modifies, 0);
}

TEST("a published value stands before a sum of ours, and takes its place when it comes later")
{
	CLEANUP(store_shut) struct store *s = world();
	static const char epci[] = "CODGEO;P21_POP;P21_POP65P\n200000001;4001;1200\n";

	take_file(s, "base_EPCI.csv", epci);
	take_file(s, "base-cc-2021.CSV", structure);
	is_value(s, "population", "epci", 2021, "200000001", 4001);
	equals(value_of(s, "population", "epci", 2021, "200000001").origine, 0);
	is_value(s, "population", "epci", 2021, "200000002", 16000);
	take_file(s, "base_EPCI.csv", "CODGEO;P21_POP;P21_POP65P\n200000002;16001;4000\n");
	is_value(s, "population", "epci", 2021, "200000002", 16001);
}

TEST("what Paris hands down never takes the place of an arrondissement's own figure, even later")
{
	CLEANUP(store_shut) struct store *s = world();

	take_file(s, "arm.csv", "CODGEO;P20_POP;P20_POP65P\n75101;500;100\n75102;1500;150\n");
	take_file(s, "com.csv", "CODGEO;P20_POP;P20_POP65P\n75056;2000;300\n");
	is_value(s, "older_65_rate", "arrondissement", 2020, "75101", 20);
	is_value(s, "older_65_rate", "commune", 2020, "75056", 15);
	/* but its quarters' sum takes the place of what was handed down */
	take_file(s, "com.csv", "CODGEO;P19_POP;P19_POP65P\n75056;2000;300\n");
	is_value(s, "older_65_rate", "arrondissement", 2019, "75101", 15);
	take_file(s, "ic.csv", "IRIS;COM;LIBIRIS;P19_POP;P19_POP65P\n751010101;75101;Halles;500;50\n");
	is_value(s, "older_65_rate", "arrondissement", 2019, "75101", 10);
}

TEST("départements and régions are told apart by the file's name or by --niveau")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_ask ask = {
		.path = file_of("x.csv", "CODGEO;TP6021\n11;15\n84;12,5\n"), .niveau = "region" };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	take_file(s, "cc_filosofi_2021_DEP.csv", "CODGEO;TP6021\n1;13,1\n2A;18\n");
	is_value(s, "poverty_rate", "departement", 2021, "01", 13.1);
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	is_value(s, "poverty_rate", "region", 2021, "84", 12.5);
	ask.niveau = "quartier";
	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.hint, "departement"));
}
