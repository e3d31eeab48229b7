#include "observe/observatoire_page.h"

#include <string.h>

#include "base/embedded.h"
#include "core/core.h"
#include "core/indicateur.h"
#include "core/repertoire.h"
#include "format/csv.h"
#include "observe/observatoire.htm.h"
#include "observe/releve.h"
#include "store/db.h"
#include "web/message.h"
#include "web/right.h"

enum { REPERES = 40 };
static const char FILE_NAME[] = "data/reperes_nationaux.csv";

static bool read_reperes(struct arena *a, struct observatoire_view *v, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	const struct embedded_file *file = embedded_find(embedded_files, FILE_NAME);
	struct repere *out = NEW_ARRAY(a, REPERES, struct repere);
	struct csv_row row;

	if (!out)
		return arena_refuse(a, e);
	if (!csv_open_text(FILE_NAME, file->p, (size_t)(file->end - file->p), &f, e))
		return false;
	e->kind = E_OK;
	while (v->nreperes < REPERES && csv_next(f, &row, e)) {
		const char *const *c = row.cells;

		out[v->nreperes++] = (struct repere){ arena_str(a, c[3]),
			arena_cat(a, c[1], *c[2] ? "\u00a0" : "", c[2], NULL), arena_str(a, c[4]),
			arena_str(a, c[5]), arena_str(a, c[6]), arena_str(a, c[7]) };
	}
	v->reperes = out;
	return e->kind == E_OK;
}

static bool fill_methods(struct req *r, struct observatoire_view *v, struct err *e)
{
	const struct methode **all, **known;
	struct observatoire_methode *out;
	size_t n, nknown;

	if (!methode_list(r->a, &all, &n, e)
	    || !releve_methodes(r->core, r->a, &known, &nknown, e))
		return false;
	out = NEW_ARRAY(r->a, n + 1, struct observatoire_methode);
	if (!out)
		return arena_refuse(r->a, e);
	/* Those that have values come first, in their order. */
	for (size_t k = 0; k < nknown; k++)
		out[v->nmethodes++] = (struct observatoire_methode){ known[k]->nom,
			known[k]->titre, true };
	for (size_t i = 0; i < n; i++) {
		bool there = false;

		for (size_t k = 0; k < nknown; k++)
			there |= !strcmp(known[k]->nom, all[i]->nom);
		if (!there)
			out[v->nmethodes++] = (struct observatoire_methode){ all[i]->nom,
				all[i]->titre, false };
	}
	v->methodes = out;
	return true;
}

static bool count_series(struct req *r, struct observatoire_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct indicateur_serie *s;
	size_t n;

	if (!db_acquire(r->core->store, &db, e)
	    || !indicateur_series(db, r->a, NULL, NULL, &s, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		v->indicateurs += !i || strcmp(s[i].indicateur, s[i - 1].indicateur);
	return true;
}

static bool observatoire_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct observatoire_view v = { .departement = "", .departement_nom = "" };
	struct page page = page_for(r, N_("Observatoire"));
	const struct territoire *t = !*r->core->site.departement ? NULL
		: repertoire_territoire(held.r, "departement", r->core->site.departement);
	struct html h;

	if (!read_reperes(r->a, &v, e) || !fill_methods(r, &v, e) || !count_series(r, &v, e))
		return false;
	if (t) {
		v.departement = t->code;
		v.departement_nom = t->nom;
	}
	page.nav = NAV_TERRITOIRES;
	page.description = tr(r->lang, N_("Ce qu’il y a et ce qui manque autour des habitants : cartes, "
		"indices et leur doute, offre et besoins, données ouvertes."));
	v.page = &page;
	h = page_html(r, s);
	observatoire(&h, &v);
	return true;
}

const struct route observatoire_routes[] = {
	{ GET, "/observatoire", observatoire_show, CAN_PUBLIC, NULL, 0, N_("Observatoire"),
	  ROUTE_SLOW, NULL },
	{ 0 },
};
