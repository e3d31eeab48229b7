/* The published IFN through the import: figures that others printed or computed. */
#include "observe/indicateur_world.h"

static bool five_files(struct store **out)
{
	const char *files[] = { real_data("regions.csv"), real_data("communes_france.csv"),
		real_data("epci.csv"), real_data("departements.csv"),
		real_data("arrondissements_municipaux.csv") };
	struct territoire_report r;
	struct err e = { 0 };

	for (int i = 0; i < 5; i++) {
		if (!files[i])
			return false;
	}
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, out, &e), &e);
	accepts(territoire_import(*out, files, 5, &r, &e), &e);
	return true;
}

TEST("the IFN of 2023 comes in whole, and its sums are those that were published")
{
	needs_data(ifn, "ifn/ifn_communes_2023-08.csv");
	CLEANUP(store_shut) struct store *s = NULL;
	struct indicateur_import_ask ask = { .path = ifn };
	struct indicateur_import_totals t;
	/* Published, one decimal: Cantal, Haute-Loire, Rhône.  The others were computed apart
	 * with Python from the same file and the same populations, two decimals. */
	static const struct { const char *code; double score, by; } known[] = {
		{ "15", 6.7, .05 }, { "43", 6.1, .05 }, { "69", 4.2, .05 }, { "75", 3.40, .005 },
		{ "93", 4.79, .005 }, { "13", 5.18, .005 }, { "23", 7.59, .005 },
		{ "31", 4.22, .005 }, { "92", 3.04, .005 }, { "976", 7.84, .005 },
	};
	struct err e = { 0 };
	size_t first;

	holds(five_files(&s));
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	equals(t.lus, 35008);                   /* SOURCES.md */
	equals(t.acceptes + t.refuses, 35008);
	/* communes that merged since 2023, whose history is not in these files */
	holds(t.refuses > 0 && t.refuses < 150);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		near_to(value_of(s, "ifn2023_total", "departement", 2023, known[i].code).valeur,
			known[i].score, known[i].by);
	near_to(value_of(s, "ifn2023_total", "france", 2023, "FR").valeur, 5.19, .005);
	/* published for EPCI, with the populations of then: 8.879 and 3.073 */
	near_to(value_of(s, "ifn2023_total", "epci", 2023, "242400935").valeur, 8.879, .04);
	near_to(value_of(s, "ifn2023_total", "epci", 2023, "243100781").valeur, 3.073, .04);
	/* a village without inhabitants */
	is_status(s, "ifn2023_total", "commune", 2023, "55039", STATUT_SANS_OBJET);
	first = t.valeurs;
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	equals(t.modifies, 0);
	equals(t.valeurs, first);
}

TEST("the first IFN fills IRIS and their scores, letter for letter")
{
	needs_data(ifn, "ifn/ifn_2019_iris_extract.csv");
	CLEANUP(store_shut) struct store *s = NULL;
	struct indicateur_import_ask ask = { .path = ifn };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	holds(five_files(&s));
	accepts(indicateur_import(s, &ask, &t, &e), &e);
	equals(t.lus, 2868);
	/* 41 are of communes that merged since: they keep the code that they had */
	equals(t.acceptes, 2868);
	is_value(s, "ifn2019_score", "iris", 2019, "151360000", 114);
	/* the file's first rows */
	is_value(s, "ifn2019_score", "iris", 2019, "030010000", 89);
	is_value(s, "ifn2019_acces", "iris", 2019, "030020000", 94);
	is_value(s, "ifn2019_competences_numeriques", "iris", 2019, "030010000", 103);
}
