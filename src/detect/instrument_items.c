/* What is asked: items, the lines of matrices, what expressions know of them. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "detect/instrument_reader.h"

const char *const item_types[] = { "choix", "plusieurs", "echelle", "nombre", "date", "texte",
	"ordre", "image", "geste", "note", "matrice", "appariement", "choix_multiple", NULL };
enum { TYPE_MATRICE = ITEM_TYPES, TYPE_APPARIEMENT, TYPE_CHOIX_MULTIPLE };

/* --- options ------------------------------------------------------------------------ */

/* The words that a text is recognised by, folded; the option's own too. */
static bool read_forms(struct reader *r, node *o, struct option *out)
{
	const char **forms;
	node *list;
	int n;

	if (!reader_list(r, o, "formes", MAY, 40, &list, &n))
		return false;
	forms = NEW_ARRAY(r->a, (size_t)n + 2, const char *);
	if (!forms)
		return arena_refuse(r->a, r->e);
	for (int i = -1; i < n; i++) {
		node *v = i < 0 ? NULL : json_array_get(list, (size_t)i);
		char folded[4 * TEXTE_COURT];

		if (i >= 0 && !json_is_string(v))
			return reader_refuse_member(r, "formes", "il faut des textes");
		utf8_fold(i < 0 ? out->texte : json_string_value(v), folded, sizeof folded);
		if (!*folded)
			return reader_refuse_member(r, "formes", "ce mot n’a ni lettre ni chiffre");
		forms[i + 1] = arena_str(r->a, folded);
	}
	out->formes = forms;
	return true;
}

static bool read_zone(struct reader *r, node *o, struct option *out)
{
	node *list;
	int n;

	if (!reader_list(r, o, "zone", MUST, 4, &list, &n))
		return false;
	for (int i = 0; i < 4; i++) {
		node *v = json_array_get(list, (size_t)i);

		out->zone[i] = json_is_number(v) ? json_number_value(v) : -1;
		if (!(out->zone[i] >= 0 && out->zone[i] <= 100))
			return reader_refuse_member(r, "zone", "il faut gauche, haut, largeur, hauteur : quatre nombres de 0 à 100");
	}
	if (out->zone[0] + out->zone[2] > 100 || out->zone[1] + out->zone[3] > 100
	    || out->zone[2] < 3 || out->zone[3] < 3)
		return reader_refuse_member(r, "zone", "cette zone sort de l’image, ou fait moins de 3");
	return true;
}

static bool read_option(struct reader *r, node *o, struct item *it, struct option *out)
{
	bool text = it->type == ITEM_TEXTE, image = it->type == ITEM_IMAGE;

	out->sans_valeur = json_is_null(json_object_get(o, "valeur"));
	out->valeur = NAN;
	if (!reader_knows(r, o, text ? "id texte aide valeur exclusif formes"
			  : image ? "id texte aide valeur exclusif zone"
			  : "id texte aide valeur exclusif")
	    || !reader_name(r, o, "id", &out->id)
	    || !reader_words(r, o, "texte", MUST, &out->texte)
	    || !reader_words(r, o, "aide", MAY, &out->aide)
	    || (!out->sans_valeur
		&& !reader_number(r, o, "valeur", NAN, -1e6, 1e6, &out->valeur))
	    || !reader_flag(r, o, "exclusif", &out->exclusif)
	    || (text && !read_forms(r, o, out)) || (image && !read_zone(r, o, out)))
		return false;
	if (strcmp(out->id, REPONSE_NE_SAIT_PAS) == 0 || strcmp(out->id, REPONSE_REFUS) == 0)
		return reader_refuse_member(r, "id", "ce mot est déjà celui d’une réponse de toutes les questions");
	if (item_option(it, out->id) >= 0)
		return reader_refuse_member(r, "id", "deux options portent ce nom");
	return true;
}

static bool options_fit(struct reader *r, const struct item *it)
{
	if (it->type == ITEM_ECHELLE && (it->noptions < 3 || it->noptions > 5))
		return reader_refuse_member(r, "options", "une échelle a de 3 à 5 degrés");
	if (it->type == ITEM_ORDRE && (it->noptions < 2 || it->noptions > ORDRE_OPTIONS))
		return reader_refuse_member(r, "options", "on met en ordre de 2 à 12 choses");
	return true;
}

static bool read_options(struct reader *r, node *o, struct item *it)
{
	struct option *options;
	node *list;
	int n;

	if (!reader_list(r, o, "options", it->type == ITEM_TEXTE ? MAY : MUST, INSTRUMENT_OPTIONS,
			 &list, &n))
		return false;
	options = NEW_ARRAY(r->a, (size_t)n, struct option);
	if (!options)
		return arena_refuse(r->a, r->e);
	it->options = options;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "options", i);

		if (!read_option(r, json_array_get(list, (size_t)i), it, &options[i]))
			return false;
		if (it->type == ITEM_ECHELLE && isnan(options[i].valeur) && !options[i].sans_valeur)
			options[i].valeur = i + 1;
		it->noptions = i + 1;
		reader_leave(r, before);
	}
	return options_fit(r, it);
}

/* The four of a gesture; `options` may give them other words, not other names. */
static bool read_gesture(struct reader *r, node *o, struct item *it)
{
	static const struct option usual[] = {
		{ .id = "seul", .texte = "Fait sans aide", .valeur = 2 },
		{ .id = "avec_aide", .texte = "Fait avec de l’aide", .valeur = 1 },
		{ .id = "pas_encore", .texte = "Pas encore", .valeur = 0 },
		{ .id = "pas_essaye", .texte = "Pas essayé", .valeur = NAN, .sans_valeur = true },
	};
	enum { N = sizeof usual / sizeof *usual };

	if (json_object_get(o, "options")) {
		if (!read_options(r, o, it))
			return false;
		for (int i = 0; i < N; i++) {
			if (it->noptions != N || strcmp(it->options[i].id, usual[i].id) != 0)
				return reader_refuse_member(r, "options",
					"un geste a ces quatre réponses : seul, avec_aide, pas_encore, pas_essaye");
			((struct option *)it->options)[i].valeur = usual[i].valeur;
			((struct option *)it->options)[i].sans_valeur = usual[i].sans_valeur;
		}
		return true;
	}
	it->options = usual;
	it->noptions = N;
	for (int i = 0; i < N; i++) {
		if (r->in->ntextes == INSTRUMENT_TEXTS)
			return reader_refuse(r, "trop de textes");
		r->textes[r->in->ntextes++] = usual[i].texte;
	}
	return true;
}

/* --- what each type has besides ----------------------------------------------------- */

static bool read_day(struct reader *r, node *o, const char *member, double absent, double *out)
{
	const char *text;
	struct civil day;

	*out = absent;
	if (!reader_text(r, o, member, MAY, &text))
		return false;
	if (!text)
		return true;
	if (strlen(text) != 10 || !iso_read(text, &day))
		return reader_refuse_member(r, member, "il faut une date : 2026-11-22");
	*out = (double)date_days(day.year, day.month, day.day);
	return true;
}

static bool read_bounds(struct reader *r, node *o, struct item *it)
{
	if (it->type == ITEM_DATE) {
		if (!read_day(r, o, "min", -INFINITY, &it->min)
		    || !read_day(r, o, "max", INFINITY, &it->max))
			return false;
	} else if (!reader_number(r, o, "min", NAN, -1e9, 1e9, &it->min)
		   || !reader_number(r, o, "max", NAN, -1e9, 1e9, &it->max)
		   || !reader_flag(r, o, "entier", &it->entier)
		   || !reader_words(r, o, "unite", MAY, &it->unite)) {
		return false;
	}
	if (isnan(it->min))
		it->min = -1e9;
	if (isnan(it->max))
		it->max = 1e9;
	return it->min < it->max || reader_refuse_member(r, "max", "le maximum est plus grand que le minimum");
}

static bool read_right_order(struct reader *r, node *o, struct item *it)
{
	uint64_t seen = 0;
	node *list;
	int n;

	if (!reader_list(r, o, "juste", MAY, ORDRE_OPTIONS, &list, &n))
		return false;
	it->has_juste = n > 0;
	if (n && n != it->noptions)
		return reader_refuse_member(r, "juste", "il faut toutes les options, dans le bon ordre");
	for (int i = 0; i < n; i++) {
		node *v = json_array_get(list, (size_t)i);
		int k = json_is_string(v) ? item_option(it, json_string_value(v)) : -1;

		if (k < 0 || (seen >> k & 1))
			return reader_refuse_member(r, "juste", "il faut chaque option une fois");
		seen |= 1ull << k;
		it->juste |= (uint64_t)k << 4 * i;
	}
	return true;
}

static const char *known_members(int type)
{
	switch (type) {
	case ITEM_NOMBRE:
		return "id type texte court aide oral si si_papier min max entier unite";
	case ITEM_DATE:
		return "id type texte court aide oral si si_papier min max";
	case ITEM_NOTE:
		return "id type texte court aide oral si si_papier active";
	case ITEM_ORDRE:
		return "id type texte court aide oral si si_papier options juste";
	case TYPE_MATRICE:
	case TYPE_APPARIEMENT:
		return "id type texte court aide oral si si_papier options lignes";
	default:
		return "id type texte court aide oral si si_papier options";
	}
}

static bool read_own(struct reader *r, node *o, struct item *it)
{
	switch (it->type) {
	case ITEM_NOMBRE:
	case ITEM_DATE:
		return read_bounds(r, o, it);
	case ITEM_NOTE:
		return reader_flag(r, o, "active", &it->active);
	case ITEM_GESTE:
		return read_gesture(r, o, it);
	case ITEM_ORDRE:
		return read_options(r, o, it) && read_right_order(r, o, it);
	default:
		return read_options(r, o, it);
	}
}

/* --- names and conditions ----------------------------------------------------------- */

/* What expressions may say of an item. */
static bool name_item(struct reader *r, const struct item *it, struct expression_item *out)
{
	const char **options = NEW_ARRAY(r->a, (size_t)it->noptions, const char *);
	double *values = NEW_ARRAY(r->a, (size_t)it->noptions, double);
	bool all = it->noptions > 0;

	if (!options || !values)
		return arena_refuse(r->a, r->e);
	for (int i = 0; i < it->noptions; i++) {
		options[i] = it->options[i].id;
		values[i] = it->options[i].valeur;
		all = all && (!isnan(values[i]) || it->options[i].sans_valeur);
	}
	*out = (struct expression_item){ .name = it->id, .options = options,
		.values = all ? values : NULL, .noptions = it->noptions, .juste = it->juste,
		.has_juste = it->has_juste,
		.of = it->type == ITEM_NOMBRE || it->type == ITEM_DATE ? OF_NUMBER
			: it->type == ITEM_ORDRE ? OF_ORDER
			: it->type == ITEM_TEXTE || it->type == ITEM_NOTE ? OF_TEXT : OF_OPTIONS };
	return true;
}

/* A condition that names a question asked later would wait for itself: say so, by name. */
static bool read_condition(struct reader *r, node *o, int index, struct item *it)
{
	struct expression_scope *before = NEW(r->a, struct expression_scope);
	node *all = r->items;

	if (!before)
		return arena_refuse(r->a, r->e);
	*before = (struct expression_scope){ r->names, index, NULL, 0 };
	if (!reader_text(r, o, "si", MAY, &it->si_texte))
		return false;
	for (size_t i = (size_t)it->source; it->si_texte && i < json_array_size(all); i++) {
		const char *later = json_string_value(json_object_get(json_array_get(all,
			i), "id"));
		const char *at = later && *later ? strstr(it->si_texte, later) : NULL;
		size_t n = at ? strlen(later) : 0;
		static const char part[] = "abcdefghijklmnopqrstuvwxyz0123456789_'";

		if (at && (at == it->si_texte || !strchr(part, at[-1]))
		    && (!at[n] || !strchr(part, at[n])))
			return reader_refuse_member(r, "si", arena_printf(r->a,
				"boucle : cette condition dépend de « %s », qui n’est pas posée avant", later));
	}
	return reader_expression(r, o, "si", MAY, EXPRESSION_CONDITION, before, &it->si);
}

static bool name_is_taken(const struct instrument *in, const char *id)
{
	return instrument_item(in, id) >= 0 || instrument_groupe(in, id) >= 0;
}

static bool add_item(struct reader *r, const struct item *it)
{
	struct instrument *in = r->in;

	if (in->nitems == INSTRUMENT_ITEMS)
		return reader_refuse(r, "plus de %d questions, lignes comprises", INSTRUMENT_ITEMS);
	if (strcmp(it->id, "profil") == 0)
		return reader_refuse_member(r, "id", "« profil » est réservé au résultat");
	if (name_is_taken(in, it->id))
		return reader_refuse_member(r, "id", "deux questions portent ce nom");
	r->list[in->nitems] = *it;
	if (!name_item(r, it, &r->names[in->nitems]))
		return false;
	in->nitems++;
	return true;
}

/* --- lines of a matrix -------------------------------------------------------------- */

/* Of things to match, the right one is worth 1 and the others 0. */
static bool give_right(struct reader *r, node *line, struct item *it)
{
	struct option *own = NEW_ARRAY(r->a, (size_t)it->noptions, struct option);
	const char *right;
	int at;

	if (!own)
		return arena_refuse(r->a, r->e);
	if (!reader_name(r, line, "juste", &right))
		return false;
	at = item_option(it, right);
	if (at < 0)
		return reader_refuse_member(r, "juste", "aucune option ne porte ce nom");
	memcpy(own, it->options, (size_t)it->noptions * sizeof *own);
	for (int i = 0; i < it->noptions; i++)
		own[i].valeur = i == at;
	it->options = own;
	return true;
}

static bool read_lines(struct reader *r, node *o, const struct item *of, bool match)
{
	struct groupe *g = &r->groupes[r->in->ngroupes];
	node *list;
	int n;

	if (!reader_list(r, o, "lignes", MUST, INSTRUMENT_LIGNES, &list, &n))
		return false;
	*g = (struct groupe){ of->id, of->texte, of->aide, of->oral, r->in->nitems, n, match };
	for (int i = 0; i < n; i++) {
		node *line = json_array_get(list, (size_t)i);
		size_t before = reader_enter(r, "lignes", i);
		struct item it = *of;
		const char *id;

		if (!reader_knows(r, line, match ? "id texte court juste" : "id texte court")
		    || !reader_name(r, line, "id", &id)
		    || !reader_words(r, line, "texte", MUST, &it.texte)
		    || !reader_words(r, line, "court", MAY, &it.court)
		    || (match && !give_right(r, line, &it)))
			return false;
		it.id = arena_printf(r->a, "%s_%s", of->id, id);
		if (!it.court)
			it.court = it.texte;
		it.groupe = g;
		it.aide = it.oral = NULL;
		if (!add_item(r, &it))
			return false;
		reader_leave(r, before);
	}
	r->in->ngroupes++;
	return true;
}

/* --- items -------------------------------------------------------------------------- */

static bool read_item(struct reader *r, node *o, int source)
{
	struct item it = { .source = source };
	bool lines;
	int type;

	if (!json_is_object(o))
		return reader_refuse(r, "il faut un objet { ... }");
	if (!reader_word(r, o, "type", item_types, &type))
		return false;
	if (type == TYPE_CHOIX_MULTIPLE)
		type = ITEM_PLUSIEURS;
	lines = type == TYPE_MATRICE || type == TYPE_APPARIEMENT;
	it.type = lines ? ITEM_CHOIX : (enum item_type)type;
	if (!reader_knows(r, o, known_members(type)) || !reader_name(r, o, "id", &it.id))
		return false;
	if (name_is_taken(r->in, it.id))
		return reader_refuse_member(r, "id", "deux questions portent ce nom");
	if (!reader_words(r, o, "texte", MUST, &it.texte)
	    || !reader_words(r, o, "court", MAY, &it.court)
	    || !reader_words(r, o, "aide", MAY, &it.aide)
	    || !reader_words(r, o, "oral", MAY, &it.oral)
	    || !reader_words(r, o, "si_papier", MAY, &it.si_papier)
	    || !read_condition(r, o, r->in->nitems, &it) || !read_own(r, o, &it))
		return false;
	if (!it.court)
		it.court = it.texte;
	if (it.si && !it.si_papier)
		return reader_refuse(r, "une question sous condition a besoin de « si_papier »");
	return lines ? read_lines(r, o, &it, type == TYPE_APPARIEMENT) : add_item(r, &it);
}

bool read_items(struct reader *r, node *root)
{
	struct instrument *in = r->in;
	node *list;
	int n;

	if (!reader_list(r, root, "items", MUST, INSTRUMENT_ITEMS, &list, &n))
		return false;
	r->items = list;
	r->list = NEW_ARRAY(r->a, INSTRUMENT_ITEMS, struct item);
	r->groupes = NEW_ARRAY(r->a, (size_t)n, struct groupe);
	r->names = NEW_ARRAY(r->a, INSTRUMENT_ITEMS + 1, struct expression_item);
	if (!r->list || !r->groupes || !r->names)
		return arena_refuse(r->a, r->e);
	in->items = r->list;
	in->groupes = r->groupes;
	for (int i = 0; i < n; i++) {
		size_t before = reader_enter(r, "items", i);

		if (!read_item(r, json_array_get(list, (size_t)i), i))
			return false;
		reader_leave(r, before);
	}
	return true;
}
