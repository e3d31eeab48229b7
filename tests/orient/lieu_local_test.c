/* Local fields and kinds of places: from a mapping, from our own extended file, out again. */
#include "lieu_world.h"

#include "core/lieu_local.h"
#include "core/passage.h"
#include "orient/passage_import.h"

static const char mapping[] =
	"source guide\ncomplet oui\n"
	"champ id\n\tcolonne id\nchamp nom\n\tcolonne nom\nchamp commune\n\tcolonne commune\n"
	"champ code_postal\n\tcolonne cp\nchamp typologie\n\tcolonne type\n"
	"champ services\n\tcolonne services\n"
	"champ local-equipements\n\tquand wifi | oui -> wifi\n"
	"\tquand imprimante | oui -> Imprimer\n\tcolonne autres\n"
	"champ local-genre\n\tquand accueil | oui -> social\n";

static const char table[] =
	"id,nom,commune,cp,type,services,wifi,imprimante,autres,accueil\n"
	"1,Médiathèque,Bondy,93140,BIB,Aide aux démarches administratives,oui,oui,Café,non\n"
	"2,CCAS,Bondy,93140,CCAS,,non,non,,non\n"
	"3,Écrivain public,Bondy,93140,ASSO,,non,non,recharge,oui\n"
	"4,CHRS Les Tilleuls,Bondy,93140,CHRS,,non,non,,non\n";

static const struct lieu *named(const struct repertoire *r, const char *nom)
{
	for (size_t i = 0; i < r->nlieux; i++) {
		if (!strcmp(r->lieux[i].nom, nom))
			return &r->lieux[i];
	}
	fail_msg("no place is named %s", nom);
	return NULL;
}

static void import_table(struct lieux_world *w, const char *text, struct lieu_import_totals *t)
{
	char path[300], map[300];
	struct lieu_import_ask ask = { .path = path, .mapping = map };

	snprintf(map, sizeof map, "%s", world_file(w, "guide.txt", mapping));
	snprintf(path, sizeof path, "%s", world_file(w, "guide.csv", text));
	accepts(lieu_import(w->store, &ask, t, &w->err), &w->err);
}

static bool exported(struct lieux_world *w, enum lieu_export_format format, const char *word)
{
	struct lieu_export_ask ask = { .format = format, .r = w->r, .now = env_now(&env_test) };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	bool there;

	assert_non_null(out);
	accepts(lieu_export(&ask, out, NULL, &w->err), &w->err);
	fclose(out);
	there = strstr(text, word) != NULL;
	free(text);
	return there;
}

TEST("local fields come through a mapping, and twice without change")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	const struct repertoire *r;

	import_table(&w, table, &t);
	equals(t.acceptes, 4);
	r = world_read(&w);
	equals(named(r, "Médiathèque")->equipements, 1 << EQUIPEMENT_WIFI | 1 << EQUIPEMENT_IMPRESSION);
	equals(named(r, "Médiathèque")->genre, 1 << GENRE_MEDIATION);
	holds(lieu_is_social(named(r, "CCAS")) && lieu_is_social(named(r, "Écrivain public")));
	equals(named(r, "Écrivain public")->equipements, 1 << EQUIPEMENT_RECHARGE);
	import_table(&w, table, &t);
	equals(t.modifies, 0);
	world_end(&w);
}

TEST("what is only social reception is in the extended exports, and in no strict one")
{
	static const enum lieu_export_format strict[] = { EXPORT_CSV, EXPORT_JSON, EXPORT_INCLUSION,
		EXPORT_STRUCTURES, EXPORT_SERVICES, EXPORT_STRUCTURES_CSV, EXPORT_SERVICES_CSV };
	static const enum lieu_export_format wide[] = { EXPORT_GEOJSON, EXPORT_ETENDU_CSV,
		EXPORT_ETENDU_JSON };
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;

	import_table(&w, table, &t);
	world_read(&w);
	for (size_t i = 0; i < sizeof strict / sizeof *strict; i++) {
		holds(!exported(&w, strict[i], "CCAS") && !exported(&w, strict[i], "recharge"));
		holds(!exported(&w, strict[i], "impression"));
	}
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		holds(exported(&w, wide[i], "CCAS") && exported(&w, wide[i], "wifi|impression"));
	holds(exported(&w, EXPORT_CSV, "Médiathèque"));
	world_end(&w);
}

TEST("a local value that is not known stops its mapping at its line")
{
	struct lieux_world w = world_new(true);
	char path[300], map[300];
	struct lieu_import_ask ask = { .path = path, .mapping = map };
	struct lieu_import_totals t;

	snprintf(map, sizeof map, "%s", world_file(&w, "m.txt",
		"source guide\nchamp nom\n\tcolonne nom\nchamp local-equipements\n\tsinon piscine\n"));
	snprintf(path, sizeof path, "%s", world_file(&w, "guide.csv", "nom\nA\n"));
	refuses(E_INPUT, lieu_import(w.store, &ask, &t, &w.err), &w.err);
	holds(strstr(w.err.msg, ":5:") && strstr(w.err.msg, "piscine"));
	world_end(&w);
}

TEST("a stop whose place is protected, or that is not public, is never in memory")
{
	static const char stops[] =
		"id,lieu,arret,commune,quand,non_public\n"
		"1,Médiathèque,place,Bondy,Mo 10:00-12:00,non\n"
		"2,Médiathèque,caché,Bondy,Mo 10:00-12:00,oui\n"
		"3,CCAS,parvis,Bondy,Mo 10:00-12:00,non\n"
		"4,CHRS Les Tilleuls,porche,Bondy,Mo 10:00-12:00,non\n";
	struct lieux_world w = world_new(true);
	struct passage_import_ask ask = { .path = w.path };
	struct passage_import_totals p;
	struct lieu_import_totals t;

	import_table(&w, table, &t);
	world_file(&w, "stops.csv", stops);
	accepts(passage_import(w.store, &ask, NULL, &p, &w.err), &w.err);
	equals(p.acceptes, 4);
	world_read(&w);
	equals(w.r->npassages, 2);
	for (size_t i = 0; i < w.r->npassages; i++)
		holds(strcmp(w.r->passages[i].arret, "caché") != 0);
	equals(named(w.r, "Médiathèque")->npassages, 1);
	/* the same file with one less, said whole */
	world_file(&w, "stops.csv", "id,lieu,arret,commune,quand,non_public\n"
		   "1,Médiathèque,place,Bondy,Mo 10:00-12:00,oui\n");
	ask.complet = true;
	accepts(passage_import(w.store, &ask, NULL, &p, &w.err), &w.err);
	equals(p.changes, 1);
	equals(p.retires, 3);
	world_read(&w);
	equals(w.r->npassages, 0);
	world_end(&w);
}

TEST("a table of stops without what it needs is refused, with the column")
{
	struct lieux_world w = world_new(true);
	struct passage_import_ask ask = { .path = w.path };
	struct passage_import_totals p;

	world_file(&w, "stops.csv", "arret,commune,quand\nA,Bondy,Mo 10:00-12:00\n");
	refuses(E_INPUT, passage_import(w.store, &ask, NULL, &p, &w.err), &w.err);
	holds(strstr(w.err.msg, "lieu") != NULL);
	world_file(&w, "stops.csv", "lieu,arret,commune\nX,A,Bondy\n");
	w.err = (struct err){ 0 };
	refuses(E_INPUT, passage_import(w.store, &ask, NULL, &p, &w.err), &w.err);
	holds(strstr(w.err.msg, "quand") != NULL);
	world_end(&w);
}
