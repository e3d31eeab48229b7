#include "lieu_world.h"

#include "orient/lieu_format.h"

static uint32_t bit(const struct choice *table, const char *slug)
{
	int i = choice_find(table, slug);

	holds(i >= 0);
	return UINT32_C(1) << i;
}

/* Expected values: the tables of npm @gouvfr-anct/lieux-de-mediation-numerique 2.3.0
 * (from_data_inclusion), where the old names are slugs. */
TEST("the fifteen services of 2022 become the nine of today")
{
	static const struct { const char *old, *slug; } services[] = {
		{ "Devenir autonome dans les démarches administratives", "demarches" },
		{ "Réaliser des démarches administratives avec un accompagnement", "demarches" },
		{ "Accompagner les démarches de santé", "demarches" },
		{ "Prendre en main un smartphone ou une tablette", "outils-quotidien" },
		{ "Prendre en main un ordinateur", "outils-quotidien" },
		{ "Utiliser le numérique au quotidien", "outils-quotidien" },
		{ "Approfondir ma culture numérique", "comprehension" },
		{ "Promouvoir la citoyenneté numérique", "comprehension" },
		{ "Favoriser mon insertion professionnelle", "insertion-pro" },
		{ "Créer et développer mon entreprise", "insertion-pro" },
		{ "Accéder à une connexion internet", "acces" },
		{ "Accéder à du matériel", "acces" },
		{ "S'équiper en matériel informatique", "materiel" },
		{ "Créer avec le numérique", "loisirs" },
		{ "Soutenir la parentalité et l'éducation avec le numérique", "parentalite" },
	};
	struct arena a = arena_new(4 << 20);
	struct lieu_notes notes = lieu_notes_new(NULL);
	struct lieu_mapping m = { &a, &notes, migration_read(&a), 2, NULL };

	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		struct lieu_draft d = { .par_jour = false };

		for (int f = 0; f < LIEU_FIELDS; f++)
			d.v[f] = "";
		migrate_list(&m, "services", services[i].old, &d);
		equals(choices_read(lieu_services, d.v[LIEU_SERVICES], NULL),
		       bit(lieu_services, services[i].slug));
	}
	equals(notes.counts[NOTE_RETIRE], 0);
	equals(notes.counts[NOTE_TRADUIT], 15);
	lieu_notes_free(&notes);
	arena_free(&a);
}

static const char place_2022[] =
	"[{\"id\":\"p1\",\"nom\":\"Maison fictive\",\"pivot\":\"43493312300029\","
	"\"commune\":\"BONDY\",\"code_postal\":\"93140\",\"adresse\":\"1 rue Fictive\","
	"\"latitude\":48.9,\"longitude\":2.48,"
	"\"services\":\"Prendre en main un ordinateur;Accéder à du matériel;Danser\","
	"\"publics_accueillis\":\"Seniors (+ 65 ans);Adultes;Surdité;Handicaps psychiques : "
	"troubles psychiatriques donnant lieu à des atteintes comportementales\","
	"\"conditions_access\":\"Adhésion : L'accès au lieu et/ou à ses services nécessite d'y "
	"adhérer\",\"labels_nationaux\":\"CNFS;Fabriques de Territoire;APTIC\","
	"\"modalites_accompagnement\":\"Seul : j'ai accès à du matériel et une connexion;A ma "
	"place : une personne habilitée fait les démarches à ma place\","
	"\"site_web\":\"https://un.fr;https://deux.fr\",\"horaires\":\"Mo 09:00-12:00\","
	"\"source\":\"fictif\",\"date_maj\":\"2022-06-02\",\"structureId\":\"x\"}]";

TEST("a place of 2022 comes in with the words of today")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	world_import(&w, world_file(&w, "old.json", place_2022), "s");
	l = world_lieu(&w, "Maison fictive");
	holds(l);
	equals(l->services, bit(lieu_services, "outils-quotidien") | bit(lieu_services, "acces"));
	equals(l->publics, bit(lieu_publics, "seniors"));
	equals(l->prises_en_charge, bit(lieu_prises_en_charge, "surdite")
	       | bit(lieu_prises_en_charge, "handicaps-mentaux"));
	equals(l->frais, bit(lieu_frais, "payant"));
	equals(l->dispositifs, bit(lieu_dispositifs, "conseillers-numeriques"));
	equals(l->formations, bit(lieu_formations, "fabriques-de-territoire"));
	same(l->autres_formations_labels, "APTIC");
	equals(l->accompagnements, bit(lieu_accompagnements, "autonomie")
	       | bit(lieu_accompagnements, "individuel"));
	same(l->site_web, "https://un.fr|https://deux.fr");
	world_end(&w);
}

TEST("a place of 2022 that ticks every public does not become one for women only")
{
	struct lieux_world w = world_new(true);

	world_import(&w, world_file(&w, "old.json", "[{\"id\":\"1\",\"nom\":\"Tous\","
		     "\"commune\":\"Bondy\",\"code_postal\":\"93140\",\"date_maj\":"
		     "\"2022-06-02\",\"publics_accueillis\":\"Seniors (+ 65 ans);Adultes;"
		     "Uniquement femmes;Jeunes (16-26 ans)\"}]"), "s");
	equals(world_lieu(&w, "Tous")->publics,
	       bit(lieu_publics, "seniors") | bit(lieu_publics, "jeunes"));
	world_end(&w);
}

static bool keep_champs(const struct lieu_row *row, const char *key, const char *value)
{
	return strcmp(lieu_row_get(row, key), value) == 0;
}

TEST("a row is read the same from CSV, JSON and GeoJSON")
{
	static const struct { const char *file, *text; } files[] = {
		{ "r.csv", "Nom;Code postal;latitude\nUn;93140;48.9\n" },
		{ "r.json", "{\"data\":[{\"nom\":\"Un\",\"code_postal\":\"93140\",\"latitude\":48.9}]}" },
		{ "r.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
		  "\"geometry\":{\"type\":\"Point\",\"coordinates\":[2.48,48.9]},"
		  "\"properties\":{\"nom\":\"Un\",\"code_postal\":\"93140\"}}]}" },
	};
	struct lieux_world w = { .dir = test_dir() };
	struct arena a = arena_new(1 << 20);

	for (int i = 0; i < 3; i++) {
		CLEANUP(lieu_rows_close) struct lieu_rows *rows = NULL;
		struct lieu_row row;

		accepts(lieu_rows_open(world_file(&w, files[i].file, files[i].text), &rows,
				       &w.err), &w.err);
		accepts(lieu_rows_next(rows, &a, &row, &w.err), &w.err);
		holds(keep_champs(&row, "nom", "Un"));
		holds(keep_champs(&row, "code_postal", "93140"));
		holds(keep_champs(&row, "latitude", "48.9"));
		holds(!lieu_rows_next(rows, &a, &row, &w.err) && w.err.kind == E_OK);
	}
	arena_free(&a);
}

static const char france_services[] =
	"id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,"
	"longitude,mail,telephone,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,"
	"commentaire,itinerance,format_fs,groupe,labellisation\n"
	"1,93,France services fictive,1 rue Fictive,,93010,93140,Bondy,48.9,2.48,,,"
	"09:00 - 12:00 / 13:30 - 17:00,09:00 - 12:00,,,,,Sur rendez-vous le mardi,Non,"
	"Site principal,,Espace labellisé 01/01/2020\n"
	"2,93,Bus fictif,2 rue Fictive,,93010,93140,Bondy,48.91,2.48,,,le matin,,,,,,"
	"[téléphone],Oui,Site principal,,\n";

TEST("a France services gives what its list and its référentiel say, and no more")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;
	struct lieu_import_totals t;

	t = world_import(&w, world_file(&w, "fs_2022-12-01.csv", france_services), NULL);
	same(t.source, "fs");
	equals(t.acceptes, 2);
	l = world_lieu(&w, "France services fictive");
	holds(l);
	equals(l->dispositifs, bit(lieu_dispositifs, "france-services"));
	equals(l->services, bit(lieu_services, "demarches"));
	equals(l->itinerance, bit(lieu_itinerances, "fixe"));
	equals(l->frais, 0);
	same(l->horaires, "Mo 09:00-12:00,13:30-17:00; Tu 09:00-12:00");
	same(l->date_maj, "2022-12-01");
	same(l->presentation_detail, "Sur rendez-vous le mardi");
	same(l->source_titre, "Liste des France services (ANCT)");
	world_end(&w);
}

TEST("a France services without a label gets none, and hours it cannot read stay text")
{
	struct lieux_world w = world_new(true);
	const struct lieu *l;

	world_import(&w, world_file(&w, "fs_2022-12-01.csv", france_services), NULL);
	l = world_lieu(&w, "Bus fictif");
	holds(l);
	equals(l->dispositifs | l->services, 0);
	equals(l->itinerance, bit(lieu_itinerances, "itinerant"));
	same(l->horaires, "");
	same(l->horaires_texte, "lundi : le matin");
	same(l->presentation_detail, "");
	world_end(&w);
}

TEST("--mapping takes the name of a format, and an unknown one is refused with the list")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_ask ask = { .mapping = "schema-1.0.2", .source = "s" };
	struct lieu_import_totals t;

	ask.path = world_file(&w, "old.json", place_2022);
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	same(t.format, "schéma national 1.0.2");
	ask.mapping = "autre";
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	holds(strstr(w.err.hint, "schema-2022"));
	world_end(&w);
}
