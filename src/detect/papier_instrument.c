#include "detect/papier_instrument.h"

#include <string.h>

#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/papier_code.h"
#include "detect/papier_instrument.htm.h"
#include "web/message.h"

const struct field papier_fields[] = {
	{ AT(papier_in, exemplaires), .kind = F_INT, .min = 1, .max = PAPIER_EXEMPLAIRES,
	  .label = N_("Combien d’exemplaires"),
	  .hint = N_("Chacun a son numéro : ne photocopiez pas.") },
	{ AT(papier_in, langue), .kind = F_TEXT, .max = 20, .label = N_("Langue de la feuille") },
	{ 0 },
};

bool item_printed(const struct item *it)
{
	return it->type != ITEM_NOTE || it->active;
}

int item_numero(const struct instrument *in, int item)
{
	int n = 1;

	for (int i = 0; i < item; i++)
		n += item_printed(&in->items[i]);
	return n;
}

const char *papier_suite(const struct papier_instrument_view *v, int item, int option)
{
	const struct item *it = &v->in->items[item];
	int next = it->type == ITEM_PLUSIEURS || it->type == ITEM_ORDRE ? -1
		: papier_jump(v->a, v->in, item, option);

	while (next >= 0 && next < v->in->nitems && !item_printed(&v->in->items[next]))
		next++;
	if (next < 0)
		return "";
	if (next == v->in->nitems)
		return tr(v->langue, N_("→ c’est fini"));
	return message(v->a, v->langue, N_("→ allez à %1"),
		       arena_printf(v->a, "%d", item_numero(v->in, next)));
}

static bool view(struct req *r, struct papier_instrument_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	const struct papier_in *in = r->in;

	*v = (struct papier_instrument_view){ .r = r, .a = r->a,
		.langue = in->langue ? lang_find(in->langue) : NULL };
	if (!v->langue)
		v->langue = r->lang;
	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_current(db, r->a, r->params[0], &v->in, e))
		return false;
	v->retour = arena_cat(r->a, "/agent/instruments/", v->in->id, NULL);
	return true;
}

static bool number(struct req *r, const struct papier_instrument_view *v, const char *address,
		   struct papier_exemplaire *x, struct err *e)
{
	numero_make(r->env, x->numero);
	return qr_make(r->a, arena_cat(r->a, address, "/agent/instruments/saisie/", v->in->id,
		"?version=", v->in->version, "&numero=", x->numero, NULL), &x->qr, e);
}

bool papier_instrument_show(struct req *r, struct res *s, struct err *e)
{
	const struct papier_in *in = r->in;
	const char *address = core_address(r), *host = strstr(address, "://");
	struct papier_instrument_view v;
	struct page page;
	struct html h;

	if (!view(r, &v, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1, à imprimer"),
				  instrument_say(v.in, r->lang->tag, v.in->titre)));
	v.page = &page;
	v.n = r->nerrors || in->exemplaires < 1 ? 1 : (int)in->exemplaires;
	v.effacer = arena_cat(r->a, host ? host + 3 : address, "/reponses/effacer", NULL);
	v.exemplaires = NEW_ARRAY(r->a, (size_t)v.n, struct papier_exemplaire);
	if (!v.exemplaires)
		return arena_refuse(r->a, e);
	for (int i = 0; i < v.n; i++) {
		if (!number(r, &v, address, &v.exemplaires[i], e))
			return false;
	}
	if (r->nerrors)
		s->status = 400;
	h = page_html(r, s);
	papier_instrument(&h, &v);
	return true;
}

bool papier_telephone_show(struct req *r, struct res *s, struct err *e)
{
	struct papier_instrument_view v;
	struct page page;
	struct html h;

	if (!view(r, &v, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1, au téléphone"),
				  instrument_say(v.in, r->lang->tag, v.in->titre)));
	v.page = &page;
	h = page_html(r, s);
	papier_telephone(&h, &v);
	return true;
}
