/*
 * `lieu map`: what is proposed for a file reads without a mistake and finds the fields that a
 * person would; on the real files, those that the mapping written by hand fills.
 */
#include "lieu_world.h"

#include <zip.h>

#include "format/xlsx.h"
#include "orient/correspondance.h"
#include "orient/proposition.h"
#include "orient/proposition_mots.h"

#define has(text, word) do { if (!strstr((text), (word))) \
	fail_msg("no « %s » in:\n%s", (word), (text)); } while (0)

/* Proposes, and keeps the text in a file of the world. */
static char *proposed(const char *path, struct proposition_totals *t)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 << 20);
	struct lieu_rows_ask ask = { .path = path };
	struct err e = { 0 };

	accepts(proposition_write(&ask, &b, t, &e), &e);
	return strdup(buf_text(&b));
}

static const char *const hub[][14] = {
	{ "Annuaire des lieux du hub fictif, mars 2024" },
	{ NULL },
	{ "Structure", "Type", "Adresse complète", "Tél.", "Portable", "Mail", "Site", "Horaires",
	  "Wi-Fi", "Aide CAF / impôts", "Gratuit ?", "Accès PMR", "Dernière mise à jour",
	  "Remarques internes" },
	{ "Médiathèque fictive", "Médiathèque", "1 rue Fictive 93140 Bondy", "01 48 00 00 01", NULL,
	  "accueil@exemple.fr", "www.exemple.fr", "Du lundi au vendredi : 9h-12h / 14h-17h", "oui",
	  "non", "oui", "oui", "04/03/2024", "à rappeler" },
	{ "CCAS inventé", "CCAS", "2 place Inventée, 93100 Montreuil", NULL, "0612345678", NULL, NULL,
	  "lundi 9h-12h", "non", "oui", "oui", "non", "05/03/2024", NULL },
	{ "Maison imaginaire", "Association", "3 av. Rêvée - 93200 Saint-Denis", "148000003", NULL,
	  "contact@exemple.fr", "https://exemple.org", "mardi 10h-18h", "Oui", "oui", "non", "oui",
	  "06/03/2024", "?" },
};

static const char *hub_workbook(struct lieux_world *w)
{
	CLEANUP(xlsx_free) struct xlsx *x = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	FILE *f;

	accepts(xlsx_new(w->dir, &x, &w->err), &w->err);
	accepts(xlsx_sheet(x, "Annuaire", &w->err), &w->err);
	for (size_t i = 0; i < sizeof hub / sizeof *hub; i++) {
		for (size_t k = 0; k < 14; k++)
			xlsx_text(x, hub[i][k]);
		accepts(xlsx_row(x, &w->err), &w->err);
	}
	accepts(xlsx_end(&x, &b, &w->err), &w->err);
	snprintf(w->path, sizeof w->path, "%s/annuaire-hub.xlsx", w->dir);
	f = fopen(w->path, "w");
	fwrite(b.p, 1, b.n, f);
	fclose(f);
	return w->path;
}

TEST("a workbook of a small hub gets a mapping that imports it without a change")
{
	struct lieux_world w = world_new(true);
	char path[300], mapping[300];
	struct lieu_import_ask ask = { .path = path, .mapping = mapping };
	struct lieu_import_totals t;
	struct proposition_totals seen;
	const struct lieu *l;
	char *text;

	snprintf(path, sizeof path, "%s", hub_workbook(&w));
	text = proposed(path, &seen);
	equals(seen.lus, 3);
	equals(seen.colonnes, 14);
	equals(seen.reprises, 13);
	has(text, "entete 3\n");
	has(text, "ignorer Remarques internes\n");
	has(text, "adresse-entiere Adresse complète\n");
	has(text, "quand Gratuit ? | oui -> Gratuit\n");
	has(text, "date jour-mois-annee");
	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "hub.txt", text));
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.lus, 3);
	equals(t.acceptes, 3);
	same(t.source, "annuaire-hub");
	l = world_lieu(&w, "Maison imaginaire");
	assert_non_null(l);
	same(l->telephone, "+33148000003");
	same(l->code_postal, "93200");
	same(l->horaires, "Tu 10:00-18:00");
	same(l->typologie, "ASSO");
	same(l->date_maj, "2024-03-06");
	equals(__builtin_popcount(l->services), 2);
	holds(l->prises_en_charge != 0);
	equals(l->frais, 0);
	same(world_lieu(&w, "CCAS inventé")->telephone, "+33612345678");
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.modifies, 0);
	free(text);
	world_end(&w);
}

TEST("odd names and values of columns make a proposal that still reads")
{
	struct lieux_world w = world_new(false);
	struct proposition_totals t;
	char *text = proposed(world_file(&w, "f.json", "[{\"@id\":\"x -> y\",\"Nom | du\\nlieu\":\"A\","
		"\"services\":\"# wifi -> | *;\\\"emploi\\\"\",\"#\":\"z\",\"Type\":\"*\",\"a -> b\":\"oui\"},"
		"{\"@id\":\"z\",\"Nom | du\\nlieu\":\"B\",\"services\":\"CAF\",\"Type\":\"bus\",\"Lundi\":"
		"\"9h-12h\"}]"), &t);

	has(text, "champ nom\n\tcolonne Nom du lieu\n");
	has(text, "ignorer a > b\n");
	free(text);
	world_end(&w);
}

TEST("a file without a column that could be a name is refused, and so is an empty one")
{
	struct lieux_world w = world_new(false);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct proposition_totals t;
	struct lieu_rows_ask ask = { .path = world_file(&w, "f.csv", "x;y\n1;2\n") };

	refuses(E_INPUT, proposition_write(&ask, &b, &t, &w.err), &w.err);
	ask.path = world_file(&w, "f.csv", "nom;y\n");
	refuses(E_INPUT, proposition_write(&ask, &b, &t, &w.err), &w.err);
	world_end(&w);
}

/* Fields that a mapping fills. */
static uint64_t fields_of(const struct correspondance *c)
{
	uint64_t bits = 0;

	for (const struct bloc *b = c->blocs; b; b = b->next) {
		if (b->champ >= 0)
			bits |= UINT64_C(1) << b->champ;
	}
	if (c->adresse)
		bits |= UINT64_C(1) << LIEU_ADRESSE | UINT64_C(1) << LIEU_COMMUNE
			| UINT64_C(1) << LIEU_CODE_POSTAL;
	if (c->ncommunes)
		bits |= UINT64_C(1) << LIEU_COMMUNE;
	if (c->horaires || c->par_jour)
		bits |= UINT64_C(1) << LIEU_HORAIRES;
	return bits;
}

/* 65 fields of 77.  What is missed: constants that only a person knows (what Aidants Connect
 * offers), and columns of which one value in five at most is understood. */
TEST("for the real files the proposal fills nearly all fields that the mapping by hand fills")
{
	static const struct { const char *mapping, *file; int of, found; } files[] = {
		{ "gironde", "lieux/gironde.json", 13, 11 },
		{ "haute-vienne", "lieux/haute-vienne.json", 15, 13 },
		{ "nouvelle-caledonie", "lieux/nouvelle-caledonie.json", 23, 18 },
		{ "hinaura", "lieux/hinaura_2022-11.json", 16, 16 },
		{ "aidants-connect", "lieux/aidants-connect_2023-01.json", 10, 7 },
	};
	struct arena a = arena_new(64 << 20);
	needs_data(first, "lieux/gironde.json");

	(void)first;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct correspondance *hand, *ours;
		struct proposition_totals t;
		struct err e = { 0 };
		char *text = proposed(real_data(files[i].file), &t);
		uint64_t want;

		accepts(correspondance_find(&a, files[i].mapping, &hand, &e), &e);
		accepts(correspondance_read(&a, "p", text, strlen(text), &ours, &e), &e);
		want = fields_of(hand);
		equals(__builtin_popcountll(want), files[i].of);
		equals(__builtin_popcountll(want & fields_of(ours)), files[i].found);
		free(text);
	}
	arena_free(&a);
}

#define XML(name, text) zip_file_add(z, name, zip_source_buffer(z, text, strlen(text), 0), 0)

/* A workbook with a macro, two sheets, a formula that was computed and one that was not. */
static const char *macro_workbook(struct lieux_world *w)
{
	zip_t *z;

	snprintf(w->path, sizeof w->path, "%s/hub.xlsm", w->dir);
	z = zip_open(w->path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	XML("[Content_Types].xml", "<Types/>");
	XML("_rels/.rels", "<Relationships><Relationship Id='a' Type='x/officeDocument' "
	    "Target='xl/workbook.xml'/></Relationships>");
	XML("xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='Lisez-moi' r:id='b'/>"
	    "<sheet name='Lieux' r:id='a'/></sheets></workbook>");
	XML("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='a' Type='x/worksheet' "
	    "Target='s1.xml'/><Relationship Id='b' Type='x/worksheet' Target='s2.xml'/></Relationships>");
	XML("xl/vbaProject.bin", "macro");
	XML("xl/s2.xml", "<worksheet><sheetData/></worksheet>");
	XML("xl/s1.xml", "<worksheet><sheetData><row><c t='str'><v>Nom</v></c><c t='str'><v>Commune</v></c>"
	    "<c t='str'><v>CP</v></c></row><row><c t='str'><f>A9</f><v>Maison calculée</v></c><c t='str'>"
	    "<v>Bondy</v></c><c><f>C9</f><v>93140</v></c></row><row><c t='str'><v>Autre lieu</v></c>"
	    "<c><f>B9</f></c><c><v>93140</v></c><c t='str'><v>hors du tableau</v></c></row></sheetData>"
	    "</worksheet>");
	equals(zip_close(z), 0);
	return w->path;
}

TEST("a workbook's formulas, macros and other sheets are told in the report")
{
	static const char *const told[] = { "Nom,Maison calculée,signalé,calculé par une formule",
		"1 cellule dont la formule n'a pas de valeur", "des macros : elles ne sont ni lues",
		"ce classeur a 2 feuilles", "colonne D,hors du tableau,signalé,cette colonne n'a pas" };
	struct lieux_world w = world_new(true);
	char path[300], mapping[300], report[320], text[8000] = "";
	struct lieu_import_ask ask = { .path = path, .mapping = mapping, .report = report };
	struct lieu_import_totals t;
	FILE *f;

	snprintf(report, sizeof report, "%s/r.csv", w.dir);
	snprintf(path, sizeof path, "%s", macro_workbook(&w));
	snprintf(mapping, sizeof mapping, "%s", world_file(&w, "m.txt", "champ nom\n\tcolonne Nom\n"
		 "champ commune\n\tcolonne Commune\nchamp code_postal\n\tcolonne CP\n"));
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	has(w.err.msg, "vide");
	has(w.err.hint, "feuille NOM");
	ask.feuille = "lieux";
	accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
	equals(t.acceptes, 2);
	assert_non_null(world_lieu(&w, "Maison calculée"));
	f = fopen(report, "r");
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		has(text, told[i]);
	world_end(&w);
}

TEST("a title above the header of a CSV file is seen by the proposal")
{
	struct lieux_world w = world_new(false);
	struct proposition_totals t;
	char *text = proposed(world_file(&w, "f.csv", "Annuaire;;;\n;;;\nStructure;Ville;Tél;CP\nFictif;"
					 "Bondy;0612345678;93140\nAutre;Bondy;0612345679;93140\n"), &t);

	equals(t.lus, 2);
	has(text, "entete 3\n");
	has(text, "champ nom\n\tcolonne Structure\n");
	free(text);
	world_end(&w);
}

TEST("every mapping that we ship reads without a mistake, and says what people read of it")
{
	struct arena a = arena_new(64 << 20);
	char names[2000], *save = NULL;
	size_t n = 0;
	struct err e = { 0 };

	snprintf(names, sizeof names, "%s", correspondance_names(&a));
	for (char *s = strtok_r(names, ", ", &save); s; s = strtok_r(NULL, ", ", &save), n++) {
		const struct correspondance *c = NULL;

		accepts(correspondance_find(&a, s, &c, &e), &e);
		assert_non_null(c);
		holds(strcmp(c->titre, s) != 0 && *c->titre);
	}
	holds(n >= 13);
	arena_free(&a);
}
