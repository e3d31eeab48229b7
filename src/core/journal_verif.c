#include "core/journal_verif.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/journal.sql.h"
#include "core/journal_record.h"
#include "core/journal_verif_inside.h"
#include "format/json.h"

enum { PATH_ROOM = 1024 + TUILE_PATH };

void verif_fault(struct verif *k, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (k->v->nfautes < JOURNAL_FAUTES)
		k->v->fautes[k->v->nfautes] = arena_str(k->a, text);
	k->v->nfautes++;
}

/* --- ranges of leaves --------------------------------------------------------------------- */

static bool add_range(struct ranges *r, int64_t from, int64_t to)
{
	if (r->n && r->p[r->n - 1].to + 1 == from) {
		r->p[r->n - 1].to = to;
		return true;
	}
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 64;
		struct range *p = realloc(r->p, cap * sizeof *p);

		if (!p)
			return false;
		r->p = p;
		r->cap = cap;
	}
	r->p[r->n++] = (struct range){ from, to };
	return true;
}

static const char *read_number(const char *p, int64_t *out)
{
	const char *from = p;

	for (*out = 0; *p >= '0' && *p <= '9' && p - from < 18; p++)
		*out = *out * 10 + (*p - '0');
	return p == from ? NULL : p;
}

bool journal_ranges_read(const char *p, bool (*range)(void *at, int64_t from, int64_t to),
			 void *at, struct err *e)
{
	for (; p; p++) {
		int64_t from, to;

		p = read_number(p, &from);
		to = from;
		if (p && *p == '-')
			p = read_number(p + 1, &to);
		if (!p || to < from || !range(at, from, to))
			break;
		if (!*p)
			return true;
		if (*p != ',')
			break;
	}
	return fail(e, E_INPUT, "Cette liste d’actes effacés ne peut pas être lue.");
}

/* A declaration says only what came before it. */
static bool declared(void *at, int64_t from, int64_t to)
{
	struct verif *k = at;

	return to < k->next && add_range(&k->erased, from, to);
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Every leaf that says nothing was declared erased. */
static void check_missing(struct verif *k)
{
	struct ranges *d = &k->erased;
	size_t at = 0;

	if (d->n)
		qsort(d->p, d->n, sizeof *d->p, by_start);
	for (size_t i = 0; i < k->missing.n; i++) {
		int64_t from = k->missing.p[i].from, to = k->missing.p[i].to;

		for (size_t j = at; j < d->n && d->p[j].from <= from && from <= to; j++) {
			if (d->p[j].to >= from)
				from = d->p[j].to + 1;
			else if (j == at)
				at++;
		}
		if (from <= to)
			verif_fault(k, "L’acte %lld a disparu sans avoir été déclaré effacé.",
				    (long long)from);
	}
}

/* --- heads ----------------------------------------------------------------------------------- */

/* The name and key of the tree when it had so many leaves; NULL: none. */
static const struct journal_origins_row *name_at(const struct verif *k, int64_t size)
{
	const struct journal_origins_row *row = NULL;

	for (size_t i = 0; i < k->norigins; i++) {
		if (k->origins[i].depuis < size)
			row = &k->origins[i];
	}
	return row && row->cle.n == BOX_PUBLIC ? row : NULL;
}

/* The tree has now as many leaves as head h: its root, its name and its signature. */
static void check_head(struct verif *k, const struct journal_heads_row *h)
{
	const struct journal_origins_row *name = name_at(k, h->taille);
	struct merkle_hash root;
	struct note_head head;
	struct note_key key;
	struct note note;
	struct err e = { 0 };
	long long size = (long long)h->taille;

	merkle_root(&k->tree, &root);
	if (h->racine.n != MERKLE_HASH || memcmp(h->racine.p, root.b, MERKLE_HASH))
		verif_fault(k, "Les %lld premiers actes ne donnent pas la racine qui a été signée.", size);
	if (!note_read(h->note, strlen(h->note), &note, &e) || !note_head_read(&note, &head, &e)
	    || !name || !note_key_make(NOTE_LOG, head.origin, name->cle.p, &key, &e)) {
		verif_fault(k, "La tête signée des %lld premiers actes ne peut pas être lue.", size);
		return;
	}
	if (head.size != (uint64_t)h->taille || !merkle_same(&head.root, &root)
	    || strcmp(name->origine, head.origin))
		verif_fault(k, "La tête signée des %lld premiers actes ne dit pas cela.", size);
	if (note.n != 1 || note_verify(&note, &key, NULL) != NOTE_SIGNED)
		verif_fault(k, "La tête des %lld premiers actes n’est pas signée par la clé de ce journal.",
			    size);
	k->v->tetes++;
}

static void check_heads(struct verif *k)
{
	const struct note_head *kept = k->v->garde;
	struct merkle_hash root;

	while (k->at_head < k->nheads && k->heads[k->at_head].taille == k->next)
		check_head(k, &k->heads[k->at_head++]);
	if (!kept || kept->size != (uint64_t)k->next)
		return;
	merkle_root(&k->tree, &root);
	if (!merkle_same(&root, &kept->root))
		verif_fault(k, "Les %lld premiers actes ne sont plus ceux de la tête gardée.",
			    (long long)k->next);
}

/* --- leaves ---------------------------------------------------------------------------------- */

static bool no_memory(struct err *e)
{
	return fail(e, E_LIMIT, "La mémoire manque.");
}

/* The list of a declared erasure, or the name of a declared restore. */
static bool read_own(struct verif *k, const struct journal_all_row *r, struct err *e)
{
	CLEANUP(json_done) json_t *j = NULL;
	struct err why = { 0 };
	const char *text;

	if (!json_read(r->texte, strlen(r->texte), &j, &why))
		return true;    /* its hash is wrong then: said already */
	if (!strcmp(r->genre, "journal.efface")) {
		text = json_string_value(json_object_get(j, "feuilles"));
		if (!text || !journal_ranges_read(text, declared, k, &why))
			verif_fault(k, "L’acte %lld déclare mal ce qui a été effacé.", (long long)k->next);
	}
	if (!strcmp(r->genre, "journal.restauration")) {
		text = json_string_value(json_object_get(j, "origine"));
		for (size_t i = 0; text && i < k->norigins; i++)
			k->told += k->origins[i].depuis == k->next
				&& !strcmp(k->origins[i].origine, text);
	}
	return !k->a->spent || arena_refuse(k->a, e);
}

static bool check_act(struct verif *k, const struct journal_all_row *r, struct err *e)
{
	const struct journal_act act = {
		.le = r->le, .genre = r->genre, .structure = r->structure_id,
			.usager = r->usager_id,
		.acteur = r->acteur, .objet = r->objet, .texte = r->texte };
	unsigned char hash[MERKLE_HASH];

	if (!r->genre) {
		k->v->effaces++;
		return add_range(&k->missing, k->next, k->next) || no_memory(e);
	}
	k->v->lisibles++;
	buf_clear(&k->record);
	buf_add(&k->record, r->sel.p, r->sel.n);
	journal_record_write(&act, &k->record);
	merkle_digest(k->record.p, k->record.n, hash);
	if (memcmp(hash, r->engagement.p, sizeof hash))
		verif_fault(k, "L’acte %lld n’est plus celui qui a été enregistré.", (long long)k->next);
	return strncmp(r->genre, "journal.", 8) != 0 || read_own(k, r, e);
}

static bool take(const struct journal_all_row *r, void *arg, struct err *e)
{
	struct verif *k = arg;
	struct merkle_hash leaf;

	if (r->numero != k->next) {
		verif_fault(k, "L’acte %lld a disparu du journal, ou a changé de place.",
			    (long long)k->next);
		return fail(e, E_CONFLICT, "trou");     /* nothing that follows can be told */
	}
	if (r->engagement.n != MERKLE_HASH) {
		verif_fault(k, "La feuille %lld n’a pas sa taille.", (long long)k->next);
		return fail(e, E_CONFLICT, "feuille");
	}
	if (!check_act(k, r, e))
		return false;
	tuile_entry_hash(r->engagement.p, &leaf);
	if (k->next < k->v->signes)
		verif_tile_add(k, r->engagement.p, &leaf);
	merkle_add(&k->tree, &leaf);
	k->next++;
	check_heads(k);
	if (k->v->progress && !(k->next & 0xffff))
		k->v->progress((size_t)k->next, (size_t)k->all);
	return true;
}

/* --- what stands beside ----------------------------------------------------------------------- */

static void check_witness(struct verif *k, const struct journal_cosigned_all_row *r)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST);
	struct note_key key;
	struct note note;
	struct err e = { 0 };
	const char *text = NULL;

	for (size_t i = 0; i < k->nheads; i++) {
		if (k->heads[i].taille == r->taille)
			text = k->heads[i].note;
	}
	buf_str(&b, text ? text : "");
	buf_str(&b, r->ligne);
	buf_char(&b, '\n');
	k->v->temoignages++;
	if (!text || b.full || !note_key_read(r->cle, strlen(r->cle), &key, &e)
	    || key.kind != NOTE_WITNESS || !note_read(b.p, b.n, &note, &e)
	    || note_verify(&note, &key, NULL) != NOTE_SIGNED)
		verif_fault(k, "Un témoignage sur les %lld premiers actes n’est pas de ce témoin.",
			    (long long)r->taille);
}

/* Heads of others, that we have seen: each still signed by the key that we follow. */
static void check_followed(struct verif *k, const struct journal_followed_all_row *r)
{
	struct note_head head;
	struct note_key key;
	struct note note;
	struct err e = { 0 };

	if (!note_key_read(r->cle, strlen(r->cle), &key, &e) || strcmp(key.name, r->origine)
	    || (r->note && (!note_read(r->note, strlen(r->note), &note, &e)
			    || !note_head_read(&note, &head, &e) || strcmp(head.origin, r->origine)
			    || note_verify(&note, &key, NULL) != NOTE_SIGNED)))
		verif_fault(k, "Ce qui est gardé du journal suivi %.80s a changé.", r->origine);
}

/* The head in the folder is one of the store; newer, the store is an older copy. */
static void check_copy(struct verif *k)
{
	char path[PATH_ROOM], text[NOTE_MOST + 1];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%.1000s/checkpoint", k->v->folder);
	f = fopen(path, "re");
	n = f ? fread(text, 1, NOTE_MOST, f) : 0;
	text[n] = '\0';
	if (f)
		fclose(f);
	if (!f && k->nheads)
		verif_fault(k, "journal/checkpoint a disparu.");
	for (size_t i = k->nheads; f && i-- > 0;) {
		if (!strcmp(k->heads[i].note, text))
			return;
	}
	if (f)
		verif_fault(k, "journal/checkpoint n’est pas une tête de ce journal : la base est peut-être "
			    "une copie plus ancienne.");
}

static bool read_first(struct verif *k, struct db *db, struct err *e)
{
	struct journal_size_row size;

	if (!journal_heads(db, k->a, &k->heads, &k->nheads, e)
	    || !journal_origins(db, k->a, &k->origins, &k->norigins, e)
	    || !journal_size(db, k->a, &size, e))
		return false;
	k->all = size.taille;
	k->v->signes = k->nheads ? k->heads[k->nheads - 1].taille : 0;
	return true;
}

static bool check_beside(struct verif *k, struct db *db, struct err *e)
{
	struct journal_cosigned_all_row *w;
	struct journal_followed_all_row *f;
	struct journal_orphans_row orphans;
	size_t nw, nf;

	if (!journal_cosigned_all(db, k->a, &w, &nw, e) || !journal_orphans(db, k->a, &orphans, e)
	    || !journal_followed_all(db, k->a, &f, &nf, e))
		return false;
	for (size_t i = 0; i < nw; i++)
		check_witness(k, &w[i]);
	for (size_t i = 0; i < nf; i++)
		check_followed(k, &f[i]);
	if (orphans.n)
		verif_fault(k, "Des actes n’ont pas de feuille au journal.");
	return true;
}

static void check_end(struct verif *k)
{
	const struct journal_origins_row *last;
	size_t later = 0;

	for (; k->at_head < k->nheads; k->at_head++)
		verif_fault(k, "Une tête signée dit %lld actes ; il n’y en a que %lld.",
			    (long long)k->heads[k->at_head].taille, (long long)k->next);
	if (k->v->garde && k->v->garde->size > (uint64_t)k->next)
		verif_fault(k, "La tête gardée dit %llu actes ; il n’y en a que %lld.",
			    (unsigned long long)k->v->garde->size, (long long)k->next);
	for (size_t i = 0; i < k->norigins; i++)
		later += k->origins[i].depuis > 0;
	/* older keys are only those of older names: the last one signs all that came before */
	if (k->nheads && (!k->norigins || !(last = name_at(k, k->heads[k->nheads - 1].taille))
			  || memcmp(last->cle.p, k->v->public, BOX_PUBLIC)))
		verif_fault(k, "La dernière tête n’est pas signée par la clé de ce journal.");
	if (k->told < later)
		verif_fault(k, "Le journal a changé de nom sans que ce soit déclaré.");
	check_missing(k);
	merkle_root(&k->tree, &k->v->racine);
}

bool journal_verify(struct db *db, struct arena *a, struct journal_verif *v, struct err *e)
{
	struct verif *k = calloc(1, sizeof *k);
	bool good;

	if (!k)
		return no_memory(e);
	k->v = v;
	k->a = a;
	k->record = buf_new(4 * JOURNAL_RECORD);
	good = read_first(k, db, e);
	if (good && !journal_all(db, take, k, e) && !v->nfautes)
		good = false;
	if (good) {
		v->feuilles = k->next;
		check_end(k);
		good = check_beside(k, db, e);
	}
	if (good && v->folder) {
		if (k->next >= v->signes)
			verif_tile_end(k);      /* else all of them would be wrong */
		check_copy(k);
	}
	buf_free(&k->record);
	free(k->erased.p);
	free(k->missing.p);
	free(k);
	return good;
}
