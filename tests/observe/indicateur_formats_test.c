#include "observe/indicateur_world.h"

#include "observe/indicateur_export.h"
#include "observe/indicateur_lecture.h"

/* --- values --------------------------------------------------------------------------------- */

TEST("cells are read as statistics offices write them")
{
	static const struct { const char *text; int statut; double v; } cells[] = {
		{ "12.5", STATUT_VALEUR, 12.5 }, { "12,5", STATUT_VALEUR, 12.5 },
		{ "1 234,5", STATUT_VALEUR, 1234.5 }, { "1\xc2\xa0" "234", STATUT_VALEUR, 1234 },
		{ "1\xe2\x80\xaf" "234", STATUT_VALEUR, 1234 }, { "-3", STATUT_VALEUR, -3 },
		{ "15 %", STATUT_VALEUR, 15 }, { "1.5E+03", STATUT_VALEUR, 1500 }, { "0", STATUT_VALEUR, 0 },
		{ "s", STATUT_SECRET, 0 }, { "S", STATUT_SECRET, 0 }, { "ns", STATUT_NON_SIGNIFICATIF, 0 },
		{ "nd", STATUT_NON_DISPONIBLE, 0 }, { "", STATUT_NON_DISPONIBLE, 0 },
		{ "so", STATUT_SANS_OBJET, 0 }, { "///", STATUT_SANS_OBJET, 0 }, { "NaN", STATUT_NON_DISPONIBLE, 0 },
		{ "abc", -1, 0 }, { "1,234.5", -1, 0 }, { "12 ab", -1, 0 }, { "--3", -1, 0 }, { "1e", -1, 0 },
		{ "inf", -1, 0 }, { "0x10", -1, 0 }, { "1e999", -1, 0 }, { ".", -1, 0 },
	};

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		uint8_t statut = 99;
		double v = 0;
		bool good = valeur_lire(cells[i].text, &v, &statut);

		if (good != (cells[i].statut >= 0) || (good && statut != cells[i].statut)
		    || (good && !statut && v != cells[i].v) || (good && statut && !isnan(v)))
			fail_msg("« %s »: %d %d %g", cells[i].text, good, statut, v);
	}
}

TEST("a column's name loses its vintage, and only a vintage")
{
	static const struct { const char *name, *key; int year; } names[] = {
		{ "P21_POP65P", "P_POP65P", 2021 }, { "C09_MEN", "C_MEN", 2009 },
		{ "P68_POP", "P_POP", 1968 }, { "TP6021", "TP60", 2021 }, { "Q121", "Q1", 2021 },
		{ "D921", "D9", 2021 }, { "TP60AGE121", "TP60AGE1", 2021 }, { "MED21", "MED", 2021 },
		{ "DISP_TP6020", "DISP_TP60", 2020 }, { "NBPERSMENFISC21", "NBPERSMENFISC", 2021 },
		{ "CODGEO", "CODGEO", 0 }, { "LIBGEO", "LIBGEO", 0 }, { "P21", "P21", 0 },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char key[64];
		int year = colonne_millesime(names[i].name, key);

		if (year != names[i].year || strcmp(key, names[i].key))
			fail_msg("%s: %s %d", names[i].name, key, year);
	}
}

/* --- Filosofi ------------------------------------------------------------------------------- */

TEST("Filosofi's marks are kept apart and its vintage is in the name's end")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "cc_filosofi_2021_COM.csv",
		"CODGEO;NBMENFISC21;NBPERSMENFISC21;MED21;TP6021;TP60AGE121;RD21\n"
		"01001;400;950;21 500;19,0;ns;3,1\n01002;1200;2900;s;s;s;s\n"
		"2A004;30000;68000;22000;nd;so;4\n");

	equals(t.refuses, 0);
	is_value(s, "poverty_rate", "commune", 2021, "01001", 19);
	is_value(s, "median_income", "commune", 2021, "01001", 21500);
	is_status(s, "poverty_rate_30_minus", "commune", 2021, "01001", STATUT_NON_SIGNIFICATIF);
	is_status(s, "poverty_rate", "commune", 2021, "01002", STATUT_SECRET);
	is_status(s, "poverty_rate", "commune", 2021, "2A004", STATUT_NON_DISPONIBLE);
	is_status(s, "poverty_rate_30_minus", "commune", 2021, "2A004", STATUT_SANS_OBJET);
	/* a rate that is not of counts is not summed: Filosofi publishes its own */
	is_status(s, "poverty_rate", "departement", 2021, "01", STATUTS);
	is_value(s, "menages_fiscaux", "epci", 2021, "200000001", 1600);
}

TEST("Filosofi's long layout: levels, years and measures of ours are taken, secrets said")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "DS_FILOSOFI_CC_data.csv",
		"GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n"
		"01001;COM;PR_MD60;PERCENT;0;F;A;2021;14.5\n"
		"01002;COM;PR_MD60;PERCENT;0;C;Q;2021;\n"
		"2A005;COM;PR_MD60;PERCENT;0;F;Q;2021;\n"
		"01;DEP;PR_MD60;PERCENT;0;F;A;2021;12\n84;REG;PR_MD60;PERCENT;0;F;A;2021;11\n"
		"200000001;EPCI;MED_SL;EUR_YR;0;F;A;2021;23150\n75101;ARM;MED_SL;EUR_YR;0;F;A;2021;33000\n"
		"2024-COM-2A004;COM;PR_MD60;PERCENT;0;F;A;2022;17,5\n"
		"123;BV2022;PR_MD60;PERCENT;0;F;A;2021;9\n01001;COM;S_RET_PEN_DI;PERCENT;0;F;A;2021;30\n"
		"01001;COM;PR_MD60;PERCENT;0;F;A;2021;15\nFRANCE;FRANCE;PR_MD60;PERCENT;0;F;A;2021;14.9\n");

	equals(t.lus, 12);
	equals(t.ignores, 2);
	equals(t.refuses, 1);
	holds(strstr(t.refus[0], ":12: GEO, cette valeur est déjà donnée"));
	is_value(s, "poverty_rate", "commune", 2021, "01001", 14.5);
	is_status(s, "poverty_rate", "commune", 2021, "01002", STATUT_SECRET);
	is_status(s, "poverty_rate", "commune", 2021, "2A005", STATUT_SECRET);
	is_value(s, "poverty_rate", "departement", 2021, "01", 12);
	is_value(s, "poverty_rate", "region", 2021, "84", 11);
	is_value(s, "poverty_rate", "commune", 2022, "2A004", 17.5);
	is_value(s, "median_income", "epci", 2021, "200000001", 23150);
	is_value(s, "median_income", "arrondissement", 2021, "75101", 33000);
	is_value(s, "poverty_rate", "france", 2021, "FR", 14.9);
}

/* --- ARCEP ---------------------------------------------------------------------------------- */

static const char arcep[] =
	"code_insee;nom_com;code_dep;code_reg;nbr;type;date;inel_hd;elig_hd05;elig_hd3;elig_bhd8;elig_thd30;elig_thd100;elig_thd1g\n"
	"01001;ALPHA;01;84;400;all;2021-12-31;0;400;400;390;300;200;100\n"
	"01001;ALPHA;01;84;400;pro;2021-12-31;0;400;400;390;0;0;0\n"
	"75056;PARIS;75;11;1500000;all;2021-12-31;0;1500000;1500000;1500000;1485000;1400000;1300000\n"
	"01002;BETA;01;84;0;all;2021-12-31;0;0;0;0;0;0;0\n";

TEST("ARCEP's wired file gives the share of premises without very high speed")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "commune_debit_filaire.csv", arcep);

	equals(t.acceptes, 3);
	equals(t.ignores, 1);
	equals(t.derniere, 2021);
	is_value(s, "no_thd_coverage_rate", "commune", 2021, "01001", 25);
	is_value(s, "no_bhd_coverage_rate", "commune", 2021, "01001", 2.5);
	is_value(s, "no_thd_coverage_rate", "commune", 2021, "75056", 1);
	/* Paris is one row: its arrondissements take it */
	is_value(s, "no_thd_coverage_rate", "arrondissement", 2021, "75102", 1);
	/* a commune without premises is nobody's case */
	is_status(s, "no_thd_coverage_rate", "commune", 2021, "01002", STATUT_SANS_OBJET);
	is_value(s, "locaux", "commune", 2021, "01001", 400);
}

TEST("ARCEP's file with satellites is refused by its name, and by what it says")
{
	CLEANUP(store_shut) struct store *s = world();
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct indicateur_import_ask ask = { .path = file_of("commune_debit.csv", arcep) };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.msg, "satellite"));
	holds(strstr(e.hint, "commune_debit_filaire.csv"));
	/* renamed: every one of many communes is eligible */
	buf_str(&b, "code_insee;nbr;type;date;elig_thd30\n");
	for (int i = 1; i <= 60; i++) {
		/* the same five communes cannot repeat: one quarter each */
		buf_printf(&b, "01%03d;100;all;%d-12-31;100\n", i % 2 + 1, 1990 + i);
	}
	ask.path = file_with("debits.csv", b.p, b.n);
	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.msg, "satellite"));
	is_status(s, "no_thd_coverage_rate", "commune", 0, "01001", STATUTS);
}

/* --- IFN ------------------------------------------------------------------------------------ */

TEST("an IFN export: scores by level; a score of 0 is a village without inhabitants")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "ifn_export_2023.csv",
		"name,division,code,no_thd_coverage_rate,poverty_rate,total,population,population_density,is_zrr\n"
		"Alpha,city,01001,10.0,2.0,6.0,1000,50,true\nBeta,city,01002,0.0,0.0,0.0,0,0,\n"
		"Paris,city,75056,,,,,,\nParis 1,city,75101,2,4,3,500000,20000,0\n"
		"Paris 2,city,75102,4,8,6,1500000,25000,0\nCC A,epci,200000001,7.5,3.5,5.5,4000,40,1\n"
		"Où,canton,123,1,1,1,1,1,1\n");

	equals(t.refuses, 2);                   /* "true" is no number; "canton" no level */
	is_status(s, "ifn2023_total", "commune", 2023, "01002", STATUT_SANS_OBJET);
	is_value(s, "ifn2023_total", "epci", 2023, "200000001", 5.5);
	/* Paris by its inhabitants: (3 * 0.5 + 6 * 1.5) / 2 */
	is_value(s, "ifn2023_total", "commune", 2023, "75056", 5.25);
	is_value(s, "ifn2023_is_zrr", "arrondissement", 2023, "75101", 0);
}

/* --- our own -------------------------------------------------------------------------------- */

TEST("what is exported can be imported elsewhere: same values, same reasons for none")
{
	CLEANUP(store_shut) struct store *s = world();
	CLEANUP(store_shut) struct store *other = world();
	CLEANUP(db_release) struct db *db = NULL;
	struct indicateur_ask all = { 0 };
	char path[200];
	struct err e = { 0 };
	size_t rows, k;
	FILE *f;

	take_file(s, "cc_filosofi_2021_COM.csv", "CODGEO;MED21;TP6021\n01001;21500,25;s\n01002;20000;12,3\n");
	snprintf(path, sizeof path, "%s/export.csv", test_dir());
	f = fopen(path, "w");
	holds(f != NULL);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_export(db, &all, INDICATEUR_CSV, f, &rows, &e), &e);
	fclose(f);
	equals(rows, 4);
	struct indicateur_import_ask ask = { .path = path };
	struct indicateur_import_totals t;
	accepts(indicateur_import(other, &ask, &t, &e), &e);
	same(t.format, "tremplin");
	is_value(other, "median_income", "commune", 2021, "01001", 21500.25);
	is_value(other, "poverty_rate", "commune", 2021, "01002", 12.3);
	is_status(other, "poverty_rate", "commune", 2021, "01001", STATUT_SECRET);
	k = t.valeurs;
	equals(k, 4);
}

TEST("a table with the catalogue's own names needs nothing but its year")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_ask ask = { .path = file_of("mine.csv",
		"code,nom,aah_rate,no_4g_coverage_rate\n01001,Alpha,3.5,0\n01002,Beta,4,12\n") };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	refuses(E_INPUT, indicateur_import(s, &ask, &t, &e), &e);
	holds(strstr(e.hint, "--annee"));
	ask.annee = 2023;
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	is_value(s, "aah_rate", "commune", 2023, "01001", 3.5);
	is_value(s, "no_4g_coverage_rate", "commune", 2023, "01002", 12);
}

/* --- mapping -------------------------------------------------------------------------------- */

static bool with_mapping(struct store *s, const char *mapping, const char *table,
			 struct indicateur_import_totals *t, struct err *e)
{
	struct indicateur_import_ask ask = { .path = file_of("table.csv", table) };
	char path[200];

	snprintf(path, sizeof path, "%s", file_of("mapping.txt", mapping));
	ask.mapping = path;
	return indicateur_import(s, &ask, t, e);
}

TEST("any table comes in through a mapping: the catalogue's indicators and one's own")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(with_mapping(s,
		"# Caf de l'Ain\nniveau = commune\ncode = INSEE\nannee = 2023\nsource = Caf de l'Ain\n"
		"population = HAB\n[aah_rate]\ncolonne = Taux AAH\n\n[sans_voiture]\nlibelle = Ménages sans voiture\n"
		"nature = part\nsens = 1\nnumerateur = RP - VOIT1P\ndenominateur = RP\nfacteur = 100\n",
		"INSEE;HAB;Taux AAH;RP;VOIT1P\n1001;1000;3,5;400;300\n01002;3000;s;1000;900\n", &t, &e), &e);
	equals(t.acceptes, 2);
	is_value(s, "aah_rate", "commune", 2023, "01001", 3.5);
	is_status(s, "aah_rate", "commune", 2023, "01002", STATUT_SECRET);
	is_value(s, "sans_voiture", "commune", 2023, "01001", 25);
	is_value(s, "sans_voiture", "epci", 2023, "200000001", 200 / 14.0);
}

TEST("a table of one row per value comes in through a mapping with filters")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(with_mapping(s,
		"code = GEO\ncolonne_niveau = GEO_OBJECT\ncolonne_annee = TIME_PERIOD\ncolonne_mesure = AGE\n"
		"colonne_valeur = OBS_VALUE\nfiltre = SEX : _T\n[pop_65_plus]\nmesure = Y_GE65\n",
		"GEO,GEO_OBJECT,SEX,AGE,TIME_PERIOD,OBS_VALUE\n01001,COM,_T,Y_GE65,2021,200\n"
		"01001,COM,M,Y_GE65,2021,90\n01001,COM,_T,Y_LT15,2021,150\n200000001,EPCI,_T,Y_GE65,2021,1100\n",
		&t, &e), &e);
	equals(t.acceptes, 2);
	equals(t.ignores, 2);
	is_value(s, "pop_65_plus", "commune", 2021, "01001", 200);
	is_value(s, "pop_65_plus", "epci", 2021, "200000001", 1100);
}

TEST("a mapping that cannot be understood is refused by its line, with the words that are known")
{
	static const struct { const char *mapping, *why; } bad[] = {
		{ "code = A\n[x]\ncolonne = B\nsense = 1\n", "mapping.txt:4: ce mot n'est pas connu" },
		{ "code = A\n[X y]\ncolonne = B\n", "mapping.txt:2: " },
		{ "code = A\n[x]\nlibelle = z\n", "mapping.txt:2: on ne sait pas où lire" },
		{ "[x]\ncolonne = B\n", "il manque la colonne du code" },
		{ "code = A\n", "aucun indicateur" },
		{ "code = A\nannee = bientôt\n[x]\ncolonne = B\n", "mapping.txt:2: " },
		{ "code = A\nbonjour\n[x]\ncolonne = B\n", "mapping.txt:2: " },
		{ "code = A\nannee = 2020\n[x]\ncolonne = C\n", "la colonne « C »" },
		{ "code = A\nannee = 2020\n[x]\nnature = rien\ncolonne = B\n", "nature « rien »" },
		{ "code = A\nniveau = rue\nannee = 2020\n[x]\ncolonne = B\n", "niveau « rue »" },
	};
	CLEANUP(store_shut) struct store *s = world();

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct indicateur_import_totals t;
		struct err e = { 0 };

		refuses(E_INPUT, with_mapping(s, bad[i].mapping, "A;B\n01001;1\n", &t, &e), &e);
		if (!strstr(e.msg, bad[i].why))
			fail_msg("%s: %s", bad[i].why, e.msg);
	}
}

TEST("a year is found in a cell however it is dated")
{
	equals(annee_lire("2021"), 2021);
	equals(annee_lire("2021-12-31"), 2021);
	equals(annee_lire("31/12/2021"), 2021);
	equals(annee_lire("2026T2"), 2026);
	equals(annee_lire("12021"), 0);
	equals(annee_lire("1221"), 0);
	equals(annee_lire(""), 0);
}

TEST("Filosofi at the IRIS, and labels of the dossier complet for the columns that were asked")
{
	CLEANUP(store_shut) struct store *s = world();
	CLEANUP(arena_free) struct arena a = arena_new(8 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	struct indicateur_import_ask ask = { .path = file_of("dossier_complet.csv",
		"CODGEO,P21_LOG\n01001,450\n"), .colonnes = "P21_LOG" };
	struct indicateur_import_totals t;
	const struct indicateur *list;
	struct err e = { 0 };
	size_t n;

	take_file(s, "BASE_TD_FILO_DISP_IRIS_2020.csv", "IRIS;LIBIRIS;COM;LIBCOM;DISP_TP6020;DISP_MED20\n"
		  "751010101;Halles;75101;Paris 1;19,5;31000\n");
	is_value(s, "poverty_rate", "iris", 2020, "751010101", 19.5);
	is_value(s, "median_income", "iris", 2020, "751010101", 31000);
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	t = take_file(s, "meta_dossier_complet.csv", "COD_VAR;LIB_VAR;LIB_VAR_LONG;COD_MOD;LIB_MOD;TYPE_VAR;LONG_VAR;THEME\n"
		"P21_LOG;Logements en 2021 (princ);Nombre de logements;;;NUM;15;Logement\nP21_POP;Population;x;;;;;\n");
	equals(t.acceptes, 1);
	equals(t.modifies, 1);
	t = take_file(s, "meta_dossier_complet.csv", "COD_VAR;LIB_VAR;LIB_VAR_LONG\nP21_LOG;Logements en 2021 (princ);Nombre de logements\n");
	equals(t.modifies, 0);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_list(db, &a, &list, &n, &e), &e);
	holds(indicateur_find(list, n, "p_log") != NULL);
	same(indicateur_find(list, n, "p_log")->libelle, "Logements (princ)");
}
