/* GET /reperage/papier, GET and POST /reperage/saisie : the same instrument on paper. */
#include "detect/reperage_page.h"

#include <string.h>

#include "detect/papier.htm.h"
#include "detect/papier_code.h"
#include "detect/reperage_view.h"

bool reperage_papier_page(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Questionnaire à imprimer"));
	struct html h = page_html(r, s);
	struct papier_view v = { &page, r->a, reperage_instrument() };

	(void)e;
	reperage_papier(&h, &v);
	return true;
}

static const struct saisie_champ *champs(struct req *r, const struct instrument *in)
{
	struct saisie_champ *c = NEW_ARRAY(r->a, (size_t)in->nitems, struct saisie_champ);

	for (int i = 0; c && i < in->nitems; i++) {
		const char *typed = req_typed(r, in->items[i].id);
		struct reponse answer;

		c[i] = (struct saisie_champ){
			.item = &in->items[i],
			.numero = i + 1,
			.id = arena_printf(r->a, "q%d", i + 1),
			.tape = typed ? typed : "" };
		if (!papier_code_read(r->a, &in->items[i], c[i].tape, &answer))
			c[i].erreur = arena_printf(r->a, "%d. %s", i + 1, tr(r->lang,
				N_("Tapez le numéro d’une case, S, R, ou rien.")));
	}
	return c;
}

bool reperage_saisie_page(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Saisir un questionnaire rempli"));
	struct html h = page_html(r, s);
	struct saisie_view v = { .page = &page, .a = r->a, .in = reperage_instrument() };

	v.nchamps = v.in->nitems;
	v.champs = champs(r, v.in);
	if (!v.champs)
		return arena_refuse(r->a, e);
	for (int i = 0; i < v.nchamps; i++)
		v.nerreurs += v.champs[i].erreur != NULL;
	if (v.nerreurs)
		s->status = 400;
	page.error = v.nerreurs > 0;
	reperage_saisie(&h, &v);
	return true;
}

bool reperage_saisie_envoi(struct req *r, struct res *s, struct err *e)
{
	const struct instrument *in = reperage_instrument();
	const struct saisie_champ *c = champs(r, in);
	const char *commune = req_typed(r, "commune");

	if (!c)
		return arena_refuse(r->a, e);
	for (int i = 0; i < in->nitems; i++) {
		if (c[i].erreur)
			return reperage_saisie_page(r, s, e);
	}
	point_forget(r->session, r->a);         /* another form, another person */
	for (int i = 0; i < in->nitems; i++) {
		struct reponse answer;

		if (papier_code_read(r->a, &in->items[i], c[i].tape, &answer))
			point_answer(r->session, r->a, in, i, &answer);
	}
	point_set(r->session, r->a, POINT_MODE, "papier");
	point_set(r->session, r->a, POINT_PAGE, in->pages[in->npages - 1].id);
	if (commune && strlen(commune) <= 200)
		reperage_keep_commune(r, commune, NULL);
	reperage_count(r);
	return res_see_other(s, "/reperage/resultat");
}
