#include "core/journal_page.h"

#include <string.h>

#include "base/date.h"
#include "core/journal.htm.h"
#include "core/journal_temoin.h"
#include "web/i18n.h"
#include "web/right.h"

static const char PLAIN[] = "text/plain; charset=utf-8";

/* --- what pages show -------------------------------------------------------------------------- */

static const char *when(struct req *r, int64_t ms)
{
	char iso[ISO_TEXT], text[I18N_TEXT];
	struct civil day;

	iso_write(ms, iso);
	return iso_read(iso, &day) ? arena_str(r->a, date_long(r->lang, &day, text)) : "";
}

static size_t witnesses(const struct journal_tete *t)
{
	struct note note;
	struct err ignored = { 0 };

	return note_read(t->cosignee, strlen(t->cosignee), &note, &ignored) ? note.n - 1 : 0;
}

static bool last_head(struct req *r, struct db *db, struct journal_tete *t, struct note_key *key,
		      struct err *e)
{
	unsigned char public[BOX_PUBLIC];

	return journal_last(db, r->a, t, e)
	       && signer_public(r->core->signer, "journal", public, e)
	       && note_key_make(NOTE_LOG, t->head.origin, public, key, e);
}

bool journal_vue_read(struct req *r, struct db *db, struct journal_vue *out, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(64);
	struct journal_tete t;
	struct note_key key;
	char text[NOTE_KEY_TEXT];

	*out = (struct journal_vue){ .constat = journal_veille_said(r->core), .verifie_le = "" };
	if (!last_head(r, db, &t, &key, e))
		return e->kind == E_MISSING;
	note_key_write(&key, text);
	note_hash_write(&t.head.root, &b);
	out->signe = true;
	out->signes = (int64_t)t.head.size;
	out->racine = arena_strn(r->a, b.p, b.n);
	out->origine = arena_str(r->a, t.head.origin);
	out->cle = arena_str(r->a, text);
	out->temoins = witnesses(&t);
	if (out->constat.verifie)
		out->verifie_le = when(r, out->constat.le_ms);
	return true;
}

bool journal_send_proof(struct req *r, struct res *s, struct db *db, int64_t numero,
			struct err *e)
{
	struct journal_tete t;
	const char *text;

	if (!journal_last(db, r->a, &t, e)
	    || !journal_prove(db, journal_folder(r->core->store, r->a), numero, &t, r->a,
	    	&text, e)) {
		if (e->kind == E_MISSING)
			journal_veille_ask(r->core);
		return false;
	}
	s->type = PLAIN;
	s->cache = CACHE_NO_STORE;
	s->filename = arena_printf(r->a, "acte-%lld.tlog-proof", (long long)numero);
	buf_str(&s->body, text);
	return true;
}

/* --- public files ------------------------------------------------------------------- */

static bool journal_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Le journal que chacun peut vérifier"));
	struct journal_vue v;
	struct journal_page_vue all = { &page, &v, core_address(r) };
	struct html h = page_html(r, s);

	if (!db_acquire(r->core->store, &db, e) || !journal_vue_read(r, db, &v, e))
		return false;
	v.explique = true;
	journal_page(&h, &all);
	return true;
}

static bool checkpoint_send(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct journal_tete t;

	if (!db_acquire(r->core->store, &db, e) || !journal_last(db, r->a, &t, e))
		return false;
	s->type = PLAIN;
	buf_str(&s->body, t.cosignee);
	return true;
}

static bool key_send(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct journal_tete t;
	struct note_key key;
	char text[NOTE_KEY_TEXT];

	if (!db_acquire(r->core->store, &db, e) || !last_head(r, db, &t, &key, e))
		return false;
	note_key_write(&key, text);
	s->type = PLAIN;
	buf_str(&s->body, text);
	buf_char(&s->body, '\n');
	return true;
}

/* Only paths that a tile can have are looked for. */
static bool tile_send(struct req *r, struct res *s, struct err *e)
{
	const char *path = r->path + strlen("/journal/");
	unsigned char *tile = arena_alloc(r->a, TUILE_BYTES);
	uint64_t index;
	unsigned width;
	int level;
	size_t n;

	if (!tile)
		return arena_refuse(r->a, e);
	if (!tuile_path_read(path, &level, &index, &width))
		return fail(e, E_MISSING, N_("Le journal n’a pas cette tuile."));
	n = width * (size_t)(level == TUILE_ENTRIES ? TUILE_ENTRY : MERKLE_HASH);
	if (!tuile_file(journal_folder(r->core->store, r->a), path, tile, n, e))
		return false;
	s->type = "application/octet-stream";
	s->cache = CACHE_FOREVER;
	buf_add(&s->body, (const char *)tile, n);
	return true;
}

static bool witness_add(struct req *r, struct res *s, struct err *e)
{
	const char *name = journal_site_name(&r->core->site, r->a);
	struct journal_witness said;
	struct note_key own;

	if (!journal_witness_key(r->core->signer, *name ? arena_cat(r->a, name, "/temoin",
		NULL) : "",
				 r->a, &own, e)
	    || !journal_witness_add(r->core->store, r->core->signer, &own,
				    (struct bytes){ r->raw_body, r->raw_size }, r->a, &said, e))
		return false;
	s->status = said.status;
	s->type = said.type;
	s->cache = CACHE_NO_STORE;
	buf_str(&s->body, said.body);
	return true;
}

#define TILE(path) \
	{ GET, "/journal/tile/" path, tile_send, CAN_PUBLIC, NULL, 0, \
	  N_("Une tuile du journal (C2SP tlog-tiles)"), ROUTE_SLOW | ROUTE_CALL, NULL }

const struct route journal_routes[] = {
	{ GET, "/journal", journal_show, CAN_PUBLIC, NULL, 0, N_("Le journal que chacun peut vérifier"),
	  ROUTE_SLOW, NULL },
	{ GET, "/journal/checkpoint", checkpoint_send, CAN_PUBLIC, NULL, 0,
	  N_("La dernière tête signée du journal (C2SP tlog-checkpoint)"), ROUTE_SLOW | ROUTE_CALL, NULL },
	{ GET, "/journal/cle", key_send, CAN_PUBLIC, NULL, 0, N_("La clé qui vérifie le journal"),
	  ROUTE_SLOW | ROUTE_CALL, NULL },
	TILE("{niveau}/{a}"), TILE("{niveau}/{a}/{b}"), TILE("{niveau}/{a}/{b}/{c}"),
	TILE("{niveau}/{a}/{b}/{c}/{d}"),
	{ POST, "/journal/temoin/add-checkpoint", witness_add, CAN_PUBLIC, NULL, 0,
	  N_("Signer la tête d’un autre journal, comme témoin (C2SP tlog-witness)"),
	  ROUTE_SLOW | ROUTE_CALL, NULL },
	{ 0 },
};
