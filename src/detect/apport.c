#include "detect/apport.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "detect/apport_inside.h"
#include "detect/brouillon.h"
#include "detect/instrument.h"

/* --- texts -------------------------------------------------------------------------- */

static size_t entity(const char *p, char *out)
{
	static const struct { const char *name, *text; } known[] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
		{ "&#39;", "'" }, { "&apos;", "'" }, { "&nbsp;", " " }, { "&rsquo;", "’" },
		{ "&eacute;", "é" }, { "&egrave;", "è" }, { "&agrave;", "à" }, { "&ccedil;", "ç" },
		{ NULL, NULL },
	};

	for (int i = 0; known[i].name; i++) {
		if (strncmp(p, known[i].name, strlen(known[i].name)) == 0) {
			memcpy(out, known[i].text, strlen(known[i].text));
			return strlen(known[i].name);
		}
	}
	return 0;
}

const char *plain_text(struct arena *a, const char *html)
{
	char *out = arena_alloc(a, strlen(html) + 1);
	size_t n = 0;

	if (!out)
		return "";
	while (*html) {
		char said[8] = "";
		size_t taken = *html == '&' ? entity(html, said) : 0;

		if (*html == '<' && strchr(html, '>')) {
			html = strchr(html, '>') + 1;
			said[0] = ' ';
		} else if (taken) {
			html += taken;
		} else {
			said[0] = (unsigned char)*html < 32 ? ' ' : *html;
			html++;
		}
		if (said[0] == ' ' && (!n || out[n - 1] == ' '))
			continue;
		memcpy(out + n, said, strlen(said));
		n += strlen(said);
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

/* --- the head ----------------------------------------------------------------------- */

json_t *apport_head(struct arena *a, const char *titre, const char *langue, const char *source)
{
	const char *tag = langue && *langue ? arena_strn(a, langue, strcspn(langue, "-_")) : "fr";

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:i, s:s, s:[]}",
		"id", nom_de(a, titre), "version", "1.0.0", "licence", "à préciser", "source", source,
		"titre", titre, "avertissement", "Apporté d’un autre outil : à relire avant de publier.",
		"langues", tag, "est_secondes", 60, "conserver", "reponses", "items");
}

bool apport_dump(struct arena *a, json_t *root, const char **out, struct err *e)
{
	char *text = json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	if (!text)
		return fail(e, E_LIMIT, "La mémoire manque.");
	*out = arena_cat(a, text, "\n", NULL);
	free(text);
	return !a->spent || arena_refuse(a, e);
}

/* --- a survey into items ------------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
	const struct survey_question *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int by_order(const void *a, const void *b)
{
	const struct survey_part *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

static bool has_id(const json_t *list, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i, one) {
		const char *said = json_string_value(json_object_get(one, "id"));

		if (said && strcmp(said, id) == 0)
			return true;
	}
	return false;
}

static const char *own_id(struct arena *a, const json_t *list, const char *code)
{
	const char *id = nom_de(a, code), *tried = id;

	for (int i = 2; has_id(list, tried) && i < 1000; i++)
		tried = arena_printf(a, "%.30s_%d", id, i);
	return tried;
}

/* Parts of a question as a list of { id, texte, valeur }. */
static json_t *parts_of(struct survey *s, const struct survey_question *q, bool answers,
			bool values)
{
	json_t *list = json_array();
	bool assessed = false;
	int n = 0;

	for (int i = 0; i < s->np; i++)
		assessed = assessed || (s->p[i].value != 0 && strcmp(s->p[i].question, q->id) == 0);
	for (int i = 0; i < s->np; i++) {
		const struct survey_part *p = &s->p[i];
		json_t *one;

		if (p->answer != answers || p->scale || strcmp(p->question, q->id) != 0)
			continue;
		one = json_pack("{s:s, s:s}", "id", own_id(s->a, list, p->code), "texte",
				*p->texte ? p->texte : p->code);
		n++;
		if (values && one)
			json_object_set_new(one, "valeur", json_real(assessed ? p->value : n));
		json_array_append_new(list, one);
	}
	return list;
}

/* Fixed answers of a type: "code=Texte|..." */
static json_t *fixed_of(struct arena *a, const char *list)
{
	json_t *out = json_array();
	int n = 0;

	while (*list) {
		size_t len = strcspn(list, "|"), eq = strcspn(list, "=");

		json_array_append_new(out, json_pack("{s:s, s:s, s:i}", "id", arena_strn(a, list, eq),
			"texte", arena_strn(a, list + eq + 1, len - eq - 1), "valeur", ++n));
		list += len + (list[len] == '|');
	}
	return out;
}

enum made { MADE_NONE, MADE_PLAIN, MADE_LINES, MADE_SPLIT };

static const struct kind {
	const char *types;              /* letters of LimeSurvey */
	const char *type;               /* ours */
	enum made made;
	const char *fixed;              /* answers that the type brings; NULL: its own */
} kinds[] = {
	{ "L!OZW", "choix", MADE_PLAIN, NULL },
	{ "Y", "choix", MADE_PLAIN, "oui=Oui|non=Non" },
	{ "G", "choix", MADE_PLAIN, "femme=Femme|homme=Homme" },
	{ "5", "echelle", MADE_PLAIN, "un=1|deux=2|trois=3|quatre=4|cinq=5" },
	{ "MP", "plusieurs", MADE_PLAIN, NULL },
	{ "FH1", "matrice", MADE_LINES, NULL },
	{ "A", "matrice", MADE_LINES, "un=1|deux=2|trois=3|quatre=4|cinq=5" },
	{ "B", "matrice", MADE_LINES, "un=1|deux=2|trois=3|quatre=4|cinq=5|six=6|sept=7|huit=8|neuf=9|dix=10" },
	{ "C", "matrice", MADE_LINES, "oui=Oui|incertain=Incertain|non=Non" },
	{ "E", "matrice", MADE_LINES, "plus=Augmente|pareil=Pareil|moins=Diminue" },
	{ "N", "nombre", MADE_PLAIN, "" }, { "D", "date", MADE_PLAIN, "" },
	{ "S", "texte", MADE_PLAIN, "" }, { "TU", "note", MADE_PLAIN, "" },
	{ "R", "ordre", MADE_PLAIN, NULL },
	{ "K", "nombre", MADE_SPLIT, "" }, { "Q", "texte", MADE_SPLIT, "" },
	{ NULL, NULL, MADE_NONE, NULL },
};

static const struct kind *kind_of(const char *type)
{
	for (const struct kind *k = kinds; k->types; k++) {
		if (*type && strchr(k->types, *type))
			return k;
	}
	return NULL;
}

/* 'Q1.NAOK == "A2"' alone: our own condition.  Others are left to the author. */
static const char *condition_of(struct survey *s, const json_t *items, const char *relevance)
{
	char name[64], value[64];
	const char *id, *option;
	const json_t *one, *o;
	size_t i, k, n;

	relevance += strspn(relevance, " (");
	n = strcspn(relevance, ". =!<>()");
	if (!n || n >= sizeof name)
		return NULL;
	memcpy(name, relevance, n);
	name[n] = '\0';
	relevance += n;
	if (strncmp(relevance, ".NAOK", 5) == 0)
		relevance += 5;
	relevance += strspn(relevance, " ");
	if (strncmp(relevance, "==", 2) != 0)
		return NULL;
	relevance += 2 + strspn(relevance + 2, " ");
	if (*relevance != '"' && *relevance != '\'')
		return NULL;
	n = strcspn(relevance + 1, "\"'");
	if (n >= sizeof value || relevance[n + 2 + strspn(relevance + n + 2, " )")])
		return NULL;
	memcpy(value, relevance + 1, n);
	value[n] = '\0';
	id = nom_de(s->a, name);
	option = strcmp(value, "Y") == 0 ? "oui" : strcmp(value, "N") == 0 ? "non" : nom_de(s->a, value);
	json_array_foreach((json_t *)items, i, one) {
		if (strcmp(json_string_value(json_object_get(one, "id")), id) != 0)
			continue;
		json_array_foreach(json_object_get(one, "options"), k, o) {
			if (strcmp(json_string_value(json_object_get(o, "id")), option) == 0)
				return arena_printf(s->a, "%s = '%s'", id, option);
		}
	}
	return NULL;
}

static void add_condition(struct survey *s, const json_t *items, json_t *item,
			  const struct survey_question *q)
{
	const char *si;

	if (!*q->relevance || strcmp(q->relevance, "1") == 0)
		return;
	si = condition_of(s, items, q->relevance);
	if (!si) {
		s->conditions++;
		return;
	}
	json_object_set_new(item, "si", json_string(si));
	json_object_set_new(item, "si_papier", json_string(arena_cat(s->a, "seulement si ", si, NULL)));
}

static json_t *new_item(struct survey *s, const json_t *items, const struct kind *k,
			const char *code, const char *texte, const char *aide)
{
	json_t *item = json_pack("{s:s, s:s, s:s}", "id", own_id(s->a, items, code), "type", k->type,
				 "texte", *texte ? texte : code);

	if (item && *aide)
		json_object_set_new(item, "aide", json_string(aide));
	return item;
}

/* One question a subquestion: several numbers, several texts. */
static void split_item(struct survey *s, json_t *items, const struct kind *k,
		       const struct survey_question *q)
{
	for (int i = 0; i < s->np; i++) {
		const struct survey_part *p = &s->p[i];

		if (!p->answer && strcmp(p->question, q->id) == 0)
			json_array_append_new(items, new_item(s, items, k,
				arena_cat(s->a, q->code, "_", p->code, NULL),
				arena_cat(s->a, q->texte, " : ", p->texte, NULL), q->aide));
	}
}

static void add_question(struct survey *s, json_t *items, const struct survey_question *q)
{
	const struct kind *k = kind_of(q->type);
	json_t *item, *options;

	if (!k) {
		s->laissees += *q->type != 'X' && *q->type != '*';
		return;
	}
	if (k->made == MADE_SPLIT) {
		split_item(s, items, k, q);
		return;
	}
	item = new_item(s, items, k, q->code, q->texte, q->aide);
	options = !k->fixed ? parts_of(s, q, strchr("MP", *q->type) == NULL,
				       !strchr("MPR", *q->type))
		: *k->fixed ? fixed_of(s->a, k->fixed) : NULL;
	if (options)
		json_object_set_new(item, "options", options);
	if (k->made == MADE_LINES)
		json_object_set_new(item, "lignes", parts_of(s, q, false, false));
	if ((options && !json_array_size(options))
	    || (k->made == MADE_LINES && !json_array_size(json_object_get(item, "lignes")))) {
		s->laissees++;
		json_decref(item);
		return;
	}
	add_condition(s, items, item, q);
	json_array_append_new(items, item);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool survey_write(struct survey *s, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = apport_head(s->a, s->titre && *s->titre ? s->titre
		: "Questionnaire LimeSurvey", s->langue, "LimeSurvey.");
	const char *source;

	if (!root)
		return fail(e, E_INPUT, "%s : le titre ne se lit pas.", s->name);
	qsort(s->q, (size_t)s->nq, sizeof *s->q, by_place);
	qsort(s->p, (size_t)s->np, sizeof *s->p, by_order);
	for (int i = 0; i < s->nq; i++)
		add_question(s, json_object_get(root, "items"), &s->q[i]);
	json_object_set_new(root, "est_secondes",
		json_integer(20 + 12 * (int)json_array_size(json_object_get(root, "items"))));
	source = arena_printf(s->a, "Apporté de LimeSurvey (%s). %d questions laissées de côté (leur type "
		"n’existe pas ici), %d conditions à réécrire.", base_name(s->name), s->laissees, s->conditions);
	json_object_set_new(root, "source", json_string(source));
	if (!json_array_size(json_object_get(root, "items")))
		return fail(e, E_INPUT, "%s : aucune question ne peut être reprise.", s->name);
	return apport_dump(s->a, root, out, e);
}

/* --- which file it is --------------------------------------------------------------- */

static bool begins(const char *p, size_t n, const char *with)
{
	size_t m = strlen(with);

	return n >= m && strncasecmp(p, with, m) == 0;
}

bool apport_read(struct arena *a, const char *name, const char *p, size_t n, const char *langue,
		 const char **out, struct err *e)
{
	struct survey *s = NEW(a, struct survey);

	if (!s)
		return arena_refuse(a, e);
	s->a = a;
	s->name = name;
	s->langue = langue;
	if (begins(p, n, "\xef\xbb\xbf")) {
		p += 3;
		n -= 3;
	}
	while (n && isspace((unsigned char)*p)) {
		p++;
		n--;
	}
	if (begins(p, n, "{")) {
		*out = arena_strn(a, p, n);
		return !a->spent || arena_refuse(a, e);
	}
	if (begins(p, n, "<"))
		return lss_read(s, p, n, e) && survey_write(s, out, e);
	if (begins(p, n, "class\t") || begins(p, n, "id\trelated_id\tclass"))
		return txt_read(s, p, n, e) && survey_write(s, out, e);
	return table_read(a, name, p, n, out, e);
}
