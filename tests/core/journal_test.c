#include "tests/test.h"

#include "core/journal.h"
#include "core/trace.h"
#include "crypto/sha256.h"
#include "store/db.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

struct appending {
	const struct journal_entry *x;
	bool refuse;
	int64_t numero;
};

static bool append(struct tx *tx, void *arg, struct err *e)
{
	struct appending *p = arg;

	return journal_append(tx, &env_test, p->x, &p->numero, e)
	       && (!p->refuse || fail(e, E_CONFLICT, "non"));
}

static int64_t put(struct store *s, const struct journal_entry *x)
{
	struct appending p = { .x = x };
	struct err e = { 0 };

	accepts(store_write(s, append, &p, &e), &e);
	return p.numero;
}

static int64_t count(struct store *s)
{
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	struct err e = { 0 };
	int64_t n;

	accepts(db_acquire(s, &db, &e) && journal_count(db, &a, &n, &e), &e);
	return n;
}

static const struct journal_entry signe = {
	.genre = "mandat.signe", .structure = "s1", .usager = "u1", .acteur = "a1", .objet = "m1",
	.mots = (struct journal_mot[]){ { "duree", "SHORT" }, { "absent", NULL },
		{ "demarches", "logement|\"argent\"" }, { 0 } },
};

TEST("an act that is recorded is a leaf, once, in the order of commits")
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	equals(put(s, &signe), 0);
	equals(put(s, &signe), 1);
	equals(put(s, &(struct journal_entry){ .genre = "acte.fait" }), 2);
	equals(count(s), 3);
}

TEST("an act that is refused leaves no leaf and no hole")
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct appending p = { .x = &signe, .refuse = true };
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	equals(put(s, &signe), 0);
	refuses(E_CONFLICT, store_write(s, append, &p, &e), &e);
	equals(put(s, &signe), 1);
	equals(count(s), 2);
}

TEST("a leaf is the hash of its salt and of one line of JSON with its keys in order")
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	unsigned char bytes[4096], hash[SHA256_BYTES];
	struct journal_act act;
	struct err e = { 0 };

	test_time_set("2026-11-22T10:00:00Z");
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	put(s, &signe);
	accepts(db_acquire(s, &db, &e) && journal_get(db, &a, 0, &act, &e), &e);
	same(act.record, "{\"acteur\":\"a1\",\"genre\":\"mandat.signe\",\"le\":\"2026-11-22T10:00:00Z\","
	     "\"objet\":\"m1\",\"structure\":\"s1\",\"texte\":{\"demarches\":\"logement|\\\"argent\\\"\","
	     "\"duree\":\"SHORT\"},\"usager\":\"u1\",\"v\":1}");
	equals(act.sel.n, JOURNAL_SALT);
	memcpy(bytes, act.sel.p, act.sel.n);
	memcpy(bytes + act.sel.n, act.record, strlen(act.record));
	sha256(bytes, act.sel.n + strlen(act.record), hash);
	assert_memory_equal(hash, act.engagement.p, SHA256_BYTES);
	refuses(E_MISSING, journal_get(db, &a, 1, &act, &e), &e);
	refuses(E_MISSING, journal_get(db, &a, -1, &act, &e), &e);
}

TEST("a kind that is not a family and an act, or a word given twice, is refused")
{
	static const char *const wrong[] = { "", ".", "mandat", "mandat.", ".signe", "Mandat.signe",
					     "mandat.signe.x", "mandat.signé", NULL };
	CLEANUP(store_shut) struct store *s = NULL;
	struct journal_entry x = { .genre = "a.b", .mots = (struct journal_mot[]){
		{ "x", "1" }, { "y", "2" }, { "x", "3" }, { 0 } } };
	struct appending p = { .x = &x };
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	refuses(E_STORE, store_write(s, append, &p, &e), &e);
	x.mots = NULL;
	for (int i = 0; wrong[i]; i++) {
		x.genre = wrong[i];
		refuses(E_STORE, store_write(s, append, &p, &e), &e);
	}
	equals(count(s), 0);
}

static bool log_in(struct tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return trace_put(tx, &env_test, &(struct trace){ .action = TRACE_CONNEXION, .agent = "a1",
		.session = "z", .structure = "s1", .cible = "a1" }, e);
}

TEST("a line of the security log is a leaf too")
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	struct journal_act act;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(store_write(s, log_in, NULL, &e), &e);
	accepts(db_acquire(s, &db, &e) && journal_get(db, &a, 0, &act, &e), &e);
	same(act.genre, "compte.connexion");
	same(act.acteur, "a1");
	same(act.texte, "{\"session\":\"z\"}");
}
