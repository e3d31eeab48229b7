#include "detect/comptes_page.h"

#include <string.h>

#include "core/agent.h"
#include "core/core.h"
#include "detect/comptes.htm.h"
#include "detect/export.h"
#include "format/csv.h"
#include "format/xlsx.h"
#include "store/db.h"
#include "web/message.h"

const struct field comptes_fields[] = {
	{ AT(comptes_in, annee), .kind = F_INT, .min = 2020, .max = 2100,
	  .label = N_("Année"), .hint = N_("Vide : depuis le début.") },
	{ AT(comptes_in, par), .kind = F_CHOICE, .choices = comptage_pars, .label = N_("Par") },
	{ 0 },
};

static bool liste_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Ce qui a été répondu"));
	struct html h = page_html(r, s);
	struct comptes_liste_view v = { .page = &page };
	struct catalogue_ligne *lignes;

	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_list(db, r->a, &lignes, &v.n, e))
		return false;
	v.lignes = lignes;
	comptes_liste(&h, &v);
	return true;
}

/* --- one instrument ----------------------------------------------------------------- */

struct comptes {
	struct req *r;
	struct db *db;
	const struct instrument *in;
	struct comptage_ask ask;
	struct comptage c;
};

static bool count(struct comptes *k, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(k->r->core);
	const struct comptes_in *in = k->r->in;

	if (!catalogue_current(k->db, k->r->a, k->r->params[0], &k->in, e))
		return false;
	k->ask = (struct comptage_ask){ k->in, (int)in->annee,
		in->par < 0 ? PAR_COMMUNE : (enum comptage_par)in->par };
	return comptage_make(k->r->a, k->db, held.r, k->r->lang, &k->ask, &k->c, e);
}

static const char *query_of(struct arena *a, const struct comptage_ask *ask)
{
	const char *by = comptage_pars[ask->par].slug;

	return ask->annee ? arena_printf(a, "annee=%d&par=%s", ask->annee, by)
			  : arena_cat(a, "par=", by, NULL);
}

static bool comptes_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct comptes k = { .r = r };
	struct comptes_view v = { .a = r->a, .r = r };
	struct page page;
	struct html h;
	size_t shown = 0;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!count(&k, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1 : ce qui a été répondu"),
				  instrument_say(k.in, r->lang->tag, k.in->titre)));
	for (size_t i = 0; i < k.c.n; i++)
		shown += k.c.lignes[i].montree;
	v.page = &page;
	v.in = k.in;
	v.ask = &k.ask;
	v.c = &k.c;
	v.constat = comptage_constat(r->a, r->lang, &k.ask, &k.c);
	v.base = arena_cat(r->a, "/agent/comptes/", k.in->id, NULL);
	v.query = query_of(r->a, &k.ask);
	v.tronque = shown > COMPTES_ROWS;
	v.reponses = k.in->conserver == CONSERVER_REPONSES;
	h = page_html(r, s);
	comptes_page(&h, &v);
	return true;
}

/* --- files -------------------------------------------------------------------------- */

static const char *cell(const struct comptes *k, const struct comptage_ligne *x, size_t i)
{
	return comptage_cellule(k->r->a, k->r->lang, x, i);
}

static void counts_csv(const struct comptes *k, struct buf *b)
{
	csv_write_cell(b, comptage_pars[k->ask.par].slug, true);
	csv_write_cell(b, "code", false);
	for (size_t i = 0; i < k->c.ncolonnes; i++)
		csv_write_cell(b, k->c.colonnes[i], false);
	buf_str(b, "\r\n");
	for (size_t n = 0; n < k->c.n; n++) {
		const struct comptage_ligne *x = &k->c.lignes[n];

		if (!x->montree && !x->total)
			continue;
		csv_write_cell(b, x->nom, true);
		csv_write_cell(b, x->code, false);
		for (size_t i = 0; i < k->c.ncolonnes; i++)
			csv_write_cell(b, cell(k, x, i), false);
		buf_str(b, "\r\n");
	}
}

static bool counts_xlsx(const struct comptes *k, const char *folder, struct buf *b,
			struct err *e)
{
	CLEANUP(xlsx_free) struct xlsx *x = NULL;

	if (!xlsx_new(folder, &x, e) || !xlsx_sheet(x, k->in->titre, e))
		return false;
	xlsx_title(x, comptage_pars[k->ask.par].slug);
	xlsx_title(x, "code");
	for (size_t i = 0; i < k->c.ncolonnes; i++)
		xlsx_title(x, k->c.colonnes[i]);
	if (!xlsx_row(x, e))
		return false;
	for (size_t n = 0; n < k->c.n; n++) {
		const struct comptage_ligne *l = &k->c.lignes[n];

		if (!l->montree && !l->total)
			continue;
		xlsx_text(x, l->nom);
		xlsx_text(x, l->code);
		for (size_t i = 0; i < k->c.ncolonnes; i++) {
			if (l->etats[i] == SECRET_PUBLIE)
				xlsx_number(x, (double)l->valeurs[i]);
			else
				xlsx_text(x, cell(k, l, i));
		}
		if (!xlsx_row(x, e))
			return false;
	}
	return xlsx_end(&x, b, e);
}

enum what { COUNTS, ANSWERS, CODES, INSTRUMENT };

static bool file_named(const char *name, enum what *what, enum jeu_format *format)
{
	static const char *const names[] = { "comptes.", "reponses.", "codes.", "instrument." };

	for (int i = 0; i < 4; i++) {
		size_t n = strlen(names[i]);

		if (strncmp(name, names[i], n) != 0)
			continue;
		*what = (enum what)i;
		for (int f = JEU_CSV; f <= JEU_JSON; f++) {
			*format = (enum jeu_format)f;
			if (strcmp(name + n, jeu_extensions[f]) == 0)
				return (i != INSTRUMENT || f == JEU_JSON) && (i != COUNTS
					|| f != JEU_JSON);
		}
	}
	return false;
}

static bool write_file(struct comptes *k, enum what what, enum jeu_format format,
		       const char *folder, struct buf *out, struct err *e)
{
	const struct jeu_lecture l = { k->r->a, NULL, k->db, k->r->core };

	switch (what) {
	case COUNTS:
		if (format == JEU_XLSX)
			return counts_xlsx(k, folder, out, e);
		counts_csv(k, out);
		return true;
	case ANSWERS:
		return export_reponses(&l, k->in, format, folder, out, e);
	case CODES:
		return export_codes(&l, k->in, format, folder, out, e);
	default:
		buf_add(out, k->in->text, k->in->size);
		return true;
	}
}

static bool fichier_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *folder = arena_cat(r->a, store_dir(r->core->store), "/tmp", NULL);
	struct comptes k = { .r = r };
	enum what what;
	enum jeu_format format;

	if (!file_named(r->params[1], &what, &format))
		return fail(e, E_MISSING, "%s", N_("Ce fichier n’existe pas."));
	if (!db_acquire(r->core->store, &db, e) || !store_folder(r->core->store, "tmp", e))
		return false;
	k.db = db;
	if (!count(&k, e) || !write_file(&k, what, format, folder, &s->body, e))
		return false;
	s->type = jeu_types[format];
	s->filename = arena_cat(r->a, k.in->id, "-", r->params[1], NULL);
	return true;
}

const struct route comptes_routes[] = {
	{ GET, "/agent/comptes", liste_show, &can_coordinate, NULL, 0,
	  N_("Ce qui a été répondu"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/comptes/{instrument}", comptes_show, &can_coordinate, comptes_fields,
	  sizeof(struct comptes_in), N_("Ce qui a été répondu à un questionnaire"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/comptes/{instrument}/{fichier}", fichier_show, &can_coordinate, comptes_fields,
	  sizeof(struct comptes_in), N_("Fichiers d’un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
