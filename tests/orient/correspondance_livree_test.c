/*
 * Each mapping that is shipped reads a small file in the style of its source.  Those of the
 * eight real files are in correspondance_real_test.c; data.inclusion v1 in
 * correspondance_test.c.  Values expected of v0: npm @gouvfr-anct/lieux-de-mediation-numerique
 * 2.3.0, from_data_inclusion.
 */
#include "lieu_world.h"

#include <math.h>

#include "base/embedded.h"

static struct lieu_import_totals import_shipped(struct lieux_world *w, const char *mapping,
						const char *name, const char *text)
{
	struct lieu_import_ask ask = { .mapping = mapping, .source = "essai" };
	struct lieu_import_totals t;

	ask.path = world_file(w, name, text);
	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	return t;
}

static uint32_t bit(const struct choice *table, const char *slug)
{
	int i = choice_find(table, slug);

	holds(i >= 0);
	return UINT32_C(1) << i;
}

TEST("data.inclusion v0: structures and their services become one place each")
{
	static const char text[] = "{\"structures\":[{\"source\":\"dora\",\"id\":\"s1\",\"siret\":"
		"\"43493312300029\",\"rna\":null,\"nom\":\"Maison fictive\",\"commune\":\"Bondy\","
		"\"code_postal\":\"93140\",\"code_insee\":\"93010\",\"adresse\":\"1 rue Fictive\","
		"\"complement_adresse\":\"Bâtiment B\",\"longitude\":2.4845,\"latitude\":48.9028,"
		"\"typologie\":\"PE\",\"telephone\":\"01 48 00 00 01\",\"courriel\":\"a@exemple.fr\","
		"\"site_web\":\"https://exemple.fr\",\"horaires_ouverture\":\"Mo-Fr 09:00-17:00\","
		"\"presentation_resume\":\"Un lieu fictif.\",\"date_maj\":\"2023-05-02T10:00:00\","
		"\"labels_nationaux\":[\"france-service\",\"aidants-connect\",\"autre-label\"],"
		"\"labels_autres\":[\"Label d'ici\"],\"inconnu\":1},"
		"{\"source\":\"dora\",\"id\":\"s2\",\"nom\":\"Sans service\",\"commune\":\"Bondy\","
		"\"code_postal\":\"93140\",\"date_maj\":\"2023-05-02\"}],"
		"\"services\":[{\"id\":\"v1\",\"structure_id\":\"s1\",\"nom\":\"a\",\"thematiques\":"
		"[\"numerique--acceder-a-du-materiel\",\"mobilite--louer\"],\"frais\":[\"adhesion\"],"
		"\"profils\":[\"seniors-65\",\"surdite\"],\"types\":[\"atelier\"],"
		"\"modes_orientation_beneficiaire\":[\"telephoner\",\"autre\"],\"prise_rdv\":"
		"\"https://exemple.fr/rdv\"},{\"id\":\"v2\",\"structure_id\":\"s1\",\"nom\":\"b\","
		"\"thematiques\":[\"numerique--prendre-en-main-un-ordinateur\"],\"types\":[\"delegation\"]}]}";
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t = import_shipped(&w, "data-inclusion-v0", "v0.json", text);
	const struct lieu *l = world_lieu(&w, "Maison fictive");

	equals(t.acceptes, 2);
	equals(t.refuses, 0);
	assert_non_null(l);
	same(l->pivot, "43493312300029");
	same(l->typologie, "FT");
	same(l->adresse, "1 rue Fictive");
	same(l->telephone, "+33148000001");
	same(l->courriels, "a@exemple.fr");
	same(l->horaires, "Mo-Fr 09:00-17:00");
	same(l->prise_rdv, "https://exemple.fr/rdv");
	holds(fabs(l->lat - 48.9028) < 1e-6 && fabs(l->lon - 2.4845) < 1e-6);
	equals(l->services, bit(lieu_services, "acces") | bit(lieu_services, "outils-quotidien"));
	equals(__builtin_popcount(l->frais), 1);
	equals(__builtin_popcount(l->publics), 1);
	equals(__builtin_popcount(l->prises_en_charge), 1);
	equals(__builtin_popcount(l->dispositifs), 2);
	equals(__builtin_popcount(l->acces), 1);
	equals(__builtin_popcount(l->accompagnements), 2);
	equals(world_lieu(&w, "Sans service")->services, 0);
	world_end(&w);
}

/* Two rows in the words of each version of the national standard. */
TEST("each version of the national standard has its mapping, and gives the same place")
{
	static const struct { const char *mapping, *services, *frais; } versions[] = {
		{ "standard-0.1", "Accéder à du matériel", "Gratuit" },
		{ "standard-0.2", "Accéder à du matériel", "Gratuit" },
		{ "standard-1.0.0", "Accès internet et matériel informatique", "Gratuit" },
		{ "standard-1.0.1", "Accès internet et matériel informatique", "Gratuit" },
	};

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		struct lieux_world w = world_new(true);
		char text[1000];
		const char *frais = i < 2 ? "conditions_acces" : "frais_a_charge";
		struct lieu_import_totals t;
		const struct lieu *l;

		snprintf(text, sizeof text, "id,nom,commune,code_postal,adresse,latitude,longitude,"
			 "telephone,horaires,services,%s,date_maj\n"
			 "1,Maison fictive,Bondy,93140,1 rue Fictive,48.9028,2.4845,+33148000001,"
			 "Mo-Fr 09:00-17:00,%s,%s,2023-05-02\n"
			 "2,,Bondy,93140,2 rue Fictive,,,,,,,2023-05-02\n", frais,
			 versions[i].services, versions[i].frais);
		t = import_shipped(&w, versions[i].mapping, "standard.csv", text);
		equals(t.acceptes, 1);
		equals(t.refuses, 1);
		l = world_lieu(&w, "Maison fictive");
		assert_non_null(l);
		equals(l->services, bit(lieu_services, "acces"));
		equals(l->frais, bit(lieu_frais, "gratuit"));
		same(l->horaires, "Mo-Fr 09:00-17:00");
		holds(fabs(l->lat - 48.9028) < 1e-6);
		world_end(&w);
	}
}

/* A mapping that is added without a test that reads a file by it makes this fail. */
TEST("no mapping is shipped that no test reads a file by")
{
	static const char *const read_here[] = {
		"aidants-connect", "cnfs", "data-inclusion-2023", "data-inclusion-v0", "data-inclusion-v1",
		"gironde", "haute-vienne", "hinaura", "nouvelle-caledonie", "standard-0.1", "standard-0.2",
		"standard-1.0.0", "standard-1.0.1",
	};
	size_t shipped = 0;

	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		const char *name = strstr(f->name, "mappings/");
		bool known = false;
		size_t n;

		if (!name)
			continue;
		name += strlen("mappings/");
		n = strlen(name) - strlen(".txt");
		for (size_t i = 0; i < sizeof read_here / sizeof *read_here; i++)
			known |= strlen(read_here[i]) == n && !strncmp(read_here[i], name, n);
		if (!known)
			fail_msg("%s is read by no test", f->name);
		shipped++;
	}
	equals(shipped, sizeof read_here / sizeof *read_here);
}
