#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "core/repertoire.h"
#include "core/structure.h"
#include "core/territoire.h"
#include "detect/catalogue.h"
#include "detect/comptage.h"
#include "detect/export.h"
#include "detect/poids.h"
#include "detect/recueil.h"
#include "store/db.h"
#include "web/i18n.h"

static const char *const file =
	"{ \"id\": \"essai\", \"version\": \"%s\", \"licence\": \"MPL-2.0\", \"source\": \"nous\", \"titre\": \"Essai\",\n"
	"\"avertissement\": \"Un essai.\", \"langues\": [\"fr\"], \"est_secondes\": 10, \"conserver\": \"reponses\",\n"
	"\"items\": [ { \"id\": \"a\", \"type\": \"choix\", \"texte\": \"A ?\",\n"
	"\"options\": [ { \"id\": \"x\", \"texte\": \"X\" }, { \"id\": \"y\", \"texte\": \"Y\" }, { \"id\": \"z\", \"texte\": \"Z\" } ] } ],\n"
	"\"quotas\": { \"a\": { \"x\": 0.5, \"y\": 0.3, \"z\": 0.2 } },\n"
	"\"typologie\": { \"methode\": \"regles\", \"items\": [\"a\"], \"part_minimale\": 1, \"indetermine\": \"?\", \"parce_que\": \"rien\",\n"
	"\"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\" }, { \"id\": \"deux\", \"professionnel\": \"Deux\" } ],\n"
	"\"regles\": [ { \"si\": \"a = 'x'\", \"classe\": \"un\", \"parce_que\": \"X.\" },\n"
	"{ \"si\": \"a dans (%s)\", \"classe\": \"deux\", \"parce_que\": \"Pas X.\" } ] } }";

struct world {
	struct store *store;
	struct arena a;
	struct repertoire *rep;
	struct err err;
	const struct instrument *in;
	const char *structures[3];
};

struct building {
	struct world *w;
};

static bool add_structures(struct tx *tx, void *arg, struct err *e)
{
	static const char *const names[] = { "A", "B", "C" };
	struct world *w = ((struct building *)arg)->w;

	for (int i = 0; i < 3; i++) {
		struct structure s = { .nom = names[i] };

		if (!structure_save(tx, &env_test, &w->a, &s, e))
			return false;
		w->structures[i] = s.id;
	}
	return true;
}

static const struct instrument *version(struct world *w, const char *number, const char *classed)
{
	const char *text = arena_printf(&w->a, file, number, classed);
	const struct instrument *in;

	accepts(catalogue_save(w->store, &env_test, &w->a, text, NULL, &in, &w->err), &w->err);
	return in;
}

static void open_world(struct world *w)
{
	struct building b = { w };
	struct db *db = NULL;

	test_time_set("2026-11-22T10:00:00");
	*w = (struct world){ .a = arena_new(256 << 20) };
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(territoire_demo(w->store, &w->err), &w->err);
	accepts(store_write(w->store, add_structures, &b, &w->err), &w->err);
	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(repertoire_read(db, &w->rep, &w->err), &w->err);
	db_release(&db);
	w->in = version(w, "1", "'y', 'z'");
}

static void close_world(struct world *w)
{
	repertoire_free(w->rep);
	store_close(w->store);
	arena_free(&w->a);
}

static const char *keep(struct world *w, int option, int structure, const char *commune)
{
	const struct reponse r[2] = { { .etat = option < 0 ? REFUS : REPONDU,
					.choix = option < 0 ? 0 : 1ull << option } };
	struct recueil k = { .in = w->in, .reponses = r, .structure = w->structures[structure],
		.commune = commune, .mode = "ecran", .provenance = "declare", .langue = "fr",
		.moment = "", .groupe = "", .numeroter = true };

	accepts(recueil_keep(w->store, &env_test, &w->a, &k, &w->err), &w->err);
	return k.numero;
}

static void counted(struct world *w, enum comptage_par by, struct comptage *c)
{
	const struct comptage_ask ask = { w->in, 2026, by };
	struct db *db = NULL;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(comptage_make(&w->a, db, w->rep, langs[0], &ask, c, &w->err), &w->err);
	db_release(&db);
}

TEST("an instrument that was published no longer changes; a draft does, an answered version stays as it was")
{
	struct world w;
	const struct instrument *in;
	const char *text;
	struct db *db = NULL;

	open_world(&w);
	version(&w, "1", "'y'");
	accepts(catalogue_publish(w.store, &env_test, &w.a, "essai", "1", &w.err), &w.err);
	text = arena_printf(&w.a, file, "1", "'z'");
	refuses(E_CONFLICT, catalogue_save(w.store, &env_test, &w.a, text, NULL, &in, &w.err), &w.err);
	refuses(E_CONFLICT, catalogue_drop(w.store, "essai", "1", &w.err), &w.err);
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	accepts(catalogue_version(db, &w.a, "essai", "1", &in, &w.err), &w.err);
	holds(strstr(in->text, "dans ('y')"));
	refuses(E_MISSING, catalogue_version(db, &w.a, "essai", "9", &in, &w.err), &w.err);
	holds(strstr(w.err.msg, "version 9"));
	/* of the program: kept as it was when it was first answered, and held to that */
	accepts(catalogue_current(db, &w.a, "huit_gestes", &in, &w.err), &w.err);
	db_release(&db);
	close_world(&w);
}

TEST("answers are kept without the number, and erased by it alone, whatever the case it is typed in")
{
	struct world w;
	const char *one, *two;
	struct recueil_garde *g;
	struct db *db = NULL;
	int64_t n;
	size_t kept;

	open_world(&w);
	one = keep(&w, 0, 0, "93010");
	two = keep(&w, 1, 0, "93010");
	holds(strcmp(one, two) != 0);
	equals(strlen(one), 14);
	refuses(E_INPUT, recueil_erase(w.store, "0000-0000-0000", &n, &w.err), &w.err);
	refuses(E_MISSING, recueil_erase(w.store, "AAAA-AAAA-AAAA", &n, &w.err), &w.err);
	accepts(recueil_erase(w.store, arena_printf(&w.a, " %.4s%.4s %.4s ", one, one + 5, one + 10), &n, &w.err), &w.err);
	equals(n, 1);
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	accepts(recueil_of(db, &w.a, two, &g, &kept, &w.err), &w.err);
	equals(kept, 1);
	same(g[0].profil, "deux");
	same(g[0].reponses, "{\"a\":\"y\"}");
	same(g[0].le, "2026-11-22");
	db_release(&db);
	close_world(&w);
}

TEST("a new version over old answers is a report, and changes none of them")
{
	struct world w;
	const struct instrument *next;
	struct recueil_garde *g;
	struct rescore *r;
	struct db *db = NULL;
	const char *number = NULL;
	size_t n;

	open_world(&w);
	for (int i = 0; i < 9; i++)
		number = keep(&w, i % 3, 0, "");
	next = version(&w, "2", "'y'");
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	accepts(recueil_rescore(db, &w.a, next, &r, &n, &w.err), &w.err);
	equals(n, 1);
	same(r[0].version, "1");
	equals(r[0].lues, 9);
	equals(r[0].memes, 6);
	equals(r[0].changees, 3);
	equals(r[0].npassages, 1);
	same(r[0].passages[0].de, "deux");
	same(r[0].passages[0].vers, "indetermine");
	accepts(recueil_of(db, &w.a, number, &g, &n, &w.err), &w.err);
	same(g[0].profil, "deux");
	same(g[0].version, "1");
	db_release(&db);
	close_world(&w);
}

/* --- what is published cannot be turned back ------------------------------------------------- */

/* What each cell of three rows by `columns` can be, given what is shown, by trying every
 * table of small whole numbers: rows add up to their total, columns to the last row. */
struct tries {
	const struct comptage *c;
	size_t columns;
	int64_t low[64], high[64], now[64];
};

static bool fits(const struct tries *t, size_t cell)
{
	size_t row = cell / t->columns, column = cell % t->columns;
	const struct comptage_ligne *x = &t->c->lignes[row];

	if (x->etats[column] == SECRET_PUBLIE)
		return t->now[cell] == x->valeurs[column];
	return x->etats[column] != SECRET_PRIMAIRE || (t->now[cell] >= 1 && t->now[cell] <= 10);
}

static bool whole_fits(struct tries *t)
{
	size_t rows = t->c->n, all = rows * t->columns;

	for (size_t i = 0; i < rows - 1; i++) {
		t->now[i * t->columns] = 0;
		for (size_t k = 1; k < t->columns; k++)
			t->now[i * t->columns] += t->now[i * t->columns + k];
	}
	for (size_t k = 0; k < t->columns; k++) {
		t->now[(rows - 1) * t->columns + k] = 0;
		for (size_t i = 0; i < rows - 1; i++)
			t->now[(rows - 1) * t->columns + k] += t->now[i * t->columns + k];
	}
	for (size_t i = 0; i < all; i++) {
		if (!fits(t, i))
			return false;
	}
	return true;
}

static void try_cells(struct tries *t, size_t row, size_t column)
{
	const struct comptage_ligne *x;
	size_t cell = row * t->columns + column;

	if (row == t->c->n - 1) {
		if (!whole_fits(t))
			return;
		for (size_t i = 0; i < t->c->n * t->columns; i++) {
			t->low[i] = t->now[i] < t->low[i] ? t->now[i] : t->low[i];
			t->high[i] = t->now[i] > t->high[i] ? t->now[i] : t->high[i];
		}
		return;
	}
	if (column == t->columns) {
		try_cells(t, row + 1, 1);
		return;
	}
	x = &t->c->lignes[row];
	if (x->etats[column] == SECRET_PUBLIE) {
		t->now[cell] = x->valeurs[column];
		try_cells(t, row, column + 1);
		return;
	}
	for (int64_t v = x->etats[column] == SECRET_PRIMAIRE ? 1 : 0;
	     v <= (x->etats[column] == SECRET_PRIMAIRE ? 10 : 40); v += 1) {
		t->now[cell] = v;
		try_cells(t, row, column + 1);
	}
}

static void not_found_again(const struct comptage *c)
{
	struct tries t = { .c = c, .columns = c->ncolonnes };
	size_t all = c->n * c->ncolonnes;

	if (!c->bilan.primaires)
		return;
	for (size_t i = 0; i < all; i++)
		t.low[i] = INT64_MAX;
	try_cells(&t, 0, 1);
	for (size_t i = 0; i < all; i++) {
		if (c->lignes[i / t.columns].etats[i % t.columns] == SECRET_PRIMAIRE)
			holds(t.low[i] < t.high[i]);
	}
}

TEST("no hidden count by structure or provenance can be had back by subtraction, by brute force")
{
	static const int tables[][3][2] = {
		{ { 30, 3 }, { 25, 20 }, { 0, 0 } }, { { 12, 12 }, { 4, 15 }, { 0, 0 } },
		{ { 11, 1 }, { 1, 11 }, { 0, 0 } }, { { 40, 0 }, { 2, 13 }, { 0, 0 } } };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct comptage c;
		struct world w;
		size_t hidden = 0;

		open_world(&w);
		for (int s = 0; s < 3; s++) {
			for (int k = 0; k < 2; k++) {
				for (int n = 0; n < tables[i][s][k]; n++)
					keep(&w, k, s, "93010");
			}
		}
		counted(&w, PAR_STRUCTURE, &c);
		same(c.lignes[c.n - 1].nom, "Ensemble");
		for (size_t x = 0; x < c.n; x++) {
			for (size_t k = 0; k < c.ncolonnes; k++) {
				int64_t v = c.lignes[x].valeurs[k];

				holds(c.lignes[x].etats[k] != SECRET_PUBLIE || !v || v >= 11);
				hidden += c.lignes[x].etats[k] != SECRET_PUBLIE;
			}
		}
		holds(hidden >= 2);
		not_found_again(&c);
		close_world(&w);
	}
}

TEST("counts by commune and by group of communes say the same total, and the sentence says it first")
{
	struct comptage c;
	struct world w;

	open_world(&w);
	for (int i = 0; i < 24; i++)
		keep(&w, i % 2, 0, i < 12 ? "93010" : "93066");
	for (int i = 0; i < 13; i++)
		keep(&w, 0, 1, "");
	counted(&w, PAR_COMMUNE, &c);
	equals(c.total->valeurs[0], 37);
	holds(strstr(comptage_constat(&w.a, langs[0], &(struct comptage_ask){ w.in, 2026, PAR_COMMUNE }, &c),
		     "37 personnes"));
	counted(&w, PAR_EPCI, &c);
	equals(c.total->valeurs[0], 37);
	counted(&w, PAR_MOIS, &c);
	same(c.lignes[0].nom, "2026-11");
	close_world(&w);
}

/* --- weights, files ------------------------------------------------------------------------- */

TEST("weights give each quota its share, and keep a mean of one")
{
	struct world w;
	double p[100], x = 0, y = 0, all = 0;
	int8_t cells[100];
	int empty;

	open_world(&w);
	for (int i = 0; i < 100; i++)
		cells[i] = i < 70 ? 0 : i < 90 ? 1 : i < 98 ? 2 : -1;
	holds(poids_caler(w.in, cells, 100, p, &empty));
	for (int i = 0; i < 100; i++) {
		all += p[i];
		x += i < 70 ? p[i] : 0;
		y += i >= 70 && i < 90 ? p[i] : 0;
	}
	near_to(all, 100, 1e-6);
	near_to(x / (all - p[98] - p[99]), 0.5, 1e-6);
	near_to(y / (all - p[98] - p[99]), 0.3, 1e-6);
	for (int i = 0; i < 100; i++)
		cells[i] = i % 2 ? 0 : 1;
	holds(!poids_caler(w.in, cells, 100, p, &empty));
	equals(empty, 2);
	close_world(&w);
}

TEST("answers leave only from eleven people on, each way of not answering told apart")
{
	struct world w;
	struct db *db = NULL;
	struct buf out = buf_new(1 << 20);
	struct jeu_lecture l;

	open_world(&w);
	for (int i = 0; i < 10; i++)
		keep(&w, i % 3, 0, "93010");
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	l = (struct jeu_lecture){ &w.a, w.rep, db, NULL };
	refuses(E_DENIED, export_reponses(&l, w.in, JEU_CSV, test_dir(), &out, &w.err), &w.err);
	db_release(&db);
	keep(&w, -1, 0, "93010");
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	l.db = db;
	accepts(export_reponses(&l, w.in, JEU_CSV, test_dir(), &out, &w.err), &w.err);
	holds(strstr(buf_text(&out), ",refus,indetermine,1"));
	holds(!strstr(buf_text(&out), "93010") && !strstr(buf_text(&out), "2026-11-22"));
	db_release(&db);
	buf_free(&out);
	close_world(&w);
}
