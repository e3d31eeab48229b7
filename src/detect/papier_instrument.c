#include "detect/papier_instrument.h"

#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/papier_instrument.htm.h"
#include "web/message.h"

bool papier_instrument_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct papier_instrument_view v = { .a = r->a };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_current(db, r->a, r->params[0], &v.in, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1, à imprimer"),
				  instrument_say(v.in, r->lang->tag, v.in->titre)));
	v.page = &page;
	v.retour = arena_cat(r->a, "/agent/instruments/", v.in->id, NULL);
	h = page_html(r, s);
	papier_instrument(&h, &v);
	return true;
}
