#include "detect/questionnaire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/form.h"
#include "web/message.h"

/* --- in the session ----------------------------------------------------------------- */

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool is_one(const struct item *it)
{
	return it->type == ITEM_CHOIX || it->type == ITEM_ECHELLE || it->type == ITEM_IMAGE
		|| it->type == ITEM_GESTE;
}

const char *reponses_pack(struct arena *a, const struct instrument *in,
			  const struct reponse *r)
{
	struct buf b = buf_new(1 << 16);
	const char *out;

	for (int i = 0; i < in->nitems; i++) {
		const struct item *it = &in->items[i];

		if (r[i].etat != REPONDU) {
			buf_char(&b, r[i].etat == NE_SAIT_PAS ? '?' : r[i].etat == REFUS
				? '!' : '-');
		} else if (is_one(it)) {
			buf_char(&b, digits[__builtin_ctzll(r[i].choix)]);
		} else {
			buf_char(&b, '(');
			for (const char *p = reponse_write(a, it, &r[i]); *p; p++) {
				if (strchr("()\\", *p))
					buf_char(&b, '\\');
				buf_char(&b, *p);
			}
			buf_char(&b, ')');
		}
	}
	out = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return out;
}

/* (words) with its backslashes: gives what follows. */
static const char *unpack_words(struct arena *a, const struct item *it, const char *p,
				struct reponse *r)
{
	char *words = arena_alloc(a, strlen(p) + 1);
	size_t n = 0;

	if (!words)
		return "";
	while (*p && *p != ')') {
		if (*p == '\\' && p[1])
			p++;
		words[n++] = *p++;
	}
	if (!reponse_read(it, words, r))
		*r = (struct reponse){ .etat = SANS_REPONSE };
	return *p ? p + 1 : p;
}

void reponses_unpack(struct arena *a, const struct instrument *in, const char *p,
		     struct reponse *r)
{
	for (int i = 0; i < in->nitems; i++) {
		const struct item *it = &in->items[i];
		char c = p && *p ? *p++ : '-';
		const char *digit = strchr(digits, c);

		r[i] = (struct reponse){ .etat = c == '?' ? NE_SAIT_PAS : c == '!' ? REFUS
								     : SANS_REPONSE };
		if (c == '(')
			p = unpack_words(a, it, p, &r[i]);
		else if (digit && is_one(it) && digit - digits < it->noptions)
			r[i] = (struct reponse){ .etat = REPONDU,
				.choix = 1ull << (digit - digits) };
	}
}

/* --- pages -------------------------------------------------------------------------- */

int page_named(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->npages; i++) {
		if (strcmp(in->pages[i].id, id) == 0)
			return i;
	}
	return -1;
}

int page_after(const struct instrument *in, int page, const struct reponse *r)
{
	do
		page++;
	while (page < in->npages && !page_asked(in, page, r));
	return page;
}

int page_before(const struct instrument *in, int page, const struct reponse *r)
{
	do
		page--;
	while (page >= 0 && !page_asked(in, page, r));
	return page;
}

bool questionnaire_items(struct questionnaire_view *v, int page, const struct reponse *r)
{
	const struct instrument_page *p = &v->in->pages[page];
	int *items = NEW_ARRAY(v->a, (size_t)p->nitems, int);

	v->ecran = p;
	v->reponses = r;
	v->nitems = v->numero = v->sur = 0;
	if (!items)
		return false;
	for (int i = 0; i < p->nitems; i++) {
		if (item_asked(v->in, p->items[i], r))
			items[v->nitems++] = p->items[i];
	}
	v->items = items;
	for (int i = 0; i < v->in->npages; i++) {
		if (!page_asked(v->in, i, r))
			continue;
		v->sur++;
		if (i <= page)
			v->numero = v->sur;
	}
	return true;
}

/* --- reading what was sent ---------------------------------------------------------- */

/* All values of a name, joined by commas; one that was refused gives false. */
static bool joined(struct req *r, const char *name, const char **out)
{
	const struct form *f = r->form;

	*out = "";
	for (size_t i = 0; f && i < f->n; i++) {
		if (strcmp(f->pairs[i].name, name) != 0 || !*f->pairs[i].value)
			continue;
		if (f->pairs[i].bad)
			return false;
		*out = **out ? arena_cat(r->a, *out, ",", f->pairs[i].value, NULL)
			     : f->pairs[i].value;
	}
	return true;
}

/* The selects "item.option" of an order: places, made into a list of options. */
static bool read_order(struct req *r, const struct item *it, const char **words)
{
	const char *at[ORDRE_OPTIONS] = { NULL };
	int given = 0;

	*words = "";
	for (int i = 0; i < it->noptions; i++) {
		const char *place = req_typed(r, arena_cat(r->a, it->id, ".",
			it->options[i].id, NULL));
		long n = place && *place ? strtol(place, NULL, 10) : 0;

		if (n < 1 || n > it->noptions)
			continue;
		if (at[n - 1])
			return false;
		at[n - 1] = it->options[i].id;
		given++;
	}
	if (!given)
		return true;
	if (given != it->noptions)
		return false;
	for (int i = 0; i < given; i++)
		*words = i ? arena_cat(r->a, *words, ",", at[i], NULL) : at[i];
	return true;
}

static const char *what_is_wrong(struct req *r, const struct item *it)
{
	char low[JSON_NUMBER], high[JSON_NUMBER];

	switch (it->type) {
	case ITEM_NOMBRE:
		if (it->min <= -1e9 || it->max >= 1e9)
			return tr(r->lang, it->entier ? N_("Écrivez un nombre entier.")
						      : N_("Écrivez un nombre."));
		return message(r->a, r->lang, it->entier ? N_("Écrivez un nombre entier de %1 à %2.")
							 : N_("Écrivez un nombre de %1 à %2."),
			       arena_str(r->a, json_real_text(it->min, low)),
			       arena_str(r->a, json_real_text(it->max, high)));
	case ITEM_DATE:
		return tr(r->lang, N_("Écrivez une date possible, comme 22/11/2026."));
	case ITEM_TEXTE:
	case ITEM_NOTE:
		return tr(r->lang, N_("Ce texte est trop long."));
	case ITEM_ORDRE:
		return tr(r->lang, N_("Donnez une place différente à chaque ligne, ou à aucune."));
	case ITEM_PLUSIEURS:
		return tr(r->lang, N_("Une réponse qui exclut les autres se coche seule."));
	default:
		return tr(r->lang, N_("Cette réponse n’est pas une de celles de la page."));
	}
}

/* "Je ne sais pas" and the refusal stand beside words: they count when no word was typed. */
static bool read_item(struct req *r, const struct item *it, struct reponse *out)
{
	const char *words, *without = req_typed(r, arena_cat(r->a, it->id, ".sans", NULL));

	if (it->type == ITEM_ORDRE ? !read_order(r, it, &words) : !joined(r, it->id, &words))
		return false;
	if (!*words && without)
		words = without;
	else if ((it->type == ITEM_TEXTE || it->type == ITEM_NOTE)
		 && (strcmp(words, REPONSE_REFUS) == 0 || strcmp(words, REPONSE_NE_SAIT_PAS) == 0))
		words = arena_cat(r->a, "'", words, NULL);
	return reponse_read(it, words, out);
}

bool questionnaire_read(struct req *r, const struct instrument *in, int page,
			struct reponse *answers, struct question_erreur *out, int *n,
			struct err *e)
{
	const struct instrument_page *p = &in->pages[page];

	*n = 0;
	for (int i = 0; i < p->nitems; i++) {
		const struct item *it = &in->items[p->items[i]];
		struct reponse *one = &answers[p->items[i]];

		if (it->type == ITEM_NOTE && !it->active)
			continue;
		if (read_item(r, it, one))
			continue;
		*one = (struct reponse){ .etat = SANS_REPONSE };
		if (*n < QUESTION_ERREURS)
			out[(*n)++] = (struct question_erreur){ p->items[i],
				is_one(it) || it->type == ITEM_PLUSIEURS
				? arena_cat(r->a, it->id, "-", it->options[0].id, NULL)
				: it->type == ITEM_ORDRE
				? arena_cat(r->a, it->id, ".", it->options[0].id, NULL) : it->id,
				arena_cat(r->a, instrument_say(in, r->lang->tag, it->court), " : ",
					  what_is_wrong(r, it), NULL) };
	}
	return !r->a->spent || arena_refuse(r->a, e);
}

/* --- what the template asks --------------------------------------------------------- */

const char *question_id(const struct questionnaire_view *v, int item, const char *option)
{
	return arena_cat(v->a, v->in->items[item].id, "-", option, NULL);
}

const char *question_words(const struct questionnaire_view *v, int item)
{
	const struct item *it = &v->in->items[item];
	const struct reponse *r = &v->reponses[item];
	const char *typed = v->nerreurs ? req_typed(v->r, it->id) : NULL;
	struct civil day;

	if (typed)
		return typed;
	if (r->etat != REPONDU)
		return "";
	if (it->type == ITEM_TEXTE || it->type == ITEM_NOTE)
		return r->texte ? r->texte : "";
	if (it->type != ITEM_DATE)
		return reponse_write(v->a, it, r);
	day = date_civil((int64_t)r->nombre);
	return arena_printf(v->a, "%02d/%02d/%04d", day.day, day.month, day.year);
}

bool question_chosen(const struct questionnaire_view *v, int item, const char *option)
{
	const struct item *it = &v->in->items[item];
	const struct reponse *r = &v->reponses[item];
	int i = item_option(it, option);

	if (strcmp(option, REPONSE_NE_SAIT_PAS) == 0)
		return r->etat == NE_SAIT_PAS;
	if (strcmp(option, REPONSE_REFUS) == 0)
		return r->etat == REFUS;
	return r->etat == REPONDU && i >= 0 && (r->choix >> i & 1);
}

const char *question_error(const struct questionnaire_view *v, int item)
{
	for (int i = 0; i < v->nerreurs; i++) {
		if (v->erreurs[i].item == item)
			return v->erreurs[i].msg;
	}
	return NULL;
}

const char *question_hint(const struct questionnaire_view *v, int item)
{
	const struct item *it = &v->in->items[item];

	if (it->type == ITEM_DATE)
		return tr(v->r->lang, N_("Par exemple 22/11/2026."));
	if (it->type == ITEM_ORDRE)
		return tr(v->r->lang, N_("1 pour la première, 2 pour la suivante…"));
	if (it->type == ITEM_PLUSIEURS)
		return tr(v->r->lang, N_("Plusieurs réponses possibles."));
	if (it->type == ITEM_NOTE)
		return tr(v->r->lang, N_("Ni nom, ni adresse, ni numéro."));
	return it->unite ? instrument_say(v->in, v->r->lang->tag, it->unite) : NULL;
}

int question_rank(const struct questionnaire_view *v, int item, int option)
{
	double rank = reponse_rang(&v->reponses[item], option);

	return isnan(rank) ? 0 : (int)rank;
}
