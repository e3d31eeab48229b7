#include "detect/rapport_page.h"

#include <string.h>

#include "core/agent.h"
#include "core/commune.h"
#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/parcours.h"
#include "detect/rapport.htm.h"
#include "web/form.h"
#include "web/message.h"

static const struct field horsligne_fields[] = {
	{ AT(horsligne_in, langues), .kind = F_TEXT, .max = 120, .label = N_("Langues de la page") },
	{ 0 },
};

/* --- taking it away ------------------------------------------------------------------- */

static bool open_one(struct req *r, const char *langues, struct horsligne *h, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct instrument *in;

	*h = (struct horsligne){ .adresse = core_address(r),
		.garde = parcours_may_keep(req_agent(r)) };
	return db_acquire(r->core->store, &db, e)
	       && catalogue_current(db, r->a, r->params[0], &in, e)
	       && horsligne_langues(r->a, in, langues, h, e);
}

static bool emporter_show(struct req *r, struct res *s, struct err *e)
{
	struct emporter_view v = { .a = r->a };
	struct horsligne one;
	struct page page;
	struct html h;

	if (!open_one(r, NULL, &one, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1, sans réseau"),
				   instrument_say(one.in, r->lang->tag, one.in->titre)));
	v.page = &page;
	v.h = &one;
	v.garde = one.garde;
	h = page_html(r, s);
	emporter_page(&h, &v);
	return true;
}

static bool emporter_file(struct req *r, struct res *s, struct err *e)
{
	const struct horsligne_in *in = r->in;
	struct horsligne one;

	if (!open_one(r, in->langues, &one, e))
		return false;
	s->filename = arena_cat(r->a, "tremplin-", one.in->id, "-", one.in->version, ".html", NULL);
	horsligne_page(&s->body, &one);
	return true;
}

/* --- bringing back -------------------------------------------------------------------- */

static bool write_page(struct req *r, struct res *s, struct rapport_view *v)
{
	struct page page = page_for(r, N_("Rapporter des feuilles"));
	struct html h;

	page.script = "rapport.js";
	page.error = v->refus != NULL;
	if (v->refus)
		s->status = 400;
	v->page = &page;
	v->a = r->a;
	h = page_html(r, s);
	rapport_retour(&h, v);
	return true;
}

static bool retour_show(struct req *r, struct res *s, struct err *e)
{
	struct rapport_view v = { .lignes = "" };

	(void)e;
	return write_page(r, s, &v);
}

/* Codes for what was typed; a commune that is not sure counts as none. */
static int find_communes(struct req *r, struct rapport_feuille *f, size_t n)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	int unknown = 0;

	for (size_t i = 0; i < n; i++) {
		struct commune_match m[COMMUNE_MATCHES];
		const char *typed = f[i].commune;
		size_t k = *typed ? commune_find(held.r, typed, m, COMMUNE_MATCHES) : 0;

		f[i].commune = k && commune_is_sure(m, k, typed) ? arena_str(r->a,
			m[0].commune->code)
			: "";
		unknown += *typed && !*f[i].commune;
	}
	return unknown;
}

/*
 * The file, or else what was pasted.  A zero byte becomes a mark that no line may have, so
 * that rapport_read refuses what follows it instead of not seeing it.
 */
static const char *sent_lines(struct req *r)
{
	const char *text = req_typed(r, "lignes");
	char *copy;

	if (!r->file.n)
		return text ? text : "";
	copy = arena_alloc(r->a, r->file.n + 1);
	if (!copy)
		return "";
	for (size_t i = 0; i < r->file.n; i++)
		copy[i] = r->file.p[i] ? r->file.p[i] : '\x1a';
	copy[r->file.n] = '\0';
	return copy;
}

static bool retour_send(struct req *r, struct res *s, struct err *e)
{
	const struct agent *g = req_agent(r);
	struct rapport_view v = { .lignes = sent_lines(r) };
	struct rapport_feuille *f;
	struct rapport_bilan bilan;
	struct err why = { 0 };
	size_t n;

	if (!g->ici)
		return fail(e, E_DENIED, "%s", N_("Choisissez d’abord la structure où vous travaillez."));
	if (rapport_read(r->a, v.lignes, strlen(v.lignes), &f, &n, &why)) {
		v.sans_commune = find_communes(r, f, n);
		if (rapport_put(r->core->store, r->env, f, n, g->ici->structure,
			parcours_may_keep(g),
				&bilan, &why)) {
			v.bilan = &bilan;
			v.lignes = "";
			return write_page(r, s, &v);
		}
	}
	if (why.kind != E_INPUT && why.kind != E_MISSING && why.kind != E_LIMIT) {
		*e = why;
		return false;
	}
	v.refus = tr(r->lang, why.msg);
	v.indice = *why.hint ? tr(r->lang, why.hint) : NULL;
	return write_page(r, s, &v);
}

const struct route rapport_routes[] = {
	{ GET, "/agent/instruments/hors-ligne/{id}", emporter_show, &can_receive, NULL, 0,
	  N_("Emporter un questionnaire sans réseau"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/hors-ligne/{id}/page", emporter_file, &can_receive, horsligne_fields,
	  sizeof(struct horsligne_in), N_("Un questionnaire qui marche sans réseau"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/retour", retour_show, &can_receive, NULL, 0,
	  N_("Rapporter des feuilles"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/retour", retour_send, &can_receive, NULL, 0,
	  N_("Prendre des feuilles remplies hors ligne"), ROUTE_SLOW | ROUTE_PRIVATE | ROUTE_FILE,
	  NULL },
	{ 0 },
};
