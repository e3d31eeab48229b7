#include "observe/indice_world.h"

#include "base/embedded.h"

TEST("every method that is shipped reads without fault, under its own name")
{
	struct arena a = arena_new(8 << 20);
	const struct methode **all;
	struct err e = { 0 };
	size_t n;

	accepts(methode_list(&a, &all, &n, &e), &e);
	equals(n, 8);
	for (size_t i = 0; i < n; i++) {
		const struct methode *again;

		accepts(methode_open(&a, all[i]->nom, &again, &e), &e);
		same(again->nom, all[i]->nom);
		holds(again->n >= 4);
	}
	arena_free(&a);
}

TEST("ifn-2023 has five indicators of equal weight, and nine at hand")
{
	static const char *const all[] = { "ifn-2023", "ifn-2023-junior" };
	struct arena a = arena_new(4 << 20);

	for (int k = 0; k < 2; k++) {
		const struct methode *m;
		struct indice_choix c;
		double parts[METHODE_INDICATEURS];
		struct err e = { 0 };
		int chosen = 0;

		accepts(methode_open(&a, all[k], &m, &e), &e);
		choix_defaut(m, &c);
		choix_parts(m, &c, UINT64_MAX, parts);
		for (int i = 0; i < m->n; i++) {
			holds(parts[i] == 0 || fabs(parts[i] - 0.2) < 1e-15);
			chosen += parts[i] > 0;
		}
		equals(chosen, 5);
		equals(m->n, 14);
	}
	arena_free(&a);
}

/* As in the published file of July 2023, where total * 14 is whole. */
TEST("all fourteen indicators of ifn-2023 ticked weigh a fourteenth each")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *m;
	struct indice_choix c;
	double parts[METHODE_INDICATEURS];
	struct err e = { 0 };

	accepts(methode_open(&a, "ifn-2023", &m, &e), &e);
	accepts(choix_lire(m, "avec=library_distance,public_service_distance,menseul_rate,fammono_rate,"
			   "obstacle_to_mobility_rate,unemployement_rate,foreigners_rate,"
			   "social_assistance_rate,aah_rate", &c, &e), &e);
	choix_parts(m, &c, UINT64_MAX, parts);
	for (int i = 0; i < 14; i++)
		near_to(parts[i], 1.0 / 14, 1e-15);
	arena_free(&a);
}

/* --- what is refused -------------------------------------------------------------------- */

TEST("a method that cannot be computed is refused at its line, with what to change")
{
	static const struct { const char *rest, *says; } cases[] = {
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\", \"poids\": 0}]",
		  "les poids font zéro" },
		{ UNE_METHODE "\"arbre\": [{\"groupe\": \"g\", \"libelle\": \"G\", \"poids\": 1, \"arbre\": "
		  "[{\"indicateur\": \"a\", \"libelle\": \"A\", \"poids\": 0}]}]", "poids du groupe « g »" },
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\", \"choisi\": false}]",
		  "aucun indicateur n’est choisi" },
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\", \"pois\": 2}]",
		  "essai.json:5: arbre[0].pois : ce nom n’est pas connu" },
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\", \"poids\": -1}]",
		  "il faut un nombre de 0" },
		{ UNE_METHODE "\"arbre\": []", "il manque « arbre »" },
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"score\", \"libelle\": \"A\"}]", "déjà pris" },
		{ UNE_METHODE "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\"},\n"
		  "{\"indicateur\": \"a\", \"libelle\": \"B\"}]", "essai.json:6: arbre[1].indicateur : « a »" },
		{ UNE_METHODE "\"agregation\": \"geometrique\", " TROIS, "au-dessus de zéro" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [10, 0],\n"
		  "\"normaliseur\": {\"type\": \"z-score\"}, " TROIS, "essai.json:3: echelle" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 5],\n"
		  "\"normaliseur\": {\"type\": \"decile\"}, " TROIS, "vont de 1 à 10 : elles en sortent" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 5],\n" TROIS,
		  "il manque « normaliseur »" },
		{ "\"unite\": \"canton\", \"sens\": \"risque\", \"echelle\": [0, 5],\n" TROIS,
		  "il faut un de ces mots : iris, commune" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 5],\n"
		  "\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"parent\", \"parent\": \"iris\"}," TROIS,
		  "un niveau au-dessus de « commune »" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 5],\n"
		  "\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"fixe\"}," TROIS, "il manque « bornes »" },
		{ "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [-3, 3],\n"
		  "\"normaliseur\": {\"type\": \"points\", \"seuils\": [0.5, 0.4]}," TROIS, "des parts qui montent" },
		{ UNE_METHODE "\"sortie\": {\"de\": [0, 10], \"vers\": [0, 100]}, " TROIS,
		  "« vers » sort de l’échelle" },
		{ UNE_METHODE "\"manquant\": {\"regle\": \"parent\", \"niveau\": \"commune\"}, " TROIS,
		  "un niveau au-dessus" },
		{ "\"unite\": ", "essai.json:" },
	};
	struct arena a = arena_new(8 << 20);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text = arena_cat(&a, "{\"methode\": \"essai\", \"version\": \"1\", "
			"\"titre\": \"Essai\",\n\"resume\": \"r\", \"source\": \"s\",\n", cases[i].rest, "}", NULL);
		const struct methode *m;
		struct err e = { 0 };

		refuses(E_INPUT, methode_read(&a, "essai.json", text, strlen(text), &m, &e), &e);
		if (!strstr(e.msg, cases[i].says))
			fail_msg("%s does not say %s", e.msg, cases[i].says);
		same(strncmp(e.msg, "essai.json:", 11) ? "" : "at its line", "at its line");
	}
	arena_free(&a);
}

TEST("a method that nobody knows is refused with what to do")
{
	struct arena a = arena_new(1 << 20);
	const struct methode *m;
	struct err e = { 0 };

	refuses(E_MISSING, methode_open(&a, "ifn-2040", &m, &e), &e);
	holds(strstr(e.hint, "indice list") != NULL);
	refuses(E_MISSING, methode_open(&a, "./absent.json", &m, &e), &e);
	arena_free(&a);
}

/* --- published examples ------------------------------------------------------------------ */

/*
 * ITU, "Measuring the Information Society 2012", annex box 1.2: how the IDI of the Republic of
 * Korea is made, with the values that it prints (two decimals).  That edition divides
 * mobile subscriptions by 170: one's own method, by copying the file and changing a number.
 */
TEST("a copy of idi with one number changed gives the normalised values that ITU prints for Korea")
{
	static const double printed[] = { 0.99, 0.62, 0.75, 0.82, 0.97, 0.84, 0.61, 0.91, 0.98, 1.00, 0.99 };
	static const char csv[] =
		"code,idi_fixed_telephone,idi_mobile_telephone,idi_bandwidth,idi_household_computer,"
		"idi_household_internet,idi_internet_users,idi_fixed_broadband,idi_mobile_broadband,"
		"idi_literacy,idi_secondary,idi_tertiary\n"
		"01,59.2,105.4,11878.4,82,97,84,36.6,91.0,97.9,102.0,99.0\n";
	const struct embedded_file *f = embedded_find(embedded_files, "data/methodes/idi.json");
	struct arena a = arena_new(16 << 20);
	char *text = arena_alloc(&a, (size_t)(f->end - f->p) + 1);
	const struct methode *m;
	struct indice_table *t;
	struct indice_choix only;
	struct indice_resultat r;
	struct err e = { 0 };

	memcpy(text, f->p, (size_t)(f->end - f->p));
	memcpy(strstr(text, "[0, 180]"), "[0, 170]", 8);
	accepts(methode_open(&a, given_file(&a, "corée.json", text), &m, &e), &e);
	t = given_table(&a, given_rows(&a, m, given_decoupage(&a), false, csv), NIVEAU_DEPARTEMENT);
	for (int i = 0; i < 11; i++)
		near_to(t->x[i][0], printed[i], 0.0051);
	/* The access sub-index alone: 0.82 in the box, where addends are rounded first. */
	accepts(choix_lire(m, "poids=usages:0,competences:0", &only, &e), &e);
	accepts(table_compter(&a, t, &only, NULL, &r, &e), &e);
	near_to(r.totaux[0] / 10, 0.82, 0.01);
	r = counted(&a, t);
	near_to(r.totaux[0], 10 * (0.4 * (59.2 / 60 + 105.4 / 170 + log10(11878.4) / 5.45 + 0.82 + 0.97) / 5
		+ 0.4 * (0.84 + 36.6 / 60 + 0.91) / 3 + 0.2 * (0.979 + 1 + 0.99) / 3), 1e-9);
	arena_free(&a);
}

TEST("deri-1.0 is the mean of three components, each indicator from 0 to 10 inside its département")
{
	/* Three IRIS of one département: worked out by hand from the published formula. */
	static const char csv[] =
		"code,older_65_rate,pop_75_plus_rate,no_thd_coverage_rate,no_bhd_coverage_rate,"
		"average_download_speed,pension_credit_rate,no_diploma_rate,unemployement_rate,deprivation_index\n"
		"010010000,10,4,0,0,100,1,20,5,10\n"
		"010020101,20,6,30,10,50,2,30,15,30\n"
		"010020102,30,14,60,40,0,5,40,25,20\n"
		"930010000,90,90,90,90,1,90,90,90,90\n"
		"930020000,80,80,80,80,2,80,80,80,80\n";
	struct arena a = arena_new(16 << 20);
	const struct methode *m;
	struct indice_table *t;
	struct indice_resultat r;
	struct err e = { 0 };
	double age, reseau, precarite;

	accepts(methode_open(&a, "deri-1.0", &m, &e), &e);
	t = given_table(&a, given_rows(&a, m, given_decoupage(&a), false, csv), NIVEAU_IRIS);
	r = counted(&a, t);
	near_to(total_of(t, &r, "010010000"), 0, 1e-12);        /* the least of everything */
	age = (5 + 10 * 2.0 / 10) / 2;                          /* 20 of 10..30; 6 of 4..14 */
	reseau = (5 + 2.5 + 5) / 3;                             /* 50 Mbit/s of 0..100, reversed */
	precarite = (20 * 2.5 + 40 * 5 + 20 * 5 + 20 * 10) / 100;
	near_to(total_of(t, &r, "010020101"), (age + reseau + precarite) / 3, 1e-12);
	near_to(total_of(t, &r, "930010000"), 10, 1e-12);       /* the other département's scale */
	near_to(total_of(t, &r, "930020000"), 0, 1e-12);
	arena_free(&a);
}

TEST("ifn-2021 gives the sum of points over 3.3, and the same range when indicators are dropped")
{
	struct arena a = arena_new(32 << 20);
	struct buf csv = buf_new(1 << 20);
	const struct methode *m;
	struct indice_table *t;
	struct indice_resultat r;
	struct indice_choix c;
	struct err e = { 0 };

	accepts(methode_open(&a, "ifn-2021", &m, &e), &e);
	buf_str(&csv, "code,population");
	for (int k = 0; k < 11; k++)
		buf_printf(&csv, ",%s", m->indicateurs[k].code);
	for (int i = 0; i < 100; i++) {
		buf_printf(&csv, "\n%05d,10", 1001 + i);
		for (int k = 0; k < 11; k++)
			buf_printf(&csv, ",%d", i);
	}
	buf_char(&csv, '\n');
	t = given_table(&a, given_rows(&a, m, given_decoupage(&a), false, buf_text(&csv)), NIVEAU_COMMUNE);
	r = counted(&a, t);
	near_to(total_of(t, &r, "01100"), 33 / 3.3, 1e-12);     /* top 10 %: +3 eleven times */
	near_to(total_of(t, &r, "01091"), 33 / 3.3, 1e-12);
	near_to(total_of(t, &r, "01090"), 22 / 3.3, 1e-12);
	near_to(total_of(t, &r, "01050"), 0, 1e-12);            /* the median */
	near_to(total_of(t, &r, "01001"), -33 / 3.3, 1e-12);
	accepts(choix_lire(m, "sans=poverty_rate,library_distance,menseul_rate", &c, &e), &e);
	accepts(table_compter(&a, t, &c, NULL, &r, &e), &e);
	near_to(total_of(t, &r, "01100"), 10, 1e-12);
	near_to(total_of(t, &r, "01001"), -10, 1e-12);
	buf_free(&csv);
	arena_free(&a);
}
