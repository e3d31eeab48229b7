#include "tests/core/journal_world.h"

#include "accompany/personne_conserve.h"
#include "accompany/personne_efface.h"
#include "core/journal_efface.h"

static const struct effaceur *const all[] = { journal_effaceurs, personne_effaceurs, NULL };

/* p1 signed nothing; p2's mandat ended on 1 March 2026; p3 was helped on 1 December 2026. */
static const char people[] =
	"INSERT INTO structure (id, nom, nom_cle, type, cree_le, maj_le) VALUES ('s1', 'CCAS', 'ccas', 'ccas', '', '');"
	"INSERT INTO agent (id, prenom, nom, nom_cle, identifiant, etat, cree_le, maj_le)"
	" VALUES ('a1', 'Ana', 'B', 'b', 'ana', 'actif', '', '');"
	"INSERT INTO usager (id, structure_id, numero, nom, naissance, telephone, secret, cree_par, cree_le, maj_le)"
	" VALUES ('p1', 's1', '000000001', 'Un', '1950', '+33600000001', 'x', 'a1', '', '2026-03-01T10:00:00Z'),"
	" ('p2', 's1', '000000002', 'Deux', '1951', '+33600000002', 'x', 'a1', '', '2026-03-01T10:00:00Z'),"
	" ('p3', 's1', '000000003', 'Trois', '1952', '+33600000003', 'x', 'a1', '', '2026-03-01T10:00:00Z');"
	"INSERT INTO usager_code VALUES ('p2', 1, 'x', NULL);"
	"INSERT INTO mandat (id, usager_id, structure_id, raison, duree, mode, etat, cree_par, cree_le, signe_le, expire_le)"
	" VALUES ('m2', 'p2', 's1', 'x', 'SHORT', 'ecran', 'fini', 'a1', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00Z',"
	" '2026-03-01T00:00:00Z'), ('m3', 'p3', 's1', 'x', 'SHORT', 'ecran', 'fini', 'a1', '2026-02-28T10:00:00Z',"
	" '2026-02-28T10:00:00Z', '2026-03-01T00:00:00Z');"
	"INSERT INTO acte (id, mandat_id, usager_id, agent_id, demarche, fait, resultat, le, numero)"
	" VALUES ('x3', 'm3', 'p3', 'a1', 'logement', 'un', 'fait', '2026-02-28T11:00:00Z', 0);"
	"INSERT INTO histoire (id, usager_id, structure_id, genre, texte, objet, le)"
	" VALUES ('h3', 'p3', 's1', 'acte', 'un', 'x3', '2026-02-28T11:00:00Z'),"
	" ('h4', 'p3', 's1', 'avec', 'deux', NULL, '2032-02-01T10:00:00Z'),"
	" ('h2', 'p2', 's1', 'avec', 'trois', NULL, '2026-02-01T10:00:00Z');"
	"INSERT INTO desaccord (id, usager_id, structure_id, histoire_id, etat, le)"
	" VALUES ('d3', 'p3', 's1', 'h3', 'ouvert', '2026-02-28T12:00:00Z');"
	"INSERT INTO usager_acces (id, usager_id, empreinte, expire_le) VALUES ('k1', 'p1', 'x', '2026-11-20T10:00:00Z'),"
	" ('k2', NULL, 'x', '2026-11-22T09:59:00Z');"
	"INSERT INTO usager_session (empreinte, usager_id, preuve, cree_le, expire_le)"
	" VALUES ('e1', 'p1', 'secret', '2026-01-20T10:00:00Z', '2026-01-20T10:15:00Z'),"
	" ('e2', 'p1', 'secret', '2026-01-21T10:00:00Z', '2026-01-21T10:15:00Z');";

struct years {
	struct journal_world w;
	struct core core;
};

static struct years years_open(void)
{
	struct years y = { .w = journal_world_open(test_dir()) };

	harm(&y.w, people);
	y.core = (struct core){ .store = y.w.s, .env = &env_test, .effaceurs = all };
	db_release(&y.w.db);
	return y;
}

static void years_close(struct years *y)
{
	journal_world_close(&y->w);
}

/* What is there on that day, when the job has run: rows that hold these words. */
static void on(struct years *y, const char *day)
{
	struct err e = { 0 };

	test_time_set(day);
	accepts(personne_conserve(&y->core, &e), &e);
}

static bool kept(struct years *y, const char *usager, const char *word)
{
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct err e = { 0 };

	accepts(db_acquire(y->w.s, &db, &e), &e);
	accepts(effacement_export(db, &env_test, all, "usager", usager, &b, &e), &e);
	return strstr(buf_text(&b), word) != NULL;
}

TEST("a file without a mandat goes two years after the last contact, and not a day before")
{
	CLEANUP(years_close) struct years y = years_open();

	on(&y, "2028-02-28T10:00:00Z");
	holds(kept(&y, "p1", "+33600000001"));
	on(&y, "2028-03-01T11:00:00Z");
	holds(!kept(&y, "p1", "nom"));
	equals(files_with(y.w.dir, "+33600000001"), 0);
}

TEST("who signed loses what serves to reach them after two years, and the mandat after six")
{
	CLEANUP(years_close) struct years y = years_open();

	on(&y, "2028-03-01T11:00:00Z");
	holds(kept(&y, "p2", "Deux") && kept(&y, "p2", "\"mandats\":[{"));
	holds(!kept(&y, "p2", "1951") && !kept(&y, "p2", "trois"));
	equals(files_with(y.w.dir, "+33600000002"), 0);
	on(&y, "2032-02-29T10:00:00Z");
	holds(kept(&y, "p2", "Deux"));
	on(&y, "2032-03-02T10:00:00Z");
	holds(!kept(&y, "p2", "Deux"));
}

TEST("who is still helped keeps their file, and loses mandats that ended six years ago")
{
	CLEANUP(years_close) struct years y = years_open();

	on(&y, "2032-02-02T10:00:00Z");
	holds(kept(&y, "p3", "1952") && kept(&y, "p3", "x3"));
	on(&y, "2032-03-02T10:00:00Z");
	holds(kept(&y, "p3", "1952") && kept(&y, "p3", "deux"));
	holds(!kept(&y, "p3", "x3") && !kept(&y, "p3", "m3"));
}

TEST("codes by telephone go a day after their end, older visits too; the last visit stays")
{
	CLEANUP(years_close) struct years y = years_open();

	on(&y, "2026-11-22T10:00:00Z");
	holds(kept(&y, "p1", "2026-01-21") && !kept(&y, "p1", "2026-01-20"));
	on(&y, "2026-11-24T10:00:00Z");
	holds(kept(&y, "p1", "2026-01-21"));
}

TEST("a clock that goes back and forth erases nothing before its time")
{
	CLEANUP(years_close) struct years y = years_open();

	on(&y, "2026-11-22T10:00:00Z");
	on(&y, "2016-11-22T10:00:00Z");
	on(&y, "2026-11-22T10:00:00Z");
	holds(kept(&y, "p1", "Un") && kept(&y, "p2", "1951") && kept(&y, "p3", "x3"));
}
