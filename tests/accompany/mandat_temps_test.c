#include "tests/core/journal_world.h"

#include "accompany/mandat.h"
#include "core/core.h"

/* m1 ends on 20 December 2026 and reminds by SMS; m2 ends tonight; m3 was prepared and left. */
static const char people[] =
	"INSERT INTO structure (id, nom, nom_cle, type, cree_le, maj_le) VALUES ('s1', 'CCAS', 'ccas', 'ccas', '', '');"
	"INSERT INTO structure_limite (structure_id, demarches, duree_max, dpo, maj_le)"
	" VALUES ('s1', 'logement', 'LONG', 'dpo@exemple.fr', '');"
	"INSERT INTO agent (id, prenom, nom, nom_cle, identifiant, etat, cree_le, maj_le)"
	" VALUES ('a1', 'Ana', 'B', 'b', 'ana', 'actif', '', '');"
	"INSERT INTO usager (id, structure_id, numero, nom, telephone, telephone_sur, cree_par, cree_le, maj_le)"
	" VALUES ('p1', 's1', '000000001', 'Un', '+33612345678', 1, 'a1', '', '');"
	"INSERT INTO mandat (id, usager_id, structure_id, raison, duree, mode, etat, cree_par, cree_le, signe_le, expire_le)"
	" VALUES ('m1', 'p1', 's1', 'x', 'SEMESTER', 'ecran', 'actif', 'a1', '2026-06-21T10:00:00Z', '2026-06-21T10:00:00Z',"
	" '2026-12-20T23:00:00Z'), ('m2', 'p1', 's1', 'x', 'SHORT', 'ecran', 'actif', 'a1', '2026-11-20T10:00:00Z',"
	" '2026-11-20T10:00:00Z', '2026-11-20T23:00:00Z'), ('m3', 'p1', 's1', 'x', 'SHORT', 'ecran', 'prepare', 'a1',"
	" '2026-11-20T10:00:00Z', NULL, NULL);"
	"INSERT INTO desaccord (id, usager_id, structure_id, etat, le) VALUES ('d1', 'p1', 's1', 'ouvert', '2026-11-20T10:00:00Z');";

struct time_world {
	struct journal_world w;
	struct core core;
};

static struct time_world time_open(void)
{
	struct time_world t = { .w = journal_world_open(test_dir()) };

	harm(&t.w, people);
	t.core = (struct core){ .store = t.w.s, .env = &env_test,
		.site = { .nom = "Aide", .adresse = "https://aide.exemple.fr" } };
	db_release(&t.w.db);
	return t;
}

static void time_close(struct time_world *t)
{
	journal_world_close(&t->w);
}

static void at(struct time_world *t, const char *iso)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct err e = { 0 };

	test_time_set(iso);
	accepts(mandat_tend(&t->core, &a, &e), &e);
}

static const struct query_column number[] = { { Q_INT, false, 0, 0 } };

static int64_t count(struct time_world *t, const struct query *q)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct err e = { 0 };
	int64_t n = -1;

	accepts(db_acquire(t->w.s, &db, &e), &e);
	accepts(query_one(db, &t->w.a, q, NULL, &n, NULL, &e), &e);
	return n;
}

#define COUNT(what) { what, "SELECT COUNT(*) FROM " what, NULL, 0, number, 1, sizeof(int64_t), true, NULL }
static const struct query ended = COUNT("mandat WHERE etat = 'fini'"),
	left = COUNT("mandat WHERE etat = 'abandonne'"),
	said = COUNT("journal_acte WHERE genre = 'mandat.fini'"),
	texts = COUNT("envoi WHERE genre = 'mandat-fin'"),
	mails = COUNT("envoi WHERE canal = 'courriel'"),
	passed = COUNT("desaccord WHERE etat = 'dpo'");

TEST("a mandat ends by its job at its hour, is told once, and a clock that goes back revives nothing")
{
	CLEANUP(time_close) struct time_world t = time_open();

	at(&t, "2026-11-20T22:59:59Z");
	equals(count(&t, &ended), 0);
	at(&t, "2026-11-20T23:00:00Z");
	equals(count(&t, &ended), 1);
	at(&t, "2026-11-20T12:00:00Z");
	at(&t, "2026-11-21T12:00:00Z");
	equals(count(&t, &ended), 1);
	equals(count(&t, &said), 1);
}

TEST("the person is told thirty days before a long mandat ends, once, whatever the clock does")
{
	CLEANUP(time_close) struct time_world t = time_open();

	at(&t, "2026-11-20T22:00:00Z");
	equals(count(&t, &texts), 0);
	at(&t, "2026-11-21T00:00:00Z");
	equals(count(&t, &texts), 1);
	at(&t, "2026-11-01T00:00:00Z");
	at(&t, "2026-11-30T00:00:00Z");
	equals(count(&t, &texts), 1);
}

TEST("a mandat prepared and never signed is left after two days, a disagreement passed on after fifteen")
{
	CLEANUP(time_close) struct time_world t = time_open();

	at(&t, "2026-11-22T09:59:59Z");
	equals(count(&t, &left), 0);
	at(&t, "2026-11-22T10:00:01Z");
	equals(count(&t, &left), 1);
	at(&t, "2026-12-05T09:59:59Z");
	equals(count(&t, &passed), 0);
	at(&t, "2026-12-05T10:00:00Z");
	equals(count(&t, &passed), 1);
	equals(count(&t, &mails), 1);
	at(&t, "2026-11-22T10:00:01Z");
	at(&t, "2026-12-06T10:00:00Z");
	equals(count(&t, &mails), 1);
}
