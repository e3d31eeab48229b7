#include "lieu_world.h"

#include <unistd.h>

#include "orient/lieu_rows.h"

static const char two_places[] =
	"id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,services,"
	"frais_a_charge,horaires,date_maj,source\n"
	"structure-1,43493312300029,La Quincaillerie,BONDY,93140,,1 rue Fictive,48.9,2.48,"
	"Aide aux démarches administratives|Maîtrise des outils numériques du quotidien,Gratuit,"
	"\"Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00\",2022-06-02,Hubik\n"
	"structure-2,,Le Fil,ST DENIS,97400,,2 rue Fictive,-20.9,55.45,"
	"Accès internet et matériel informatique,,sur demande,2022-06-02,Hubik\n";

TEST("a file of the schema of today gives its places, with their values letter for letter")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t = world_import(&w, world_file(&w, "a.csv", two_places),
						   "hubik");
	const struct lieu *l;

	equals(t.lus, 2);
	equals(t.acceptes, 2);
	equals(t.modifies, 2);
	equals(t.refuses + t.fusionnes + t.non_publies, 0);
	l = world_lieu(&w, "La Quincaillerie");
	holds(l);
	same(l->pivot, "43493312300029");
	same(l->commune, "Bondy");
	same(l->code_insee, "93010");
	equals(l->services, 1 << choice_find(lieu_services, "demarches")
	       | 1 << choice_find(lieu_services, "outils-quotidien"));
	equals(l->frais, 1 << choice_find(lieu_frais, "gratuit"));
	same(l->horaires, "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00");
	same(l->source, "Hubik");
	holds(!l->position_commune && l->lat == 48.9);
	world_end(&w);
}

TEST("hours that cannot be read are shown as the source wrote them")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	world_import(&w, world_file(&w, "a.csv", two_places), "hubik");
	l = world_lieu(&w, "Le Fil");
	holds(l);
	same(l->horaires, "");
	same(l->horaires_texte, "sur demande");
	same(l->code_insee, "97411");
	world_end(&w);
}

TEST("importing the same file twice changes nothing")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	char *before, *after;

	world_import(&w, world_file(&w, "a.csv", two_places), "hubik");
	before = world_export(&w, EXPORT_JSON);
	test_time_set("2026-11-23T10:00:00Z");
	t = world_import(&w, world_file(&w, "a.csv", two_places), "hubik");
	test_time_set("2026-11-22T10:00:00Z");
	after = world_export(&w, EXPORT_JSON);
	equals(t.modifies, 0);
	equals(t.inchanges, 2);
	same(after, before);
	same(world_lieu(&w, "Le Fil")->maj_le, "2026-11-22T10:00:00Z");
	free(before);
	free(after);
	world_end(&w);
}

TEST("a place that changed keeps its id, and only it counts as changed")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	char id[UUID_TEXT];

	world_import(&w, world_file(&w, "a.csv",
		     "id,nom,commune,code_postal,date_maj,telephone\n"
		     "1,Un,Bondy,93140,2022-01-01,\n2,Deux,Bondy,93140,2022-01-01,\n"), "s");
	snprintf(id, sizeof id, "%s", world_lieu(&w, "Deux")->id);
	t = world_import(&w, world_file(&w, "a.csv",
			 "id,nom,commune,code_postal,date_maj,telephone\n"
			 "1,Un,Bondy,93140,2022-01-01,\n"
			 "2,Deux,Bondy,93140,2022-02-01,01 80 05 98 80\n"), "s");
	equals(t.modifies, 1);
	equals(t.nouveaux, 0);
	equals(t.inchanges, 1);
	same(world_lieu(&w, "Deux")->id, id);
	same(world_lieu(&w, "Deux")->telephone, "+33180059880");
	world_end(&w);
}

TEST("an older file does not undo a newer one")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;

	world_import(&w, world_file(&w, "new.csv", "id,nom,commune,code_postal,date_maj\n"
		     "1,Neuf,Bondy,93140,2022-05-01\n"), "s");
	t = world_import(&w, world_file(&w, "old.csv", "id,nom,commune,code_postal,date_maj\n"
			 "1,Vieux,Bondy,93140,2021-05-01\n"), "s");
	equals(t.modifies, 0);
	holds(world_lieu(&w, "Neuf"));
	world_end(&w);
}

TEST("rows that repeat an id are one place: the latest date wins, whatever the order")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;

	t = world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
			 "1,Vieux,Bondy,93140,2021-05-01\n1,Neuf,Bondy,93140,2022-05-01\n"
			 "1,Moyen,Bondy,93140,2021-12-01\n"), "s");
	equals(t.lus, 3);
	equals(t.acceptes, 1);
	equals(t.fusionnes, 2);
	holds(world_lieu(&w, "Neuf"));
	equals(w.r->nlieux, 1);
	world_end(&w);
}

TEST("the same number given by two providers of one file is two places")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;

	t = world_import(&w, world_file(&w, "a.csv",
			 "id,nom,commune,code_postal,date_maj,source\n"
			 "12,Mairie,Bondy,93140,2022-05-01,hub\n"
			 "12,Bibliothèque,Montreuil,93100,2022-06-01,cd93\n"), "s");
	equals(t.acceptes, 2);
	equals(t.fusionnes, 0);
	equals(t.repetes, 1);
	holds(world_lieu(&w, "Mairie"));
	holds(world_lieu(&w, "Bibliothèque"));
	world_end(&w);
}

TEST("the same id in two sources is two places until they are matched")
{
	struct lieux_world w = world_new(true);
	const char *text = "id,nom,commune,code_postal,date_maj\n1,Un,Bondy,93140,2022-05-01\n";

	world_import(&w, world_file(&w, "a.csv", text), "a");
	world_import(&w, world_file(&w, "a.csv", text), "b");
	equals(world_read(&w)->nlieux, 2);
	world_end(&w);
}

TEST("a row that cannot be placed is kept out, named, and the others come in")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_ask ask = { .source = "s" };
	struct lieu_import_totals t;
	char report[320], text[4000] = "";
	FILE *f;

	ask.path = world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
			      "1,Un,Bondy,93140,2022-05-01\n2,Nulle part,Atlantis,,2022-05-01\n");
	snprintf(report, sizeof report, "%s/r.csv", w.dir);
	ask.report = report;
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.acceptes, 1);
	equals(t.refuses, 1);
	f = fopen(report, "r");
	holds(f && fread(text, 1, sizeof text - 1, f));
	fclose(f);
	holds(strstr(text, "ligne,champ,valeur,action,explication\n") == text);
	holds(strstr(text, "3,(ligne),\"Nulle part,  Atlantis\",refusé,"));
	world_end(&w);
}

TEST("where several communes share a postal code, the SIRET of one of them says which")
{
	static const char communes[] =
		"code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon,surface_km2_approx\n"
		"71306,Montceau-les-Mines,71,27,200070001,,17500,71300,46.67,4.36,16\n"
		"71390,Saint-Bérain-sous-Sanvignes,71,27,200070001,,1100,71300,46.70,4.30,30\n"
		"87154,Saint-Junien,87,75,200059400,,11200,87200,45.88,0.90,56\n"
		"87140,Saint-Brice-sur-Vienne,87,75,200059400,,1600,87200,45.88,0.95,20\n"
		"97416,Saint-Pierre,974,04,249740077,,84000,97410|97432,-21.34,55.48,95\n"
		"97401,Un autre,974,04,249740077,,5000,97410,-21.20,55.40,95\n";
	struct lieux_world w = world_new(false);
	const char *file = world_file(&w, "communes.csv", communes);
	struct territoire_report report;
	struct lieu_import_totals t;
	const struct lieu *l;

	accepts(territoire_import(w.store, &file, 1, &report, &w.err), &w.err);
	t = world_import(&w, world_file(&w, "a.csv",
		"id,pivot,nom,commune,code_postal,adresse,date_maj\n"
		"1,21710306800011,Le Préau,,71300,1 rue Fictive,2023-01-01\n"
		"2,21871540700019,La Remise,,87200,2 rue Fictive,2023-01-01\n"
		"3,21974016400013,La Varangue,,97410,3 rue Fictive,2023-01-01\n"
		"4,21710306800011,Ailleurs,,87200,4 rue Fictive,2023-01-01\n"
		"5,43493312300029,La Quincaillerie,,71300,5 rue Fictive,2023-01-01\n"), "hubik");
	equals(t.acceptes, 3);
	equals(t.refuses, 2);           /* a commune elsewhere; not the SIRET of a commune */
	l = world_lieu(&w, "Le Préau");
	holds(l && l->position_commune);
	same(l->code_insee, "71306");
	l = world_lieu(&w, "La Remise");
	holds(l);
	same(l->code_insee, "87154");
	l = world_lieu(&w, "La Varangue");
	holds(l);
	same(l->code_insee, "97416");
	world_end(&w);
}

TEST("without coordinates a place takes those of its commune, and they are not exported")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;
	char *csv;

	world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
		     "1,Un,BONDY CEDEX,93141,2022-05-01\n"), "s");
	l = world_lieu(&w, "Un");
	holds(l && l->position_commune && l->lat == 48.9028);
	csv = world_export(&w, EXPORT_CSV);
	holds(!strstr(csv, "48.9"));
	free(csv);
	world_end(&w);
}

TEST("coordinates the wrong way round, at 0,0 or in another region are put right")
{
	struct lieux_world w = world_new(true);

	world_import(&w, world_file(&w, "a.csv",
		     "id,nom,commune,code_postal,date_maj,latitude,longitude\n"
		     "1,Echange,Bondy,93140,2022-05-01,2.48,48.9\n"
		     "2,Zero,Bondy,93140,2022-05-01,0,0\n"
		     "3,Loin,Bondy,93140,2022-05-01,45.75,4.83\n"
		     "4,Virgule,Bondy,93140,2022-05-01,\"48,91\",\"2,49\"\n"), "s");
	equals((int)(world_lieu(&w, "Echange")->lat * 10), 489);
	holds(!world_lieu(&w, "Echange")->position_commune);
	holds(world_lieu(&w, "Zero")->position_commune);
	holds(world_lieu(&w, "Loin")->position_commune);
	holds(world_lieu(&w, "Virgule")->lat == 48.91);
	world_end(&w);
}

TEST("without any commune, only what cannot be in France is taken for swapped")
{
	struct lieux_world w = world_new(false);

	world_import(&w, world_file(&w, "a.csv",
		     "id,nom,commune,code_postal,date_maj,latitude,longitude\n"
		     "1,Echange,Bondy,93140,2022-05-01,2.48,48.9\n"
		     "2,Réunion,Saint-Denis,97400,2022-05-01,-20.9,55.4\n"
		     "3,Mayotte,Mamoudzou,97600,2022-05-01,-12.8,45.2\n"), "s");
	holds(world_lieu(&w, "Echange")->lat == 48.9);
	holds(world_lieu(&w, "Réunion")->lat == -20.9);
	holds(world_lieu(&w, "Mayotte")->lat == -12.8);
	world_end(&w);
}

TEST("a commune is known through capitals, abbreviations, its postal code or its old spelling")
{
	struct lieux_world w = world_new(true);
	static const char *const names[] = { "SAINT-DENIS CEDEX 2", "St Denis", "saint  denis",
		"Saint Deniss", "SAINT DENIS BP 12" };

	for (int i = 0; i < 5; i++) {
		char text[200], nom[20];

		snprintf(nom, sizeof nom, "Lieu %d", i);
		snprintf(text, sizeof text, "id,nom,commune,code_postal,date_maj\n"
			 "%d,%s,%s,93200,2022-05-01\n", i, nom, names[i]);
		world_import(&w, world_file(&w, "a.csv", text), "s");
		holds(world_lieu(&w, nom));
		same(world_lieu(&w, nom)->code_insee, "93066");
		same(world_lieu(&w, nom)->commune, "Saint-Denis");
	}
	world_end(&w);
}

TEST("values that no enumeration has leave the field, and near spellings are put right")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	world_import(&w, world_file(&w, "a.csv",
		     "id,nom,commune,code_postal,date_maj,services,formations_labels,"
		     "modalites_acces,typologie\n"
		     "1,Un,Bondy,93140,2022-05-01,Comprehension du monde numerique|Cuisine,"
		     "Étapes numériques(La Poste),Ce lieu n’accueille pas de public,PE|ASSO\n"),
		     "s");
	l = world_lieu(&w, "Un");
	equals(l->services, 1 << choice_find(lieu_services, "comprehension"));
	equals(l->formations, 1 << choice_find(lieu_formations, "etapes-numeriques"));
	equals(l->acces, 1 << choice_find(lieu_acces, "pas-de-public"));
	same(l->typologie, "ASSO|FT");
	world_end(&w);
}

TEST("a place imported before the communes takes its commune at the next import")
{
	struct lieux_world w = world_new(false);
	const char *text = "id,nom,commune,code_postal,date_maj,latitude,longitude\n"
			   "1,Un,BONDY,93140,2022-05-01,48.9,2.48\n2,Deux,BONDY,93140,2022-05-01,,\n";
	const char *communes;
	struct territoire_report report;
	struct lieu_import_totals t = world_import(&w, world_file(&w, "a.csv", text), "s");

	equals(t.acceptes, 1);
	equals(t.communes, 0);
	same(world_lieu(&w, "Un")->commune, "BONDY");
	communes = world_file(&w, "communes.csv", world_communes);
	accepts(territoire_import(w.store, &communes, 1, &report, &w.err), &w.err);
	t = world_import(&w, world_file(&w, "a.csv", text), "s");
	equals(t.modifies, 2);
	equals(t.nouveaux, 1);
	same(world_lieu(&w, "Un")->code_insee, "93010");
	world_end(&w);
}

TEST("a file that is not a list of places is refused in a clear sentence, and nothing comes in")
{
	struct lieux_world w = world_new(true);
	static const char *const bad[] = { "", "[]", "{\"lieux\":[]}", "nom;prix\npain;1\n",
		"[{\"nom\":\"a\",", "PK\3\4xxxx", "<html></html>", "[1,2,3]",
		"id,nom,commune\n1,\xff\xfe\x00,x\n" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct lieu_import_ask ask = { .path = world_file(&w, "bad.csv", bad[i]) };
		struct lieu_import_totals t;

		if (i == 8)
			continue;               /* Windows-1252 may read anything */
		refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
		holds(strstr(w.err.msg, "bad.csv"));
	}
	equals(world_read(&w)->nlieux, 0);
	world_end(&w);
}

TEST("an error at the end of a file leaves what was there")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_ask ask = { .source = "s" };
	struct lieu_import_totals t;

	ask.path = world_file(&w, "a.json", "[\n{\"id\":\"1\",\"nom\":\"Un\",\"commune\":"
			      "\"Bondy\",\"code_postal\":\"93140\",\"date_maj\":\"2022-01-01\"},\n"
			      "{\"id\":\"2\",\"nom\":\n");
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	holds(strstr(w.err.msg, "a.json:"));
	equals(world_read(&w)->nlieux, 0);
	world_end(&w);
}

TEST("a report that cannot be written stops the import before it begins")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_ask ask = { .report = "/nulle/part/r.csv" };
	struct lieu_import_totals t;

	ask.path = world_file(&w, "a.csv", two_places);
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(world_read(&w)->nlieux, 0);
	world_end(&w);
}

TEST("a source takes the name of its file without its date")
{
	char name[SOURCE_MOST + 1];

	lieu_source_name("lieux/cnfs_2022-12.json", name);
	same(name, "cnfs");
	lieu_source_name("france_services_2022-12-01.csv", name);
	same(name, "france_services");
	lieu_source_name("/x/hub93.csv", name);
	same(name, "hub93");
	lieu_source_name("2022-12.csv", name);
	same(name, "2022-12");
}

TEST("rows without an id are recognised the next time by what they say")
{
	struct lieux_world w = world_new(true);
	const char *text = "nom,commune,code_postal,adresse,date_maj\n"
			   "Un,Bondy,93140,1 rue A,2022-05-01\nUn,Bondy,93140,2 rue B,2022-05-01\n";
	struct lieu_import_totals t;

	world_import(&w, world_file(&w, "a.csv", text), "s");
	t = world_import(&w, world_file(&w, "a.csv", text), "s");
	equals(t.acceptes, 2);
	equals(t.modifies, 0);
	world_end(&w);
}

TEST("a person's address stays in the original row and is not shown")
{
	struct lieux_world w = world_new(true);

	world_import(&w, world_file(&w, "a.csv",
		     "id,nom,commune,code_postal,date_maj,courriels\n"
		     "1,Un,Bondy,93140,2022-05-01,sophie.durand@exemple.fr|mairie@exemple.fr\n"),
		     "s");
	same(world_lieu(&w, "Un")->courriels, "mairie@exemple.fr");
	world_end(&w);
}
