/* What follows: profiles with reasons, proposals, words. */
#include <math.h>
#include <string.h>

#include "core/lieu.h"
#include "detect/instrument_reader.h"

int reader_class(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->nclasses; i++) {
		if (strcmp(in->classes[i].id, id) == 0)
			return i;
	}
	return -1;
}

static bool read_classes(struct reader *r, node *o)
{
	struct instrument *in = r->in;
	struct classe *classes;
	const char **ids;
	node *list;
	int n;

	if (!reader_list(r, o, "classes", MUST, INSTRUMENT_CLASSES, &list, &n))
		return false;
	classes = NEW_ARRAY(r->a, (size_t)n, struct classe);
	ids = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!classes || !ids)
		return arena_refuse(r->a, r->e);
	in->classes = classes;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "classes", i);
		node *c = json_array_get(list, (size_t)i);

		if (!reader_knows(r, c, "id professionnel") || !reader_name(r, c, "id", &classes[i].id)
		    || !reader_words(r, c, "professionnel", MUST, &classes[i].professionnel))
			return false;
		if (strcmp(classes[i].id, "indetermine") == 0 || reader_class(in, classes[i].id) >= 0)
			return reader_refuse_member(r, "id", "ce nom est déjà pris");
		ids[i] = classes[i].id;
		in->nclasses = i + 1;
		reader_leave(r, before);
	}
	r->names[in->nitems] = (struct expression_item){ "profil", ids, NULL, n };
	return true;
}

static bool read_rule(struct reader *r, node *o, const struct expression_scope *scope,
		      struct regle *out)
{
	const char *classe;

	if (!reader_knows(r, o, "si classe poids parce_que")
	    || !reader_expression(r, o, "si", MUST, EXPRESSION_CONDITION, scope, &out->si)
	    || !reader_name(r, o, "classe", &classe)
	    || !reader_number(r, o, "poids", 1, 0.001, 1000, &out->poids)
	    || !reader_words(r, o, "parce_que", MUST, &out->parce_que))
		return false;
	out->classe = reader_class(r->in, classe);
	return out->classe >= 0
		|| reader_refuse_member(r, "classe", "aucune classe ne porte ce nom");
}

bool read_typology(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	node *o = json_object_get(root, "typologie"), *list;
	struct expression_scope *scope = NEW(r->a, struct expression_scope);
	struct regle *rules;
	size_t before;
	int n;

	if (!o)
		return true;
	if (!scope)
		return arena_refuse(r->a, r->e);
	*scope = (struct expression_scope){ r->names, in->nitems, r->score_names, in->nscores };
	before = reader_enter(r, "typologie", -1);
	if (!reader_knows(r, o, "classes items part_minimale suffit indetermine parce_que regles")
	    || !read_classes(r, o)
	    || !reader_items(r, o, "items", MUST, &in->typologie_items, &in->ntypologie_items)
	    || !reader_number(r, o, "part_minimale", INFINITY, 0, 1, &in->part_minimale)
	    || !reader_expression(r, o, "suffit", MAY, EXPRESSION_CONDITION, scope, &in->suffit)
	    || !reader_words(r, o, "indetermine", MUST, &in->indetermine)
	    || !reader_words(r, o, "parce_que", MUST, &in->indetermine_parce_que)
	    || !reader_list(r, o, "regles", MUST, INSTRUMENT_RULES, &list, &n))
		return false;
	rules = NEW_ARRAY(r->a, (size_t)n, struct regle);
	if (!rules)
		return arena_refuse(r->a, r->e);
	in->regles = rules;
	for (int i = 0; i < n; i++) {
		size_t inside = reader_enter(r, "regles", i);

		if (!read_rule(r, json_array_get(list, (size_t)i), scope, &rules[i]))
			return false;
		in->nregles = i + 1;
		reader_leave(r, inside);
	}
	reader_leave(r, before);
	return true;
}

static bool read_direction(struct reader *r, node *o, struct orientation_regle *out)
{
	static const char *const delays[] = { "aujourdhui", "semaine", "plus_tard", NULL };
	int delay;

	if (!reader_knows(r, o, "quand service prise_en_charge delai priorite dire pourquoi")
	    || !reader_expression(r, o, "quand", MUST, EXPRESSION_CONDITION, r->in->scope,
			       &out->quand)
	    || !reader_choice(r, o, "service", MUST, lieu_services, &out->service)
	    || !reader_choice(r, o, "prise_en_charge", MAY, lieu_prises_en_charge,
			   &out->prise_en_charge)
	    || !reader_word(r, o, "delai", delays, &delay)
	    || !reader_number(r, o, "priorite", INFINITY, 0, 1000, &out->priorite)
	    || !reader_words(r, o, "dire", MUST, &out->dire)
	    || !reader_words(r, o, "pourquoi", MUST, &out->pourquoi))
		return false;
	out->delai = delays[delay];
	return true;
}

bool read_directions(struct reader *r, node *root)
{
	struct orientation_regle *rules;
	node *list;
	int n;

	if (!reader_list(r, root, "orientation", MAY, INSTRUMENT_RULES, &list, &n))
		return false;
	rules = NEW_ARRAY(r->a, (size_t)n, struct orientation_regle);
	if (!rules)
		return arena_refuse(r->a, r->e);
	r->in->orientation = rules;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "orientation", i);

		if (!read_direction(r, json_array_get(list, (size_t)i), &rules[i]))
			return false;
		r->in->norientation = i + 1;
		reader_leave(r, before);
	}
	return true;
}

bool read_phrases(struct reader *r, node *root)
{
	static const char *const kinds[] = { "titre", "savez", "bloque", "peut", NULL };
	struct phrase *phrases;
	node *list;
	int n;

	if (!reader_list(r, root, "phrases", MAY, INSTRUMENT_RULES, &list, &n))
		return false;
	phrases = NEW_ARRAY(r->a, (size_t)n, struct phrase);
	if (!phrases)
		return arena_refuse(r->a, r->e);
	r->in->phrases = phrases;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "phrases", i);
		node *o = json_array_get(list, (size_t)i);
		int kind;

		if (!reader_knows(r, o, "quand genre texte")
		    || !reader_expression(r, o, "quand", MUST, EXPRESSION_CONDITION,
				       r->in->scope, &phrases[i].quand)
		    || !reader_word(r, o, "genre", kinds, &kind)
		    || !reader_words(r, o, "texte", MUST, &phrases[i].texte))
			return false;
		phrases[i].genre = (enum phrase_genre)kind;
		r->in->nphrases = i + 1;
		reader_leave(r, before);
	}
	return true;
}
