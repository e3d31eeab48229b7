#include "tests/core/journal_world.h"

#include "accompany/personne_efface.h"
#include "core/journal_efface.h"

static const struct effaceur *const all[] = { journal_effaceurs, personne_effaceurs, NULL };

/* Two people of one structure; everything that the first one said holds the canary. */
static const char people[] =
	"PRAGMA foreign_keys = ON;"
	"INSERT INTO structure (id, nom, nom_cle, type, cree_le, maj_le) VALUES ('s1', 'CCAS', 'ccas', 'ccas', '', '');"
	"INSERT INTO agent (id, prenom, nom, nom_cle, identifiant, etat, cree_le, maj_le)"
	" VALUES ('a1', 'Ana', 'B', 'b', 'ana', 'actif', '', '');"
	"INSERT INTO usager (id, structure_id, numero, nom, telephone, cree_par, cree_le, maj_le)"
	" VALUES ('p1', 's1', '000000001', 'canari nom', '+33canari', 'a1', '', ''),"
	" ('p2', 's1', '000000002', 'autre', NULL, 'a1', '', '');"
	"INSERT INTO usager_code VALUES ('p1', 1, 'canari', NULL);"
	"INSERT INTO mandat (id, usager_id, structure_id, proche, raison, duree, mode, etat, renouvelle, cree_par, cree_le)"
	" VALUES ('m1', 'p1', 's1', 'canari proche', 'x', 'SHORT', 'ecran', 'fini', NULL, 'a1', ''),"
	" ('m2', 'p1', 's1', NULL, 'x', 'SHORT', 'ecran', 'actif', 'm1', 'a1', ''),"
	" ('m3', 'p2', 's1', NULL, 'x', 'SHORT', 'ecran', 'actif', NULL, 'a1', '');"
	"INSERT INTO autorisation VALUES ('m1', 'logement', NULL, NULL);"
	"INSERT INTO mandat_agent VALUES ('m1', 'a1', '');"
	"INSERT INTO mandat_lecture VALUES ('m1', 'a1', 'canari raison', '', '');"
	"INSERT INTO consentement (id, mandat_id, canal, telephone, etat, cree_le, expire_le)"
	" VALUES ('c1', 'm1', 'sms', '+33canari', 'oui', '', '');"
	"INSERT INTO acte (id, mandat_id, usager_id, agent_id, demarche, fait, resultat, le, numero)"
	" VALUES ('x1', 'm1', 'p1', 'a1', 'logement', 'canari acte', 'fait', '', 0),"
	" ('x2', 'm3', 'p2', 'a1', 'logement', 'reste', 'fait', '', 1);"
	"INSERT INTO histoire (id, usager_id, structure_id, genre, texte, le)"
	" VALUES ('h1', 'p1', 's1', 'acte', 'canari histoire', '');"
	"INSERT INTO desaccord (id, usager_id, structure_id, histoire_id, texte, etat, le)"
	" VALUES ('d1', 'p1', 's1', 'h1', 'canari desaccord', 'ouvert', '');";

TEST("a person is given back whole, then erased from every table and file, and the others stay")
{
	static const char *const said[] = { "canari nom", "canari proche", "canari acte", "canari histoire",
					    "canari desaccord", "canari journal", NULL };
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20), other = buf_new(1 << 20);
	struct err e = { 0 };

	harm(&w, people);
	act_put(&w, "acte.fait", "p1", "canari journal");
	act_put(&w, "acte.fait", "p2", "reste");
	accepts(effacement_export(w.db, &env_test, all, "usager", "p1", &b, &e), &e);
	for (int i = 0; said[i]; i++)
		holds(strstr(buf_text(&b), said[i]));
	holds(!strstr(buf_text(&b), "reste"));
	db_release(&w.db);
	accepts(effacement_run(w.s, all, "usager", "p1", NULL, &e), &e);
	accepts(db_acquire(w.s, &w.db, &e), &e);
	equals(files_with(w.dir, "canari"), 0);
	accepts(effacement_export(w.db, &env_test, all, "usager", "p2", &other, &e), &e);
	holds(strstr(buf_text(&other), "reste") && strstr(buf_text(&other), "autre"));
	seal_now(&w);
	equals(faults(&w, NULL, NULL), 0);
}
