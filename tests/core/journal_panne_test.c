#include "tests/core/journal_world.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "core/journal_temoin.h"

/* Fills the disk until it takes no more. */
static void fill(const char *path)
{
	FILE *f = fopen(path, "we");
	static char block[4096];

	memset(block, 'x', sizeof block);
	while (fwrite(block, sizeof block, 1, f) == 1 && !fflush(f))
		;
	fclose(f);
}

static bool one(struct tx *tx, void *arg, struct err *e)
{
	return journal_append(tx, &env_test, &(struct journal_entry){ .genre = "acte.fait",
			.usager = "u1", .mots = (struct journal_mot[]){ { "quoi", arg }, { 0 } } }, NULL, e);
}

TEST("on a full disk an act is refused, no head is signed, and both go on when there is room")
{
	const char *dir = test_dir();
	struct journal_world w;
	struct journal_tete t, after;
	struct err e = { 0 };
	char ballast[1100], text[4000];
	int64_t kept = 0, n;

	if (mount("tmpfs", dir, "tmpfs", 0, "size=4m")) {
		print_message("needs the right to mount a small disk\n");
		skip();
	}
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	w = journal_world_open(dir);
	acts_put(&w, 20);
	t = seal_now(&w);
	acts_put(&w, 5);
	snprintf(ballast, sizeof ballast, "%s/ballast", dir);
	fill(ballast);
	refuses(E_STORE, journal_seal(w.s, w.g, "", &w.a, &after, &e), &e);
	while (kept < 2000 && store_write(w.s, one, text, &e))
		kept++;
	holds(kept < 2000);
	equals(e.kind, E_STORE);
	accepts(journal_count(w.db, &w.a, &n, &e), &e);
	equals(n, 25 + kept);
	equals(unlink(ballast), 0);
	act_put(&w, "acte.fait", "u1", "il y a de la place");
	after = seal_now(&w);
	equals(after.head.size, 25 + kept + 1);
	equals(faults(&w, &t.head, NULL), 0);
	journal_world_close(&w);
	umount(dir);
}

TEST("a file that witnesses refuses another past, and is written again as it was read")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir());
	CLEANUP(buf_free) struct buf b = buf_new(TEMOIN_FILE), again = buf_new(TEMOIN_FILE);
	struct merkle_hash proof[MERKLE_PROOF];
	struct temoin_file t, read;
	struct journal_tete one_head, two;
	unsigned char public[BOX_PUBLIC];
	struct note_key key;
	const char *line;
	size_t n;
	struct err e = { 0 };

	acts_put(&w, 3);
	one_head = seal_now(&w);
	accepts(signer_public(w.g, "journal", public, &e), &e);
	accepts(note_key_make(NOTE_LOG, one_head.head.origin, public, &key, &e), &e);
	accepts(temoin_new(&env_test, "mairie/temoin", &key, &t, &e), &e);
	accepts(temoin_see(&t, 0, &one_head, NULL, 0, &w.a, &line, &e), &e);
	accepts(journal_cosigned_by(w.s, &one_head, &t.own, arena_cat(&w.a, line, "\n", NULL),
				    strlen(line) + 1, &e), &e);
	acts_put(&w, 4);
	two = seal_now(&w);
	{
		CLEANUP(tuiles_free) struct tuiles *tiles = tuiles_new(journal_folder(w.s, &w.a), 7);

		accepts(merkle_prove_growth(3, 7, tuiles_node, tiles, proof, &n, &e), &e);
	}
	refuses(E_CONFLICT, temoin_see(&t, 0, &two, proof, n - 1, &w.a, &line, &e), &e);
	equals(t.head.size, 3);
	accepts(temoin_see(&t, 0, &two, proof, n, &w.a, &line, &e), &e);
	refuses(E_CONFLICT, temoin_see(&t, 0, &one_head, proof, n, &w.a, &line, &e), &e);
	equals(t.head.size, 7);
	accepts(temoin_write(&t, &b, &e), &e);
	accepts(temoin_read(b.p, b.n, &w.a, &read, &e), &e);
	accepts(temoin_write(&read, &again, &e), &e);
	same(buf_text(&b), buf_text(&again));
	b.p[b.n - 10] ^= 1;
	refuses(E_INPUT, temoin_read(b.p, b.n, &w.a, &read, &e), &e);
	equals(faults(&w, NULL, NULL), 0);
}

static const char *asked(struct journal_world *w, uint64_t old, const struct journal_tete *t,
			 struct buf *b)
{
	struct err e = { 0 };

	buf_clear(b);
	accepts(journal_prove_growth(journal_folder(w->s, &w->a), old, t, b, &e), &e);
	return buf_text(b);
}

TEST("a witness signs what follows what it saw, once by size, and tells its size otherwise")
{
	CLEANUP(journal_world_close) struct journal_world w = journal_world_open(test_dir()),
		hub = journal_world_open(test_dir());
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	struct journal_witness said;
	struct journal_tete one_head, two;
	struct note_key own;
	struct err e = { 0 };
	char bad[1 << 12];

#define SAYS(status_, body_) do { const char *body = body_; \
	accepts(journal_witness_add(hub.s, hub.g, &own, (struct bytes){ body, strlen(body) }, &hub.a, \
				    &said, &e), &e); \
	equals(said.status, status_); } while (0)
	acts_put(&w, 5);
	one_head = seal_now(&w);
	acts_put(&w, 6);
	two = seal_now(&w);
	accepts(journal_witness_key(hub.g, "hub/temoin", &hub.a, &own, &e), &e);
	SAYS(404, asked(&w, 0, &one_head, &b));

	{
		unsigned char public[BOX_PUBLIC];
		char text[NOTE_KEY_TEXT];
		struct note_key key;

		accepts(signer_public(w.g, "journal", public, &e), &e);
		accepts(note_key_make(NOTE_LOG, "essai.fr/journal", public, &key, &e), &e);
		note_key_write(&key, text);
		harm(&hub, arena_printf(&hub.a, "INSERT INTO journal_suivi VALUES ('essai.fr/journal', '%s', NULL)",
					text));
	}
	SAYS(400, "");
	SAYS(400, "old 3\nrien\n");
	SAYS(200, asked(&w, 0, &one_head, &b));
	SAYS(409, asked(&w, 0, &two, &b));
	same(said.body, "5\n");
	same(said.type, "text/x.tlog.size");
	/* one hash of the proof changed */
	snprintf(bad, sizeof bad, "%s", asked(&w, 5, &two, &b));
	bad[8] = bad[8] == 'A' ? 'B' : 'A';
	SAYS(422, bad);
	/* signed by another */
	snprintf(bad, sizeof bad, "%s", asked(&w, 5, &two, &b));
	bad[strlen(bad) - 20] ^= 1;
	accepts(journal_witness_add(hub.s, hub.g, &own, (struct bytes){ bad, strlen(bad) }, &hub.a, &said,
				    &e), &e);
	holds(said.status == 403 || said.status == 400);
	SAYS(200, asked(&w, 5, &two, &b));
	SAYS(200, asked(&w, 11, &two, &b));
	SAYS(409, asked(&w, 5, &one_head, &b));
	same(said.body, "11\n");
	SAYS(409, asked(&w, 5, &two, &b));
}
