#include "observe/indice_world.h"

static const struct methode *simple(struct arena *a)
{
	return given_methode(a, UNE_METHODE TROIS);
}

TEST("columns are found by name, without case or accents, and marks of secrecy are not zeros")
{
	static const char csv[] = "CODGEO;LIBGEO;A;b;Autre;c\n01001;Alpha;1,5;s;x;2\n01002;Beta;ns;3;y;so\n";
	struct arena a = arena_new(8 << 20);
	struct entree *t = given_rows(&a, simple(&a), given_decoupage(&a), false, csv);

	equals(t->u.n, 2);
	equals(t->niveau, NIVEAU_COMMUNE);
	near_to(t->x[0][0], 1.5, 0);
	holds(isnan(t->x[1][0]) && isnan(t->x[0][1]) && isnan(t->x[2][1]));
	equals(t->marques[1][0], STATUT_SECRET);
	equals(t->marques[0][1], STATUT_NON_SIGNIFICATIF);
	equals(t->marques[2][1], STATUT_SANS_OBJET);
	near_to(t->u.population[0], 1000, 0);                   /* of the territories */
	arena_free(&a);
}

TEST("a code that lost its zero is given it back, and it is said")
{
	static const char csv[] = "code,a,b,c\n1001,1,2,3\n69001,4,5,6\n";
	struct arena a = arena_new(8 << 20);
	struct entree *t = given_rows(&a, simple(&a), given_decoupage(&a), false, csv);

	same(t->u.codes[0], "01001");
	holds(t->nremarques > 0 && strstr(t->remarques[0], "1 codes avaient perdu leur zéro"));
	arena_free(&a);
}

TEST("the level of the rows is the one that their codes show")
{
	static const struct { const char *csv; enum niveau niveau; } cases[] = {
		{ "code,a\n010010101,1\n240010102,2\n", NIVEAU_IRIS },
		{ "code,a\n200000001,1\n200046977,2\n", NIVEAU_EPCI },
		{ "code,a\n01,1\n69,2\n974,3\n", NIVEAU_DEPARTEMENT },
		{ "code,a\n01001,1\n2A004,2\n", NIVEAU_COMMUNE },
	};
	struct arena a = arena_new(16 << 20);

	for (size_t i = 0; i < 4; i++)
		equals(given_rows(&a, simple(&a), given_decoupage(&a), false, cases[i].csv)->niveau,
		       cases[i].niveau);
	arena_free(&a);
}

TEST("rows that cannot be right are refused at their line")
{
	static const struct { const char *csv; bool notes; const char *says; } cases[] = {
		{ "code,a\n01001,beaucoup\n", false, "lignes.csv:2: a : « beaucoup » n’est pas un nombre" },
		{ "code,a\n01001,1\n01002,12\n", true, "lignes.csv:3: a : 12 sort de l’échelle (0 à 10)" },
		{ "code,a\n01001,1\n01001,2\n", false, "lignes.csv:3: le territoire 01001 est déjà à la ligne 2" },
		{ "code,a,b,A\n01001,1,2,3\n", false, "lignes.csv:1: la colonne « a » est là deux fois" },
		{ "code,a\n01001,1\n01002,1\nRHONE9,2\n", false, "lignes.csv:4: « RHONE9 » n’est pas un code" },
		{ "code,x\n01001,1\n", false, "lignes.csv:1: aucune colonne n’est un indicateur" },
		{ "nom,a\nAlpha,1\n", false, "lignes.csv:1: aucune colonne ne donne le code" },
		{ "code,a,population\n01001,1,-5\n", false, "lignes.csv:2: une population" },
		{ "code,a,population\n01001,1,mille\n", false, "lignes.csv:2: population : « mille »" },
		{ "code,a\n,1\n", false, "lignes.csv:2: cette ligne n’a pas de code" },
		{ "code,a\n", false, "lignes.csv:1: ce fichier n’a aucune ligne" },
	};
	struct arena a = arena_new(16 << 20);
	const struct methode *m = given_methode(&a, "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 10],"
		"\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"nationale\", \"vers\": [0, 10]}," TROIS);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct entree *t;
		struct err e = { 0 };

		refuses(E_INPUT, entree_lire_texte(&a, m, given_decoupage(&a), "lignes.csv", cases[i].csv,
			strlen(cases[i].csv), -1, cases[i].notes, &t, &e), &e);
		if (strncmp(e.msg, cases[i].says, strlen(cases[i].says)) != 0)
			fail_msg("%s, not %s", e.msg, cases[i].says);
	}
	arena_free(&a);
}

TEST("two names of one indicator in a file contradict each other")
{
	static const char csv[] = "code,competences_administratives,COMPETENCES ADMINISTATIVES\n"
		"010010000,1,2\n";
	struct arena a = arena_new(16 << 20);
	const struct methode *m;
	struct entree *t;
	struct err e = { 0 };

	accepts(methode_open(&a, "ifn-2019", &m, &e), &e);
	refuses(E_INPUT, entree_lire_texte(&a, m, given_decoupage(&a), "x.csv", csv, strlen(csv), -1, true,
					   &t, &e), &e);
	holds(strstr(e.msg, "disent toutes deux") != NULL);
	arena_free(&a);
}

TEST("deciles of ifn-2023 are over IRIS: communes are refused, unless an approximation is accepted")
{
	static const char csv[] = "code,poverty_rate\n01001,10\n01002,20\n01003,30\n";
	struct arena a = arena_new(32 << 20);
	const struct methode *m;
	struct indice_table *t;
	struct entree *in;
	struct err e = { 0 };

	accepts(methode_open(&a, "ifn-2023", &m, &e), &e);
	in = given_rows(&a, m, given_decoupage(&a), false, csv);
	refuses(E_INPUT, table_base(&a, in, false, false, &t, &e), &e);
	holds(strstr(e.msg, "IRIS") && strstr(e.hint, "--approx"));
	in = given_rows(&a, m, given_decoupage(&a), false, csv);
	accepts(table_base(&a, in, true, false, &t, &e), &e);
	near_to(t->x[methode_indicateur(m, "poverty_rate")][0], 4, 0);          /* ceil(10 / 3) */
	holds(strstr(in->remarques[in->nremarques - 2], "approché") != NULL
	      || strstr(in->remarques[in->nremarques - 1], "approché") != NULL);
	/* Scores are scores, whatever their level. */
	in = given_rows(&a, m, given_decoupage(&a), true, "code,poverty_rate\n01001,3\n");
	accepts(table_base(&a, in, false, false, &t, &e), &e);
	arena_free(&a);
}

TEST("levels do not go down, and an EPCI does not go up to départements")
{
	struct arena a = arena_new(32 << 20);
	const struct decoupage *d = given_decoupage(&a);
	struct indice_table *base, *up;
	struct err e = { 0 };

	accepts(table_base(&a, given_rows(&a, simple(&a), d, true, "code,a\n01001,3\n"), false, false,
			   &base, &e), &e);
	refuses(E_INPUT, table_monter(&a, base, NIVEAU_IRIS, &up, &e), &e);
	accepts(table_base(&a, given_rows(&a, simple(&a), d, true, "code,a\n200000001,3\n200000002,4\n"),
			   false, false, &base, &e), &e);
	refuses(E_INPUT, table_monter(&a, base, NIVEAU_DEPARTEMENT, &up, &e), &e);
	accepts(table_monter(&a, base, NIVEAU_PAYS, &up, &e), &e);
	arena_free(&a);
}

TEST("the computation of a territory is told step by step, and adds up")
{
	static const char csv[] = "code,a,b,c\n01001,6,5,\n01002,1,2,3\n";
	struct arena a = arena_new(32 << 20);
	struct buf b = buf_new(1 << 16);
	const struct methode *m = simple(&a);
	struct indice_table *t = given_table(&a, given_rows(&a, m, given_decoupage(&a), true, csv),
					     NIVEAU_COMMUNE);
	struct rangs_tirage draws = rangs_defaut(m);
	struct indice_resultat r;
	struct indice_choix c;
	struct err e = { 0 };
	static const char *const told[] = {
		"Alpha (01001), 1\xe2\x80\xaf" "000 habitants", "À savoir : C : non disponible.",
		"repose sur 66,7 % des poids", "(6 + 5) ÷ 2 = 5,5", "1er sur 2 communes",
		"Entre la 1re", "lignes.csv", "graine 1",
	};

	choix_defaut(m, &c);
	accepts(table_compter(&a, t, &c, &draws, &r, &e), &e);
	accepts(indice_expliquer(&a, &b, t, &c, &r, &draws, "01001", &e), &e);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		if (!strstr(buf_text(&b), told[i]))
			fail_msg("does not say « %s »:\n%s", told[i], buf_text(&b));
	}
	refuses(E_MISSING, indice_expliquer(&a, &b, t, &c, &r, &draws, "99999", &e), &e);
	buf_clear(&b);
	accepts(indice_expliquer_json(&a, &b, t, &c, &r, &draws, "01001", &e), &e);
	holds(strstr(buf_text(&b), "\"score\":5.5,") != NULL);
	holds(strstr(buf_text(&b), "\"manques\":\"C : non disponible\"") != NULL);
	buf_free(&b);
	arena_free(&a);
}
