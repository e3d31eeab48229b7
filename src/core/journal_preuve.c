#include "core/journal_preuve.h"

#include <string.h>

#include "crypto/sceau.h"

static const char FIRST[] = "c2sp.org/tlog-proof@v1\n";

static void put_hashes(const struct merkle_hash *h, size_t n, struct buf *b)
{
	for (size_t i = 0; i < n; i++) {
		note_hash_write(&h[i], b);
		buf_char(b, '\n');
	}
}

static bool no_memory(struct err *e)
{
	return fail(e, E_LIMIT, "La mémoire manque.");
}

/* --- writing ------------------------------------------------------------------------------ */

static bool write_extra(const struct journal_act *act, struct arena *a, struct buf *b)
{
	CLEANUP(buf_free) struct buf extra = buf_new(JOURNAL_SALT + JOURNAL_RECORD);

	buf_add(&extra, act->sel.p, act->sel.n);
	buf_str(&extra, act->record);
	buf_str(b, "extra ");
	buf_str(b, sceau_base64(a, extra.p, extra.n));
	buf_char(b, '\n');
	return !extra.full;
}

bool journal_prove(struct db *db, const char *folder, int64_t numero,
		   const struct journal_tete *t, struct arena *a, const char **out,
		   struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_PREUVE);
	CLEANUP(tuiles_free) struct tuiles *tiles = NULL;
	struct merkle_hash proof[MERKLE_PROOF];
	struct journal_act act;
	size_t n;

	if (!journal_get(db, a, numero, &act, e))
		return false;
	if (act.efface) {
		fail(e, E_CONFLICT, "Cet acte a été effacé : le journal ne sait plus ce qu’il disait.");
		return hint(e, "L’effacement lui-même est un acte du journal.");
	}
	if ((uint64_t)numero >= t->head.size) {
		fail(e, E_MISSING, "Cet acte est enregistré, mais aucune tête signée ne le couvre encore.");
		return hint(e, "Réessayez dans une minute.");
	}
	tiles = tuiles_new(folder, t->head.size);
	if (!tiles)
		return no_memory(e);
	if (!merkle_prove((uint64_t)numero, t->head.size, tuiles_node, tiles, proof, &n, e))
		return false;
	buf_str(&b, FIRST);
	if (!write_extra(&act, a, &b))
		return no_memory(e);
	buf_str(&b, "index ");
	buf_int(&b, numero);
	buf_char(&b, '\n');
	put_hashes(proof, n, &b);
	buf_char(&b, '\n');
	buf_str(&b, t->cosignee);
	*out = arena_strn(a, b.p, b.n);
	return !b.full && !a->spent ? true : no_memory(e);
}

bool journal_prove_growth(const char *folder, uint64_t old, const struct journal_tete *t,
			  struct buf *b, struct err *e)
{
	CLEANUP(tuiles_free) struct tuiles *tiles = tuiles_new(folder, t->head.size);
	struct merkle_hash proof[MERKLE_PROOF];
	size_t n;

	if (!tiles)
		return no_memory(e);
	if (!merkle_prove_growth(old, t->head.size, tuiles_node, tiles, proof, &n, e))
		return false;
	buf_str(b, "old ");
	buf_int(b, (int64_t)old);
	buf_char(b, '\n');
	put_hashes(proof, n, b);
	buf_char(b, '\n');
	buf_str(b, t->note);
	return !b->full || no_memory(e);
}

/* --- reading ------------------------------------------------------------------------------ */

struct lines {
	const char *p, *end;
};

/* The next line, without its end; NULL when there is no whole one. */
static const char *next_line(struct lines *l, size_t *n)
{
	const char *from = l->p;
	const char *stop = from < l->end ? memchr(from, '\n', (size_t)(l->end - from)) : NULL;

	if (!stop)
		return NULL;
	*n = (size_t)(stop - from);
	l->p = stop + 1;
	return from;
}

/* "index 12", "old 12": no zero in front. */
static bool read_number(const char *p, size_t n, const char *word, uint64_t *out)
{
	size_t w = strlen(word);

	*out = 0;
	if (n <= w || n - w > 18 || memcmp(p, word, w) || (p[w] == '0' && n > w + 1))
		return false;
	for (size_t i = w; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(p[i] - '0');
	}
	return true;
}

/* Hashes up to an empty line. */
static bool read_hashes(struct lines *l, struct merkle_hash h[MERKLE_PROOF], size_t *n)
{
	const char *line;
	size_t size;

	for (*n = 0; (line = next_line(l, &size)) && size; ++*n) {
		if (*n == MERKLE_PROOF || !note_hash_read(line, size, &h[*n]))
			return false;
	}
	return line;
}

static bool no_proof(struct err *e)
{
	return fail(e, E_INPUT, "Ce n’est pas la preuve d’un acte du journal.");
}

bool journal_growth_read(const char *p, size_t n, struct journal_growth *out, struct err *e)
{
	struct lines l = { p, p + n };
	const char *line;
	size_t size;

	memset(out, 0, sizeof *out);
	line = next_line(&l, &size);
	if (!line || !read_number(line, size, "old ", &out->old)
	    || !read_hashes(&l, out->proof, &out->nproof) || out->nproof > 63)
		return fail(e, E_INPUT, "Ce n’est pas la demande d’un journal à son témoin.");
	out->text = l.p;
	out->ntext = (size_t)(l.end - l.p);
	return note_read(out->text, out->ntext, &out->note, e)
	       && note_head_read(&out->note, &out->head, e);
}

/* The salt and the record, or nothing. */
static bool read_extra(const char *p, size_t n, struct arena *a, struct bytes *out,
		       struct err *e)
{
	unsigned char *raw = arena_alloc(a, n + 1);
	size_t size;

	if (!raw)
		return arena_refuse(a, e);
	if (!note_base64_read(p, n, raw, n, &size) || size <= JOURNAL_SALT
	    || memchr(raw + JOURNAL_SALT, 0, size - JOURNAL_SALT))
		return no_proof(e);
	*out = (struct bytes){ raw, size };
	return true;
}

static bool check(const struct journal_proof *k, struct bytes extra, const struct note *note,
		  const struct note_key *key, struct err *e)
{
	unsigned char entry[MERKLE_HASH];
	struct merkle_hash leaf;

	if (note_verify(note, key, NULL) != NOTE_SIGNED)
		return fail(e, E_CONFLICT, "La tête n’est pas signée par cette clé.");
	if (strcmp(k->head.origin, key->name))
		return fail(e, E_CONFLICT, "La tête est celle d’un autre journal.");
	merkle_digest(extra.p, extra.n, entry);
	tuile_entry_hash(entry, &leaf);
	return merkle_holds(k->index, k->head.size, &leaf, k->proof, k->nproof, &k->head.root)
	       || fail(e, E_CONFLICT, "Cet acte n’est pas à cette place dans le journal signé.");
}

bool journal_proof_check(const char *p, size_t n, const struct note_key *key, struct arena *a,
			 struct journal_proof *out, struct err *e)
{
	struct lines l = { p, p + n };
	struct bytes extra = { NULL, 0 };
	struct note note;
	const char *line;
	size_t size;

	memset(out, 0, sizeof *out);
	if (n < sizeof FIRST - 1 || memcmp(p, FIRST, sizeof FIRST - 1))
		return no_proof(e);
	l.p += sizeof FIRST - 1;
	line = next_line(&l, &size);
	if (!line || size < 7 || memcmp(line, "extra ", 6) || !read_extra(line + 6,
		size - 6, a, &extra, e))
		return no_proof(e);
	line = next_line(&l, &size);
	if (!line || !read_number(line, size, "index ", &out->index)
	    || !read_hashes(&l, out->proof, &out->nproof))
		return no_proof(e);
	out->note = l.p;
	out->nnote = (size_t)(l.end - l.p);
	if (!note_read(out->note, out->nnote, &note, e) || !note_head_read(&note, &out->head, e)
	    || !check(out, extra, &note, key, e))
		return false;
	out->record = arena_strn(a, (const char *)extra.p + JOURNAL_SALT, extra.n - JOURNAL_SALT);
	return !a->spent || arena_refuse(a, e);
}
