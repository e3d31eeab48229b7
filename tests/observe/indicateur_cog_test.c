#include "observe/indicateur_world.h"

/* In the layout of v_mvtcommune.  Delta and Epsilon merged into Gamma, which kept its code;
 * Zeta was absorbed by Eta, and Eta by Beta; Theta changed its code twice; Bato was split
 * off Ajax again. */
static const char mouvements[] =
	"MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\n"
	"32,2019-01-01,COM,01033,0,GAMMA,Gamma,Gamma,COM,01033,0,GAMMA,Gamma,Gamma\n"
	"32,2019-01-01,COM,01091,0,DELTA,Delta,Delta,COM,01033,0,GAMMA,Gamma,Gamma\n"
	"32,2019-01-01,COM,01091,0,DELTA,Delta,Delta,COMD,01091,0,DELTA,Delta,Delta\n"
	"32,01/01/2019,COM,1205,0,EPSILON,Epsilon,Epsilon,COM,01033,0,GAMMA,Gamma,Gamma\n"
	"31,1973-03-01,COM,01400,0,ZETA,Zeta,Zeta,COM,01401,0,ETA,Eta,Eta\n"
	"33,2016-01-01,COM,01401,0,ETA,Eta,Eta,COM,01002,0,BETA,Beta,Beta\n"
	"41,1968-01-01,COM,20004,0,AJAX,Ajax,Ajax,COM,2A004,0,AJAX,Ajax,Ajax\n"
	"21,2022-01-01,COM,2A004,0,AJAX,Ajax,Ajax,COM,2A005,0,BATO,Bato,Bato\n"
	"10,2020-01-01,COM,01001,0,A,A,A,COM,01001,0,ALPHA,Alpha,Alpha\n"
	"31,jamais,COM,01402,0,X,X,X,COM,01001,0,ALPHA,Alpha,Alpha\n";

static struct store *world_with_history(void)
{
	struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "v_mvtcommune_2026.csv", mouvements);

	equals(t.lus, 10);
	equals(t.refuses, 1);
	holds(strstr(t.refus[0], ":11: DATE_EFF"));
	equals(t.modifies, 6);
	t = take_file(s, "v_mvtcommune_2026.csv", mouvements);
	equals(t.modifies, 0);
	return s;
}

TEST("communes that merged are added up: counts and rates by their people, and marked")
{
	CLEANUP(store_shut) struct store *s = world_with_history();
	struct indicateur_import_totals t = take_file(s, "base-cc-2015.csv",
		"CODGEO;P15_POP;P15_POP65P;MED15\n01033;12000;3000;20000\n01091;3000;600;24000\n"
		"01205;1000;400;28000\n01400;100;50;s\n01002;2900;550;21000\n20004;500;100;22000\n");
	struct indicateur_valeur v;

	equals(t.refuses, 0);
	v = value_of(s, "older_65_rate", "commune", 2015, "01033");
	near_to(v.valeur, 25, 1e-9);            /* 4,000 of 16,000 */
	equals(v.origine, ORIGINE_REPORTE);
	is_value(s, "population", "commune", 2015, "01033", 16000);
	/* medians are averaged by people: (20000*12 + 24000*3 + 28000*1) / 16 */
	is_value(s, "median_income", "commune", 2015, "01033", 21250);
	/* a part is secret: so is the whole */
	is_status(s, "median_income", "commune", 2015, "01002", STATUT_SECRET);
	is_value(s, "older_65_rate", "commune", 2015, "01002", 20);
	is_value(s, "population", "commune", 2015, "2A004", 500);
}

TEST("the same without the new commune's own row, and in any order of rows")
{
	CLEANUP(store_shut) struct store *s = world_with_history();

	take_file(s, "b.csv", "CODGEO;P15_POP;MED15\n01205;1000;28000\n01091;3000;24000\n01033;12000;20000\n");
	is_value(s, "median_income", "commune", 2015, "01033", 21250);
	take_file(s, "c.csv", "CODGEO;P14_POP;MED14\n01205;1000;28000\n01091;3000;24000\n");
	is_value(s, "median_income", "commune", 2014, "01033", 25000);
}

TEST("a commune that came out of another takes its rates, never its counts, when it has none")
{
	CLEANUP(store_shut) struct store *s = world_with_history();
	struct indicateur_valeur v;

	take_file(s, "b.csv", "CODGEO;P15_POP;P15_POP65P\n2A004;100000;20000\n");
	v = value_of(s, "older_65_rate", "commune", 2015, "2A005");
	near_to(v.valeur, 20, 1e-9);
	equals(v.origine, ORIGINE_REPORTE);
	is_status(s, "population", "commune", 2015, "2A005", STATUTS);
	/* its own figure wins */
	take_file(s, "c.csv", "CODGEO;P16_POP;P16_POP65P\n2A004;70000;14000\n2A005;30000;3000\n");
	is_value(s, "older_65_rate", "commune", 2016, "2A005", 10);
	/* figures of after the split do not flow */
	take_file(s, "d.csv", "CODGEO;P23_POP;P23_POP65P\n2A004;70000;14000\n");
	is_status(s, "older_65_rate", "commune", 2023, "2A005", STATUTS);
}

TEST("without the history a commune of before is refused, and its history is asked for")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t =
		take_file(s, "b.csv", "CODGEO;P15_POP\n01001;900\n01091;3000\n");

	equals(t.refuses, 1);
	holds(strstr(t.refus[0], "01091"));
	holds(strstr(t.avis, "v_mvtcommune"));
}

TEST("a table of passage serves as a history too")
{
	CLEANUP(store_shut) struct store *s = world();
	struct indicateur_import_totals t = take_file(s, "table_passage_geo2003_geo2026.csv",
		"Table de passage;;\nSource : Insee;;\nCODGEO_INI;CODGEO_2026;LIBGEO_2026\n"
		"01001;01001;Alpha\n01091;01033;Gamma\n1205;01033;Gamma\n");

	equals(t.acceptes, 3);
	equals(t.modifies, 2);
	take_file(s, "b.csv", "CODGEO;P15_POP\n01091;3000\n01205;1000\n");
	is_value(s, "population", "commune", 2015, "01033", 4000);
}

TEST("names of merged communes that the territories know serve without any history")
{
	CLEANUP(store_shut) struct store *s = world();
	const char *cog[] = { file_of("v_commune_2026.csv",
		"TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
		"COMD,01091,,,,,0,DELTA,Delta,Delta,,01033\n") };
	struct territoire_report r;
	struct err e = { 0 };

	accepts(territoire_import(s, cog, 1, &r, &e), &e);
	take_file(s, "b.csv", "CODGEO;P15_POP\n01091;3000\n01033;12000\n");
	is_value(s, "population", "commune", 2015, "01033", 15000);
	equals(value_of(s, "population", "commune", 2015, "01033").origine, ORIGINE_REPORTE);
}
