/* What is asked: items, pages, and the scores made of them. */
#include <math.h>
#include <string.h>

#include "detect/instrument_reader.h"

static bool read_option(struct reader *r, node *o, struct item *it, struct option *out)
{
	if (!reader_knows(r, o, "id texte aide valeur exclusif")
	    || !reader_name(r, o, "id", &out->id)
	    || !reader_words(r, o, "texte", MUST, &out->texte)
	    || !reader_words(r, o, "aide", MAY, &out->aide)
	    || !reader_number(r, o, "valeur", NAN, -1e6, 1e6, &out->valeur)
	    || !reader_flag(r, o, "exclusif", &out->exclusif))
		return false;
	if (strcmp(out->id, REPONSE_NE_SAIT_PAS) == 0 || strcmp(out->id, REPONSE_REFUS) == 0)
		return reader_refuse_member(r, "id", "ce mot est déjà celui d’une réponse de toutes les questions");
	if (item_option(it, out->id) >= 0)
		return reader_refuse_member(r, "id", "deux options portent ce nom");
	return true;
}

static bool read_options(struct reader *r, node *o, struct item *it)
{
	struct option *options;
	node *list;
	int n;

	if (!reader_list(r, o, "options", MUST, INSTRUMENT_OPTIONS, &list, &n))
		return false;
	options = NEW_ARRAY(r->a, (size_t)n, struct option);
	if (!options)
		return arena_refuse(r->a, r->e);
	it->options = options;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "options", i);

		if (!read_option(r, json_array_get(list, (size_t)i), it, &options[i]))
			return false;
		it->noptions = i + 1;
		reader_leave(r, before);
	}
	return true;
}

/* What expressions may say of an item. */
static bool name_item(struct reader *r, const struct item *it, struct expression_item *out)
{
	const char **options = NEW_ARRAY(r->a, (size_t)it->noptions, const char *);
	double *values = NEW_ARRAY(r->a, (size_t)it->noptions, double);
	bool all = true;

	if (!options || !values)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < it->noptions; i++) {
		options[i] = it->options[i].id;
		values[i] = it->options[i].valeur;
		all = all && !isnan(values[i]);
	}
	*out = (struct expression_item){ it->id, options, all ? values : NULL, it->noptions };
	return true;
}

static bool read_item(struct reader *r, node *o, int index, struct item *it)
{
	static const char *const types[] = { "choix", "choix_multiple", NULL };
	struct expression_scope *before = NEW(r->a, struct expression_scope);
	int type;

	if (!before)
		return arena_refuse(r->a, r->e);
	*before = (struct expression_scope){ r->names, index, NULL, 0 };
	if (!reader_knows(r, o, "id type texte court aide oral options si si_papier")
	    || !reader_name(r, o, "id", &it->id) || !reader_word(r, o, "type", types, &type)
	    || !reader_words(r, o, "texte", MUST, &it->texte)
	    || !reader_words(r, o, "court", MUST, &it->court)
	    || !reader_words(r, o, "aide", MAY, &it->aide)
	    || !reader_words(r, o, "oral", MAY, &it->oral)
	    || !reader_words(r, o, "si_papier", MAY, &it->si_papier)
	    || !reader_expression(r, o, "si", MAY, EXPRESSION_CONDITION, before, &it->si)
	    || !read_options(r, o, it))
		return false;
	it->type = (enum item_type)type;
	if (strcmp(it->id, "profil") == 0)
		return reader_refuse_member(r, "id", "« profil » est réservé au résultat");
	if (it->si && !it->si_papier)
		return reader_refuse(r, "une question sous condition a besoin de « si_papier »");
	for (int i = 0; i < index; i++) {
		if (strcmp(r->in->items[i].id, it->id) == 0)
			return reader_refuse_member(r, "id", "deux questions portent ce nom");
	}
	return name_item(r, it, &r->names[index]);
}

bool read_items(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct item *items;
	node *list;
	int n;

	if (!reader_list(r, root, "items", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	items = NEW_ARRAY(r->a, (size_t)n, struct item);
	r->names = NEW_ARRAY(r->a, (size_t)n + 1, struct expression_item);
	if (!items || !r->names)
		return arena_refuse(r->a, r->e);
	in->items = items;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "items", i);

		if (!read_item(r, json_array_get(list, (size_t)i), i, &items[i]))
			return false;
		in->nitems = i + 1;
		reader_leave(r, before);
	}
	return true;
}

static bool read_page(struct reader *r, node *o, struct instrument_page *p, uint64_t *seen)
{
	double question;

	if (!reader_knows(r, o, "id titre question items") || !reader_name(r, o, "id", &p->id)
	    || !reader_words(r, o, "titre", MUST, &p->titre)
	    || !reader_number(r, o, "question", INFINITY, 1, INSTRUMENT_ITEMS, &question)
	    || !reader_items(r, o, "items", MUST, &p->items, &p->nitems))
		return false;
	p->question = (int)question;
	for (int i = 0; i < p->nitems; i++) {
		if (*seen >> p->items[i] & 1)
			return reader_refuse(r, "« %s » est déjà sur une page",
				   r->in->items[p->items[i]].id);
		*seen |= 1ull << p->items[i];
	}
	return true;
}

bool read_pages(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct instrument_page *pages;
	uint64_t seen = 0;
	node *list;
	int n;

	if (!reader_list(r, root, "pages", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	pages = NEW_ARRAY(r->a, (size_t)n, struct instrument_page);
	if (!pages)
		return arena_refuse(r->a, r->e);
	in->pages = pages;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "pages", i);

		if (!read_page(r, json_array_get(list, (size_t)i), &pages[i], &seen))
			return false;
		if (pages[i].question > in->nquestions)
			in->nquestions = pages[i].question;
		in->npages = i + 1;
		reader_leave(r, before);
	}
	if (seen != (in->nitems == 64 ? ~0ull : (1ull << in->nitems) - 1))
		return reader_refuse_member(r, "pages", "une question n’est sur aucune page");
	return true;
}

static bool read_score(struct reader *r, node *o, struct expression_scope *scope,
		       struct score *s)
{
	static const char *const kinds[] = { "somme", "moyenne", "formule", NULL };
	int kind;

	if (!reader_knows(r, o, "id titre calcul items part_minimale formule")
	    || !reader_name(r, o, "id", &s->id) || !reader_words(r, o, "titre", MUST, &s->titre)
	    || !reader_word(r, o, "calcul", kinds, &kind)
	    || !reader_number(r, o, "part_minimale", 1, 0, 1, &s->part_minimale))
		return false;
	s->calcul = kind == 0 ? SCORE_SOMME : kind == 1 ? SCORE_MOYENNE : SCORE_FORMULE;
	if (s->calcul == SCORE_FORMULE)
		return reader_expression(r, o, "formule", MUST, EXPRESSION_NUMBER, scope,
				      &s->formule);
	if (!reader_items(r, o, "items", MUST, &s->items, &s->nitems))
		return false;
	for (int i = 0; i < s->nitems; i++) {
		if (!r->names[s->items[i]].values)
			return reader_refuse(r, "les options de « %s » n’ont pas toutes une valeur",
				   r->in->items[s->items[i]].id);
	}
	return true;
}

bool read_scores(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct score *scores;
	node *list;
	int n;

	if (!reader_list(r, root, "scores", MAY, INSTRUMENT_SCORES, &list, &n))
		return false;
	scores = NEW_ARRAY(r->a, (size_t)n, struct score);
	r->score_names = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!scores || !r->score_names)
		return arena_refuse(r->a, r->e);
	in->scores = scores;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "scores", i);
		struct expression_scope *scope = NEW(r->a, struct expression_scope);

		if (!scope)
			return arena_refuse(r->a, r->e);
		*scope = (struct expression_scope){ r->names, in->nitems, r->score_names, i };
		if (!read_score(r, json_array_get(list, (size_t)i), scope, &scores[i]))
			return false;
		r->score_names[i] = scores[i].id;
		in->nscores = i + 1;
		reader_leave(r, before);
	}
	return true;
}
