/* What a restore left to say: it is said by a leaf, once. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/journal.sql.h"
#include "core/journal_tete.h"
#include "store/tree.h"

enum { PATH_ROOM = 1024 + 16 };

struct resuming {
	const struct env *env;
	struct arena *a;
	const char *taille, *racine;    /* of the head that was left; NULL: there was none */
	const char *quitte;             /* its name; NULL */
};

/* "name" or "name/r0123abcd" gives "name/r" and eight digits drawn now. */
static const char *new_name(const struct env *env, struct arena *a, const char *name)
{
	const char *r = strrchr(name, '/');
	unsigned char drawn[4];
	size_t n = strlen(name);

	if (r && r[1] == 'r' && strspn(r + 2, "0123456789abcdef") == 8 && !r[10])
		n = (size_t)(r - name);
	env_random(env, drawn, sizeof drawn);
	return arena_printf(a, "%.*s/r%02x%02x%02x%02x", (int)n, name, drawn[0], drawn[1], drawn[2],
			    drawn[3]);
}

static bool declare(struct tx *tx, void *arg, struct err *e)
{
	struct resuming *k = arg;
	struct journal_origins_row *rows;
	const char *name;
	int64_t numero;
	size_t n;

	if (!journal_origins(tx_db(tx), k->a, &rows, &n, e))
		return false;
	name = new_name(k->env, k->a, n ? rows[n - 1].origine : k->quitte ? k->quitte : "tremplin");
	return journal_append(tx, k->env, &(struct journal_entry){ .genre = "journal.restauration",
			.mots = (struct journal_mot[]){ { "origine", name },
				{ "quitte-origine", k->quitte }, { "quitte-racine", k->racine },
				{ "quitte-taille", k->taille }, { 0 } } }, &numero, e)
	       && journal_origin_add(tx, numero, name, NULL, e);
}

static void read_left(struct resuming *k, const char *text, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(256);
	struct note_head head;
	struct err ignored = { 0 };
	struct note note;

	if (!note_read(text, n, &note, &ignored) || !note_head_read(&note, &head, &ignored))
		return;
	note_hash_write(&head.root, &b);
	k->racine = arena_strn(k->a, b.p, b.n);
	k->taille = arena_printf(k->a, "%llu", (unsigned long long)head.size);
	k->quitte = arena_str(k->a, head.origin);
}

bool journal_resume(struct store *s, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct resuming k = { .env = store_env(s), .a = &a };
	char path[PATH_ROOM], tiles[PATH_ROOM], text[NOTE_MOST];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%.1000s/journal/quitte", store_dir(s));
	f = fopen(path, "re");
	if (!f)
		return errno == ENOENT || errno == ENOTDIR
		       || fail(e, E_STORE, "%.200s ne peut pas être lu (%s).", path, strerror(errno));
	n = fread(text, 1, sizeof text, f);
	fclose(f);
	read_left(&k, text, n);
	/* tiles of another future than the one that begins now are made again */
	snprintf(tiles, sizeof tiles, "%.1000s/journal/tile", store_dir(s));
	if (!tree_remove(tiles, e) || !store_write(s, declare, &k, e))
		return false;
	return !unlink(path) || errno == ENOENT
	       || fail(e, E_STORE, "%.200s ne peut pas être retiré (%s).", path, strerror(errno));
}
