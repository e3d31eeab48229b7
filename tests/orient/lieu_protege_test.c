#include "lieu_world.h"

#include "orient/lieu_import.sql.h"
#include "orient/lieu_protege.h"

static const char *motif_of(const char *nom, const char *typologie, const char *source)
{
	static struct arena a;
	const struct protege_rule *rule;
	const char *v[LIEU_FIELDS];

	arena_free(&a);
	a = arena_new(1 << 20);
	for (int f = 0; f < LIEU_FIELDS; f++)
		v[f] = "";
	v[LIEU_NOM] = nom;
	v[LIEU_TYPOLOGIE] = typologie;
	v[LIEU_SOURCE] = source;
	rule = protege_find(protege_rules_read(&a), v);
	return rule ? rule->motif : "";
}

/* The words of POSTURE 9. */
TEST("places that must not be found are known by a word of their name")
{
	same(motif_of("CHRS Les Tilleuls", "", ""), "CHRS");
	same(motif_of("Huda des Lilas", "", ""), "HUDA");
	same(motif_of("cada arles", "", ""), "CADA");
	same(motif_of("C.P.H. fictif - CPH", "", ""), "CPH");
	same(motif_of("AG_CHRS_Fictif_HSP", "", ""), "CHRS");
	same(motif_of("[FICTIF] |GHL| CHU LE RELAIS", "", ""), "CHU");
	same(motif_of("SOS violences familiales", "", ""), "violence");
	same(motif_of("France Victimes 00", "", ""), "victime");
	same(motif_of("Solidarité Femmes 00", "", ""), "solidarité femme");
	same(motif_of("Centre d'accueil pour demandeurs d'asile", "", ""), "demandeurs d'asile");
	same(motif_of("Hébergement d'urgence", "", ""), "hébergement");
}

TEST("a national code of lodging or the provenance is enough")
{
	same(motif_of("Les Tilleuls", "ASSO|CHRS", ""), "CHRS");
	same(motif_of("Les Tilleuls", "PENSION", ""), "PENSION");
	same(motif_of("Les Tilleuls", "", "siao"), "siao");
	same(motif_of("Les Tilleuls", "CHRS_X", ""), "");
}

TEST("public places that only look a little so stay public")
{
	static const char *const names[] = { "CCAS", "Foyer rural", "Résidence autonomie",
		"Médiathèque Jean Refugeon", "CIDFF 00", "Femmes Relais", "Emmaüs Connect",
		"Espace Violette", "Accueil de jour", "Churchill", "La Cadence", "Chrysalide",
		"Action sociale", "Foyer laïque", "Centre hospitalier", "Samu social" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		same(motif_of(names[i], "ASSO", "hub"), "");
}

static const char shelter[] =
	"id,nom,commune,code_postal,date_maj\n1,CHRS Les Tilleuls,Bondy,93140,2022-05-01\n"
	"2,Médiathèque,Bondy,93140,2022-05-01\n";

static bool hide_job(struct tx *tx, void *id, struct err *e)
{
	return lieu_set_publication(tx, id, "protege", "demande", 1, "2026-11-22T10:00:00Z",
				    NULL, e);
}

static bool agree_job(struct tx *tx, void *id, struct err *e)
{
	return lieu_set_publication(tx, id, "publie", "accord de la structure, 2026-11-22", 0,
				    "2026-11-22T10:00:00Z", NULL, e);
}

static const char *hidden_id(struct lieux_world *w, struct arena *a)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct lieux_not_published_row *rows;
	size_t n;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(lieux_not_published(db, a, &rows, &n, &w->err), &w->err);
	equals(n, 1);
	return rows[0].id;
}

TEST("a shelter enters unpublished: neither searched nor exported")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t = world_import(&w, world_file(&w, "a.csv", shelter), "s");
	char *text;

	equals(t.acceptes, 2);
	equals(t.non_publies, 1);
	equals(world_read(&w)->nlieux, 1);
	text = world_export(&w, EXPORT_GEOJSON);
	holds(!strstr(text, "CHRS") && strstr(text, "Médiathèque"));
	free(text);
	world_end(&w);
}

TEST("the protection survives a re-import, even when the name no longer says it")
{
	struct lieux_world w = world_new(true);

	world_import(&w, world_file(&w, "a.csv", shelter), "s");
	world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
		     "1,Les Tilleuls,Bondy,93140,2022-06-01\n"), "s");
	holds(!world_lieu(&w, "Les Tilleuls"));
	world_end(&w);
}

TEST("with the structure's yes a place is public, and stays so at the next import")
{
	struct lieux_world w = world_new(true);
	struct arena a = arena_new(1 << 20);

	world_import(&w, world_file(&w, "a.csv", shelter), "s");
	accepts(store_write(w.store, agree_job, (void *)hidden_id(&w, &a), &w.err), &w.err);
	holds(world_lieu(&w, "CHRS Les Tilleuls"));
	world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
		     "1,CHRS Tilleuls,Bondy,93140,2022-06-01\n"), "s");
	holds(world_lieu(&w, "CHRS Tilleuls"));
	arena_free(&a);
	world_end(&w);
}

TEST("a public place that asks to be hidden stays hidden at the next import")
{
	struct lieux_world w = world_new(true);
	char id[UUID_TEXT];

	world_import(&w, world_file(&w, "a.csv", shelter), "s");
	snprintf(id, sizeof id, "%s", world_lieu(&w, "Médiathèque")->id);
	accepts(store_write(w.store, hide_job, id, &w.err), &w.err);
	world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
		     "2,Médiathèque,Bondy,93140,2022-06-01\n"), "s");
	holds(!world_lieu(&w, "Médiathèque"));
	world_end(&w);
}

TEST("a public place whose new name is a shelter's leaves the public view")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;

	world_import(&w, world_file(&w, "a.csv", shelter), "s");
	t = world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,date_maj\n"
			 "2,CADA Médiathèque,Bondy,93140,2022-06-01\n"), "s");
	equals(t.non_publies, 1);
	holds(!world_lieu(&w, "CADA Médiathèque"));
	world_end(&w);
}
