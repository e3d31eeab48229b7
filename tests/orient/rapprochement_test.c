/* Copies of one place: found, merged, separated, believed, lost. */
#include "lieu_world.h"

#include "base/date.h"
#include "orient/lieu_absence.h"
#include "orient/lieu_import.sql.h"
#include "orient/lieu_parole.h"
#include "orient/lieu_tenue.h"
#include "orient/rapprochement.h"
#include "orient/rapprochement_mots.h"
#include "orient/rapprochement_regle.h"

#define HEAD "id,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,date_maj,services\n"
#define HERE ",Bondy,93140,93010,4 rue du Test,48.90280,2.48450,"
#define HELP ",Aide aux démarches administratives\n"

static struct lieu_import_totals bring(struct lieux_world *w, const char *source, bool complet,
				       const char *text)
{
	struct lieu_import_ask ask = { .path = world_file(w, "in.csv", text), .source = source,
				       .complet = complet };
	struct lieu_import_totals t;

	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	return t;
}

TEST("likeness of words is that of Jaro and Winkler's published examples")
{
	/* Winkler 1990, table of examples: MARTHA/MARHTA, DWAYNE/DUANE, DIXON/DICKSONX */
	near_to(mots_ressemblance("martha", "marhta"), 0.9611, 0.0001);
	near_to(mots_ressemblance("dwayne", "duane"), 0.84, 0.0001);
	near_to(mots_ressemblance("dixon", "dicksonx"), 0.8133, 0.0001);
	near_to(mots_ressemblance("abc", "xyz"), 0, 0);
	near_to(mots_ressemblance("", "abc"), 0, 0);
}

TEST("the table of weights that is in the binary is whole, and its bounds are in order")
{
	struct poids p;
	struct err e = { 0 };

	accepts(poids_read(&p, &e), &e);
	holds(p.brouille < p.doute && p.doute < p.sur && p.sur < 1);
	holds(p.v[MESURE_GENRE_DIFFERENT] < 0 && p.v[MESURE_LOIN] < 0);
}

/* The score of two names at one address of Bondy, and whether they merge by themselves. */
static double score_and(const char *a, const char *b, bool *sure)
{
	CLEANUP(arena_free) struct arena arena = arena_new(8 << 20);
	struct vocabulaire *v = vocabulaire_new(&arena);
	const char *const names[] = { a, b, "Atelier du vélo", "Maison pour tous", "Le Cyclop" };
	struct traits t[5] = { { .liste = "" } };
	double m[MESURES];
	struct poids p;
	struct err e = { 0 };

	for (int i = 0; i < 5; i++) {
		struct traits_texte x = { .nom = names[i], .adresse = "12 avenue Henri Barbusse",
			.commune = "Bondy", .insee = "93010", .postal = "93140", .pivot = "",
			.telephone = "", .courriels = "", .site_web = "", .lat = 48.9, .lon = 2.48 };

		t[i].liste = i ? "b" : "a";
		holds(traits_read(v, &x, &t[i]));
	}
	holds(vocabulaire_peser(v, 5));
	accepts(poids_read(&p, &e), &e);
	traits_mesurer(v, &t[0], &t[1], m);
	*sure = regle_sure(v, &p, &t[0], &t[1], m, poids_score(&p, m));
	return poids_score(&p, m);
}

static double score(const char *a, const char *b)
{
	bool sure;

	return score_and(a, b, &sure);
}

static bool sure(const char *a, const char *b)
{
	bool is;

	score_and(a, b, &is);
	return is;
}

TEST("names in their usual ways are one place; what a place houses is another")
{
	holds(score("Mairie de Bondy", "COMMUNE DE BONDY") > 0.93);
	holds(score("Hôtel de ville de Bondy", "Ville de Bondy") > 0.93);
	holds(score("Médiathèque Roger Gouhier", "Bibliothèque municipale Roger-Gouhier") > 0.93);
	holds(score("CCAS de Bondy", "Centre communal d'action sociale") > 0.9);
	holds(score("Maison France Services", "France services Bondy") > 0.9);
	holds(score("Mairie de Bondy", "CCAS de Bondy") < 0.5);
	holds(score("Mairie de Bondy", "France services de Bondy") < 0.5);
	holds(score("Bus France services Bondy", "France services Bondy") < 0.5);
	holds(score("Emmaüs Connect", "Foyer des Cerisiers") < 0.5);
}

TEST("what two lists give of one place is one record, and neither import order changes it")
{
	static const char a[] = HEAD "1,Médiathèque Zorglub" HERE "0148000001,2026-03-02" HELP;
	static const char b[] = HEAD "x,Bibliothèque Zorglub" HERE "0148000002,2026-08-02" HELP;

	for (int turn = 0; turn < 2; turn++) {
		struct lieux_world w = world_new(true);
		struct lieu_import_totals t;
		const struct lieu *l;

		bring(&w, turn ? "b" : "a", false, turn ? b : a);
		t = bring(&w, turn ? "a" : "b", false, turn ? a : b);
		equals(t.rapproches, 1);
		equals(world_read(&w)->nlieux, 1);
		l = &w.r->lieux[0];
		same(l->telephone, "+33148000002");
		same(l->nom, "Bibliothèque Zorglub");
		same(l->date_maj, "2026-08-02");
		world_end(&w);
	}
}

/* Places that two lists with one row each give, and questions asked. */
static void merges(const char *a, const char *b, const char *list_b, size_t places,
		   size_t questions)
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	char text[600];

	snprintf(text, sizeof text, HEAD "1,%s" HERE ",2026-03-02" HELP, a);
	bring(&w, "a", false, text);
	snprintf(text, sizeof text, HEAD "2,%s" HERE ",2026-03-02" HELP, b);
	t = bring(&w, list_b, false, text);
	equals(world_read(&w)->nlieux, places);
	equals(t.doutes, questions);
	world_end(&w);
}

TEST("one list that writes a row twice has one place; rows that a number tells apart are asked")
{
	merges("Atelier Frimousse", "ATELIER FRIMOUSSE", "a", 1, 0);
	merges("Mairie annexe Frimousse 1", "Mairie annexe Frimousse 2", "a", 2, 1);
}

TEST("two names of one France services merge; an authority and what it houses are asked")
{
	holds(sure("France services de Bondy Zorglub", "Mairie - France services de Bondy Zorglub"));
	holds(!sure("CCAS de Bondy", "France services CCAS de Bondy"));
	holds(!sure("Centre social Zorglub", "France services Zorglub"));
	holds(!sure("Point de médiation numérique Bondy", "Commune de Bondy"));
	merges("CCAS de Bondy", "France services CCAS de Bondy", "b", 2, 1);
}

struct deciding {
	struct rapprochement_paire p;
	enum rapprochement_mot mot;
	const char *lieu_id;
	struct arena a;
};

static bool decide(struct tx *tx, void *arg, struct err *e)
{
	struct deciding *d = arg;

	return rapprochement_decider(tx, &d->p, d->mot, NULL, "2026-03-10T10:00:00Z", e);
}

static bool separate(struct tx *tx, void *arg, struct err *e)
{
	struct deciding *d = arg;

	return rapprochement_separer(tx, d->p.source_b, d->p.id_b, NULL, "2026-03-11T10:00:00Z",
				     &d->lieu_id, &d->a, e);
}

struct source_id {
	const char *nom;
	char id[40];
};

static bool source_of(struct tx *tx, void *arg, struct err *e)
{
	struct source_id *s = arg;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	struct lieu_source_find_row row;
	bool found;

	if (!lieu_source_find(tx_db(tx), &a, s->nom, &row, &found, e))
		return false;
	holds(found);
	snprintf(s->id, sizeof s->id, "%s", row.id);
	return true;
}

TEST("what a person decided, and took back, holds when both lists come again and change")
{
	static const char *const again[] = { "0148000003,2026-08-02", "0148000004,2026-09-02" };
	struct lieux_world w = world_new(true);
	struct source_id a = { .nom = "a" }, b = { .nom = "b" };
	struct deciding d = { .a = arena_new(1 << 20) };
	char text[600];

	bring(&w, "a", false, HEAD "1,CCAS de Bondy" HERE ",2026-03-02" HELP);
	equals(bring(&w, "b", false, HEAD "2,France services CCAS de Bondy" HERE ",2026-03-02"
		     HELP).doutes, 1);
	accepts(store_write(w.store, source_of, &a, &w.err), &w.err);
	accepts(store_write(w.store, source_of, &b, &w.err), &w.err);
	d.p = (struct rapprochement_paire){ b.id, "2", a.id, "1" };
	d.mot = MOT_MEME;
	accepts(store_write(w.store, decide, &d, &w.err), &w.err);
	for (int turn = 0; turn < 2; turn++) {
		/* turn 0: together; then taken out again: apart, and nobody is asked */
		for (int i = 0; i < 2; i++) {
			snprintf(text, sizeof text, HEAD "2,France services CCAS de Bondy" HERE "%s"
				 HELP, again[i]);
			equals(bring(&w, "b", false, text).doutes, 0);
			snprintf(text, sizeof text, HEAD "1,CCAS de Bondy" HERE "%s" HELP, again[i]);
			equals(bring(&w, "a", false, text).doutes, 0);
			equals(world_read(&w)->nlieux, turn ? 2 : 1);
		}
		if (!turn) {
			d.p = (struct rapprochement_paire){ a.id, "1", b.id, "2" };
			accepts(store_write(w.store, separate, &d, &w.err), &w.err);
		}
	}
	arena_free(&d.a);
	world_end(&w);
}

TEST("two sources that contradict each other for ever do not take turns")
{
	struct lieux_world w = world_new(true);
	char last[40] = "";

	for (int day = 1; day < 9; day++) {
		char text[600];

		for (int s = 0; s < 2; s++) {
			snprintf(text, sizeof text, HEAD "1,Médiathèque Zorglub" HERE
				 "01480000%02d,2026-09-%02d" HELP, s + 1, day);
			bring(&w, s ? "b" : "a", false, text);
		}
		world_read(&w);
		equals(w.r->nlieux, 1);
		if (day > 1)
			same(w.r->lieux[0].telephone, last);
		snprintf(last, sizeof last, "%s", w.r->lieux[0].telephone);
	}
	world_end(&w);
}

TEST("a source that really changes its word after another is believed")
{
	struct lieux_world w = world_new(true);

	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE "0148000001,2026-03-02" HELP);
	bring(&w, "b", false, HEAD "1,Médiathèque Zorglub" HERE "0148000002,2026-04-02" HELP);
	same(world_read(&w)->lieux[0].telephone, "+33148000002");
	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE "0148000003,2026-09-02" HELP);
	same(world_read(&w)->lieux[0].telephone, "+33148000003");
	world_end(&w);
}

TEST("a protected place stays so when a list that does not know shows it, whichever came first")
{
	static const char refuge[] = HEAD "1,Solidarité Femmes Zorglub" HERE ",2026-03-02" HELP;
	static const char plain[] = HEAD "7,Association Zorglub" HERE ",2026-08-02" HELP;

	for (int turn = 0; turn < 2; turn++) {
		struct lieux_world w = world_new(true);

		bring(&w, "a", false, turn ? plain : refuge);
		bring(&w, "b", false, turn ? refuge : plain);
		bring(&w, turn ? "a" : "b", false, plain);
		equals(world_read(&w)->nlieux, 0);
		world_end(&w);
	}
}

TEST("a place that a whole list no longer has is said so, leaves search after the delay, and comes back")
{
	static const char two[] = HEAD "1,Médiathèque Zorglub" HERE ",2026-03-02" HELP
		"2,Atelier Frimousse,Bondy,93140,93010,12 rue Basse,48.91,2.47,,2026-03-02" HELP;
	static const char one[] = HEAD
		"2,Atelier Frimousse,Bondy,93140,93010,12 rue Basse,48.91,2.47,,2026-03-02" HELP;
	struct lieux_world w = world_new(true);

	test_time_set("2026-01-10T10:00:00Z");
	bring(&w, "a", true, two);
	test_time_set("2026-02-10T10:00:00Z");
	equals(bring(&w, "a", true, one).absents, 1);
	same(world_lieu(&w, "Médiathèque Zorglub")->absent_depuis, "2026-02-10");
	test_time_set("2026-05-10T10:00:00Z");
	equals(bring(&w, "a", true, one).partis, 0);    /* 89 days */
	test_time_set("2026-05-11T10:00:00Z");
	equals(bring(&w, "a", true, one).partis, 1);
	equals(world_read(&w)->nlieux, 1);
	bring(&w, "a", true, two);
	equals(world_read(&w)->nlieux, 2);
	same(world_lieu(&w, "Médiathèque Zorglub")->absent_depuis, "");
	test_time_set("2026-11-22T10:00:00Z");
	world_end(&w);
}

struct correcting {
	struct tenue_correction c;
	size_t changes;
};

static bool correct(struct tx *tx, void *arg, struct err *e)
{
	struct correcting *k = arg;

	return tenue_corriger(tx, &env_test, &k->c, &k->changes, e);
}

TEST("what a place says of itself survives later imports, then counts like the others after a year")
{
	struct lieux_world w = world_new(true);
	struct correcting k = { .c = { .par = PAR_LIEU, .lat = NAN, .lon = NAN } };
	char id[40];

	test_time_set("2026-03-10T10:00:00Z");
	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE "0148000001,2026-03-02" HELP);
	snprintf(id, sizeof id, "%s", world_lieu(&w, "Médiathèque Zorglub")->id);
	k.c.lieu_id = id;
	k.c.v[LIEU_TELEPHONE] = "+33148000099";
	accepts(store_write(w.store, correct, &k, &w.err), &w.err);
	equals(k.changes, 1);
	test_time_set("2026-10-10T10:00:00Z");
	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE "0148000002,2026-10-02" HELP);
	same(world_read(&w)->lieux[0].telephone, "+33148000099");
	same(w.r->lieux[0].id, id);
	test_time_set("2027-06-10T10:00:00Z");
	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE "0148000003,2027-06-02" HELP);
	same(world_read(&w)->lieux[0].telephone, "+33148000003");
	test_time_set("2026-11-22T10:00:00Z");
	world_end(&w);
}

static bool report(struct tx *tx, void *arg, struct err *e)
{
	return tenue_signaler(tx, &env_test, arg, SIGNALE_FERME, NULL, e);
}

TEST("one report waits quietly, two are said on the place")
{
	struct lieux_world w = world_new(true);
	char id[40];

	bring(&w, "a", false, HEAD "1,Médiathèque Zorglub" HERE ",2026-03-02" HELP);
	snprintf(id, sizeof id, "%s", world_lieu(&w, "Médiathèque Zorglub")->id);
	accepts(store_write(w.store, report, id, &w.err), &w.err);
	same(world_read(&w)->lieux[0].alerte, "");
	accepts(store_write(w.store, report, id, &w.err), &w.err);
	same(world_read(&w)->lieux[0].alerte, "ferme");
	world_end(&w);
}
