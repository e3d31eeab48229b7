#include "core/journal_temoin.h"

#include <stdio.h>
#include <string.h>

#include "core/journal.sql.h"
#include "crypto/sha256.h"

static const char PLAIN[] = "text/plain; charset=utf-8";

bool journal_witness_key(struct signer *g, const char *nom, struct arena *a,
			 struct note_key *out, struct err *e)
{
	unsigned char public[BOX_PUBLIC];
	char hex[SHA256_HEX];

	if (!signer_public(g, "temoin", public, e))
		return false;
	sha256_hex(public, BOX_PUBLIC, hex);
	return note_key_make(NOTE_WITNESS, *nom ? nom : arena_printf(a, "tremplin-%.16s/temoin", hex),
			     public, out, e);
}

/* --- answering --------------------------------------------------------------------------- */

struct adding {
	struct journal_growth ask;
	struct journal_followed_row known;
	struct arena *a;
	struct journal_witness *out;
};

static bool says(struct journal_witness *out, int status, const char *body)
{
	*out = (struct journal_witness){ status, PLAIN, body };
	return true;
}

/* 409 with the size that we have seen, so that who asks can prove from there. */
static bool says_size(struct adding *k, uint64_t size)
{
	says(k->out, 409, arena_printf(k->a, "%llu\n", (unsigned long long)size));
	k->out->type = "text/x.tlog.size";
	return true;
}

/* The head that was seen last; an empty tree when there was none. */
static bool seen(const struct journal_followed_row *row, struct note_head *out, struct err *e)
{
	struct note note;

	*out = (struct note_head){ .size = 0 };
	return !row->note
	       || (note_read(row->note, strlen(row->note), &note, e)
	       	&& note_head_read(&note, out, e));
}

/* Against what was seen until now; status 0 when the head may be signed. */
static bool compare(struct adding *k, struct err *e)
{
	const struct journal_growth *g = &k->ask;
	struct note_head last;

	if (!seen(&k->known, &last, e))
		return false;
	if (g->old > g->head.size)
		return says(k->out, 400, "old size above the size of the checkpoint\n");
	if (g->old != last.size)
		return says_size(k, last.size);
	if (g->old == g->head.size && g->old && !merkle_same(&last.root, &g->head.root))
		return says_size(k, last.size);
	if (!merkle_grew(g->old, g->head.size, &last.root, &g->head.root, g->proof, g->nproof))
		return says(k->out, 422, "the proof does not hold\n");
	k->out->status = 0;
	return true;
}

/* The head as its journal signed it: other lines are not ours to keep. */
static const char *own_note(struct adding *k, const struct note_key *key)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST);
	const struct note *n = &k->ask.note;

	buf_add(&b, n->text, n->ntext);
	buf_char(&b, '\n');
	for (size_t i = 0; i < n->n; i++) {
		const struct note_signature *s = &n->signatures[i];

		if (s->id != key->id || s->nname != strlen(key->name)
		    || memcmp(s->name, key->name, s->nname))
			continue;
		buf_add(&b, s->line, s->nline);
		buf_char(&b, '\n');
		break;
	}
	return arena_strn(k->a, b.p, b.n);
}

static bool add(struct tx *tx, void *arg, struct err *e)
{
	struct adding *k = arg;
	struct note_key key;
	bool found;

	if (!journal_followed(tx_db(tx), k->a, k->ask.head.origin, &k->known, &found, e))
		return false;
	if (!found)
		return says(k->out, 404, "unknown log\n");
	if (!note_key_read(k->known.cle, strlen(k->known.cle), &key, e))
		return false;
	if (note_verify(&k->ask.note, &key, NULL) != NOTE_SIGNED)
		return says(k->out, 403, "not signed by that log\n");
	if (!compare(k, e))
		return false;
	return k->out->status
	       || journal_follow_note(tx, k->ask.head.origin, own_note(k, &key), NULL, e);
}

/* A line of signature of the witness, on the head's text. */
static bool cosign(const struct note_key *own, int64_t now, const char *text, size_t n,
		   bool (*sign)(void *at, struct bytes b, unsigned char out[BOX_SIGNATURE],
				struct err *e),
		   void *at, struct buf *b, struct err *e)
{
	CLEANUP(buf_free) struct buf message = buf_new(NOTE_MOST + 64);
	unsigned char signature[BOX_SIGNATURE];

	note_witness_text(now, text, n, &message);
	if (message.full || !sign(at, (struct bytes){ message.p, message.n }, signature, e))
		return false;
	note_signature_write(own, now, signature, b);
	return true;
}

static bool sign_here(void *at, struct bytes b, unsigned char out[BOX_SIGNATURE], struct err *e)
{
	return signer_sign(at, "temoin", b, out, e);
}

bool journal_witness_add(struct store *s, struct signer *g, const struct note_key *own,
			 struct bytes body, struct arena *a, struct journal_witness *out,
			 struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST);
	struct adding k = { .a = a, .out = out };
	struct err why = { 0 };

	if (!body.p || !journal_growth_read(body.p, body.n, &k.ask, &why))
		return says(out, 400, "this is no add-checkpoint request\n");
	if (!store_write(s, add, &k, e))
		return false;
	if (out->status)
		return true;
	if (!cosign(own, env_now(store_env(s)) / 1000, k.ask.note.text, k.ask.note.ntext, sign_here,
		    g, &b, e))
		return false;
	return says(out, 200, arena_strn(a, b.p, b.n));
}

/* --- the file ------------------------------------------------------------------------------- */

static const char MAGIC[] = "tremplin temoin v1";

static bool no_temoin(struct err *e)
{
	return fail(e, E_INPUT, "Ce fichier n’est pas celui d’un témoin.");
}

/* "word VALUE" of the line at *p, which it passes; NULL. */
static const char *value(const char **p, const char *end, const char *word, size_t *n)
{
	const char *from = *p, *stop = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
	size_t w = strlen(word);

	if (!stop || (size_t)(stop - from) < w || memcmp(from, word, w))
		return NULL;
	*p = stop + 1;
	*n = (size_t)(stop - from) - w;
	return from + w;
}

static void own_key(struct temoin_file *t, unsigned char public[BOX_PUBLIC])
{
	struct box box;

	box_of(t->secret, &box);
	box_public(&box, public);
	box_forget(&box);
}

bool temoin_read(const char *p, size_t n, struct arena *a, struct temoin_file *out, struct err *e)
{
	const char *end = p + n, *v;
	unsigned char public[BOX_PUBLIC];
	struct note note;
	size_t size, read;

	memset(out, 0, sizeof *out);
	if (!n || memchr(p, '\0', n) || !value(&p, end, MAGIC, &size) || size
	    || !(v = value(&p, end, "secret ", &size))
	    || !note_base64_read(v, size, out->secret, BOX_KEY, &read) || read != BOX_KEY
	    || !(v = value(&p, end, "nom ", &size)))
		return no_temoin(e);
	own_key(out, public);
	if (!note_key_make(NOTE_WITNESS, arena_strn(a, v, size), public, &out->own, e)
	    || !(v = value(&p, end, "journal ", &size)) || !note_key_read(v, size, &out->journal, e)
	    || out->journal.kind != NOTE_LOG || !value(&p, end, "", &size) || size)
		return no_temoin(e);
	if (p == end)
		return true;    /* nothing was seen yet */
	out->note = arena_strn(a, p, (size_t)(end - p));
	if (!note_read(out->note, strlen(out->note), &note, e) || !note_head_read(&note,
		&out->head, e)
	    || note_verify(&note, &out->journal, NULL) != NOTE_SIGNED)
		return no_temoin(e);
	return !a->spent || arena_refuse(a, e);
}

bool temoin_write(const struct temoin_file *t, struct buf *b, struct err *e)
{
	char key[NOTE_KEY_TEXT], secret[64];
	struct merkle_hash h;

	memcpy(h.b, t->secret, sizeof h.b);
	note_key_write(&t->journal, key);
	buf_printf(b, "%s\nsecret ", MAGIC);
	note_hash_write(&h, b);
	buf_printf(b, "\nnom %s\njournal %s\n\n%s", t->own.name, key, t->note ? t->note : "");
	box_wipe(&h, sizeof h);
	box_wipe(secret, sizeof secret);
	return !b->full || fail(e, E_LIMIT, "Ce témoin est trop grand.");
}

bool temoin_new(const struct env *env, const char *nom, const struct note_key *journal,
		struct temoin_file *out, struct err *e)
{
	unsigned char public[BOX_PUBLIC];

	memset(out, 0, sizeof *out);
	env_random(env, out->secret, sizeof out->secret);
	out->journal = *journal;
	own_key(out, public);
	return note_key_make(NOTE_WITNESS, nom, public, &out->own, e);
}

static bool sign_with(void *at, struct bytes b, unsigned char out[BOX_SIGNATURE], struct err *e)
{
	struct box box;

	(void)e;
	box_of(at, &box);
	box_sign(&box, b.p, b.n, out);
	box_forget(&box);
	return true;
}

bool temoin_see(struct temoin_file *t, int64_t now_ms, const struct journal_tete *tete,
		const struct merkle_hash *proof, size_t nproof, struct arena *a,
		const char **line, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST);
	struct note_head head;
	struct note note;

	if (!note_read(tete->note, strlen(tete->note), &note, e) || !note_head_read(&note,
		&head, e))
		return false;
	if (strcmp(head.origin, t->journal.name)
	    || note_verify(&note, &t->journal, NULL) != NOTE_SIGNED) {
		fail(e, E_CONFLICT, "Ce n’est pas le journal dont ce fichier est le témoin (%.80s).",
		     t->journal.name);
		return hint(e, "Après une restauration le journal change de nom et de clé : commencez un "
			    "autre témoin, et gardez celui-ci.");
	}
	if (t->note && head.size < t->head.size)
		return fail(e, E_CONFLICT, "Ce témoin a vu %llu actes ; le journal n’en a plus que %llu.",
			    (unsigned long long)t->head.size, (unsigned long long)head.size);
	if (t->note && !merkle_grew(t->head.size, head.size, &t->head.root, &head.root,
		proof, nproof))
		return fail(e, E_CONFLICT, "Le journal n’est pas la suite de ce que ce témoin a vu.");
	if (!cosign(&t->own, now_ms / 1000, note.text, note.ntext, sign_with, t->secret, &b, e))
		return false;
	t->note = tete->note;
	t->head = head;
	*line = arena_strn(a, b.p, b.n - 1);
	return !a->spent || arena_refuse(a, e);
}

/* --- keeping ---------------------------------------------------------------------------------- */

struct keeping {
	int64_t size;
	const char *key, *line;
};

static bool keep(struct tx *tx, void *arg, struct err *e)
{
	struct keeping *k = arg;

	return journal_cosign_add(tx, k->size, k->key, k->line, NULL, e);
}

bool journal_cosigned_by(struct store *s, const struct journal_tete *t, const struct note_key *w,
			 const char *lines, size_t n, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * NOTE_MOST);
	CLEANUP(arena_free) struct arena a = arena_new(64 << 10);
	struct keeping k = { .size = (int64_t)t->head.size };
	char key[NOTE_KEY_TEXT];
	struct note note;

	buf_str(&b, t->note);
	buf_add(&b, lines, n);
	if (b.full || !note_read(b.p, b.n, &note, e) || note_verify(&note, w, NULL) != NOTE_SIGNED)
		return fail(e, E_CONFLICT, "Cette réponse n’est pas signée par ce témoin.");
	for (size_t i = 0; i < note.n && !k.line; i++) {
		if (note.signatures[i].id == w->id && note.signatures[i].nname == strlen(w->name)
		    && !memcmp(note.signatures[i].name, w->name, strlen(w->name)))
			k.line = arena_strn(&a, note.signatures[i].line, note.signatures[i].nline);
	}
	note_key_write(w, key);
	k.key = key;
	return store_write(s, keep, &k, e);
}
