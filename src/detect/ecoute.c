/* What can be heard on the page of a question. */
#include "detect/voix_page.h"

#include <string.h>

#include "core/core.h"
#include "web/form.h"
#include "web/session.h"

static const char kept[] = "ecouter";

bool ecoute_load(struct req *r, const struct instrument *in, struct ecoute *out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *asked = r->method == GET ? req_typed(r, kept) : NULL, *before;
	struct voix *all;

	*out = (struct ecoute){ .choisie = r->lang->tag };
	if (!db_acquire(r->core->store, &db, e) || !voix_all(db, r->a, in, &all, &out->n, e))
		return false;
	out->voix = all;
	if (!out->n)
		return true;
	if (asked && voix_langue_find(asked))
		session_set(r->session, r->a, kept, asked);
	before = session_get(r->session, kept);
	if (before && voix_langue_find(before))
		out->choisie = before;
	return true;
}

static bool is_here(const struct voix *v, const struct instrument *in, const int *items, int n)
{
	for (int i = 0; i < n; i++) {
		const struct item *it = &in->items[items[i]];

		if (strcmp(it->id, v->code) == 0
		    || (it->groupe && strcmp(it->groupe->id, v->code) == 0))
			return true;
	}
	return false;
}

void ecoute_items(struct ecoute *k, const struct instrument *in, const int *items, int n)
{
	enum { MOST = sizeof k->langues / sizeof *k->langues };

	k->nlangues = 0;
	for (const struct voix_langue *l = voix_langues; l->tag && k->nlangues < MOST; l++) {
		bool there = false;

		for (size_t i = 0; i < k->n; i++)
			there |= k->voix[i].langue == l && !k->voix[i].perimee
				&& is_here(&k->voix[i], in, items, n);
		if (there)
			k->langues[k->nlangues++] = l;
	}
}

const struct voix *ecoute_find(const struct ecoute *k, const char *code)
{
	return voix_of(k->voix, k->n, code, k->choisie);
}

/* --- words for templates ------------------------------------------------------------ */

const char *voix_duree(struct arena *a, const struct voix *v)
{
	return v->ms ? arena_printf(a, "%d s", (int)((v->ms + 500) / 1000)) : "";
}

const char *voix_genre(const struct lang *l, const struct voix *v)
{
	return v->humaine ? tr(l, N_("voix d’une personne"))
		: tr(l, N_("voix de synthèse, provisoire"));
}
