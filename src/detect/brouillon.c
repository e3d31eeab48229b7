#include "detect/brouillon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "detect/instrument.h"
#include "format/json.h"

enum { NAME = 36, LINE = 400 };

const char *nom_de(struct arena *a, const char *words)
{
	char folded[4 * NAME];
	char *name;
	size_t n = 0;

	utf8_fold(words, folded, sizeof folded);
	name = arena_alloc(a, NAME + 3);
	if (!name)
		return "";
	if (!(*folded >= 'a' && *folded <= 'z'))
		name[n++] = 'q';
	for (const char *p = folded; *p && n < NAME; p++) {
		bool known = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

		if (known)
			name[n++] = *p;
		else if (n && name[n - 1] != '_')
			name[n++] = '_';
	}
	while (n > 1 && name[n - 1] == '_')
		n--;
	name[n] = '\0';
	return name;
}

/* --- text in, text out -------------------------------------------------------------- */

static bool open_draft(const char *text, json_t **root, struct err *e)
{
	if (!json_read(text, strlen(text), root, e))
		return false;
	return json_is_object(*root) || fail(e, E_INPUT, "Ce n’est pas un instrument.");
}

static bool write_draft(struct arena *a, const json_t *root, const char **out, struct err *e)
{
	char *text = json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	if (!text)
		return fail(e, E_LIMIT, "La mémoire manque.");
	*out = arena_cat(a, text, "\n", NULL);
	free(text);
	return !a->spent || arena_refuse(a, e);
}

static void put_words(json_t *o, const char *member, const char *words)
{
	if (words && *words)
		json_object_set_new(o, member, json_string(words));
	else
		json_object_del(o, member);
}

static json_t *list_of(json_t *root, const char *member)
{
	json_t *list = json_object_get(root, member);

	if (json_is_array(list))
		return list;
	json_object_set_new(root, member, json_array());
	return json_object_get(root, member);
}

/* Seconds that a question takes to read and answer aloud: ours, from tries at a desk. */
static int seconds_of(const json_t *item)
{
	const char *type = json_string_value(json_object_get(item, "type"));
	size_t lines = json_array_size(json_object_get(item, "lignes"));

	if (type && strcmp(type, "geste") == 0)
		return 45;
	if (type && (strcmp(type, "note") == 0 || strcmp(type, "texte") == 0))
		return 25;
	return lines ? 10 + 6 * (int)lines : 12;
}

static void set_time(json_t *root)
{
	int sum = 20;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, "items"), i, item)
		sum += seconds_of(item);
	json_object_set_new(root, "est_secondes", json_integer(sum));
}

/* --- the head ----------------------------------------------------------------------- */

bool brouillon_nouveau(struct arena *a, const char *titre, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:i, s:s, s:[{s:s, s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}]}],"
		" s:[{s:s, s:s, s:s}], s:[{s:s, s:{}, s:{}}]}",
		"id", nom_de(a, titre), "version", "1.0.0", "licence", "CC-BY-4.0",
		"source", "Écrit par le territoire.", "titre", titre,
		"avertissement", "Ce n’est ni un examen ni une condition d’un droit.",
		"langues", "fr", "est_secondes", 60, "conserver", "reponses",
		"items", "id", "question_1", "type", "choix", "texte", "Votre première question ?",
		"options", "id", "oui", "texte", "Oui", "id", "non", "texte", "Non",
		"phrases", "genre", "titre", "quand", "vrai", "texte", "Merci d’avoir répondu",
		"tests", "nom", "personne ne répond", "reponses", "attend");

	if (!root)
		return fail(e, E_INPUT, "Ce titre ne peut pas être écrit.");
	return write_draft(a, root, out, e);
}

bool brouillon_change(struct arena *a, const char *text, const struct brouillon_general *g,
		      const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;

	if (!open_draft(text, &root, e))
		return false;
	put_words(root, "titre", g->titre);
	put_words(root, "avertissement", g->avertissement);
	put_words(root, "source", g->source);
	put_words(root, "pour_qui", g->pour_qui);
	put_words(root, "conserver", g->conserver);
	if (g->est_secondes > 0)
		json_object_set_new(root, "est_secondes", json_integer(g->est_secondes));
	else
		set_time(root);
	return write_draft(a, root, out, e);
}

bool brouillon_version(struct arena *a, const char *text, const char *version,
		       const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;

	if (!open_draft(text, &root, e))
		return false;
	put_words(root, "version", version);
	return write_draft(a, root, out, e);
}

/* --- options, a line each ----------------------------------------------------------- */

/* The element of that text in the old list, so that an id stays what it was. */
static const json_t *same_text(const json_t *list, const char *words)
{
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i, one) {
		const char *t = json_string_value(json_object_get(one, "texte"));

		if (t && strcmp(t, words) == 0)
			return one;
	}
	return NULL;
}

static bool id_taken(const json_t *list, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i, one) {
		const char *t = json_string_value(json_object_get(one, "id"));

		if (t && strcmp(t, id) == 0)
			return true;
	}
	return false;
}

static const char *free_id(struct arena *a, const json_t *list, const char *words)
{
	const char *id = nom_de(a, words), *tried = id;

	for (int i = 2; id_taken(list, tried) && i < 1000; i++)
		tried = arena_printf(a, "%.30s_%d", id, i);
	return tried;
}

static void trim(char *s)
{
	size_t n = strlen(s), from = strspn(s, " \t\r");

	while (n > from && strchr(" \t\r", s[n - 1]))
		n--;
	memmove(s, s + from, n - from);
	s[n - from] = '\0';
}

/* "Texte = 3": the value after the last sign, when it is a number. */
static bool split_value(char *line, double *v)
{
	char *at = strrchr(line, '='), *end;

	if (!at)
		return false;
	for (char *p = at; *p; p++)
		*p = *p == ',' ? '.' : *p;
	*v = strtod(at + 1, &end);
	while (*end == ' ')
		end++;
	if (*end || end == at + 1)
		return false;
	*at = '\0';
	trim(line);
	return true;
}

static json_t *lines_read(struct arena *a, const char *text, const json_t *old,
			  const json_t *options)
{
	json_t *list = json_array();

	while (text && *text) {
		size_t n = strcspn(text, "\n");
		char *line = (char *)arena_strn(a, text, n < LINE ? n : LINE), *right;
		const json_t *before;
		json_t *one = json_object();
		double v;
		bool valued;

		text += n + (text[n] == '\n');
		trim(line);
		valued = !options && split_value(line, &v);
		right = options ? strstr(line, "->") : NULL;
		if (right) {
			*right = '\0';
			right += 2;
			trim(line);
			trim(right);
		}
		before = same_text(old, line);
		if (before)
			json_object_update(one, (json_t *)before);
		if (!before || id_taken(list, json_string_value(json_object_get(one, "id"))))
			json_object_set_new(one, "id", json_string(free_id(a, list, line)));
		json_object_set_new(one, "texte", json_string(line));
		if (valued)
			json_object_set_new(one, "valeur", json_real(v));
		else if (!options && !json_is_null(json_object_get(one, "valeur")))
			json_object_del(one, "valeur");
		if (right && same_text(options, right))
			json_object_set(one, "juste", json_object_get(same_text(options,
				right), "id"));
		if (*line)
			json_array_append(list, one);
		json_decref(one);
	}
	return list;
}

static const char *lines_write(struct arena *a, const json_t *list, const json_t *options)
{
	const char *out = "";
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i, one) {
		const char *t = json_string_value(json_object_get(one, "texte"));
		const json_t *v = json_object_get(one, "valeur");
		const char *right = json_string_value(json_object_get(one, "juste"));
		char number[JSON_NUMBER];
		const char *after = "";
		const json_t *o;
		size_t k;

		if (json_is_number(v))
			after = arena_cat(a, " = ", json_real_text(json_number_value(v),
				number), NULL);
		json_array_foreach((json_t *)options, k, o) {
			const char *id = json_string_value(json_object_get(o, "id"));

			if (right && id && strcmp(id, right) == 0)
				after = arena_cat(a, " -> ",
						  json_string_value(json_object_get(o,
						  "texte")), NULL);
		}
		out = arena_cat(a, out, t ? t : "", after, "\n", NULL);
	}
	return out;
}

/* --- questions ---------------------------------------------------------------------- */

/* Zones of a new drawing: bands one above the other, to be moved in the file. */
static void give_zones(json_t *options)
{
	size_t n = json_array_size(options), i;
	json_t *one;

	json_array_foreach(options, i, one) {
		double high = floor(96.0 / (double)n);

		if (!json_object_get(one, "zone"))
			json_object_set_new(one, "zone", json_pack("[i, f, i, f]", 2,
				2 + (double)i * high, 96, high - 1));
	}
}

static bool has(const char *type, const char *list)
{
	const char *at = strstr(list, type);
	size_t n = strlen(type);

	return at && (at == list || at[-1] == ' ') && (!at[n] || at[n] == ' ');
}

static void put_number(json_t *item, const char *member, const char *typed)
{
	char *end, number[40];
	double v;

	json_object_del(item, member);
	if (!typed || !*typed || strlen(typed) >= sizeof number)
		return;
	memcpy(number, typed, strlen(typed) + 1);
	for (char *p = number; *p; p++)
		*p = *p == ',' ? '.' : *p;
	v = strtod(number, &end);
	json_object_set_new(item, member, *end ? json_string(typed)
			    : v == floor(v) && fabs(v) < 1e15
			    	? json_integer((json_int_t)v) : json_real(v));
}

static void fill_item(struct arena *a, json_t *item, const struct brouillon_question *q)
{
	json_object_set_new(item, "type", json_string(q->type));
	json_object_set_new(item, "texte", json_string(q->texte ? q->texte : ""));
	put_words(item, "aide", q->aide);
	put_words(item, "si", q->si);
	put_words(item, "si_papier", q->si ? q->si_papier : NULL);
	if (has(q->type, "nombre date geste note")) {
		json_object_del(item, "options");
	} else {
		json_object_set_new(item, "options",
			lines_read(a, q->options, json_object_get(item, "options"), NULL));
		if (strcmp(q->type, "image") == 0)
			give_zones(json_object_get(item, "options"));
	}
	if (has(q->type, "matrice appariement"))
		json_object_set_new(item, "lignes", lines_read(a, q->lignes,
			json_object_get(item, "lignes"), json_object_get(item, "options")));
	else
		json_object_del(item, "lignes");
	if (has(q->type, "nombre date")) {
		put_number(item, "min", q->min);
		put_number(item, "max", q->max);
	} else {
		json_object_del(item, "min");
		json_object_del(item, "max");
	}
	if (strcmp(q->type, "note") == 0)
		json_object_set_new(item, "active", json_true());
	if (strcmp(q->type, "ordre") != 0)
		json_object_del(item, "juste");
}

/* A new question goes to a page of its own when the file has pages. */
static void add_page(json_t *root, const char *id)
{
	json_t *pages = json_object_get(root, "pages");

	if (json_is_array(pages))
		json_array_append_new(pages, json_pack("{s:s, s:s, s:[s]}", "id", id, "titre",
			json_string_value(json_object_get(root, "titre")), "items", id));
}

bool brouillon_pose(struct arena *a, const char *text, int n,
		    const struct brouillon_question *q, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	json_t *items, *item;

	if (!open_draft(text, &root, e))
		return false;
	items = list_of(root, "items");
	item = n < 0 ? NULL : json_array_get(items, (size_t)n);
	if (n >= 0 && !item)
		return fail(e, E_MISSING, "Cette question n’existe pas, ou plus.");
	if (!item) {
		const char *id = free_id(a, items, q->texte ? q->texte : "question");

		json_array_append_new(items, json_pack("{s:s}", "id", id));
		item = json_array_get(items, json_array_size(items) - 1);
		add_page(root, id);
	}
	fill_item(a, item, q);
	set_time(root);
	return write_draft(a, root, out, e);
}

static void drop_from_pages(json_t *root, const char *id)
{
	json_t *pages = json_object_get(root, "pages");

	for (size_t i = json_array_size(pages); i-- > 0;) {
		json_t *items = json_object_get(json_array_get(pages, i), "items");

		for (size_t k = json_array_size(items); k-- > 0;) {
			const char *one = json_string_value(json_array_get(items, k));

			if (one && id && strcmp(one, id) == 0)
				json_array_remove(items, k);
		}
		if (!json_array_size(items))
			json_array_remove(pages, i);
	}
}

bool brouillon_bouge(struct arena *a, const char *text, int n, int by, const char **out,
		     struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	json_t *items, *item;
	int to = n + by;

	if (!open_draft(text, &root, e))
		return false;
	items = list_of(root, "items");
	item = n < 0 ? NULL : json_array_get(items, (size_t)n);
	if (!item)
		return fail(e, E_MISSING, "Cette question n’existe pas, ou plus.");
	json_incref(item);
	if (!by)
		drop_from_pages(root, json_string_value(json_object_get(item, "id")));
	if (!by || (to >= 0 && to < (int)json_array_size(items))) {
		json_array_remove(items, (size_t)n);
		if (by)
			json_array_insert(items, (size_t)to, item);
	}
	json_decref(item);
	set_time(root);
	return write_draft(a, root, out, e);
}

bool brouillon_lit(struct arena *a, const char *text, int n, struct brouillon_question *out,
		   struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	const json_t *item, *options;
	char number[JSON_NUMBER];
	const char *low, *high;

	*out = (struct brouillon_question){ .type = "choix", .texte = "", .options = "Oui\nNon\n" };
	if (!open_draft(text, &root, e))
		return false;
	item = json_array_get(json_object_get(root, "items"), (size_t)n);
	if (n < 0 || !item)
		return n < 0 || fail(e, E_MISSING, "Cette question n’existe pas, ou plus.");
	options = json_object_get(item, "options");
	low = json_member_text(item, "min", number, sizeof number);
	out->min = low ? arena_str(a, low) : NULL;
	high = json_member_text(item, "max", number, sizeof number);
	out->max = high ? arena_str(a, high) : NULL;
#define WORDS(m) json_string_value(json_object_get(item, m)) \
		? arena_str(a, json_string_value(json_object_get(item, m))) : ""
	out->type = WORDS("type");
	out->texte = WORDS("texte");
	out->aide = WORDS("aide");
	out->si = WORDS("si");
	out->si_papier = WORDS("si_papier");
#undef WORDS
	out->options = lines_write(a, options, NULL);
	out->lignes = lines_write(a, json_object_get(item, "lignes"), options);
	return true;
}

/* --- what is said at the end -------------------------------------------------------- */

bool brouillon_dit(struct arena *a, const char *text, const char *quand, const char *genre,
		   const char *texte, const char *pourquoi, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	bool phrase = has(genre, "titre savez bloque peut");

	if (!open_draft(text, &root, e))
		return false;
	if (phrase)
		json_array_append_new(list_of(root, "phrases"), json_pack("{s:s, s:s, s:s}",
			"genre", genre, "quand", quand, "texte", texte));
	else
		json_array_append_new(list_of(root, "orientation"),
			json_pack("{s:s, s:s, s:s, s:i, s:s, s:s}", "quand", quand, "service", genre,
				  "delai", "semaine", "priorite", 50, "dire", texte,
				  "pourquoi", pourquoi && *pourquoi ? pourquoi : "Parce que vous l’avez dit."));
	return write_draft(a, root, out, e);
}

bool brouillon_note(struct arena *a, const char *text, const char *titre, const char *calcul,
		    const char *const *items, int n, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	json_t *list, *of;

	if (!*titre)
		return fail(e, E_INPUT, "Donnez un nom au score.");
	if (n < 1)
		return fail(e, E_INPUT, "Cochez au moins une question à compter.");
	if (!open_draft(text, &root, e))
		return false;
	list = list_of(root, "scores");
	of = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(of, json_string(items[i]));
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:f}",
		"id", free_id(a, list, titre), "titre", titre, "calcul", calcul,
		"items", of, "part_minimale", 0.5));
	return write_draft(a, root, out, e);
}

/* A number as people type it, written as expressions read it. */
static const char *threshold(struct arena *a, const char *typed)
{
	char number[JSON_NUMBER], *end, *copy = (char *)arena_str(a, typed);
	double v;

	for (char *p = copy; *p; p++)
		*p = *p == ',' ? '.' : *p;
	trim(copy);
	v = strtod(copy, &end);
	return *copy && !*end && v >= 0 && v <= 1e6
		? arena_str(a, json_real_text(v, number)) : NULL;
}

bool brouillon_lecture(struct arena *a, const char *text, const struct brouillon_lecture *l,
		       const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	const json_t *one, *items = NULL;
	const char *from = threshold(a, l->seuil), *high = nom_de(a, l->haut);
	const char *low = nom_de(a, l->bas);
	size_t i;

	if (!from)
		return fail(e, E_INPUT, "Dites à partir de quel nombre, par exemple 2,5.");
	if (!*l->haut || !*l->bas || !*l->haut_parce_que || !*l->bas_parce_que)
		return fail(e, E_INPUT, "Chaque lecture a ses mots et sa raison.");
	if (strcmp(high, low) == 0)
		return fail(e, E_INPUT, "Les deux lectures ont les mêmes mots.");
	if (!open_draft(text, &root, e))
		return false;
	json_array_foreach(json_object_get(root, "scores"), i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));

		if (id && strcmp(id, l->score) == 0)
			items = json_object_get(one, "items");
	}
	if (!items)
		return fail(e, E_INPUT, "Choisissez un score.");
	json_object_set_new(root, "typologie", json_pack(
		"{s:s, s:O, s:f, s:s, s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}],"
		" s:[{s:s, s:s, s:s}, {s:s, s:s, s:s}]}",
		"methode", "regles", "items", items, "part_minimale", 0.5,
		"suffit", arena_printf(a, "connu(%s)", l->score),
		"indetermine", "pas assez de réponses",
		"parce_que", "Trop de questions sans réponse pour le dire.",
		"classes", "id", high, "professionnel", l->haut, "id", low, "professionnel", l->bas,
		"regles", "si", arena_printf(a, "score(%s) >= %s", l->score, from),
		"classe", high, "parce_que", l->haut_parce_que,
		"si", arena_printf(a, "score(%s) < %s", l->score, from),
		"classe", low, "parce_que", l->bas_parce_que));
	return write_draft(a, root, out, e);
}

bool brouillon_tait(struct arena *a, const char *text, const char *list, int n,
		    const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;

	if (!open_draft(text, &root, e))
		return false;
	if (strcmp(list, "typologie") == 0 && json_object_del(root, list) == 0)
		return write_draft(a, root, out, e);
	if (n < 0 || strcmp(list, "typologie") == 0
	    || json_array_remove(list_of(root, list), (size_t)n) != 0)
		return fail(e, E_MISSING, "Cette ligne n’existe pas, ou plus.");
	return write_draft(a, root, out, e);
}
