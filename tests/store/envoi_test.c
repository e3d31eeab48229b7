#include "store/envoi.h"

#include "store/envoi.sql.h"
#include "store/sms.h"
#include "tests/store/world.h"

struct putting {
	struct envoi m;
	char id[UUID_TEXT];
	bool give_up;
};

static bool put_job(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;

	return envoi_put(tx, &p->m, p->id, e)
	       && (!p->give_up || fail(e, E_CONFLICT, "given up after all"));
}

static struct putting an_sms(const char *text)
{
	return (struct putting){ .m = { .canal = ENVOI_SMS, .genre = "essai",
		.destinataire = "+33612345678", .texte = text } };
}

static bool put(struct store *s, struct putting *p, struct err *e)
{
	return store_write(s, put_job, p, e);
}

static struct envoi_get_row get(struct store *s, struct arena *a, const char *id)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_get_row row = { 0 };
	bool found = false;
	struct err e;

	accepts(db_acquire(s, &db, &e) && envoi_get(db, a, id, &row, &found, &e), &e);
	if (!found)
		row.id = NULL;
	return row;
}

TEST("a message leaves if and only if its transaction was kept")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct putting kept = an_sms("Bonjour"), dropped = an_sms("Bonjour");
	struct err e;

	dropped.give_up = true;
	refuses(E_CONFLICT, put(s, &dropped, &e), &e);
	accepts(put(s, &kept, &e), &e);
	holds(!get(s, &a, dropped.id).id);
	same(get(s, &a, kept.id).etat, "attente");
	same(get(s, &a, kept.id).expire_le, "2026-11-24T10:00:00Z");
	store_close(s);
}

TEST("two messages of one key are one, and the second is told which")
{
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct putting one = an_sms("Bonjour"), two = an_sms("Bonsoir"), three = an_sms("x");
	struct err e;

	one.m.cle = two.m.cle = "rappel:1:veille";
	accepts(put(s, &one, &e) && put(s, &two, &e) && put(s, &three, &e), &e);
	same(one.id, two.id);
	holds(strcmp(one.id, three.id));
	store_close(s);
}

TEST("a message is refused where it is written when nobody could read it")
{
	static char long_text[ENVOI_TEXTE_MOST + 2];
	static const struct { const char *to, *text; } bad[] = {
		{ "0612345678", "x" }, { "+3361234567", "x" }, { "+33812345678", "x" },
		{ "+33123456789", "x" }, { "a@exemple.fr", "x" }, { "", "x" },
		{ "+33612345678\n", "x" }, { "+33612345678", "" }, { "+33612345678", "a\rb" },
		{ "+33612345678", "a\x01" }, { "+33612345678", "\xff" },
	};
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct putting p;
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		p = an_sms(bad[i].text);
		p.m.destinataire = bad[i].to;
		refuses(E_INPUT, put(s, &p, &e), &e);
	}
	memset(long_text, 'a', sizeof long_text - 1);
	p = an_sms(long_text);
	refuses(E_LIMIT, put(s, &p, &e), &e);
	store_close(s);
}

TEST("a mail address or an object with a line break never enters the queue")
{
	static const struct { const char *to, *objet; } bad[] = {
		{ "a@exemple.fr\r\nBcc: b@exemple.fr", "x" }, { "a@exemple.fr\n", "x" },
		{ "a@exemple.fr", "x\r\nBcc: b@exemple.fr" }, { "a@exemple.fr", "x\n" },
		{ "a@exemple.fr,b@exemple.fr", "x" }, { "A <a@exemple.fr>", "x" }, { "a@b@exemple.fr", "x" },
		{ "a@exemple", "x" }, { "@exemple.fr", "x" }, { "a@", "x" }, { "a b@exemple.fr", "x" },
		{ "a..b@exemple.fr", "x" }, { ".a@exemple.fr", "x" }, { "a@-exemple.fr", "x" },
		{ "a@exemple.fr-", "x" }, { "a@127.0.0.1", "x" }, { "é@exemple.fr", "x" },
		{ "a@exemple.fr", "" },
	};
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct putting p = { .m = { .canal = ENVOI_COURRIEL, .genre = "essai",
			.destinataire = bad[i].to, .objet = bad[i].objet, .texte = "x" } };

		refuses(E_INPUT, put(s, &p, &e), &e);
	}
	holds(courriel_is_good("prenom.nom+tri@sous.exemple.gouv.fr"));
	holds(courriel_is_good("o'neil@exemple.fr"));
	store_close(s);
}

TEST("an SMS is kept in signs that every telephone has, and with what it costs")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct putting p = an_sms("« L’été » : le cœur…");
	struct err e;

	accepts(put(s, &p, &e), &e);
	equals(get(s, &a, p.id).segments, 1);
	same(sms_plain(&a, p.m.texte), "\"L'été\" : le coeur...");
	store_close(s);
}

static bool cancel_job(struct tx *tx, void *arg, struct err *e)
{
	return envoi_cancel(tx, arg, e);
}

TEST("what waits under a key can be taken back, and its text is gone")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct putting p = an_sms("Bonjour");
	struct err e;

	p.m.cle = "rappel:2";
	accepts(put(s, &p, &e), &e);
	accepts(store_write(s, cancel_job, "rappel:2", &e), &e);
	accepts(store_write(s, cancel_job, "rappel:3", &e), &e);        /* nothing to take back */
	same(get(s, &a, p.id).etat, "annule");
	accepts(put(s, &p, &e), &e);
	same(get(s, &a, p.id).etat, "annule");          /* and it does not come again */
	store_close(s);
}
