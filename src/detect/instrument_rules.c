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

static bool read_class(struct reader *r, node *o, int index, struct classe *out)
{
	if (!reader_knows(r, o, "id professionnel parce_que centre part_publiee")
	    || !reader_name(r, o, "id", &out->id)
	    || !reader_words(r, o, "professionnel", MUST, &out->professionnel)
	    || !reader_words(r, o, "parce_que", MAY, &out->parce_que)
	    || !reader_number(r, o, "part_publiee", NAN, 0, 1, &out->part_publiee))
		return false;
	for (int i = 0; i < index; i++) {
		if (strcmp(out->id, r->in->classes[i].id) == 0)
			return reader_refuse_member(r, "id", "ce nom est déjà pris");
	}
	return strcmp(out->id, "indetermine") != 0
		|| reader_refuse_member(r, "id", "ce nom est déjà pris");
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

		if (!read_class(r, json_array_get(list, (size_t)i), i, &classes[i]))
			return false;
		ids[i] = classes[i].id;
		in->nclasses = i + 1;
		reader_leave(r, before);
	}
	r->names[in->nitems] = (struct expression_item){ .name = "profil", .options = ids,
							 .noptions = n };
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

static bool read_rules(struct reader *r, node *o, enum need need,
		       const struct expression_scope *scope)
{
	struct instrument *in = r->in;
	struct regle *rules;
	node *list;
	int n;

	if (!reader_list(r, o, "regles", need, INSTRUMENT_RULES, &list, &n))
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
	return true;
}

/* --- the nearest centre ------------------------------------------------------------- */

static bool read_variables(struct reader *r, node *o)
{
	struct instrument *in = r->in;
	double *scales;
	int *scores, n;
	node *list;

	if (!reader_list(r, o, "variables", MUST, INSTRUMENT_SCORES, &list, &n))
		return false;
	scores = NEW_ARRAY(r->a, (size_t)n, int);
	scales = NEW_ARRAY(r->a, (size_t)n, double);
	if (!scores || !scales)
		return arena_refuse(r->a, r->e);
	in->variables = scores;
	in->echelles = scales;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "variables", i);
		node *v = json_array_get(list, (size_t)i);
		const char *id;

		if (!reader_knows(r, v, "score echelle") || !reader_name(r, v, "score", &id)
		    || !reader_number(r, v, "echelle", 1, -1e9, 1e9, &scales[i]))
			return false;
		scores[i] = instrument_score_named(in, id);
		if (scores[i] < 0)
			return reader_refuse_member(r, "score", "aucun score ne porte ce nom");
		if (!(scales[i] > 0))
			return reader_refuse_member(r, "echelle", "division par zéro : une échelle est plus grande que 0");
		in->nvariables = i + 1;
		reader_leave(r, before);
	}
	return true;
}

static bool read_centres(struct reader *r, node *o)
{
	struct instrument *in = r->in;
	node *list = json_object_get(o, "classes");

	for (int i = 0; i < in->nclasses; i++) {
		node *c = json_object_get(json_array_get(list, (size_t)i), "centre");
		double *centre = NEW_ARRAY(r->a, (size_t)in->nvariables, double);
		size_t before = reader_enter(r, "classes", i);

		if (!centre)
			return arena_refuse(r->a, r->e);
		if (!json_is_object(c) || json_object_size(c) != (size_t)in->nvariables)
			return reader_refuse(r, "« centre » donne une valeur à chacune des %d variables", in->nvariables);
		for (int v = 0; v < in->nvariables; v++) {
			if (!reader_number(r, c, in->scores[in->variables[v]].id, INFINITY,
				-1e9, 1e9,
					   &centre[v]))
				return false;
		}
		((struct classe *)in->classes)[i].centre = centre;
		reader_leave(r, before);
	}
	return true;
}

/* --- a tree ------------------------------------------------------------------------- */

static bool read_branch(struct reader *r, node *o, struct embranchement *tree,
			const struct expression_scope *scope, int depth, int *at)
{
	struct instrument *in = r->in;
	struct embranchement *b;

	if (in->narbre == INSTRUMENT_NODES || depth > 20)
		return reader_refuse(r, "cet arbre a plus de %d embranchements", INSTRUMENT_NODES);
	*at = in->narbre++;
	b = &tree[*at];
	if (json_is_string(o)) {
		b->classe = reader_class(in, json_string_value(o));
		return b->classe >= 0 || reader_refuse(r, "aucune classe ne porte ce nom");
	}
	b->classe = -1;
	if (!reader_knows(r, o, "si parce_que sinon_parce_que oui non")
	    || !reader_expression(r, o, "si", MUST, EXPRESSION_CONDITION, scope, &b->si)
	    || !reader_words(r, o, "parce_que", MUST, &b->parce_que)
	    || !reader_words(r, o, "sinon_parce_que", MUST, &b->sinon))
		return false;
	for (int side = 0; side < 2; side++) {
		const char *name = side ? "non" : "oui";
		size_t before = reader_enter(r, name, -1);

		if (!json_object_get(o, name))
			return reader_refuse(r, "il manque cette branche");
		if (!read_branch(r, json_object_get(o, name), tree, scope, depth + 1,
				 side ? &b->non : &b->oui))
			return false;
		reader_leave(r, before);
	}
	return true;
}

static bool read_tree(struct reader *r, node *o, const struct expression_scope *scope)
{
	struct embranchement *tree = NEW_ARRAY(r->a, INSTRUMENT_NODES, struct embranchement);
	size_t before;
	int root;

	if (!tree)
		return arena_refuse(r->a, r->e);
	if (!json_is_object(json_object_get(o, "arbre")))
		return reader_refuse(r, "il manque « arbre », un objet { ... }");
	r->in->arbre = tree;
	before = reader_enter(r, "arbre", -1);
	if (!read_branch(r, json_object_get(o, "arbre"), tree, scope, 0, &root))
		return false;
	reader_leave(r, before);
	return true;
}

/* --- the whole ---------------------------------------------------------------------- */

/* Nobody gets a profile without being told why. */
static bool classes_have_reasons(struct reader *r)
{
	const struct instrument *in = r->in;

	for (int c = 0; c < in->nclasses; c++) {
		bool why = in->classes[c].parce_que || in->methode == TYPOLOGIE_ARBRE;

		for (int i = 0; !why && in->methode != TYPOLOGIE_CENTRES && i < in->nregles; i++)
			why = in->regles[i].classe == c;
		if (why)
			continue;
		reader_enter(r, "classes", c);
		return reader_refuse(r, "« %s » : cette classe n’a pas de raison, ni « parce_que » ni règle qui y mène",
				     in->classes[c].id);
	}
	return true;
}

static bool read_method(struct reader *r, node *o, const struct expression_scope *scope)
{
	static const char *const words[] = { "poids", "regles", "centres", "arbre", NULL };
	enum typologie_methode *m = &r->in->methode;
	int method = 0;

	if (json_object_get(o, "methode") && !reader_word(r, o, "methode", words, &method))
		return false;
	*m = (enum typologie_methode)method;
	if (!read_rules(r, o, *m < TYPOLOGIE_CENTRES ? MUST : MAY, scope))
		return false;
	if (*m == TYPOLOGIE_CENTRES)
		return read_variables(r, o) && read_centres(r, o);
	return *m != TYPOLOGIE_ARBRE || read_tree(r, o, scope);
}

bool read_typology(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	node *o = json_object_get(root, "typologie");
	struct expression_scope *scope = NEW(r->a, struct expression_scope);
	size_t before;

	if (!o)
		return true;
	if (!scope)
		return arena_refuse(r->a, r->e);
	*scope = (struct expression_scope){ r->names, in->nitems, r->score_names, in->nscores };
	before = reader_enter(r, "typologie", -1);
	if (!reader_knows(r, o, "methode classes items part_minimale suffit indetermine parce_que "
			  "regles variables arbre")
	    || !read_classes(r, o)
	    || !reader_items(r, o, "items", MUST, &in->typologie_items, &in->ntypologie_items)
	    || !reader_number(r, o, "part_minimale", INFINITY, 0, 1, &in->part_minimale)
	    || !reader_expression(r, o, "suffit", MAY, EXPRESSION_CONDITION, scope, &in->suffit)
	    || !reader_words(r, o, "indetermine", MUST, &in->indetermine)
	    || !reader_words(r, o, "parce_que", MUST, &in->indetermine_parce_que)
	    || !read_method(r, o, scope) || !classes_have_reasons(r))
		return false;
	reader_leave(r, before);
	return true;
}

static bool read_direction(struct reader *r, node *o, struct orientation_regle *out)
{
	static const char *const delays[] = { "aujourdhui", "semaine", "plus_tard", NULL };
	int delay;

	if (!reader_knows(r, o, "quand service prise_en_charge delai priorite dire pourquoi "
			  "agent ressource")
	    || !reader_expression(r, o, "quand", MUST, EXPRESSION_CONDITION, r->in->scope,
			       &out->quand)
	    || !reader_choice(r, o, "service", MUST, lieu_services, &out->service)
	    || !reader_choice(r, o, "prise_en_charge", MAY, lieu_prises_en_charge,
			   &out->prise_en_charge)
	    || !reader_word(r, o, "delai", delays, &delay)
	    || !reader_number(r, o, "priorite", INFINITY, 0, 1000, &out->priorite)
	    || !reader_words(r, o, "dire", MUST, &out->dire)
	    || !reader_words(r, o, "pourquoi", MUST, &out->pourquoi)
	    || !reader_words(r, o, "agent", MAY, &out->agent)
	    || !reader_text(r, o, "ressource", MAY, &out->ressource))
		return false;
	if (out->ressource && strncmp(out->ressource, "https://", 8) != 0)
		return reader_refuse_member(r, "ressource", "une adresse commence par https://");
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
