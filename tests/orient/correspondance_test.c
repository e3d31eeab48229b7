/* Mappings written by hand: the reader, each of its words, and the columns of the file. */
#include "lieu_world.h"

#include <math.h>

#include "orient/correspondance.h"

#define has(text, word) holds(strstr((text), (word)) != NULL)

static struct err refused(const char *text)
{
	struct arena a = arena_new(4 << 20);
	const struct correspondance *c;
	struct err e = { 0 };

	holds(!correspondance_read(&a, "m.txt", text, strlen(text), &c, &e));
	equals(e.kind, E_INPUT);
	arena_free(&a);
	return e;
}

TEST("a mistake in a mapping is told at its line")
{
	static const struct { const char *text, *at, *word; } bad[] = {
		{ "champ nom\n\tcolone Nom\n", "m.txt:2:", "colone" },
		{ "champ nm\n\tcolonne Nom\n", "m.txt:1:", "nm" },
		{ "champ nom\n\tcolonne A\nchamp nom\n\tcolonne B\n", "m.txt:3:", "nom" },
		{ "champ nom\n\tcolonne A\nchamp frais_a_charge\n\tsinon Offert\n", "m.txt:4:",
		  "Offert" },
		{ "champ nom\n\tcolonne A\nchamp services\n\tcolonne S\n\tavec-table t\ntable t\n"
		  "\tx -> Danse\n", "m.txt:7:", "Danse" },
		{ "champ nom\n\tcolonne A\nchamp services\n\tcolonne S\n\tavec-table u\n",
		  "m.txt:3:", "u" },
		{ "champ nom\n\tcolonne @a\nvaleur a\n\tcolonne @b\nvaleur b\n\tcolonne @a\n",
		  "m.txt:3:", "boucle" },
		{ "champ nom\n\tcolonne @a\n", "m.txt:2:", "valeur" },
		{ "champ nom\n\tcolonne A\nignorer A\nchamp adresse\n\tcolonne A\n", "m.txt:5:", "A" },
		{ "champ nom\nchamp adresse\n\tcolonne A\n", "m.txt:1:", "nom" },
		{ "champ adresse\n\tcolonne A\n", "m.txt:2:", "champ nom" },
		{ "champ nom\n\tcolonne A\nprojection 27572 X | Y\n", "m.txt:3:", "projection" },
		{ "champ nom\n\tquand A -> B\n", "m.txt:2:", "quand" },
		{ "champ nom\n\tcolonne A\n\tdate jour\n", "m.txt:3:", "jour" },
		{ "complet peut-être\n", "m.txt:1:", "peut-être" },
		{ "champ nom\n\tcolonne A\ntable t\n\tx = y\n", "m.txt:4:", "->" },
		{ "champ nom\n\tcolonne A\nchamp services\n\tcolonne @s\nvaleur s\n\tsinon Danse\n",
		  "m.txt:6:", "Danse" },
		{ "\tcolonne A\n", "m.txt:1:", "colonne" },
		{ "champ nom\n\tcolonne A\n\tmorceau x ,\n", "m.txt:3:", "morceau" },
		{ "champ nom\n\tcolonne A\n\tmorceau 0 ,\n", "m.txt:3:", "morceau" },
		{ "entete deux\n", "m.txt:1:", "deux" },
		{ "format schema-7\n", "m.txt:1:", "schema-7" },
		{ "format schema-2022\nchamp nom\n\tcolonne A\n", "m.txt:2:", "format" },
		{ "joindre-liste services\n", "m.txt:1:", "services" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = refused(bad[i].text);

		has(e.msg, bad[i].at);
		holds(strstr(e.msg, bad[i].word) || strstr(e.hint, bad[i].word));
	}
}

TEST("dates are read in the order that the mapping says, months in words too")
{
	static const struct { const char *text; enum ordre_date ordre; const char *iso; } dates[] = {
		{ "05/11/2021", DATE_JMA, "2021-11-05" }, { "05/11/2021", DATE_MJA, "2021-05-11" },
		{ "05/05/2021 14:29:42", DATE_JMA, "2021-05-05" }, { "7.2.22", DATE_JMA, "2022-02-07" },
		{ "2021-11-05T10:00:00Z", DATE_AMJ, "2021-11-05" }, { "20211105", DATE_AMJ, "2021-11-05" },
		{ "05112021", DATE_JMA, "2021-11-05" }, { "11052021", DATE_MJA, "2021-11-05" },
		{ "1er août 2022", DATE_JMA, "2022-08-01" }, { "12 févr. 2022", DATE_JMA, "2022-02-12" },
		{ "Mardi 3 décembre 2019", DATE_JMA, "2019-12-03" }, { "3 juin 2019", DATE_MJA, "2019-06-03" },
		{ "31/31/2021", DATE_JMA, "31/31/2021" }, { "bientôt", DATE_JMA, "bientôt" },
		{ "", DATE_JMA, "" }, { "12/2021", DATE_JMA, "12/2021" },
	};
	struct arena a = arena_new(1 << 20);

	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		same(date_ordonnee(&a, dates[i].text, dates[i].ordre), dates[i].iso);
	arena_free(&a);
}

static const char hub_mapping[] =
	"# A small hub\n"
	"titre Lieux du hub fictif\n"
	"source hub-fictif\n"
	"complet oui\n"
	"champ id\n\tcolonne N°\n"
	"champ nom\n\tjoindre \" - \"\n\tcolonne Structure\n\tcolonne Site\n"
	"adresse-entiere Adresse\n"
	"projection 2154 X | Y\n"
	"champ telephone\n\tcolonne Tél. fixe\n\tcolonne Portable\n"
	"champ date_maj\n\tcolonne Maj\n\tdate jour-mois-annee\n"
	"champ services\n\tquand Wifi | oui -> Accès internet et matériel informatique\n"
	"\tquand Notes | contient CAF -> Aide aux démarches administratives\n"
	"champ frais_a_charge\n\tcolonne Tarif\n\tcouper ,\n\tavec-table tarifs\n"
	"champ itinerance\n\tquand Type | vaut bus -> Itinérant\n\tsinon Fixe\n"
	"champ presentation_resume\n\tcolonne @note\n\tsinon Sans remarque\n"
	"valeur note\n\tcolonne Notes\n"
	"table tarifs\n\tlibre -> Gratuit\n\tadhésion -> Gratuit sous condition\n\tnon dit ->\n"
	"horaires-texte Horaires\n"
	"ignorer Commentaire interne\n"
	"facultatif Site\n";

static const char hub_header[] =
	"N°;Structure;Site;Adresse;X;Y;Tél. fixe;Portable;Maj;Wifi;Tarif;Type;Notes;Horaires;"
	"Commentaire interne\n";

static struct lieu_import_totals hub_import(struct lieux_world *w, const char *rows)
{
	struct lieu_import_ask ask = { 0 };
	struct lieu_import_totals t;
	char mapping[300], text[4000];

	snprintf(mapping, sizeof mapping, "%s", world_file(w, "hub.txt", hub_mapping));
	snprintf(text, sizeof text, "%s%s", hub_header, rows);
	ask.mapping = mapping;
	ask.path = world_file(w, "hub.csv", text);
	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	return t;
}

/* Lambert-93 of Bondy's town hall, by proj (cs2cs EPSG:4326 EPSG:2154): the position is that
 * of the test's commune, 48.9028 N 2.4845 E. */
static const char hub_rows[] =
	"7;Maison fictive;Annexe;1 rue Fictive - 93140 Bondy;662209,64;6867100,96;;0612345678;"
	"3 mars 2022;x;libre, adhésion;Bus;aide CAF et impôts;"
	"\"Du lundi au jeudi : 9h-12h / 14h-17h, vendredi 9h-12h\";-\n"
	"8;Espace inventé;;2 place Inventée, 93100 Montreuil;;;01 48 00 00 00;0612345678;"
	"04/03/2022;non;non dit;Local;;sur rendez-vous;-\n";

TEST("a table of a hub becomes places: joins, tables, yes and no, first of several, Lambert-93")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t = hub_import(&w, hub_rows);
	const struct lieu *l;

	equals(t.lus, 2);
	equals(t.acceptes, 2);
	same(t.source, "hub-fictif");
	l = world_lieu(&w, "Maison fictive - Annexe");
	assert_non_null(l);
	same(l->adresse, "1 rue Fictive");
	same(l->code_postal, "93140");
	same(l->commune, "Bondy");
	same(l->telephone, "+33612345678");
	same(l->date_maj, "2022-03-03");
	same(l->horaires, "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00");
	same(l->presentation_resume, "aide CAF et impôts");
	equals(l->frais, 3);
	equals(l->itinerance, 1);
	equals(__builtin_popcount(l->services), 2);
	holds(!l->position_commune);
	holds(distance_metres(l->lat, l->lon, 48.9028, 2.4845) < 1);
	l = world_lieu(&w, "Espace inventé");
	assert_non_null(l);
	same(l->telephone, "+33148000000");
	same(l->horaires_texte, "sur rendez-vous");
	same(l->presentation_resume, "Sans remarque");
	equals(l->frais, 0);
	equals(l->itinerance, 2);
	equals(l->services, 0);
	holds(l->position_commune);
	t = hub_import(&w, hub_rows);
	equals(t.modifies, 0);
	equals(t.inchanges, 2);
	world_end(&w);
}

TEST("a mapping whose source is complete counts the places that are gone")
{
	struct lieux_world w = world_new(true);

	hub_import(&w, hub_rows);
	equals(hub_import(&w, "8;Espace inventé;;2 place Inventée, 93100 Montreuil;;;;;"
			  "04/03/2022;non;;Local;;;-\n").absents, 1);
	world_end(&w);
}

TEST("a source whose columns changed imports nothing, and which ones is said")
{
	struct lieux_world w = world_new(true);
	char mapping[300];
	struct lieu_import_ask ask = { .mapping = mapping };
	struct lieu_import_totals t;

	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "m.txt",
		 "champ nom\n\tcolonne Nom\nchamp commune\n\tcolonne Commune\n"));
	ask.path = world_file(&w, "f.csv", "Nom du lieu;Commune\nFictif;Bondy\n");
	holds(!lieu_import(w.store, &ask, &t, &w.err));
	has(w.err.msg, "absentes : Nom");
	has(w.err.msg, "nouvelles : Nom du lieu");
	ask.path = world_file(&w, "f.json", "[{\"Nom\":\"Fictif\",\"Commune\":\"Bondy\"},"
			      "{\"Nom\":\"B\",\"Commune\":\"Bondy\",\"Fermé\":\"oui\"}]");
	holds(!lieu_import(w.store, &ask, &t, &w.err));
	has(w.err.msg, "nouvelles : Fermé");
	equals(world_read(&w)->nlieux, 0);
	ask.mapping = "nulle-part";
	holds(!lieu_import(w.store, &ask, &t, &w.err));
	has(w.err.hint, "gironde");
	world_end(&w);
}

TEST("nested JSON is reached by its path, decimal commas and swapped degrees are read")
{
	struct lieux_world w = world_new(true);
	char mapping[300];
	struct lieu_import_ask ask = { .mapping = mapping };
	struct lieu_import_totals t;
	const struct lieu *l;

	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "m.txt",
		 "champ nom\n\tcolonne fiche.titre\nchamp commune\n\tcolonne fiche.lieu.ville\n"
		 "champ latitude\n\tcolonne geo.lat\nchamp longitude\n\tcolonne geo.lon\n"));
	ask.path = world_file(&w, "f.json", "{\"data\":[{\"fiche\":{\"titre\":\"Fictif\",\"lieu\":"
			      "{\"ville\":\"Bondy\"}},\"geo\":{\"lat\":\"2,4845\",\"lon\":\"48,9028\"}}]}");
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	l = world_lieu(&w, "Fictif");
	assert_non_null(l);
	holds(fabs(l->lat - 48.9028) < 1e-6 && fabs(l->lon - 2.4845) < 1e-6);
	world_end(&w);
}

TEST("rows of one place put their lists together, and the commune that a name says is found")
{
	struct lieux_world w = world_new(true);
	char mapping[300];
	struct lieu_import_ask ask = { .mapping = mapping };
	struct lieu_import_totals t;
	const struct lieu *l;

	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "m.txt", "reunir oui\n"
		 "champ nom\n\tcolonne Nom\nchamp code_postal\n\tcolonne CP\ncommune-dans Nom\n"
		 "champ services\n\tcolonne Service\n"));
	ask.path = world_file(&w, "f.csv", "Nom;CP;Service\n"
			      "CCAS de Saint-Denis fictif;93200;Loisirs et créations numériques\n"
			      "CCAS de Saint-Denis fictif;93200;Aide aux démarches administratives\n");
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.acceptes, 1);
	equals(t.fusionnes, 1);
	l = world_lieu(&w, "CCAS de Saint-Denis fictif");
	assert_non_null(l);
	same(l->code_insee, "93066");
	equals(__builtin_popcount(l->services), 2);
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.modifies, 0);
	world_end(&w);
}

static struct lieu_import_totals import_with(struct lieux_world *w, const char *mapping,
					     const char *name, const char *rows)
{
	char file[300];
	struct lieu_import_ask ask = { .mapping = file };
	struct lieu_import_totals t;

	snprintf(file, sizeof file, "%s", world_file(w, "m.txt", mapping));
	ask.path = world_file(w, name, rows);
	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	return t;
}

TEST("one column that holds two fields is cut in pieces, from its head or from its end")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	import_with(&w, "champ nom\n\tcolonne Lieu\n\tmorceau 1 \" - \"\nchamp structure_parente\n"
		    "\tcolonne Lieu\n\tmorceau -1 \" - \"\nchamp latitude\n\tcolonne Point\n\tmorceau "
		    "1 ,\nchamp longitude\n\tcolonne Point\n\tmorceau 2 ,\nchamp commune\n\tcolonne "
		    "Ville\n", "f.csv", "Lieu;Point;Ville\nFictif - Annexe - Mairie;\"48.9028, 2.4845\";"
		    "Bondy\n");
	l = world_lieu(&w, "Fictif");
	assert_non_null(l);
	same(l->structure_parente, "Mairie");
	holds(fabs(l->lat - 48.9028) < 1e-6 && fabs(l->lon - 2.4845) < 1e-6);
	world_end(&w);
}

TEST("the header of a table may stand lower, and two columns may have one name")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	import_with(&w, "entete 3\nchamp nom\n\tcolonne Nom\nchamp commune\n\tcolonne Ville\n"
		    "champ telephone\n\tcolonne Tél\n\tcolonne Tél (2)\nchamp code_postal\n\tcolonne CP\n", "f.csv",
		    "Annuaire;;;;\nmars;;;;\nNom;Ville;Tél;Tél;CP\nFictif;Bondy;;0612345678;93140\n");
	l = world_lieu(&w, "Fictif");
	assert_non_null(l);
	same(l->telephone, "+33612345678");
	world_end(&w);
}

static const char inclusion[] = "{\"structures\":[{\"source\":\"dora\",\"id\":\"s1\",\"nom\":"
	"\"Maison fictive\",\"date_maj\":\"2026-01-02\",\"siret\":null,\"commune\":\"Bondy\","
	"\"code_postal\":\"93140\",\"adresse\":\"1 rue Fictive\",%s\"nouveau\":1},{\"source\":\"dora\","
	"\"id\":\"s2\",\"nom\":\"Sans service\",\"commune\":\"Bondy\",\"code_postal\":\"93140\"}]%s}";

static const char services[] = "\"services\":[{\"structure_id\":\"s1\",\"nom\":\"a\",\"thematiques\":"
	"[\"numerique--acceder-a-une-connexion-internet\",\"mobilite--x\"],\"frais\":\"gratuit\","
	"\"publics\":[\"seniors\"],\"type\":\"atelier\",\"lien_mobilisation\":\"https://exemple.fr/a\"},"
	"{\"structure_id\":\"s1\",\"nom\":\"b\",\"thematiques\":[\"numerique--acceder-a-des-services-"
	"en-ligne\"],\"frais\":\"payant\",\"lien_mobilisation\":\"https://exemple.fr/b\"}]";

static void check_inclusion(struct lieux_world *w, const char *text, const char *liste)
{
	struct lieu_import_ask ask = { .mapping = "data-inclusion-v1", .source = "essai",
				       .liste = liste };
	struct lieu_import_totals t;
	const struct lieu *l;

	ask.path = world_file(w, "i.json", text);
	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	equals(t.acceptes, 2);
	l = world_lieu(w, "Maison fictive");
	assert_non_null(l);
	equals(__builtin_popcount(l->services), 2);
	equals(__builtin_popcount(l->frais), 2);
	equals(__builtin_popcount(l->publics), 1);
	equals(__builtin_popcount(l->accompagnements), 1);
	same(l->prise_rdv, "https://exemple.fr/a");
	equals(world_lieu(w, "Sans service")->services, 0);
}

TEST("the services of data.inclusion come inside their structure, beside it, or in another file")
{
	char text[3000], inside[1400], beside[1400], other[300];
	struct lieux_world w = world_new(true), x = world_new(true), y = world_new(true);

	snprintf(inside, sizeof inside, "%s,", services);
	snprintf(beside, sizeof beside, ",%s", services);
	snprintf(text, sizeof text, inclusion, inside, "");
	check_inclusion(&w, text, NULL);
	snprintf(text, sizeof text, inclusion, "", beside);
	check_inclusion(&x, text, NULL);
	snprintf(beside, sizeof beside, "{%s}", services);
	snprintf(other, sizeof other, "%s", world_file(&y, "s.json", beside));
	snprintf(text, sizeof text, inclusion, "", "");
	check_inclusion(&y, text, other);
	world_end(&w);
	world_end(&x);
	world_end(&y);
}

TEST("a mapping that names a known format refuses a file of another one")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_ask ask = { .mapping = "cnfs" };
	struct lieu_import_totals t;

	ask.path = world_file(&w, "f.csv", "nom;commune\nFictif;Bondy\n");
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	has(w.err.msg, "schema-2022");
	world_end(&w);
}

TEST("--incomplet answers a mapping that says the file is whole")
{
	struct lieux_world w = world_new(true);
	char mapping[300];
	struct lieu_import_ask ask = { .mapping = mapping, .incomplet = true };
	struct lieu_import_totals t;

	hub_import(&w, hub_rows);
	snprintf(mapping, sizeof mapping, "%s/hub.txt", w.dir);
	ask.path = world_file(&w, "hub.csv", "N°;Structure;Site;Adresse;X;Y;Tél. fixe;Portable;Maj;Wifi;"
			      "Tarif;Type;Notes;Horaires;Commentaire interne\n8;Espace inventé;;;;;;;"
			      "04/03/2022;;;;;;-\n");
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	holds(!t.complet);
	ask.incomplet = false;
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	holds(t.complet);
	world_end(&w);
}

TEST("what came through is counted field by field")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	t = import_with(&w, "champ nom\n\tcolonne Nom\nchamp commune\n\tcolonne Ville\nchamp telephone\n"
			"\tcolonne Tél\nchamp code_postal\n\tcolonne CP\n", "f.csv", "Nom;Ville;Tél;CP\nA;Bondy;"
			"0612345678;93140\nB;Bondy;12;93140\nC;Bondy;;93140\nD;Bondy;0612345679;93140\n"
			";Bondy;;93140\n");
	equals(t.refuses, 1);
	equals(t.champs[LIEU_TELEPHONE].source, 3);
	equals(t.champs[LIEU_TELEPHONE].garde, 2);
	equals(t.champs[LIEU_CODE_INSEE].source, 0);
	equals(t.champs[LIEU_CODE_INSEE].garde, 4);
	equals(t.champs[LIEU_LATITUDE].garde, 0);
	lieu_bilan_print(f, &t);
	fclose(f);
	has(text, "50 % ont un téléphone ; 1 valeur de la source laissée de côté");
	has(text, "100 % ont une commune");
	has(text, "Absent de la source : id, pivot");
	free(text);
	world_end(&w);
}

/* The open sea is 40 km off Dieppe; Bondy is in Seine-Saint-Denis, Paris beside it. */
TEST("a point at sea or in another département is told, and the address kept")
{
	struct lieux_world w = world_new(true);
	char report[320], line[1000];
	char mapping[300];
	struct lieu_import_ask ask = { .mapping = mapping, .report = report };
	struct lieu_import_totals t;
	size_t told = 0;
	FILE *f;

	snprintf(report, sizeof report, "%s/r.csv", w.dir);
	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "m.txt", "champ nom\n\tcolonne Nom\n"
		 "champ commune\n\tcolonne Ville\nchamp adresse\n\tcolonne A\nchamp latitude\n"
		 "\tcolonne y\nchamp longitude\n\tcolonne x\nchamp code_postal\n\tcolonne CP\n"));
	ask.path = world_file(&w, "f.csv", "Nom;Ville;A;y;x;CP\nLoin;Bondy;1 rue Fictive;49.35;2.48;93140\n"
			      "Ici;Bondy;2 rue Fictive;48.9;2.48;93140\n");
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	same(world_lieu(&w, "Loin")->adresse, "1 rue Fictive");
	f = fopen(report, "r");
	while (fgets(line, sizeof line, f))
		told += strstr(line, "latitude") && strstr(line, "signalé") && strstr(line, "km de sa commune");
	fclose(f);
	equals(told, 1);
	world_end(&w);
}
