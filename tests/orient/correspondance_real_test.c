/*
 * The eight real files by a mapping of ours: each row is in, put with another or
 * refused by name, and how many published places have each field.  Counted apart in the raw
 * files: Gironde 318 rows with a service and 214 with "Accès à Internet" (two shelters are not
 * published: 317 and 213); Haute-Vienne 208 organisations by name, address and commune, 199
 * with a national service, 76 that assist, 18 France services; Nouvelle-Calédonie 72 with
 * hours, 63 with a way to accompany, 18 for reduced mobility; Hinaura 10 repeated rows;
 * Aidants Connect 3,290 SIRET whose key is right; conseillers numériques 4,249 with hours (35
 * unpublished, 25 of them with hours); France services 2,653 with a position, 2,682 labelled.
 */
#include "lieu_world.h"

#include <math.h>

static bool world_france(struct lieux_world *w)
{
	const char *files[2] = { real_data("communes_france.csv"),
				 real_data("arrondissements_municipaux.csv") };
	struct territoire_report report;

	if (!files[0] || !files[1])
		return false;
	*w = (struct lieux_world){ .dir = test_dir() };
	accepts(store_open(w->dir, STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(territoire_import(w->store, files, 2, &report, &w->err), &w->err);
	return true;
}

struct counts {
	size_t positions, services, accompagnements, typologies, heures, heures_texte, prises;
	size_t frais, dispositifs, pivots, sites;
};

/* Of the published places of a source. */
static struct counts count_fields(const struct repertoire *r, const char *source)
{
	struct counts c = { 0 };

	for (size_t i = 0; i < r->nlieux; i++) {
		const struct lieu *l = &r->lieux[i];

		if (strcmp(l->source_titre, source))
			continue;
		c.positions += isfinite(l->lat) && !l->position_commune;
		c.services += l->services != 0;
		c.accompagnements += l->accompagnements != 0;
		c.typologies += *l->typologie != '\0';
		c.heures += *l->horaires != '\0';
		c.heures_texte += *l->horaires_texte != '\0';
		c.prises += l->prises_en_charge != 0;
		c.frais += l->frais != 0;
		c.dispositifs += l->dispositifs != 0;
		c.pivots += *l->pivot != '\0';
		c.sites += *l->site_web != '\0';
		holds(*l->nom && l->lat > -90 && l->lat < 90);
	}
	return c;
}

static size_t count_refused(const char *path)
{
	char line[8192];
	size_t n = 0;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		n += strstr(line, ",refusé,") != NULL;
	fclose(f);
	return n;
}

TEST("the eight real files come by their mappings, every row counted, twice without change")
{
	static const struct {
		const char *mapping, *file, *titre;
		size_t lus, acceptes, refuses, fusionnes, non_publies;
		struct counts n;
	} files[] = {
		{ "gironde", "lieux/gironde.json", "Lieux de médiation numérique de la Gironde",
		  347, 347, 0, 0, 2, { 345, 317, 213, 345, 0, 0, 0, 0, 0, 0, 288 } },
		{ "haute-vienne", "lieux/haute-vienne.json", "Médiation numérique en Haute-Vienne",
		  561, 208, 5, 348, 0, { 208, 199, 76, 208, 43, 57, 0, 0, 18, 0, 73 } },
		{ "nouvelle-caledonie", "lieux/nouvelle-caledonie.json",
		  "Lieux d'inclusion numérique de Nouvelle-Calédonie",
		  92, 92, 0, 0, 1, { 91, 90, 63, 91, 60, 11, 17, 91, 0, 0, 58 } },
		{ "hinaura", "lieux/hinaura_2022-11.json",
		  "Cartographie Hinaura (Auvergne-Rhône-Alpes)",
		  1171, 1161, 0, 10, 1, { 1158, 703, 595, 643, 654, 92, 570, 700, 371, 0, 895 } },
		{ "aidants-connect", "lieux/aidants-connect_2023-01.json",
		  "Structures Aidants Connect (ANCT)",
		  3407, 2653, 731, 23, 23, { 0, 2630, 2630, 0, 0, 0, 0, 0, 2630, 2538, 0 } },
		{ "cnfs", "lieux/cnfs_2022-12.json", "Lieux des conseillers numériques (ANCT)",
		  4930, 4930, 0, 0, 35, { 4865, 4895, 0, 0, 4157, 67, 0, 4895, 4895, 2522, 2013 } },
		{ "data-inclusion-2023", "lieux/data-inclusion_2023-02.json",
		  "data.inclusion, extrait au schéma de 2022", 3811, 3811, 0, 0, 347, { 3344, 3464, 808, 266, 2681, 121, 436, 705, 2529, 3454, 1989 } },
		{ "france-services", "lieux/france_services_2022-12-01.csv",
		  "Liste des France services (ANCT)", 2683, 2657, 26, 0, 0, { 2653, 2656, 2656, 0, 2558, 2, 0, 0, 2656, 0, 0 } },
	};
	struct lieux_world w;
	struct lieu_import_totals t;
	char report[320];
	needs_data(first, "lieux/gironde.json");

	(void)first;
	if (!world_france(&w))
		skip();
	snprintf(report, sizeof report, "%s/r.csv", w.dir);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct lieu_import_ask ask = { .mapping = files[i].mapping, .report = report,
					       .path = real_data(files[i].file),
					       .sans_reunir = true };

		accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
		equals(t.lus, files[i].lus);
		equals(t.acceptes, files[i].acceptes);
		equals(t.refuses, files[i].refuses);
		equals(t.fusionnes, files[i].fusionnes);
		equals(t.non_publies, files[i].non_publies);
		equals(t.lus, t.acceptes + t.refuses + t.fusionnes);
		equals(count_refused(report), t.refuses);
		accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
		equals(t.modifies, 0);
		equals(t.absents, 0);
	}
	world_read(&w);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct counts c = count_fields(w.r, files[i].titre);

		assert_memory_equal(&c, &files[i].n, sizeof c);
	}
	world_end(&w);
}
