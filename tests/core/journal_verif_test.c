#include "tests/core/journal_world.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/effacement.h"
#include "core/journal_efface.h"
#include "core/journal_preuve.h"
#include "store/sauvegarde.h"

static const struct effaceur *const all[] = { journal_effaceurs, NULL };

TEST("a journal that nobody touched is sound, at any size, with and without a head")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());

	equals(faults(&w, NULL, NULL), 0);
	for (int i = 0; i < 12; i++) {
		acts_put(&w, i * i);
		if (i)
			seal_now(&w);
		acts_put(&w, i % 3);
		equals(faults(&w, NULL, NULL), 0);
	}
}

TEST("an act that was changed, removed, moved or added is named")
{
	static const char *const harms[][2] = {
		{ "UPDATE journal_acte SET texte = '{\"quoi\":\"autre\"}' WHERE numero = 3", "L’acte 3 n’est plus" },
		{ "UPDATE journal_acte SET acteur = NULL WHERE numero = 3", "L’acte 3 n’est plus" },
		{ "DELETE FROM journal_acte WHERE numero = 3", "L’acte 3 a disparu" },
		{ "DELETE FROM journal_acte WHERE numero = 9; DELETE FROM journal_feuille WHERE numero = 9",
		  "Une tête signée dit 10 actes" },
		{ "DELETE FROM journal_tete", "journal/checkpoint n’est pas" },
		{ "INSERT INTO journal_feuille VALUES (10, zeroblob(32))", "L’acte 10 a disparu" },
		{ "UPDATE journal_origine SET origine = 'autre.fr/journal'", "La tête signée" },
	};

	for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
		CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
		const char *said;

		acts_put(&w, 10);
		seal_now(&w);
		equals(faults(&w, NULL, NULL), 0);
		harm(&w, harms[i][0]);
		holds(faults(&w, NULL, &said) > 0);
		if (strncmp(said, harms[i][1], strlen(harms[i][1])))
			fail_msg("%s: %s", harms[i][0], said);
	}
}

TEST("a clock that jumps back changes nothing: the order is that of the leaves")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());

	test_time_set("2026-11-22T10:00:00Z");
	acts_put(&w, 3);
	test_time_set("1999-01-01T00:00:00Z");
	equals(act_put(&w, "acte.fait", "u1", "avant"), 3);
	seal_now(&w);
	test_time_set("2038-01-19T03:14:08Z");
	equals(act_put(&w, "acte.fait", "u1", "après"), 4);
	seal_now(&w);
	test_time_set("2026-11-22T10:00:00Z");
	equals(faults(&w, NULL, NULL), 0);
}

TEST("an older copy of the store is found against a kept head, and by the head beside it")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	struct journal_tete kept, other;
	struct err e = { 0 };

	acts_put(&w, 10);
	seal_now(&w);
	acts_put(&w, 10);
	kept = seal_now(&w);
	equals(faults(&w, &kept.head, NULL), 0);
	harm(&w, "DELETE FROM journal_acte WHERE numero >= 10; DELETE FROM journal_feuille WHERE numero >= 10; "
	     "DELETE FROM journal_tete WHERE taille > 10");
	holds(faults(&w, &kept.head, NULL) >= 2);
	acts_put(&w, 12);
	refuses(E_STORE, journal_seal(w.s, w.g, "", &w.a, &other, &e), &e);
}

TEST("nothing is signed over leaves that are not those that were signed")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	struct journal_tete t;
	struct err e = { 0 };

	acts_put(&w, 600);
	seal_now(&w);
	harm(&w, "UPDATE journal_feuille SET engagement = zeroblob(32) WHERE numero = 599");
	acts_put(&w, 1);
	refuses(E_STORE, journal_seal(w.s, w.g, "", &w.a, &t, &e), &e);
}

TEST("tiles that are gone are made again at the next head")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	char path[1100];

	acts_put(&w, 700);
	seal_now(&w);
	snprintf(path, sizeof path, "%s/journal/tile/0/001", w.dir);
	equals(unlink(path), 0);
	equals(faults(&w, NULL, NULL), 1);
	snprintf(path, sizeof path, "%s/journal/tile/1/000.p/2", w.dir);
	equals(unlink(path), 0);
	acts_put(&w, 1);
	seal_now(&w);
	equals(faults(&w, NULL, NULL), 0);
}

TEST("a key that changed signs nothing more under the same name")
{
	const char *dir = test_dir();
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(dir);
	struct journal_tete t;
	struct err e = { 0 };
	char path[1100];

	acts_put(&w, 3);
	seal_now(&w);
	snprintf(path, sizeof path, "%s/cles/journal", dir);
	equals(unlink(path), 0);
	signer_close(&w.g);
	accepts(signer_open_local(dir, &env_system, &w.g, &e), &e);
	acts_put(&w, 1);
	refuses(E_STORE, journal_seal(w.s, w.g, "", &w.a, &t, &e), &e);
	holds(faults(&w, NULL, NULL) > 0);
}

static bool erased(struct journal_world *w, const char *usager)
{
	struct err e = { 0 };

	accepts(effacement_run(w->s, all, "usager", usager, NULL, &e), &e);
	return true;
}

TEST("a person who is erased is in no file but old backups, and the tree stays whole")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct journal_tete before, after;
	struct journal_act act;
	struct err e = { 0 };

	for (int i = 0; i < 400; i++) {
		act_put(&w, "acte.fait", i % 3 ? "personne-gardee" : "personne-canari",
			i % 3 ? "texte-garde" : "texte-canari");
	}
	before = seal_now(&w);
	holds(files_with(w.dir, "texte-canari") > 0);
	accepts(effacement_export(w.db, &env_test, all, "usager", "personne-canari", &b, &e), &e);
	holds(strstr(buf_text(&b), "texte-canari") && !strstr(buf_text(&b), "texte-garde"));
	db_release(&w.db);
	holds(erased(&w, "personne-canari"));
	accepts(db_acquire(w.s, &w.db, &e), &e);
	equals(files_with(w.dir, "texte-canari"), 0);
	holds(files_with(w.dir, "texte-garde") > 0);
	/* its id alone stays, in the list that is replayed after a restore */
	equals(files_with(w.dir, "personne-canari"), 1);
	after = seal_now(&w);
	equals(after.head.size, before.head.size + 1);
	equals(faults(&w, &before.head, NULL), 0);
	accepts(journal_get(w.db, &w.a, 0, &act, &e), &e);
	holds(act.efface && !act.texte && !act.sel.p);
	accepts(journal_get(w.db, &w.a, 400, &act, &e), &e);
	same(act.genre, "journal.efface");
	/* what was not declared is a theft */
	harm(&w, "DELETE FROM journal_acte WHERE numero = 1");
	equals(faults(&w, NULL, NULL), 1);
}

TEST("a backup from before an erasure is restored without what was erased, and says so")
{
	const char *dir = test_dir();
	struct journal_world w = journal_world_open(dir);
	struct sauvegarde saved;
	struct journal_tete left, t;
	struct journal_act act;
	struct err e = { 0 };
	char aside[SAUVEGARDE_PATH];

	act_put(&w, "acte.fait", "personne-canari", "texte-canari");
	act_put(&w, "acte.fait", "autre", "texte-garde");
	seal_now(&w);
	accepts(sauvegarde_make(w.s, NULL, &saved, &e), &e);
	db_release(&w.db);
	holds(erased(&w, "personne-canari"));
	accepts(db_acquire(w.s, &w.db, &e), &e);
	acts_put(&w, 5);
	left = seal_now(&w);
	equals(left.head.size, 8);
	journal_world_close(&w);
	accepts(sauvegarde_restore(dir, saved.path, &env_test, aside, &e), &e);
	w = journal_world_open(dir);
	equals(files_with(dir, "texte-canari"), 1);     /* not yet served */
	db_release(&w.db);
	accepts(effacement_resume(w.s, all, &e), &e);
	accepts(effacement_resume(w.s, all, &e), &e);   /* once is enough */
	accepts(db_acquire(w.s, &w.db, &e), &e);
	equals(files_with(dir, "texte-canari"), 0);
	holds(files_with(dir, "texte-garde") > 0);
	t = seal_now(&w);
	equals(t.head.size, 4);         /* two acts, the erasure, the restore */
	holds(strcmp(t.head.origin, left.head.origin) != 0);
	accepts(journal_get(w.db, &w.a, 3, &act, &e), &e);
	same(act.genre, "journal.restauration");
	holds(strstr(act.texte, "\"quitte-taille\":\"8\"") && strstr(act.texte, t.head.origin));
	equals(faults(&w, NULL, NULL), 0);
	equals(faults(&w, &left.head, NULL), 1);        /* who kept that head sees it */
	journal_world_close(&w);
}

TEST("each kind of act goes when its time is over, and a leaf says which")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	struct journal_act act;
	struct err e = { 0 };

	test_time_set("2019-01-01T00:00:00Z");
	act_put(&w, "compte.connexion", NULL, "il y a huit ans");
	act_put(&w, "mandat.signe", "u1", "il y a huit ans");
	test_time_set("2025-11-01T00:00:00Z");
	act_put(&w, "compte.connexion", NULL, "il y a plus d’un an");
	act_put(&w, "mandat.signe", "u1", "il y a plus d’un an");
	test_time_set("2026-11-22T10:00:00Z");
	act_put(&w, "compte.connexion", NULL, "hier");
	accepts(journal_conserve(w.s, &e), &e);
	for (int64_t i = 0; i < 5; i++) {
		accepts(journal_get(w.db, &w.a, i, &act, &e), &e);
		equals(act.efface, i < 3);
	}
	accepts(journal_get(w.db, &w.a, 5, &act, &e), &e);
	same(act.texte, "{\"feuilles\":\"0-2\",\"motif\":\"duree\"}");
	seal_now(&w);
	equals(faults(&w, NULL, NULL), 0);
	accepts(journal_conserve(w.s, &e), &e);
	refuses(E_MISSING, journal_get(w.db, &w.a, 6, &act, &e), &e);
}

TEST("a proof of an act stands by itself, and an act that was erased has none")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	struct journal_proof proof;
	struct journal_tete t;
	struct note_key key;
	unsigned char public[BOX_PUBLIC];
	const char *text;
	struct err e = { 0 };

	acts_put(&w, 300);
	act_put(&w, "acte.fait", "u2", "un acte");
	t = seal_now(&w);
	acts_put(&w, 1);
	accepts(signer_public(w.g, "journal", public, &e), &e);
	accepts(note_key_make(NOTE_LOG, "essai.fr/journal", public, &key, &e), &e);
	accepts(journal_prove(w.db, journal_folder(w.s, &w.a), 300, &t, &w.a, &text, &e), &e);
	accepts(journal_proof_check(text, strlen(text), &key, &w.a, &proof, &e), &e);
	equals(proof.index, 300);
	holds(strstr(proof.record, "un acte"));
	refuses(E_MISSING, journal_prove(w.db, journal_folder(w.s, &w.a), 301, &t, &w.a, &text, &e), &e);
	db_release(&w.db);
	holds(erased(&w, "u2"));
	accepts(db_acquire(w.s, &w.db, &e), &e);
	refuses(E_CONFLICT, journal_prove(w.db, journal_folder(w.s, &w.a), 300, &t, &w.a, &text, &e), &e);
}
