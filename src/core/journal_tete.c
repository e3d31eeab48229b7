#include "core/journal_tete.h"

#include <stdio.h>
#include <string.h>

#include "core/journal.sql.h"
#include "core/journal_pose.h"
#include "crypto/sha256.h"
#include "store/tree.h"

enum { PATH_ROOM = 1024 };

const char *journal_folder(const struct store *s, struct arena *a)
{
	return arena_cat(a, store_dir(s), "/journal", NULL);
}

/* --- names ------------------------------------------------------------------------------ */

/* After its key, so that no two journals have the same. */
static const char *name_of_key(const unsigned char public[BOX_PUBLIC], struct arena *a)
{
	char hex[SHA256_HEX];

	sha256_hex(public, BOX_PUBLIC, hex);
	return arena_printf(a, "tremplin-%.16s/journal", hex);
}

/* The last name that the tree was given, NULL: none yet; its heads keep one key. */
static bool name_now(struct db *db, struct arena *a, const unsigned char public[BOX_PUBLIC],
		     const char **out, struct err *e)
{
	struct journal_origins_row *rows;
	size_t n;

	if (!journal_origins(db, a, &rows, &n, e))
		return false;
	*out = n ? rows[n - 1].origine : NULL;
	if (!n || !rows[n - 1].cle.p
	    || (rows[n - 1].cle.n == BOX_PUBLIC && !memcmp(rows[n - 1].cle.p, public, BOX_PUBLIC)))
		return true;
	fail(e, E_STORE, "La clé du journal n’est plus celle de ses têtes : rien n’est signé.");
	return hint(e, "Remettez cles/journal depuis sa copie ; si elle est perdue, tremplin restore "
		    "d’une sauvegarde déclare la nouvelle.");
}

/* --- reading ----------------------------------------------------------------------------- */

static bool with_witnesses(struct db *db, struct arena *a, struct journal_tete *t, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_NOTE);
	struct journal_cosigned_row *rows;
	size_t n;

	if (!journal_cosigned(db, a, (int64_t)t->head.size, &rows, &n, e))
		return false;
	buf_str(&b, t->note);
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, rows[i].ligne);
		buf_char(&b, '\n');
	}
	t->cosignee = b.full ? t->note : arena_strn(a, b.p, b.n);
	return true;
}

static bool read_tete(struct db *db, struct arena *a, const char *text, struct journal_tete *t,
		      struct err *e)
{
	struct note note;

	t->note = text;
	return note_read(text, strlen(text), &note, e) && note_head_read(&note, &t->head, e)
	       && with_witnesses(db, a, t, e);
}

static bool last(struct db *db, struct arena *a, struct journal_tete *t, bool *found,
		 struct err *e)
{
	struct journal_head_last_row row;

	*t = (struct journal_tete){ { .size = 0 }, NULL, NULL };
	return journal_head_last(db, a, &row, found, e)
	       && (!*found || read_tete(db, a, row.note, t, e));
}

bool journal_last(struct db *db, struct arena *a, struct journal_tete *out, struct err *e)
{
	bool found;

	if (!last(db, a, out, &found, e))
		return false;
	return found || fail(e, E_MISSING, "Aucune tête du journal n’est encore signée.");
}

/* --- signing ------------------------------------------------------------------------------ */

struct sealing {
	struct store *s;
	struct signer *signer;
	struct arena *a;
	const char *folder;
	struct journal_tete before, *now;       /* the last head, the new one */
	struct note_key key;
	bool first;                             /* the tree has no name yet */
};

/* The copy in the folder is never newer than the store: else the store is an older one. */
static bool is_not_older(struct sealing *k, struct err *e)
{
	char path[PATH_ROOM + 16], text[NOTE_MOST];
	struct note_head said;
	struct note note;
	struct err ignored = { 0 };
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%.1000s/checkpoint", k->folder);
	f = fopen(path, "re");
	n = f ? fread(text, 1, sizeof text, f) : 0;
	if (f)
		fclose(f);
	if (!note_read(text, n, &note, &ignored) || !note_head_read(&note, &said, &ignored)
	    || strcmp(said.origin, k->key.name) || note_verify(&note, &k->key, NULL) != NOTE_SIGNED
	    || said.size <= k->before.head.size)
		return true;
	fail(e, E_STORE, "Le journal est plus ancien que sa dernière tête signée (%llu actes).",
	     (unsigned long long)said.size);
	return hint(e, "tremplin.db a été remplacé par une copie : utilisez tremplin restore, "
		    "qui le déclare.");
}

static bool disagree(struct err *e)
{
	fail(e, E_STORE, "Le journal n’est plus ce qui a été signé : rien n’est signé.");
	return hint(e, "Lancez tremplin journal verify : il dit quel acte a changé.");
}

/*
 * Tiles of what is new, then the root of the older tree and of the new one out of the same
 * tiles.  When the older one is not what was signed, all tiles are made again, once.
 */
static bool pose(struct sealing *k, struct db *db, uint64_t size, struct err *e)
{
	uint64_t from = k->before.head.size;
	struct err why = { 0 };

	for (int tries = 0; tries < 2; tries++, from = 0) {
		CLEANUP(tuiles_free) struct tuiles *t = tuiles_new(k->folder, size);
		struct merkle_hash root;

		if (!t)
			return fail(e, E_LIMIT, "La mémoire manque.");
		if (!journal_pose(db, k->folder, from, size, e)) {
			if (!from)
				return false;
			continue;
		}
		if (merkle_root_of(k->before.head.size, tuiles_node, t, &root, &why)
		    && (!k->before.note || merkle_same(&root, &k->before.head.root)))
			return merkle_root_of(size, tuiles_node, t, &k->now->head.root, e);
	}
	return disagree(e);
}

static bool sign(struct sealing *k, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_NOTE);
	unsigned char signature[BOX_SIGNATURE];

	note_head_write(&k->now->head, &b);
	if (!signer_sign(k->signer, "journal", (struct bytes){ b.p, b.n }, signature, e))
		return false;
	buf_char(&b, '\n');
	note_signature_write(&k->key, 0, signature, &b);
	k->now->note = k->now->cosignee = arena_strn(k->a, b.p, b.n);
	return true;
}

static bool keep(struct tx *tx, void *arg, struct err *e)
{
	struct sealing *k = arg;
	const struct note_head *h = &k->now->head;
	int64_t size = (int64_t)h->size;

	return (!k->first || journal_origin_add(tx, 0, h->origin, NULL, e))
	       && journal_origin_key(tx, h->origin, (struct bytes){ k->key.public,
	       	BOX_PUBLIC }, NULL, e)
	       && journal_head_add(tx, size, (struct bytes){ h->root.b, MERKLE_HASH }, k->now->note,
				   NULL, e)
	       && journal_heads_thin(tx, size - 1024, NULL, e);
}

static bool name_tree(struct sealing *k, struct db *db, const char *nom, struct err *e)
{
	unsigned char public[BOX_PUBLIC];
	const char *name;

	if (!signer_public(k->signer, "journal", public, e) || !name_now(db, k->a, public,
		&name, e))
		return false;
	k->first = !name;
	if (k->first)
		name = nom && *nom ? nom : name_of_key(public, k->a);
	if (!note_key_make(NOTE_LOG, name, public, &k->key, e))
		return false;
	memcpy(k->now->head.origin, k->key.name, NOTE_NAME);
	return true;
}

/* The head in the folder too, where what publishes or copies finds it. */
static bool put_copy(struct sealing *k, struct err *e)
{
	size_t n = strlen(k->now->note);
	struct err ignored = { 0 };
	char there[NOTE_MOST];

	if (n < sizeof there && tuile_file(k->folder, "checkpoint", there, n, &ignored)
	    && !memcmp(there, k->now->note, n))
		return true;
	return tuile_put(k->folder, "checkpoint", k->now->note, n, e);
}

static bool seal(struct sealing *k, const char *nom, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t size;
	bool found;

	if (!db_acquire(k->s, &db, e) || !last(db, k->a, &k->before, &found, e)
	    || !journal_count(db, k->a, &size, e))
		return false;
	if (!size)
		return fail(e, E_MISSING, "Le journal est vide.");
	if (!name_tree(k, db, nom, e) || !is_not_older(k, e))
		return false;
	if (found && k->before.head.size > (uint64_t)size)
		return disagree(e);
	if (found && k->before.head.size == (uint64_t)size) {
		*k->now = k->before;
		return put_copy(k, e);  /* a kill may have come before it */
	}
	k->now->head.size = (uint64_t)size;
	return pose(k, db, (uint64_t)size, e) && sign(k, e) && store_write(k->s, keep, k, e)
	       && put_copy(k, e);
}

bool journal_seal(struct store *s, struct signer *g, const char *nom, struct arena *a,
		  struct journal_tete *out, struct err *e)
{
	CLEANUP(tree_let_go) int fd = -1;
	struct sealing k = { .s = s, .signer = g, .a = a, .folder = journal_folder(s, a),
		.now = out };

	memset(out, 0, sizeof *out);
	return store_folder(s, "journal", e) && journal_resume(s, e) && tree_hold(k.folder,
		true, &fd, e)
	       && seal(&k, nom, e);
}
