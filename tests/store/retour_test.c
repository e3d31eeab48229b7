#include "store/retour.h"

#include "store/envoi.h"
#include "store/envoi.sql.h"
#include "tests/store/world.h"

/* A message that has left, and calls about it. */
struct suite {
	struct arena a;
	struct store *s;
	char id[UUID_TEXT];
	struct err e;
};

static bool put_and_leave(struct tx *tx, void *arg, struct err *e)
{
	struct suite *w = arg;
	struct envoi m = { .canal = ENVOI_SMS, .genre = "essai", .destinataire = "+33612345678",
		.texte = "Bonjour" };

	return envoi_put(tx, &m, w->id, e)
	       && envoi_lease(tx, w->id, "2026-11-22T10:05:00Z", "2026-11-22", "2026-11-22T10:00:00Z",
			      NULL, e)
	       && envoi_leave(tx, w->id, "distant-1", "2026-11-22T10:00:00Z", NULL, e);
}

static void begin(struct suite *w)
{
	*w = (struct suite){ .a = arena_new(4 << 20), .s = open_store(test_dir(), STORE_CREATE) };
	accepts(store_write(w->s, put_and_leave, w, &w->e), &w->e);
}

static void end(struct suite *w)
{
	store_close(w->s);
	arena_free(&w->a);
}

static struct envoi_get_row get(struct suite *w)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_get_row row;
	bool found;

	accepts(db_acquire(w->s, &db, &w->e)
		&& envoi_get(db, &w->a, w->id, &row, &found, &w->e), &w->e);
	return row;
}

static bool accuse_job(struct tx *tx, void *arg, struct err *e)
{
	return retour_accuse(tx, arg, "2026-11-22", e);
}

static bool accuse(struct suite *w, struct retour_accuse k)
{
	return store_write(w->s, accuse_job, &k, &w->e);
}

struct saying {
	struct retour_reponse k;
	const char *empreinte;
};

static bool reponse_job(struct tx *tx, void *arg, struct err *e)
{
	struct saying *s = arg;

	return retour_reponse(tx, &s->k, NULL, s->empreinte, e);
}

static bool reponse(struct suite *w, const char *de, const char *texte, const char *id,
		    const char *empreinte)
{
	struct saying s = { { de, texte, id }, empreinte };

	return store_write(w->s, reponse_job, &s, &w->e);
}

static size_t answers(struct suite *w, struct envoi_reponses_unread_row **rows)
{
	CLEANUP(db_release) struct db *db = NULL;
	size_t n;

	accepts(db_acquire(w->s, &db, &w->e)
		&& envoi_reponses_unread(db, &w->a, 100, rows, &n, &w->e), &w->e);
	return n;
}

TEST("a receipt moves its message, by our token or by the gateway's name and its signature")
{
	struct suite w;

	begin(&w);
	accepts(accuse(&w, (struct retour_accuse){ .id = w.id, .jeton = get(&w).jeton,
		       .sort = RETOUR_REMIS }), &w.e);
	same(get(&w).etat, "remis");
	end(&w);
	begin(&w);
	accepts(accuse(&w, (struct retour_accuse){ .id_distant = "distant-1", .prouve = true,
		       .sort = RETOUR_ECHEC, .motif = "Non remis (16)" }), &w.e);
	same(get(&w).etat, "non_remis");
	same(get(&w).motif, "Non remis (16)");
	end(&w);
}

TEST("a receipt with another token, of an unknown message or without proof changes nothing")
{
	struct suite w;

	begin(&w);
	refuses(E_DENIED, accuse(&w, (struct retour_accuse){ .id = w.id, .jeton = "0000",
		.sort = RETOUR_REMIS }), &w.e);
	refuses(E_DENIED, accuse(&w, (struct retour_accuse){ .id = w.id, .sort = RETOUR_REMIS }), &w.e);
	refuses(E_DENIED, accuse(&w, (struct retour_accuse){ .id_distant = "distant-1",
		.sort = RETOUR_REMIS }), &w.e);
	refuses(E_MISSING, accuse(&w, (struct retour_accuse){ .id = "01999999-0000-7000-8000-000000000000",
		.jeton = get(&w).jeton, .sort = RETOUR_REMIS }), &w.e);
	refuses(E_MISSING, accuse(&w, (struct retour_accuse){ .id_distant = "distant-2", .prouve = true,
		.sort = RETOUR_REMIS }), &w.e);
	same(get(&w).etat, "parti");
	end(&w);
}

TEST("a receipt that is replayed, or comes after the last word, is refused")
{
	struct suite w;
	struct retour_accuse wait, ok, bad;

	begin(&w);
	wait = ok = bad = (struct retour_accuse){ .id = w.id, .jeton = get(&w).jeton };
	wait.sort = RETOUR_ATTENTE;
	ok.sort = RETOUR_REMIS;
	bad.sort = RETOUR_ECHEC;
	accepts(accuse(&w, wait), &w.e);
	refuses(E_CONFLICT, accuse(&w, wait), &w.e);
	same(get(&w).etat, "parti");
	accepts(accuse(&w, ok), &w.e);
	refuses(E_CONFLICT, accuse(&w, ok), &w.e);
	refuses(E_CONFLICT, accuse(&w, bad), &w.e);
	same(get(&w).etat, "remis");
	end(&w);
}

TEST("an answer is kept once, with the last message that its number was sent")
{
	struct envoi_reponses_unread_row *rows;
	struct suite w;

	begin(&w);
	accepts(reponse(&w, "33612345678", "Oui, merci !", "r1", "e1"), &w.e);
	refuses(E_CONFLICT, reponse(&w, "33612345678", "Oui, merci !", "r1", "e1"), &w.e);
	refuses(E_CONFLICT, reponse(&w, "+33612345678", "Oui", "r1", "e2"), &w.e);      /* its name */
	refuses(E_CONFLICT, reponse(&w, "+33612345678", "Oui", NULL, "e1"), &w.e);      /* the same call */
	test_time_set("2026-11-22T10:00:01Z");          /* ids are in the order of time */
	accepts(reponse(&w, "0698765432", "NON", NULL, "e3"), &w.e);
	equals(answers(&w, &rows), 2);
	same(rows[0].expediteur, "+33612345678");
	same(rows[0].mot, "oui");
	same(rows[0].texte, "Oui, merci !");
	same(rows[0].envoi_id, w.id);
	same(rows[1].mot, "non");
	holds(!rows[1].envoi_id);
	refuses(E_INPUT, reponse(&w, "TREMPLIN", "Oui", NULL, "e4"), &w.e);
	test_time_set("2026-11-22T10:00:00Z");
	end(&w);
}

TEST("STOP is obeyed at once, and START takes it back")
{
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_stopped_row row;
	struct suite w;
	bool found;

	begin(&w);
	accepts(db_acquire(w.s, &db, &w.e), &w.e);
	accepts(reponse(&w, "+33612345678", " Stop.", NULL, "e1"), &w.e);
	accepts(envoi_stopped(db, &w.a, "+33612345678", &row, &found, &w.e), &w.e);
	holds(found);
	accepts(reponse(&w, "+33612345678", "START", NULL, "e2"), &w.e);
	accepts(envoi_stopped(db, &w.a, "+33612345678", &row, &found, &w.e), &w.e);
	holds(!found);
	db_release(&db);
	end(&w);
}
