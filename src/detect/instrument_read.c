/* Reads the file of an instrument.  Every refusal names the file, the line and the path. */
#include "detect/instrument.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/lieu.h"
#include "format/json_line.h"

enum { PATH_ROOM = 200, TEXT_MOST = 1200, NAME_MOST = 40 };

struct reader {
	struct arena *a;
	struct instrument *in;
	const char **textes;
	struct expression_item *names;  /* the items as expressions know them, then "profil" */
	const char **score_names;
	char path[PATH_ROOM];
	struct err *e;
};

typedef const json_t node;

/* --- where we are, and saying what is wrong there ---------------------------------------- */

static size_t go(struct reader *r, const char *member, int index)
{
	size_t before = strlen(r->path);
	const char *dot = before ? "." : "";

	if (index < 0)
		snprintf(r->path + before, PATH_ROOM - before, "%s%s", dot, member);
	else
		snprintf(r->path + before, PATH_ROOM - before, "%s%s[%d]", dot, member, index);
	return before;
}

static void back(struct reader *r, size_t before)
{
	r->path[before] = '\0';
}

static PRINTF(2, 3) bool bad(struct reader *r, const char *fmt, ...)
{
	char what[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	utf8_trim_end(what);
	return fail(r->e, E_INPUT, "%s:%ld: %s%s%s", r->in->file,
		    json_line(r->in->text, r->in->size, r->path), r->path,
		    r->path[0] ? " : " : "", what);
}

static bool bad_member(struct reader *r, const char *member, const char *what)
{
	size_t before = go(r, member, -1);

	bad(r, "%s", what);
	back(r, before);
	return false;
}

/* Refuses a member that is not among the words of `known`. */
static bool known_only(struct reader *r, node *o, const char *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(o))
		return bad(r, "il faut un objet { ... }");
	json_object_foreach((json_t *)o, key, value) {
		const char *p = known;
		size_t n = strlen(key);
		bool found = false;

		(void)value;
		for (; *p && !found; p += *p == ' ') {
			size_t w = strcspn(p, " ");

			found = w == n && memcmp(p, key, n) == 0;
			p += w;
		}
		if (!found)
			return bad_member(r, key, "ce nom n’est pas connu ici");
	}
	return true;
}

/* --- members by type ---------------------------------------------------------------------- */

enum need { MAY, MUST };

static bool get_text(struct reader *r, node *o, const char *member, enum need need,
		     const char **out)
{
	node *v = json_object_get(o, member);

	*out = NULL;
	if (!v)
		return need == MAY || bad(r, "il manque « %s »", member);
	if (!json_is_string(v))
		return bad_member(r, member, "il faut un texte");
	if (!json_string_length(v) || json_string_length(v) > TEXT_MOST)
		return bad_member(r, member, "ce texte est vide ou trop long");
	*out = arena_strn(r->a, json_string_value(v), json_string_length(v));
	return !r->a->spent || arena_refuse(r->a, r->e);
}

/* A text that people read: to be translated, and looked over for its words. */
static bool get_words(struct reader *r, node *o, const char *member, enum need need,
		      const char **out)
{
	if (!get_text(r, o, member, need, out))
		return false;
	if (!*out)
		return true;
	if (r->in->ntextes == INSTRUMENT_TEXTS)
		return bad_member(r, member, "trop de textes");
	r->textes[r->in->ntextes++] = *out;
	return true;
}

static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !s[n] && n <= NAME_MOST && !(*s >= '0' && *s <= '9');
}

static bool get_name(struct reader *r, node *o, const char *member, const char **out)
{
	if (!get_text(r, o, member, MUST, out))
		return false;
	return is_name(*out)
		|| bad_member(r, member, "un nom est fait de a-z, 0-9 et _ (40 au plus)");
}

static bool get_number(struct reader *r, node *o, const char *member, double absent,
		       double min, double max, double *out)
{
	node *v = json_object_get(o, member);
	char what[80];

	*out = absent;
	if (!v)
		return !isinf(absent) || bad(r, "il manque « %s »", member);
	if (json_is_number(v))
		*out = json_number_value(v);
	if (json_is_number(v) && *out >= min && *out <= max)
		return true;
	snprintf(what, sizeof what, "il faut un nombre de %g à %g", min, max);
	return bad_member(r, member, what);
}

static bool get_flag(struct reader *r, node *o, const char *member, bool *out)
{
	node *v = json_object_get(o, member);

	*out = json_is_true(v);
	return !v || json_is_boolean(v)
		|| bad_member(r, member, "il faut true ou false");
}

static bool get_list(struct reader *r, node *o, const char *member, enum need need,
		     size_t most, node **out, int *n)
{
	char what[80];

	*out = json_object_get(o, member);
	*n = 0;
	if (!*out)
		return need == MAY || bad(r, "il manque la liste « %s »", member);
	snprintf(what, sizeof what, "il faut une liste de %s%zu au plus",
		 need == MUST ? "1 à " : "", most);
	if (!json_is_array(*out) || json_array_size(*out) > most
	    || (need == MUST && !json_array_size(*out)))
		return bad_member(r, member, what);
	*n = (int)json_array_size(*out);
	return true;
}

static bool get_expression(struct reader *r, node *o, const char *member, enum need need,
			   enum expression_type type, const struct expression_scope *scope,
			   const struct expression **out)
{
	const char *text;
	struct err e = { 0 };

	*out = NULL;
	if (!get_text(r, o, member, need, &text))
		return false;
	if (!text)
		return true;
	*out = expression_read(r->a, text, type, scope, &e);
	return *out || bad_member(r, member, e.msg);
}

/* A word of a closed list, as its index. */
static bool get_word(struct reader *r, node *o, const char *member, const char *const *words,
		     int *out)
{
	const char *text;
	char what[200] = "il faut un de ces mots :";

	if (!get_text(r, o, member, MUST, &text))
		return false;
	for (*out = 0; words[*out]; ++*out) {
		size_t n = strlen(what);

		if (strcmp(words[*out], text) == 0)
			return true;
		snprintf(what + n, sizeof what - n, " %s", words[*out]);
	}
	return bad_member(r, member, what);
}

static bool get_choice(struct reader *r, node *o, const char *member, enum need need,
		       const struct choice *table, int *out)
{
	const char *text;

	*out = -1;
	if (!get_text(r, o, member, need, &text))
		return false;
	if (!text)
		return true;
	for (int i = 0; table[i].slug; i++) {
		if (strcmp(table[i].slug, text) == 0 || strcmp(table[i].value, text) == 0) {
			*out = i;
			return true;
		}
	}
	return bad_member(r, member, "ce n’est ni un mot court ni une valeur du schéma national");
}

/* A list of item ids, as indexes. */
static bool get_items(struct reader *r, node *o, const char *member, enum need need,
		      const int **out, int *n)
{
	node *list;
	int *ids;

	if (!get_list(r, o, member, need, INSTRUMENT_ITEMS, &list, n))
		return false;
	ids = NEW_ARRAY(r->a, (size_t)*n, int);
	if (!ids)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < *n; i++) {
		node *v = json_array_get(list, (size_t)i);

		ids[i] = json_is_string(v) ? instrument_item(r->in, json_string_value(v)) : -1;
		if (ids[i] < 0) {
			go(r, member, i);
			return bad(r, "aucune question ne porte ce nom");
		}
	}
	*out = ids;
	return true;
}

/* --- the parts of the file ------------------------------------------------------------------ */

static bool read_option(struct reader *r, node *o, struct item *it, struct option *out)
{
	if (!known_only(r, o, "id texte aide valeur exclusif")
	    || !get_name(r, o, "id", &out->id)
	    || !get_words(r, o, "texte", MUST, &out->texte)
	    || !get_words(r, o, "aide", MAY, &out->aide)
	    || !get_number(r, o, "valeur", NAN, -1e6, 1e6, &out->valeur)
	    || !get_flag(r, o, "exclusif", &out->exclusif))
		return false;
	if (strcmp(out->id, REPONSE_NE_SAIT_PAS) == 0 || strcmp(out->id, REPONSE_REFUS) == 0)
		return bad_member(r, "id", "ce mot est déjà celui d’une réponse de toutes les questions");
	if (item_option(it, out->id) >= 0)
		return bad_member(r, "id", "deux options portent ce nom");
	return true;
}

static bool read_options(struct reader *r, node *o, struct item *it)
{
	struct option *options;
	node *list;
	int n;

	if (!get_list(r, o, "options", MUST, INSTRUMENT_OPTIONS, &list, &n))
		return false;
	options = NEW_ARRAY(r->a, (size_t)n, struct option);
	if (!options)
		return arena_refuse(r->a, r->e);
	it->options = options;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "options", i);

		if (!read_option(r, json_array_get(list, (size_t)i), it, &options[i]))
			return false;
		it->noptions = i + 1;
		back(r, before);
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
	if (!known_only(r, o, "id type texte court aide oral options si si_papier")
	    || !get_name(r, o, "id", &it->id) || !get_word(r, o, "type", types, &type)
	    || !get_words(r, o, "texte", MUST, &it->texte)
	    || !get_words(r, o, "court", MUST, &it->court)
	    || !get_words(r, o, "aide", MAY, &it->aide)
	    || !get_words(r, o, "oral", MAY, &it->oral)
	    || !get_words(r, o, "si_papier", MAY, &it->si_papier)
	    || !get_expression(r, o, "si", MAY, EXPRESSION_CONDITION, before, &it->si)
	    || !read_options(r, o, it))
		return false;
	it->type = (enum item_type)type;
	if (strcmp(it->id, "profil") == 0)
		return bad_member(r, "id", "« profil » est réservé au résultat");
	if (it->si && !it->si_papier)
		return bad(r, "une question sous condition a besoin de « si_papier »");
	for (int i = 0; i < index; i++) {
		if (strcmp(r->in->items[i].id, it->id) == 0)
			return bad_member(r, "id", "deux questions portent ce nom");
	}
	return name_item(r, it, &r->names[index]);
}

static bool read_items(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct item *items;
	node *list;
	int n;

	if (!get_list(r, root, "items", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	items = NEW_ARRAY(r->a, (size_t)n, struct item);
	r->names = NEW_ARRAY(r->a, (size_t)n + 1, struct expression_item);
	if (!items || !r->names)
		return arena_refuse(r->a, r->e);
	in->items = items;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "items", i);

		if (!read_item(r, json_array_get(list, (size_t)i), i, &items[i]))
			return false;
		in->nitems = i + 1;
		back(r, before);
	}
	return true;
}

static bool read_page(struct reader *r, node *o, struct instrument_page *p, uint64_t *seen)
{
	double question;

	if (!known_only(r, o, "id titre question items") || !get_name(r, o, "id", &p->id)
	    || !get_words(r, o, "titre", MUST, &p->titre)
	    || !get_number(r, o, "question", INFINITY, 1, INSTRUMENT_ITEMS, &question)
	    || !get_items(r, o, "items", MUST, &p->items, &p->nitems))
		return false;
	p->question = (int)question;
	for (int i = 0; i < p->nitems; i++) {
		if (*seen >> p->items[i] & 1)
			return bad(r, "« %s » est déjà sur une page",
				   r->in->items[p->items[i]].id);
		*seen |= 1ull << p->items[i];
	}
	return true;
}

static bool read_pages(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct instrument_page *pages;
	uint64_t seen = 0;
	node *list;
	int n;

	if (!get_list(r, root, "pages", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	pages = NEW_ARRAY(r->a, (size_t)n, struct instrument_page);
	if (!pages)
		return arena_refuse(r->a, r->e);
	in->pages = pages;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "pages", i);

		if (!read_page(r, json_array_get(list, (size_t)i), &pages[i], &seen))
			return false;
		if (pages[i].question > in->nquestions)
			in->nquestions = pages[i].question;
		in->npages = i + 1;
		back(r, before);
	}
	if (seen != (in->nitems == 64 ? ~0ull : (1ull << in->nitems) - 1))
		return bad_member(r, "pages", "une question n’est sur aucune page");
	return true;
}

static bool read_score(struct reader *r, node *o, struct expression_scope *scope,
		       struct score *s)
{
	static const char *const kinds[] = { "somme", "moyenne", "formule", NULL };
	int kind;

	if (!known_only(r, o, "id titre calcul items part_minimale formule")
	    || !get_name(r, o, "id", &s->id) || !get_words(r, o, "titre", MUST, &s->titre)
	    || !get_word(r, o, "calcul", kinds, &kind)
	    || !get_number(r, o, "part_minimale", 1, 0, 1, &s->part_minimale))
		return false;
	s->calcul = kind == 0 ? SCORE_SOMME : kind == 1 ? SCORE_MOYENNE : SCORE_FORMULE;
	if (s->calcul == SCORE_FORMULE)
		return get_expression(r, o, "formule", MUST, EXPRESSION_NUMBER, scope,
				      &s->formule);
	if (!get_items(r, o, "items", MUST, &s->items, &s->nitems))
		return false;
	for (int i = 0; i < s->nitems; i++) {
		if (!r->names[s->items[i]].values)
			return bad(r, "les options de « %s » n’ont pas toutes une valeur",
				   r->in->items[s->items[i]].id);
	}
	return true;
}

static bool read_scores(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct score *scores;
	node *list;
	int n;

	if (!get_list(r, root, "scores", MAY, INSTRUMENT_SCORES, &list, &n))
		return false;
	scores = NEW_ARRAY(r->a, (size_t)n, struct score);
	r->score_names = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!scores || !r->score_names)
		return arena_refuse(r->a, r->e);
	in->scores = scores;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "scores", i);
		struct expression_scope *scope = NEW(r->a, struct expression_scope);

		if (!scope)
			return arena_refuse(r->a, r->e);
		*scope = (struct expression_scope){ r->names, in->nitems, r->score_names, i };
		if (!read_score(r, json_array_get(list, (size_t)i), scope, &scores[i]))
			return false;
		r->score_names[i] = scores[i].id;
		in->nscores = i + 1;
		back(r, before);
	}
	return true;
}

static int find_class(const struct instrument *in, const char *id)
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

	if (!get_list(r, o, "classes", MUST, INSTRUMENT_CLASSES, &list, &n))
		return false;
	classes = NEW_ARRAY(r->a, (size_t)n, struct classe);
	ids = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!classes || !ids)
		return arena_refuse(r->a, r->e);
	in->classes = classes;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "classes", i);
		node *c = json_array_get(list, (size_t)i);

		if (!known_only(r, c, "id professionnel") || !get_name(r, c, "id", &classes[i].id)
		    || !get_words(r, c, "professionnel", MUST, &classes[i].professionnel))
			return false;
		if (strcmp(classes[i].id, "indetermine") == 0 || find_class(in, classes[i].id) >= 0)
			return bad_member(r, "id", "ce nom est déjà pris");
		ids[i] = classes[i].id;
		in->nclasses = i + 1;
		back(r, before);
	}
	r->names[in->nitems] = (struct expression_item){ "profil", ids, NULL, n };
	return true;
}

static bool read_rule(struct reader *r, node *o, const struct expression_scope *scope,
		      struct regle *out)
{
	const char *classe;

	if (!known_only(r, o, "si classe poids parce_que")
	    || !get_expression(r, o, "si", MUST, EXPRESSION_CONDITION, scope, &out->si)
	    || !get_name(r, o, "classe", &classe)
	    || !get_number(r, o, "poids", 1, 0.001, 1000, &out->poids)
	    || !get_words(r, o, "parce_que", MUST, &out->parce_que))
		return false;
	out->classe = find_class(r->in, classe);
	return out->classe >= 0
		|| bad_member(r, "classe", "aucune classe ne porte ce nom");
}

static bool read_typology(struct reader *r, node *root)
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
	before = go(r, "typologie", -1);
	if (!known_only(r, o, "classes items part_minimale suffit indetermine parce_que regles")
	    || !read_classes(r, o)
	    || !get_items(r, o, "items", MUST, &in->typologie_items, &in->ntypologie_items)
	    || !get_number(r, o, "part_minimale", INFINITY, 0, 1, &in->part_minimale)
	    || !get_expression(r, o, "suffit", MAY, EXPRESSION_CONDITION, scope, &in->suffit)
	    || !get_words(r, o, "indetermine", MUST, &in->indetermine)
	    || !get_words(r, o, "parce_que", MUST, &in->indetermine_parce_que)
	    || !get_list(r, o, "regles", MUST, INSTRUMENT_RULES, &list, &n))
		return false;
	rules = NEW_ARRAY(r->a, (size_t)n, struct regle);
	if (!rules)
		return arena_refuse(r->a, r->e);
	in->regles = rules;
	for (int i = 0; i < n; i++) {
		size_t inside = go(r, "regles", i);

		if (!read_rule(r, json_array_get(list, (size_t)i), scope, &rules[i]))
			return false;
		in->nregles = i + 1;
		back(r, inside);
	}
	back(r, before);
	return true;
}

static bool read_direction(struct reader *r, node *o, struct orientation_regle *out)
{
	static const char *const delays[] = { "aujourdhui", "semaine", "plus_tard", NULL };
	int delay;

	if (!known_only(r, o, "quand service prise_en_charge delai priorite dire pourquoi")
	    || !get_expression(r, o, "quand", MUST, EXPRESSION_CONDITION, r->in->scope,
			       &out->quand)
	    || !get_choice(r, o, "service", MUST, lieu_services, &out->service)
	    || !get_choice(r, o, "prise_en_charge", MAY, lieu_prises_en_charge,
			   &out->prise_en_charge)
	    || !get_word(r, o, "delai", delays, &delay)
	    || !get_number(r, o, "priorite", INFINITY, 0, 1000, &out->priorite)
	    || !get_words(r, o, "dire", MUST, &out->dire)
	    || !get_words(r, o, "pourquoi", MUST, &out->pourquoi))
		return false;
	out->delai = delays[delay];
	return true;
}

static bool read_directions(struct reader *r, node *root)
{
	struct orientation_regle *rules;
	node *list;
	int n;

	if (!get_list(r, root, "orientation", MAY, INSTRUMENT_RULES, &list, &n))
		return false;
	rules = NEW_ARRAY(r->a, (size_t)n, struct orientation_regle);
	if (!rules)
		return arena_refuse(r->a, r->e);
	r->in->orientation = rules;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "orientation", i);

		if (!read_direction(r, json_array_get(list, (size_t)i), &rules[i]))
			return false;
		r->in->norientation = i + 1;
		back(r, before);
	}
	return true;
}

static bool read_phrases(struct reader *r, node *root)
{
	static const char *const kinds[] = { "titre", "savez", "bloque", "peut", NULL };
	struct phrase *phrases;
	node *list;
	int n;

	if (!get_list(r, root, "phrases", MAY, INSTRUMENT_RULES, &list, &n))
		return false;
	phrases = NEW_ARRAY(r->a, (size_t)n, struct phrase);
	if (!phrases)
		return arena_refuse(r->a, r->e);
	r->in->phrases = phrases;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "phrases", i);
		node *o = json_array_get(list, (size_t)i);
		int kind;

		if (!known_only(r, o, "quand genre texte")
		    || !get_expression(r, o, "quand", MUST, EXPRESSION_CONDITION,
				       r->in->scope, &phrases[i].quand)
		    || !get_word(r, o, "genre", kinds, &kind)
		    || !get_words(r, o, "texte", MUST, &phrases[i].texte))
			return false;
		phrases[i].genre = (enum phrase_genre)kind;
		r->in->nphrases = i + 1;
		back(r, before);
	}
	return true;
}

static bool read_expected(struct reader *r, node *o, struct cas *c)
{
	node *list, *urgent;
	int n;

	if (!known_only(r, o, "profil second urgent besoins")
	    || !get_text(r, o, "profil", MAY, &c->profil)
	    || !get_text(r, o, "second", MAY, &c->second)
	    || !get_list(r, o, "besoins", MAY, BESOINS, &list, &n))
		return false;
	if (c->profil && strcmp(c->profil, "indetermine") != 0
	    && find_class(r->in, c->profil) < 0)
		return bad_member(r, "profil", "aucune classe ne porte ce nom");
	if (c->second && find_class(r->in, c->second) < 0)
		return bad_member(r, "second", "aucune classe ne porte ce nom");
	urgent = json_object_get(o, "urgent");
	if (urgent && !json_is_boolean(urgent))
		return bad_member(r, "urgent", "il faut true ou false");
	c->urgent = urgent ? json_is_true(urgent) : -1;
	c->nservices = list ? n : -1;
	for (int i = 0; i < n; i++) {
		json_t *one = json_pack("{s:O}", "service", json_array_get(list, (size_t)i));
		size_t before = go(r, "besoins", i);
		bool ok = one && get_choice(r, one, "service", MUST, lieu_services,
					    &c->services[i]);

		json_decref(one);
		if (!ok)
			return false;
		back(r, before);
	}
	return true;
}

static bool read_case(struct reader *r, node *o, struct cas *c)
{
	struct reponse *answers;
	struct err e = { 0 };
	size_t before;

	if (!known_only(r, o, "nom reponses attend") || !get_text(r, o, "nom", MUST, &c->nom))
		return false;
	if (!reponses_read(r->a, r->in, json_object_get(o, "reponses"), &answers, &e))
		return bad_member(r, "reponses", e.msg);
	c->reponses = answers;
	before = go(r, "attend", -1);
	if (!read_expected(r, json_object_get(o, "attend"), c))
		return false;
	back(r, before);
	return true;
}

static bool read_cases(struct reader *r, node *root)
{
	struct cas *cases;
	node *list;
	int n;

	if (!get_list(r, root, "tests", MAY, 1000, &list, &n))
		return false;
	cases = NEW_ARRAY(r->a, (size_t)n, struct cas);
	if (!cases)
		return arena_refuse(r->a, r->e);
	r->in->cas = cases;
	for (int i = 0; i < n; i++) {
		size_t before = go(r, "tests", i);

		if (!read_case(r, json_array_get(list, (size_t)i), &cases[i]))
			return false;
		r->in->ncas = i + 1;
		back(r, before);
	}
	return true;
}

static int by_text(const void *a, const void *b)
{
	const struct traduction *x = a, *y = b;
	int d = strcmp(x->langue, y->langue);

	return d ? d : strcmp(x->texte, y->texte);
}

static bool read_translations(struct reader *r, node *root)
{
	node *all = json_object_get(root, "traductions");
	struct traduction *t;
	const char *langue, *texte;
	json_t *table, *said;
	size_t most = 0;

	if (all && !json_is_object(all))
		return bad_member(r, "traductions", "il faut un objet { ... }");
	json_object_foreach((json_t *)all, langue, table)
		most += json_object_size(table);
	t = NEW_ARRAY(r->a, most, struct traduction);
	if (!t)
		return arena_refuse(r->a, r->e);
	json_object_foreach((json_t *)all, langue, table) {
		json_object_foreach(table, texte, said) {
			if (!json_is_string(said))
				return bad_member(r, "traductions", "il faut des textes");
			t[r->in->ntraductions++] = (struct traduction){
				arena_str(r->a, langue), arena_str(r->a, texte),
				arena_str(r->a, json_string_value(said)) };
		}
	}
	if (r->in->ntraductions)
		qsort(t, (size_t)r->in->ntraductions, sizeof *t, by_text);
	r->in->traductions = t;
	return true;
}

static bool read_languages(struct reader *r, node *root)
{
	node *list;
	const char **tags;
	int n;

	if (!get_list(r, root, "langues", MUST, 20, &list, &n))
		return false;
	tags = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!tags)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < n; i++) {
		node *v = json_array_get(list, (size_t)i);

		if (!json_is_string(v))
			return bad_member(r, "langues", "il faut des codes de langue : fr, en");
		tags[i] = arena_str(r->a, json_string_value(v));
	}
	r->in->langues = tags;
	r->in->nlangues = n;
	return true;
}

/* Every text must be said in every language that the file announces. */
static bool all_translated(struct reader *r)
{
	const struct instrument *in = r->in;

	for (int l = 1; l < in->nlangues; l++) {
		for (int i = 0; i < in->ntextes; i++) {
			struct traduction key = { in->langues[l], in->textes[i], NULL };

			if (!in->ntraductions
			    || !bsearch(&key, in->traductions, (size_t)in->ntraductions,
					sizeof key, by_text))
				return bad_member(r, "traductions", arena_printf(r->a,
					"il manque, en « %s » : %.120s", in->langues[l], in->textes[i]));
		}
	}
	return true;
}

static bool read_head(struct reader *r, node *root)
{
	static const char *const kept[] = { "rien", "comptes", "reponses", NULL };
	struct instrument *in = r->in;
	double seconds;
	int keep;

	if (!known_only(r, root, "id version licence source titre avertissement langues "
			"est_secondes conserver items pages urgent autres_voies scores "
			"typologie orientation phrases tests traductions")
	    || !get_name(r, root, "id", &in->id)
	    || !get_text(r, root, "version", MUST, &in->version)
	    || !get_text(r, root, "licence", MUST, &in->licence)
	    || !get_text(r, root, "source", MUST, &in->source)
	    || !get_words(r, root, "titre", MUST, &in->titre)
	    || !get_words(r, root, "avertissement", MUST, &in->avertissement)
	    || !read_languages(r, root)
	    || !get_number(r, root, "est_secondes", INFINITY, 1, 36000, &seconds)
	    || !get_word(r, root, "conserver", kept, &keep))
		return false;
	in->est_secondes = (int)seconds;
	in->conserver = keep == 0 ? CONSERVER_RIEN
		: keep == 1 ? CONSERVER_COMPTES : CONSERVER_REPONSES;
	return true;
}

static bool read_ways(struct reader *r, node *root)
{
	const char *item;

	r->in->voie_item = -1;
	if (!get_text(r, root, "autres_voies", MAY, &item))
		return false;
	if (!item)
		return true;
	r->in->voie_item = instrument_item(r->in, item);
	return r->in->voie_item >= 0
		|| bad_member(r, "autres_voies", "aucune question ne porte ce nom");
}

static bool read_all(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	struct expression_scope *full = NEW(r->a, struct expression_scope);

	r->textes = NEW_ARRAY(r->a, INSTRUMENT_TEXTS, const char *);
	if (!full || !r->textes)
		return arena_refuse(r->a, r->e);
	in->textes = r->textes;
	if (!read_head(r, root) || !read_items(r, root) || !read_pages(r, root)
	    || !read_scores(r, root) || !read_typology(r, root))
		return false;
	*full = (struct expression_scope){ r->names, in->nitems + (in->nclasses > 0),
					   r->score_names, in->nscores };
	in->scope = full;
	return get_expression(r, root, "urgent", MAY, EXPRESSION_CONDITION, full, &in->urgent)
		&& read_ways(r, root) && read_directions(r, root) && read_phrases(r, root)
		&& read_cases(r, root) && read_translations(r, root) && all_translated(r);
}

bool instrument_read(struct arena *a, const char *file, const char *text, size_t n,
		     const struct instrument **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	struct instrument *in = NEW(a, struct instrument);
	struct reader r = { .a = a, .in = in, .e = e };

	if (!in)
		return arena_refuse(a, e);
	if (n > INSTRUMENT_BYTES)
		return fail(e, E_LIMIT, "%s dépasse %d Ko", file, INSTRUMENT_BYTES / 1024);
	if (!json_read(text, n, &root, e))
		return fail_at(e, file, 0);
	*in = (struct instrument){ .file = file, .text = text, .size = n };
	if (!read_all(&r, root))
		return false;
	*out = in;
	return !a->spent || arena_refuse(a, e);
}
