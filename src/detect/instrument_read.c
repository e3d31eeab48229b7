/* Reads the file of an instrument: its head, its test cases, its translations, the whole. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu.h"
#include "detect/instrument_reader.h"
#include "format/json_line.h"

static bool read_expected_scores(struct reader *r, node *o, struct cas *c)
{
	node *all = json_object_get(o, "scores");
	double *scores = NEW_ARRAY(r->a, (size_t)r->in->nscores, double);
	const char *id;
	json_t *v;

	if (!scores)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < r->in->nscores; i++)
		scores[i] = INFINITY;
	c->scores = scores;
	if (all && !json_is_object(all))
		return reader_refuse_member(r, "scores", "il faut un objet { ... }");
	json_object_foreach((json_t *)all, id, v) {
		int i = instrument_score_named(r->in, id);

		if (i < 0 || !(json_is_number(v) || json_is_null(v)))
			return reader_refuse_member(r, "scores", arena_printf(r->a,
				"« %.40s » : il faut un score de l’instrument, et un nombre ou null", id));
		scores[i] = json_is_number(v) ? json_number_value(v) : NAN;
	}
	return true;
}

static bool read_expected(struct reader *r, node *o, struct cas *c)
{
	node *list, *urgent;
	int n;

	if (!reader_knows(r, o, "profil second urgent besoins scores")
	    || !reader_text(r, o, "profil", MAY, &c->profil)
	    || !reader_text(r, o, "second", MAY, &c->second)
	    || !reader_list(r, o, "besoins", MAY, BESOINS, &list, &n))
		return false;
	if (c->profil && strcmp(c->profil, "indetermine") != 0
	    && reader_class(r->in, c->profil) < 0)
		return reader_refuse_member(r, "profil", "aucune classe ne porte ce nom");
	if (c->second && reader_class(r->in, c->second) < 0)
		return reader_refuse_member(r, "second", "aucune classe ne porte ce nom");
	urgent = json_object_get(o, "urgent");
	if (urgent && !json_is_boolean(urgent))
		return reader_refuse_member(r, "urgent", "il faut true ou false");
	if (!read_expected_scores(r, o, c))
		return false;
	c->urgent = urgent ? json_is_true(urgent) : -1;
	c->nservices = list ? n : -1;
	for (int i = 0; i < n; i++) {
		json_t *one = json_pack("{s:O}", "service", json_array_get(list, (size_t)i));
		size_t before = reader_enter(r, "besoins", i);
		bool ok = one && reader_choice(r, one, "service", MUST, lieu_services,
					    &c->services[i]);

		json_decref(one);
		if (!ok)
			return false;
		reader_leave(r, before);
	}
	return true;
}

static bool read_case(struct reader *r, node *o, struct cas *c)
{
	struct reponse *answers;
	struct err e = { 0 };
	size_t before;

	if (!reader_knows(r, o, "nom reponses attend") || !reader_text(r, o, "nom", MUST, &c->nom))
		return false;
	if (!reponses_read(r->a, r->in, json_object_get(o, "reponses"), &answers, &e))
		return reader_refuse_member(r, "reponses", e.msg);
	c->reponses = answers;
	before = reader_enter(r, "attend", -1);
	if (!read_expected(r, json_object_get(o, "attend"), c))
		return false;
	reader_leave(r, before);
	return true;
}

static bool read_cases(struct reader *r, node *root)
{
	struct cas *cases;
	node *list;
	int n;

	if (!reader_list(r, root, "tests", MAY, 1000, &list, &n))
		return false;
	cases = NEW_ARRAY(r->a, (size_t)n, struct cas);
	if (!cases)
		return arena_refuse(r->a, r->e);
	r->in->cas = cases;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "tests", i);

		if (!read_case(r, json_array_get(list, (size_t)i), &cases[i]))
			return false;
		r->in->ncas = i + 1;
		reader_leave(r, before);
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
		return reader_refuse_member(r, "traductions", "il faut un objet { ... }");
	json_object_foreach((json_t *)all, langue, table)
		most += json_object_size(table);
	t = NEW_ARRAY(r->a, most, struct traduction);
	if (!t)
		return arena_refuse(r->a, r->e);
	json_object_foreach((json_t *)all, langue, table) {
		json_object_foreach(table, texte, said) {
			if (!json_is_string(said))
				return reader_refuse_member(r, "traductions", "il faut des textes");
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

	if (!reader_list(r, root, "langues", MUST, 20, &list, &n))
		return false;
	tags = NEW_ARRAY(r->a, (size_t)n, const char *);
	if (!tags)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < n; i++) {
		node *v = json_array_get(list, (size_t)i);

		if (!json_is_string(v))
			return reader_refuse_member(r, "langues", "il faut des codes de langue : fr, en");
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
				return reader_refuse_member(r, "traductions", arena_printf(r->a,
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

	if (!reader_knows(r, root, "id version licence source titre avertissement langues "
			"est_secondes conserver items pages urgent autres_voies scores "
			"typologie orientation phrases tests traductions pour_qui "
			"sans_guichet ouvert quotas")
	    || !reader_name(r, root, "id", &in->id)
	    || !reader_text(r, root, "version", MUST, &in->version)
	    || !reader_text(r, root, "licence", MUST, &in->licence)
	    || !reader_text(r, root, "source", MUST, &in->source)
	    || !reader_words(r, root, "titre", MUST, &in->titre)
	    || !reader_words(r, root, "avertissement", MUST, &in->avertissement)
	    || !read_languages(r, root)
	    || !reader_number(r, root, "est_secondes", INFINITY, 1, 36000, &seconds)
	    || !reader_word(r, root, "conserver", kept, &keep)
	    || !reader_words(r, root, "pour_qui", MAY, &in->pour_qui)
	    || !reader_flag(r, root, "sans_guichet", &in->sans_guichet)
	    || !reader_flag(r, root, "ouvert", &in->ouvert))
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
	if (!reader_text(r, root, "autres_voies", MAY, &item))
		return false;
	if (!item)
		return true;
	r->in->voie_item = instrument_item(r->in, item);
	return r->in->voie_item >= 0
		|| reader_refuse_member(r, "autres_voies", "aucune question ne porte ce nom");
}

/* Quotas: { "item": { "option": part } }; the parts of an item make 1. */
static bool read_quotas(struct reader *r, node *root)
{
	node *all = json_object_get(root, "quotas");
	struct quota *quotas = NEW_ARRAY(r->a, INSTRUMENT_OPTIONS, struct quota);
	const char *id, *option;
	json_t *parts, *part;

	if (!quotas)
		return arena_refuse(r->a, r->e);
	r->in->quotas = quotas;
	if (all && !json_is_object(all))
		return reader_refuse_member(r, "quotas", "il faut un objet { ... }");
	json_object_foreach((json_t *)all, id, parts) {
		int item = instrument_item(r->in, id);
		double sum = 0;

		json_object_foreach(parts, option, part) {
			struct quota q = { item, item < 0 ? -1
				: item_option(&r->in->items[item], option),
					   json_number_value(part) };

			if (q.option < 0 || !(q.part > 0) || r->in->nquotas == INSTRUMENT_OPTIONS)
				return reader_refuse_member(r, "quotas", arena_printf(r->a,
					"« %.40s », « %.40s » : il faut une question, son option et une part", id, option));
			quotas[r->in->nquotas++] = q;
			sum += q.part;
		}
		if (fabs(sum - 1) > 0.005)
			return reader_refuse_member(r, "quotas", arena_printf(r->a,
				"« %.40s » : les parts font %g, pas 1", id, sum));
	}
	return true;
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
	return reader_expression(r, root, "urgent", MAY, EXPRESSION_CONDITION, full, &in->urgent)
		&& read_ways(r, root) && read_quotas(r, root) && read_directions(r, root)
			&& read_phrases(r, root)
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
		return json_refused_in(e, file);
	*in = (struct instrument){ .file = file, .text = text, .size = n };
	if (!read_all(&r, root))
		return false;
	*out = in;
	return !a->spent || arena_refuse(a, e);
}
