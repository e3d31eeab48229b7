#include "test.h"

#include <string.h>

#include "core/structure.h"
#include "core/territoire.h"
#include "detect/catalogue.h"
#include "detect/papier_code.h"
#include "detect/saisie.h"
#include "store/db.h"

struct world {
	struct store *store;
	struct arena a;
	struct err err;
	const struct instrument *in;
	const char *structures[2];
};

static bool add_structures(struct tx *tx, void *arg, struct err *e)
{
	static const char *const names[] = { "A", "B" };
	struct world *w = arg;

	for (int i = 0; i < 2; i++) {
		struct structure s = { .nom = names[i] };

		if (!structure_save(tx, &env_test, &w->a, &s, e))
			return false;
		w->structures[i] = s.id;
	}
	return true;
}

static void open_world(struct world *w)
{
	struct db *db = NULL;

	test_time_set("2026-11-22T10:00:00");
	*w = (struct world){ .a = arena_new(64 << 20) };
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(store_write(w->store, add_structures, w, &w->err), &w->err);
	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(catalogue_current(db, &w->a, "huit_gestes", &w->in, &w->err), &w->err);
	db_release(&db);
}

static void close_world(struct world *w)
{
	store_close(w->store);
	arena_free(&w->a);
}

/* A sheet whose first gesture is ticked in that box. */
static struct saisie sheet(struct world *w, const char *numero, const char *boxes)
{
	struct reponse *r = NEW_ARRAY(&w->a, (size_t)w->in->nitems + 1, struct reponse);

	for (int i = 0, k = 0; i < w->in->nitems && boxes[k]; i++) {
		const char one[2] = { boxes[k], '\0' };

		if (w->in->items[i].type == ITEM_GESTE) {
			holds(papier_code_read(&w->a, &w->in->items[i], one, &r[i]));
			k++;
		}
	}
	return (struct saisie){ .r = { .in = w->in, .reponses = r, .structure = w->structures[0],
		.commune = "", .mode = "papier", .provenance = "declare", .langue = "fr", .moment = "",
		.groupe = "", .numero = numero }, .garder = true };
}

static size_t kept(struct world *w, const char *numero)
{
	struct recueil_garde *g;
	struct db *db = NULL;
	size_t n;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(recueil_of(db, &w->a, numero, &g, &n, &w->err), &w->err);
	db_release(&db);
	return n;
}

TEST("a sheet counts once, whoever types it again and however its number is written")
{
	char numero[RECUEIL_NUMERO];
	struct saisie k;
	struct world w;
	int64_t erased;

	open_world(&w);
	numero_make(&env_test, numero);
	k = sheet(&w, numero, "1231");
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_GARDEE);
	equals(kept(&w, numero), 1);
	k = sheet(&w, arena_printf(&w.a, "%.4s %.4s %.4s", numero, numero + 5, numero + 10), "1");
	refuses(E_CONFLICT, saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	holds(strstr(w.err.msg, "22/11/2026"));
	equals(kept(&w, numero), 1);
	/* whoever holds the number erases all of it, and the sheet is no longer known */
	accepts(recueil_erase(w.store, numero, &erased, &w.err), &w.err);
	equals(erased, 1);
	refuses(E_MISSING, recueil_erase(w.store, numero, &erased, &w.err), &w.err);
	close_world(&w);
}

TEST("typed twice, a sheet is kept when both say the same, or when what differs was read again; agreement is counted once")
{
	char a[RECUEIL_NUMERO], b[RECUEIL_NUMERO];
	struct saisie_bilan bilan;
	struct db *db = NULL;
	struct saisie k;
	struct world w;

	open_world(&w);
	numero_make(&env_test, a);
	numero_make(&env_test, b);
	k = sheet(&w, a, "1231");
	k.deux_fois = true;
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_ATTEND);
	equals(kept(&w, a), 0);
	k = sheet(&w, a, "1231");
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_GARDEE);
	equals(k.identiques, 4);
	equals(kept(&w, a), 1);

	k = sheet(&w, b, "1231");
	k.deux_fois = true;
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	k = sheet(&w, b, "1131");
	k.r.structure = w.structures[1];
	refuses(E_DENIED, saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	for (int again = 0; again < 2; again++) {
		k = sheet(&w, b, "1131");
		accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
		equals(k.issue, SAISIE_DIFFERE);
		equals(k.comparees, 4);
		equals(k.identiques, 3);
		equals(kept(&w, b), 0);
	}
	k = sheet(&w, b, "1231");
	k.verifie = true;
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_GARDEE);
	equals(kept(&w, b), 1);
	accepts(db_acquire(w.store, &db, &w.err), &w.err);
	accepts(saisie_bilan(db, &w.a, "huit_gestes", w.structures[0], &bilan, &w.err), &w.err);
	db_release(&db);
	equals(bilan.feuilles, 2);
	equals(bilan.comparees, 8);
	equals(bilan.identiques, 7);
	equals(bilan.attendent, 0);
	close_world(&w);
}

TEST("without consent, or where nothing is kept, only that the sheet was typed is known; a first typing waits sixty days")
{
	char numero[RECUEIL_NUMERO], other[RECUEIL_NUMERO];
	struct saisie k;
	struct world w;

	open_world(&w);
	numero_make(&env_test, numero);
	numero_make(&env_test, other);
	k = sheet(&w, numero, "12");
	k.garder = false;
	k.deux_fois = true;
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_RIEN);
	equals(kept(&w, numero), 0);
	refuses(E_CONFLICT, saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);

	k = sheet(&w, other, "12");
	k.deux_fois = true;
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	test_time_set("2027-02-01T10:00:00");
	numero_make(&env_test, numero);
	k = sheet(&w, numero, "12");
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	k = sheet(&w, other, "12");             /* forgotten: it is typed as if for the first time */
	accepts(saisie_put(w.store, &env_test, &w.a, &k, &w.err), &w.err);
	equals(k.issue, SAISIE_GARDEE);
	equals(k.comparees, 0);
	test_time_set("2026-11-22T10:00:00");
	close_world(&w);
}

TEST("one wrong sign in a sheet's number is always seen")
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

	for (int n = 0; n < 50; n++) {
		char numero[RECUEIL_NUMERO];

		numero_make(&env_test, numero);
		holds(numero_checks(numero));
		for (int i = 0; numero[i]; i++) {
			char right = numero[i];

			for (const char *p = letters; *p && right != '-'; p++) {
				numero[i] = *p;
				equals(numero_checks(numero), *p == right);
			}
			numero[i] = right;
		}
	}
}

TEST("what is typed for a box: numbers, letters, several, an order, S and R; and nothing that is not on the sheet")
{
	static const char *const ids[] = { "a", "b", "c" };
	struct option options[3] = { 0 };
	struct item it = { .type = ITEM_CHOIX, .options = options, .noptions = 3, .min = 0, .max = 9 };
	struct arena a = arena_new(1 << 20);
	struct reponse r;

	for (int i = 0; i < 3; i++)
		options[i].id = ids[i];
	holds(papier_code_read(&a, &it, "2", &r) && r.choix == 2);
	holds(papier_code_read(&a, &it, "c", &r) && r.choix == 4);
	holds(papier_code_read(&a, &it, "s", &r) && r.etat == NE_SAIT_PAS);
	holds(papier_code_read(&a, &it, "R", &r) && r.etat == REFUS);
	holds(papier_code_read(&a, &it, "", &r) && r.etat == SANS_REPONSE);
	holds(!papier_code_read(&a, &it, "4", &r));
	holds(!papier_code_read(&a, &it, "0", &r));
	holds(!papier_code_read(&a, &it, "1 2", &r));
	it.type = ITEM_PLUSIEURS;
	holds(papier_code_read(&a, &it, " 1, 3 ", &r) && r.choix == 5);
	same(papier_code_write(&a, &it, &r), "1 3");
	it.type = ITEM_ORDRE;
	holds(papier_code_read(&a, &it, "3 1 2", &r));
	same(papier_code_write(&a, &it, &r), "3 1 2");
	holds(!papier_code_read(&a, &it, "3 1", &r));
	it.type = ITEM_NOMBRE;
	it.noptions = 0;
	holds(papier_code_read(&a, &it, "2,5", &r) && r.nombre == 2.5);
	holds(!papier_code_read(&a, &it, "douze", &r));
	arena_free(&a);
}
