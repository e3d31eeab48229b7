/* What is asked together, and what answers are worth together. */
#include <math.h>
#include <string.h>

#include "detect/instrument_reader.h"

const char *const score_calculs[] = { "somme", "moyenne", "ponderee", "compte", "maximum",
	"formule", "table", NULL };

/* --- pages -------------------------------------------------------------------------- */

static bool read_page(struct reader *r, node *o, int index, struct instrument_page *p,
		      bool *seen)
{
	double question;

	if (!reader_knows(r, o, "id titre question items") || !reader_name(r, o, "id", &p->id)
	    || !reader_words(r, o, "titre", MUST, &p->titre)
	    || !reader_number(r, o, "question", index + 1, 1, INSTRUMENT_ITEMS, &question)
	    || !reader_items(r, o, "items", MUST, &p->items, &p->nitems))
		return false;
	p->question = (int)question;
	for (int i = 0; i < p->nitems; i++) {
		if (seen[p->items[i]])
			return reader_refuse(r, "« %s » est déjà sur une page",
				   r->in->items[p->items[i]].id);
		seen[p->items[i]] = true;
	}
	for (int i = 0; i < index; i++) {
		if (strcmp(r->in->pages[i].id, p->id) == 0)
			return reader_refuse_member(r, "id", "deux pages portent ce nom");
	}
	return true;
}

/* Without "pages": one a question, one a matrix. */
static bool usual_pages(struct reader *r)
{
	struct instrument *in = r->in;
	struct instrument_page *pages = NEW_ARRAY(r->a, (size_t)in->nitems, struct instrument_page);
	int *all = NEW_ARRAY(r->a, (size_t)in->nitems, int);

	if (!pages || !all)
		return arena_refuse(r->a, r->e);
	in->pages = pages;
	for (int i = 0; i < in->nitems; i += pages[in->npages++].nitems) {
		const struct groupe *g = in->items[i].groupe;

		pages[in->npages] = (struct instrument_page){
			.id = g ? g->id : in->items[i].id,
			.titre = g ? g->texte : in->items[i].texte,
			.question = in->npages + 1, .items = all + i, .nitems = g ? g->n : 1 };
		for (int k = 0; k < pages[in->npages].nitems; k++)
			all[i + k] = i + k;
	}
	in->nquestions = in->npages;
	return true;
}

bool read_pages(struct reader *r, node *root)
{
	bool seen[INSTRUMENT_ITEMS] = { false };
	struct instrument *in = r->in;
	struct instrument_page *pages;
	node *list;
	int n;

	if (!reader_list(r, root, "pages", MAY, INSTRUMENT_ITEMS, &list, &n))
		return false;
	if (!n)
		return usual_pages(r);
	pages = NEW_ARRAY(r->a, (size_t)n, struct instrument_page);
	if (!pages)
		return arena_refuse(r->a, r->e);
	in->pages = pages;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "pages", i);

		if (!read_page(r, json_array_get(list, (size_t)i), i, &pages[i], seen))
			return false;
		if (pages[i].question > in->nquestions)
			in->nquestions = pages[i].question;
		in->npages = i + 1;
		reader_leave(r, before);
	}
	for (int i = 0; i < in->nitems; i++) {
		if (!seen[i])
			return reader_refuse_member(r, "pages", arena_printf(r->a,
				"« %s » : cette question n’est sur aucune page", in->items[i].id));
	}
	return true;
}

/* --- scores ------------------------------------------------------------------------- */

static bool items_have_values(struct reader *r, const struct score *s)
{
	for (int i = 0; i < s->nitems; i++) {
		const struct expression_item *it = &r->names[s->items[i]];

		if (it->of == OF_NUMBER || it->has_juste || it->values)
			continue;
		return reader_refuse(r, "les options de « %s » n’ont pas toutes une valeur", it->name);
	}
	return true;
}

static bool read_weights(struct reader *r, node *o, struct score *s)
{
	double *weights;
	node *list;
	int n;

	if (!reader_list(r, o, "poids", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	weights = NEW_ARRAY(r->a, (size_t)n, double);
	if (!weights)
		return arena_refuse(r->a, r->e);
	if (n != s->nitems)
		return reader_refuse_member(r, "poids", arena_printf(r->a,
			"il faut %d poids, un par question", s->nitems));
	for (int i = 0; i < n; i++) {
		node *v = json_array_get(list, (size_t)i);

		weights[i] = json_is_number(v) ? json_number_value(v) : -1;
		if (!(weights[i] > 0 && weights[i] <= 1000))
			return reader_refuse_member(r, "poids", "un poids est un nombre de plus de 0 à 1000");
	}
	s->poids = weights;
	return true;
}

static bool read_table(struct reader *r, node *o, struct score *s)
{
	struct marche *steps;
	node *list;
	int n;

	if (!reader_list(r, o, "table", MUST, 100, &list, &n))
		return false;
	steps = NEW_ARRAY(r->a, (size_t)n, struct marche);
	if (!steps)
		return arena_refuse(r->a, r->e);
	s->table = steps;
	for (int i = 0; i < n; i++) {
		node *one = json_array_get(list, (size_t)i);
		size_t before = reader_enter(r, "table", i);

		if (!reader_knows(r, one, "jusqu_a valeur")
		    || !reader_number(r, one, "jusqu_a", INFINITY, -1e9, 1e9, &steps[i].jusqu_a)
		    || !reader_number(r, one, "valeur", INFINITY, -1e9, 1e9, &steps[i].valeur))
			return false;
		if (i && steps[i].jusqu_a <= steps[i - 1].jusqu_a)
			return reader_refuse_member(r, "jusqu_a", "les marches vont de la plus basse à la plus haute");
		s->ntable = i + 1;
		reader_leave(r, before);
	}
	return true;
}

static bool read_how(struct reader *r, node *o, const struct expression_scope *scope,
		     struct score *s)
{
	if (s->calcul == SCORE_FORMULE || s->calcul == SCORE_TABLE)
		return reader_expression(r, o, "formule", MUST, EXPRESSION_NUMBER, scope,
					 &s->formule)
			&& (s->calcul == SCORE_FORMULE || read_table(r, o, s));
	if (!reader_items(r, o, "items", MUST, &s->items, &s->nitems) || !items_have_values(r, s))
		return false;
	if (s->calcul == SCORE_PONDEREE)
		return read_weights(r, o, s);
	if (s->calcul == SCORE_COMPTE)
		return reader_number(r, o, "seuil", INFINITY, -1e9, 1e9, &s->seuil);
	return true;
}

static bool read_score(struct reader *r, node *o, const struct expression_scope *scope,
		       struct score *s)
{
	int how;

	if (!reader_knows(r, o, "id titre calcul items part_minimale formule poids seuil table "
			  "radar min max")
	    || !reader_name(r, o, "id", &s->id) || !reader_words(r, o, "titre", MUST, &s->titre)
	    || !reader_word(r, o, "calcul", score_calculs, &how)
	    || !reader_number(r, o, "part_minimale", 1, 0, 1, &s->part_minimale)
	    || !reader_flag(r, o, "radar", &s->radar)
	    || !reader_number(r, o, "min", NAN, -1e9, 1e9, &s->min)
	    || !reader_number(r, o, "max", NAN, -1e9, 1e9, &s->max))
		return false;
	s->calcul = (enum score_calcul)how;
	if (s->radar && !(s->min < s->max))
		return reader_refuse(r, "un axe de la toile a un « min » et un « max »");
	if (instrument_score_named(r->in, s->id) >= 0)
		return reader_refuse_member(r, "id", "deux scores portent ce nom");
	return read_how(r, o, scope, s);
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
