/* GET and POST /reperage, /reperage/question/{page} */
#include "detect/reperage_page.h"

#include <string.h>

#include "base/log.h"
#include "detect/reperage.htm.h"
#include "detect/reperage_view.h"
#include "web/form.h"

/* --- what the pages share ----------------------------------------------------------- */

void reperage_count(struct req *r)
{
	struct point_fait p;
	struct compte now, before;
	const char *text;
	bool counted;
	struct err e = { 0 };

	point_read(r->session, &p);
	if (p.in->conserver != CONSERVER_COMPTES || !p.commence || !r->core || !r->core->store)
		return;
	now = point_compte(r->a, &p, env_now(r->env));
	text = compte_write(r->a, &now);
	counted = compte_read(r->a, session_get(r->session, POINT_COMPTE), &before);
	if (counted && strcmp(text, session_get(r->session, POINT_COMPTE)) == 0)
		return;
	if (compte_keep(r->core->store, counted ? &before : NULL, &now, &e))
		session_set(r->session, r->a, POINT_COMPTE, text);
	else
		log_warning("reperage: not counted: %s", e.msg);
}

/* The page that comes after this one: the result when the rest can wait. */
static const char *after(struct req *r, int page)
{
	struct point_fait p;
	int next;

	point_read(r->session, &p);
	next = point_next(&p, page);
	if (next == p.in->npages || (p.in->pages[page].question == 1
				     && p.in->pages[next].question > 1 && point_is_urgent(&p)))
		return "/reperage/resultat";
	return arena_printf(r->a, "/reperage/question/%s", p.in->pages[next].id);
}

/* --- start -------------------------------------------------------------------------- */

static const char *resume(struct req *r, const struct point_fait *p)
{
	int page = point_next(p, p->page);

	if (!p->commence)
		return NULL;
	return page == p->in->npages ? "/reperage/resultat"
		: arena_printf(r->a, "/reperage/question/%s", p->in->pages[page].id);
}

bool reperage_debut_page(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Faire le point ensemble"));
	struct html h = page_html(r, s);
	struct debut_view v = { .page = &page, .in = reperage_instrument() };
	struct point_fait p;

	(void)e;
	point_read(r->session, &p);
	page.description = tr(r->lang, N_("Deux minutes à voix haute : ce qui bloque, ce qu’on "
					  "peut faire, où aller. Sans compte et sans nom."));
	page.effacer = p.commence;
	v.reprendre = resume(r, &p);
	if (p.commence)
		s->cache = CACHE_NO_STORE;
	reperage_debut(&h, &v);
	return true;
}

bool reperage_recommencer(struct req *r, struct res *s, struct err *e)
{
	const struct instrument *in = reperage_instrument();

	(void)e;
	point_forget(r->session, r->a);
	return res_see_other(s, arena_printf(r->a, "/reperage/question/%s", in->pages[0].id));
}

/* --- one question ------------------------------------------------------------------- */

static bool find_page(struct req *r, int *page, struct err *e)
{
	*page = point_page(reperage_instrument(), r->params[0]);
	if (*page >= 0)
		return true;
	fail(e, E_MISSING, "Cette question n’existe pas.");
	return hint(e, "Reprenez au début : Faire le point.");
}

bool reperage_question_page(struct req *r, struct res *s, struct err *e)
{
	struct question_view v = { .a = r->a, .in = reperage_instrument() };
	struct ecoute ecoute;
	struct point_fait p;
	struct page page;
	struct html h;
	int at, before, *items;

	if (!find_page(r, &at, e))
		return false;
	point_read(r->session, &p);
	v.ecran = &v.in->pages[at];
	items = NEW_ARRAY(r->a, (size_t)v.ecran->nitems, int);
	if (!items)
		return arena_refuse(r->a, e);
	for (int i = 0; i < v.ecran->nitems; i++) {
		if (item_asked(v.in, v.ecran->items[i], p.reponses))
			items[v.nitems++] = v.ecran->items[i];
	}
	if (!v.nitems)          /* somebody typed the address: it is not asked with these answers */
		return res_see_other(s, after(r, at));
	if (!ecoute_load(r, v.in, &ecoute, e))
		return false;
	ecoute_items(&ecoute, v.in, items, v.nitems);
	v.ecoute = &ecoute;
	before = point_before(&p, at);
	v.items = items;
	v.reponses = p.reponses;
	v.retour = before < 0 ? "/reperage"
		: arena_printf(r->a, "/reperage/question/%s", v.in->pages[before].id);
	page = page_for(r, instrument_say(v.in, r->lang->tag, v.ecran->titre));
	v.page = &page;
	h = page_html(r, s);
	reperage_question(&h, &v);
	return true;
}

bool reperage_question_envoi(struct req *r, struct res *s, struct err *e)
{
	const struct instrument *in = reperage_instrument();
	const char *to = req_typed(r, "vers");
	int at;

	if (!find_page(r, &at, e))
		return false;
	for (int i = 0; i < in->pages[at].nitems; i++) {
		int item = in->pages[at].items[i];
		const char *words = req_typed(r, in->items[item].id);
		struct reponse answer;

		if (!reponse_read(&in->items[item], words ? words : "", &answer)) {
			fail(e, E_INPUT, "Cette réponse n’est pas une de celles de la page.");
			return hint(e, "Revenez à la question et choisissez une réponse.");
		}
		point_answer(r->session, r->a, in, item, &answer);
	}
	point_set(r->session, r->a, POINT_PAGE, in->pages[at].id);
	to = to && strcmp(to, "resultat") == 0 ? "/reperage/resultat" : after(r, at);
	if (strcmp(to, "/reperage/resultat") == 0)
		reperage_count(r);
	return res_see_other(s, to);
}
