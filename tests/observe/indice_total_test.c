#include "observe/indice_world.h"

static void given_choix(const struct methode *m, struct indice_choix *c)
{
	choix_defaut(m, c);
}

TEST("what is missing is left out, and the other weights grow")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *m = given_methode(&a, UNE_METHODE TROIS);
	static const double row[] = { 2, NAN, 6 }, none[] = { NAN, NAN, NAN };
	struct indice_choix c;
	double part;

	given_choix(m, &c);
	near_to(indice_total(m, &c, row, &part), 4, 1e-15);
	near_to(part, 2.0 / 3, 1e-15);
	holds(isnan(indice_total(m, &c, none, &part)));
	near_to(part, 0, 0);
	arena_free(&a);
}

TEST("a method may refuse a total when anything is missing, or below a share of the weights")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *all = given_methode(&a, UNE_METHODE
		"\"manquant\": {\"regle\": \"refuser\"}, " TROIS);
	const struct methode *half = given_methode(&a, UNE_METHODE
		"\"manquant\": {\"regle\": \"ecarter\", \"couverture\": 0.5}, " TROIS);
	static const double two[] = { 2, NAN, 6 }, one[] = { NAN, NAN, 6 }, three[] = { 1, 2, 3 };
	struct indice_choix c;

	given_choix(all, &c);
	holds(isnan(indice_total(all, &c, two, NULL)));
	near_to(indice_total(all, &c, three, NULL), 2, 1e-15);
	near_to(indice_total(half, &c, two, NULL), 4, 1e-15);
	holds(isnan(indice_total(half, &c, one, NULL)));
	arena_free(&a);
}

#define DE_UN_A_DIX "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [1, 10],\n" \
	"\"normaliseur\": {\"type\": \"decile\"},\n"

TEST("a geometric mean of groups that are arithmetic, as the human development index is made")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *m = given_methode(&a, DE_UN_A_DIX "\"agregation\": \"geometrique\",\n"
		"\"arbre\": [{\"groupe\": \"g\", \"libelle\": \"G\", \"poids\": 1, \"agregation\": \"arithmetique\","
		"\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\"},{\"indicateur\": \"b\", \"libelle\": \"B\", \"poids\": 3}]},\n"
		"{\"indicateur\": \"c\", \"libelle\": \"C\", \"poids\": 2}]");
	static const double row[] = { 2, 6, 8 }, gap[] = { NAN, 6, 8 }, other[] = { NAN, NAN, 8 };
	struct indice_choix c;

	given_choix(m, &c);
	near_to(indice_total(m, &c, row, NULL), cbrt(5.0 * 8 * 8), 1e-12);
	near_to(indice_total(m, &c, gap, NULL), cbrt(6.0 * 8 * 8), 1e-12);
	near_to(indice_total(m, &c, other, NULL), 8, 1e-12);
	arena_free(&a);
}

TEST("the total is stretched to the output scale, from stated bounds or from what is observed")
{
	static const char csv[] = "code,a,b,c\n01001,0,0,0\n01002,5,5,5\n01003,2,2,2\n";
	struct arena a = arena_new(16 << 20);
	const struct methode *stated = given_methode(&a, "\"unite\": \"commune\", \"sens\": \"risque\","
		"\"echelle\": [0, 100], \"sortie\": {\"de\": [0, 10], \"vers\": [0, 100]},"
		"\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"fixe\", \"bornes\": [0, 10], \"vers\": [0, 10]}," TROIS);
	const struct methode *seen = given_methode(&a, "\"unite\": \"commune\", \"sens\": \"risque\","
		"\"echelle\": [0, 100], \"sortie\": {\"vers\": [0, 100]}, \"normaliseur\": {\"type\": \"z-score\"}," TROIS);
	const struct decoupage *d = given_decoupage(&a);
	struct indice_table *t = given_table(&a, given_rows(&a, stated, d, false, csv), NIVEAU_COMMUNE);
	struct indice_resultat r = counted(&a, t);

	near_to(total_of(t, &r, "01002"), 50, 1e-12);
	t = given_table(&a, given_rows(&a, seen, d, false, csv), NIVEAU_COMMUNE);
	r = counted(&a, t);
	near_to(total_of(t, &r, "01001"), 0, 1e-12);
	near_to(total_of(t, &r, "01002"), 100, 1e-12);
	near_to(total_of(t, &r, "01003"), 40, 1e-12);
	/* The level above keeps the scale of the base: the mean of 0 (1000), 100 (3000), 40 (500). */
	t = given_table(&a, given_rows(&a, seen, d, false, csv), NIVEAU_DEPARTEMENT);
	r = counted(&a, t);
	near_to(total_of(t, &r, "01"), (100 * 3000 + 40 * 500) / 4500.0, 1e-9);
	arena_free(&a);
}

/* --- parts and wholes -------------------------------------------------------------------- */

static const char scores[] =
	"code,a,b,c\n01001,1,1,1\n01002,5,5,5\n01003,10,10,10\n01004,0,0,0\n69001,4,4,4\n"
	"69381,2,2,2\n69382,6,6,6\n93001,9,9,9\n93002,3,3,3\n";

TEST("scores go up by population: EPCI, EPT, départements, régions, the country")
{
	struct arena a = arena_new(32 << 20);
	const struct methode *m = given_methode(&a, UNE_METHODE TROIS);
	const struct decoupage *d = given_decoupage(&a);
	struct indice_table *t = given_table(&a, given_rows(&a, m, d, true, scores), NIVEAU_EPCI);
	struct indice_resultat r = counted(&a, t);

	near_to(total_of(t, &r, "200000001"), (1 * 1000 + 5 * 3000) / 4000.0, 1e-12);
	near_to(total_of(t, &r, "200000002"), (10 * 500 + 4 * 1500) / 2000.0, 1e-12);
	near_to(total_of(t, &r, "200046977"), 5, 1e-12);        /* Lyon, by its arrondissements */
	near_to(total_of(t, &r, "200054781"), (9 * 2000 + 3 * 100) / 2100.0, 1e-12);
	near_to(total_of(t, &r, "200057875"), 9, 1e-12);        /* the EPT inside */
	equals(r.classes, 4);                                   /* the EPT is not counted twice */
	equals(r.rangs[table_find(t, "200057875")], 1);
	t = given_table(&a, given_rows(&a, m, d, true, scores), NIVEAU_DEPARTEMENT);
	r = counted(&a, t);
	near_to(total_of(t, &r, "69"), (4 * 1500 + 5 * 4000) / 5500.0, 1e-12);
	near_to(total_of(t, &r, "01"), (1000 + 15000 + 5000) / 4500.0, 1e-12);
	t = given_table(&a, given_rows(&a, m, d, true, scores), NIVEAU_REGION);
	r = counted(&a, t);
	near_to(total_of(t, &r, "84"), (21000 + 26000) / 10000.0, 1e-12);
	t = given_table(&a, given_rows(&a, m, d, true, scores), NIVEAU_PAYS);
	r = counted(&a, t);
	near_to(total_of(t, &r, "FR"), (47000 + 18300) / 12100.0, 1e-12);
	arena_free(&a);
}

TEST("Lyon is the mean of its arrondissements, is ranked, and they have the rank they would have")
{
	struct arena a = arena_new(16 << 20);
	const struct methode *m = given_methode(&a, UNE_METHODE TROIS);
	struct indice_table *t = given_table(&a, given_rows(&a, m, given_decoupage(&a), true, scores),
					     NIVEAU_COMMUNE);
	struct indice_resultat r = counted(&a, t);

	near_to(total_of(t, &r, "69123"), (2 * 1000 + 6 * 3000) / 4000.0, 1e-12);
	equals(r.classes, 7);
	equals(r.rangs[table_find(t, "01003")], 1);
	equals(r.rangs[table_find(t, "93001")], 2);
	equals(r.rangs[table_find(t, "69382")], 3);             /* 6: the third if it counted */
	equals(r.rangs[table_find(t, "01002")], 3);             /* 5, with Lyon */
	equals(r.rangs[table_find(t, "69123")], 3);
	equals(r.rangs[table_find(t, "69001")], 5);
	arena_free(&a);
}

TEST("a commune without inhabitants is sans objet, never 0, and weighs nothing")
{
	struct arena a = arena_new(16 << 20);
	struct buf b = buf_new(1 << 16);
	const struct methode *m = given_methode(&a, UNE_METHODE TROIS);
	struct entree *in = given_rows(&a, m, given_decoupage(&a), true, scores);
	struct indice_table *t = given_table(&a, in, NIVEAU_COMMUNE);
	struct indice_resultat r = counted(&a, t);

	holds(isnan(total_of(t, &r, "01004")));
	equals(r.rangs[table_find(t, "01004")], 0);
	indice_csv(&b, t, &r);
	holds(strstr(buf_text(&b), "\n01004,Deserte,0,sans objet,,,,,,\n") != NULL);
	buf_free(&b);
	arena_free(&a);
}

TEST("a part without a value is left out of its whole, and it is said how many people are known")
{
	static const char csv[] = "code,a,b,c\n01001,1,,1\n01002,5,5,5\n01003,nd,4,s\n";
	struct arena a = arena_new(16 << 20);
	const struct methode *m = given_methode(&a, UNE_METHODE TROIS);
	struct indice_table *t = given_table(&a, given_rows(&a, m, given_decoupage(&a), true, csv),
					     NIVEAU_DEPARTEMENT);
	struct indice_resultat r = counted(&a, t);
	struct indice_choix c;
	const char *said;

	near_to(t->x[1][0], (15000 + 2000) / 3500.0, 1e-12);
	near_to(t->couvert[1][0], 3500 / 4500.0, 1e-12);
	near_to(t->couvert[0][0], 4000 / 4500.0, 1e-12);
	choix_defaut(m, &c);
	said = indice_manques(&a, t, &c, 0);
	holds(strstr(said, "B : connu pour 78 % des habitants") != NULL);
	t = given_table(&a, given_rows(&a, m, given_decoupage(&a), true, csv), NIVEAU_COMMUNE);
	r = counted(&a, t);
	near_to(total_of(t, &r, "01003"), 4, 1e-12);
	said = indice_manques(&a, t, &c, table_find(t, "01003"));
	same(said, "A : non disponible ; C : secret statistique");
	arena_free(&a);
}

TEST("an IRIS without a value takes its commune's, or the mean of its neighbours; and it is named")
{
	static const char csv[] =
		"code,population,a,b,c\n010010101,100,1,1,1\n010010102,300,,5,2\n010010103,100,4,s,\n"
		"010020000,50,9,9,\n"
		"01001,,8,,\n";
	struct arena a = arena_new(16 << 20);
	const struct methode *m = given_methode(&a, "\"unite\": \"iris\", \"sens\": \"risque\", \"echelle\": [0, 10],"
		"\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"fixe\", \"bornes\": [0, 10], \"vers\": [0, 10]},"
		"\"manquant\": {\"regle\": \"parent\", \"niveau\": \"commune\"}," TROIS);
	struct indice_table *t = given_table(&a, given_rows(&a, m, given_decoupage(&a), false, csv),
					     NIVEAU_IRIS);
	struct indice_choix c;
	size_t i = table_find(t, "010010102"), k = table_find(t, "010010103");

	equals(t->u.n, 4);
	near_to(t->x[0][i], 8, 1e-12);                          /* the row of 01001 */
	near_to(t->x[1][k], (1 * 100 + 5 * 300) / 400.0, 1e-12);        /* its neighbours */
	near_to(t->x[2][k], (1 * 100 + 2 * 300) / 400.0, 1e-12);
	holds(isnan(t->x[2][table_find(t, "010020000")]));
	choix_defaut(m, &c);
	same(indice_manques(&a, t, &c, i), "A : valeur reprise de la commune");
	same(indice_manques(&a, t, &c, k), "B : valeur moyenne des territoires voisins ; "
	     "C : valeur moyenne des territoires voisins");
	arena_free(&a);
}

TEST("ranks: the highest first, ties share theirs, sums in another order are ties")
{
	static const double totals[] = { 3, 7, NAN, 7, 0.1 + 0.2, 0.3, 9 };
	uint32_t ranks[7];
	size_t n;
	struct err e = { 0 };
	static const uint32_t expected[] = { 4, 2, 0, 2, 5, 5, 1 };

	accepts(indice_ranger(totals, NULL, 7, ranks, &n, &e), &e);
	equals(n, 6);
	for (int i = 0; i < 7; i++)
		equals(ranks[i], expected[i]);
}
