/* What somebody takes away of a mandat: the attestation, and the proof of each leaf. */
#include <string.h>

#include "accompany/mandat.htm.h"
#include "accompany/pages.h"
#include "base/embedded.h"
#include "core/journal.h"
#include "store/renderer.h"

enum { DIGITS_MOST = 15 };

static const struct mandat_view *side(struct arena *a, const struct mandat_view *v,
				      const struct lang *lang)
{
	struct mandat_view *out = NEW(a, struct mandat_view);

	if (!out)
		return NULL;
	*out = *v;
	out->vu.ouvertes = demarches_titres(a, lang, v->m.ouvertes);
	out->vu.toutes = demarches_titres(a, lang, v->m.demarches);
	out->vu.fin = fin_text(a, lang, v->m.expire_le ? v->m.expire_le : v->fin_iso);
	out->vu.signe = jour_text(a, lang, v->m.signe_le);
	out->fin_prevue = fin_text(a, lang, v->fin_iso);
	return out;
}

/* A head that was signed before the mandat says nothing of it: one is asked for. */
static bool read_head(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	struct journal_tete t;

	if (!journal_last(db, r->a, &t, e)) {
		if (e->kind != E_MISSING)
			return false;
		*e = (struct err){ 0 };
	} else if ((int64_t)t.head.size > v->m.numero) {
		v->tete = t.cosignee;
		return true;
	}
	journal_veille_ask(r->core);
	return true;
}

static bool attestation_fill(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	v->pdf = r->core->renderer != NULL;
	if (v->m.signe_le) {
		v->texte = attestation_text(r->a, &v->m);
		if (!read_head(r, db, v, e))
			return false;
	}
	v->francais = side(r->a, v, langs[0]);
	v->autre = side(r->a, v, v->langue);
	return v->francais && v->autre ? true : arena_refuse(r->a, e);
}

bool attestation_send(struct req *r, struct res *s, struct db *db, struct mandat_view *v,
		      struct page *page, struct err *e)
{
	struct html h = page_html(r, s);

	if (!attestation_fill(r, db, v, e))
		return false;
	attestation_page(&h, page, v);
	return true;
}

void attestation_style(struct html *h)
{
	const struct embedded_file *f = embedded_find(embedded_files, "data/attestation/style.html");

	if (f)
		html_lit(h, f->p, (size_t)(f->end - f->p));
}

bool attestation_pdf(struct req *r, struct res *s, struct db **db, struct mandat_view *v,
		     struct err *e)
{
	CLEANUP(buf_free) struct buf text = buf_new(1 << 20);
	struct html h = page_html(r, s);
	struct bytes pdf;

	if (!r->core->renderer)         /* the print page says the same */
		return path_after(s, r->a, v->base, "/attestation", "");
	if (!attestation_fill(r, *db, v, e))
		return false;
	db_release(db);
	h.out = &text;
	h.lang = langs[0];
	attestation_document(&h, v);
	if (!renderer_pdf(r->core->renderer, (struct bytes){ text.p, text.n }, r->a, &pdf, e))
		return false;
	s->type = "application/pdf";
	s->cache = CACHE_NO_STORE;
	s->filename = arena_cat(r->a, "attestation-", v->m.id, ".pdf", NULL);
	buf_add(&s->body, (const char *)pdf.p, pdf.n);
	return true;
}

/* Digits alone; -1 when it is no number. */
static int64_t number_of(const char *text)
{
	int64_t n = 0;
	size_t len = strlen(text);

	if (!len || len > DIGITS_MOST || strspn(text, "0123456789") != len)
		return -1;
	for (; *text; text++)
		n = n * 10 + (*text - '0');
	return n;
}

bool preuve_send(struct req *r, struct res *s, struct db *db, const struct mandat_view *v,
		 struct err *e)
{
	int64_t n = number_of(r->params[1]);
	bool its = n >= 0 && n == v->m.numero;

	for (size_t i = 0; i < v->nactes && !its; i++)
		its = n >= 0 && v->actes[i].numero == n;
	if (!its)
		return fail(e, E_MISSING, "%s", N_("Cette ligne n’est pas de cette autorisation."));
	return journal_send_proof(r, s, db, n, e);
}
