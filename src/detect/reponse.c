/* Answers: from words and from JSON, and back to words. */
#include "detect/instrument.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"

enum { WORDS = 64 };

/* --- options ------------------------------------------------------------------------ */

static bool add_option(const struct item *it, const char *id, struct reponse *out)
{
	int option = item_option(it, id);

	if (option < 0)
		return false;
	if (it->type == ITEM_ORDRE) {
		if (out->choix >> option & 1)
			return false;
		out->ordre |= (uint64_t)option << 4 * __builtin_popcountll(out->choix);
	}
	out->etat = REPONDU;
	out->choix |= 1ull << option;
	return true;
}

/* One option where one is asked for, an exclusive one alone, an order whole. */
static bool stands(const struct item *it, const struct reponse *r)
{
	bool several = (r->choix & (r->choix - 1)) != 0;

	if (it->type == ITEM_ORDRE)
		return r->etat != REPONDU || __builtin_popcountll(r->choix) == it->noptions;
	if (!several)
		return true;
	if (it->type != ITEM_PLUSIEURS)
		return false;
	for (int i = 0; i < it->noptions; i++) {
		if ((r->choix >> i & 1) && it->options[i].exclusif)
			return false;
	}
	return true;
}

static bool read_options(const struct item *it, const char *words, struct reponse *out)
{
	while (*words) {
		char id[WORDS];
		size_t n = strcspn(words, ",");

		if (n >= sizeof id)
			return false;
		memcpy(id, words, n);
		id[n] = '\0';
		if (!add_option(it, id, out))
			return false;
		words += n + (words[n] == ',');
	}
	return stands(it, out);
}

/* --- numbers, days ------------------------------------------------------------------ */

static bool read_number(const struct item *it, const char *words, struct reponse *out)
{
	char digits[WORDS];
	size_t n = strlen(words);
	char *end;

	if (n >= sizeof digits || strspn(words, "0123456789.,+-e") != n)
		return false;
	memcpy(digits, words, n + 1);
	if (strchr(digits, ','))
		*strchr(digits, ',') = '.';
	out->nombre = strtod(digits, &end);
	out->etat = REPONDU;
	return !*end && end != digits && out->nombre >= it->min && out->nombre <= it->max
		&& (!it->entier || out->nombre == floor(out->nombre));
}

static bool read_day(const struct item *it, const char *words, struct reponse *out)
{
	char iso[WORDS];
	struct civil day;
	size_t n = strlen(words);

	if (n != 10)
		return false;
	if (words[2] == '/' && words[5] == '/')
		snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", words + 6, words + 3, words);
	else
		snprintf(iso, sizeof iso, "%s", words);
	if (!iso_read(iso, &day))
		return false;
	out->etat = REPONDU;
	out->nombre = (double)date_days(day.year, day.month, day.day);
	return out->nombre >= it->min && out->nombre <= it->max;
}

/* --- texts -------------------------------------------------------------------------- */

enum { FOLDED = 4 * TEXTE_COURT };

/* Letters wrong, missing, added or swapped between a and b (Damerau-Levenshtein, optimal
 * string alignment), at most `most` + 1. */
static int distance(const char *a, const char *b, int most)
{
	int rows[3][FOLDED + 1];
	int na = (int)strlen(a), nb = (int)strlen(b);

	if (abs(na - nb) > most)
		return most + 1;
	for (int k = 0; k <= nb; k++)
		rows[0][k] = k;
	for (int i = 1; i <= na; i++) {
		int *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		now[0] = i;
		for (int k = 1; k <= nb; k++) {
			int best = last[k - 1] + (a[i - 1] != b[k - 1]);

			if (last[k] + 1 < best)
				best = last[k] + 1;
			if (now[k - 1] + 1 < best)
				best = now[k - 1] + 1;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]
			    && before[k - 2] + 1 < best)
				best = before[k - 2] + 1;
			now[k] = best;
		}
	}
	return rows[na % 3][nb];
}

/* Without the article at its head. */
static const char *bare(const char *folded)
{
	static const char *const articles[] = { "le ", "la ", "les ", "l ", "un ", "une ", "des ",
						"du ", "de la ", "de l ", "d ", NULL };

	for (int i = 0; articles[i]; i++) {
		size_t n = strlen(articles[i]);

		if (strncmp(folded, articles[i], n) == 0 && folded[n])
			return folded + n;
	}
	return folded;
}

uint64_t texte_reconnu(const struct item *it, const char *words)
{
	char folded[FOLDED];
	const char *said;
	int n, best = 3, at = -1;

	utf8_fold(words, folded, sizeof folded);
	said = bare(folded);
	n = (int)strlen(said);
	for (int i = 0; i < it->noptions; i++) {
		for (const char *const *f = it->options[i].formes; f && *f; f++) {
			int most = n >= 10 ? 2 : n >= 5 ? 1 : 0;
			int d = distance(said, bare(*f), most);

			if (d <= most && d < best) {
				best = d;
				at = i;
			}
		}
	}
	return at < 0 ? 0 : 1ull << at;
}

static bool read_text(const struct item *it, const char *words, struct reponse *out)
{
	if (*words == '\'')
		words++;                /* it hid one of our own words */
	out->texte = words;
	out->etat = REPONDU;
	if (utf8_length(words) > (it->type == ITEM_NOTE ? TEXTE_NOTE : TEXTE_COURT))
		return false;
	if (it->type == ITEM_TEXTE)
		out->choix = texte_reconnu(it, words);
	return true;
}

/* --- all ---------------------------------------------------------------------------- */

bool reponse_read(const struct item *it, const char *words, struct reponse *out)
{
	*out = (struct reponse){ .etat = SANS_REPONSE };
	if (!*words)
		return true;
	if (strcmp(words, REPONSE_NE_SAIT_PAS) == 0) {
		out->etat = NE_SAIT_PAS;
		return true;
	}
	if (strcmp(words, REPONSE_REFUS) == 0) {
		out->etat = REFUS;
		return true;
	}
	switch (it->type) {
	case ITEM_NOMBRE:
		return read_number(it, words, out);
	case ITEM_DATE:
		return read_day(it, words, out);
	case ITEM_TEXTE:
	case ITEM_NOTE:
		return read_text(it, words, out);
	default:
		return read_options(it, words, out);
	}
}

static const char *write_options(struct arena *a, const struct item *it,
				 const struct reponse *r)
{
	const char *list = "";
	int n = __builtin_popcountll(r->choix);

	for (int i = 0; it->type == ITEM_ORDRE && i < n; i++)
		list = arena_printf(a, "%s%s%s", list, i ? "," : "",
				    it->options[r->ordre >> 4 * i & 15].id);
	for (int i = 0; it->type != ITEM_ORDRE && i < it->noptions; i++) {
		if (r->choix >> i & 1)
			list = *list ? arena_printf(a, "%s,%s", list, it->options[i].id)
				     : it->options[i].id;
	}
	return list;
}

const char *reponse_write(struct arena *a, const struct item *it, const struct reponse *r)
{
	char number[JSON_NUMBER];
	struct civil day;

	if (r->etat == NE_SAIT_PAS)
		return REPONSE_NE_SAIT_PAS;
	if (r->etat == REFUS)
		return REPONSE_REFUS;
	if (r->etat != REPONDU)
		return "";
	switch (it->type) {
	case ITEM_NOMBRE:
		return arena_str(a, json_real_text(r->nombre, number));
	case ITEM_DATE:
		day = date_civil((int64_t)r->nombre);
		return arena_printf(a, "%04d-%02d-%02d", day.year, day.month, day.day);
	case ITEM_TEXTE:
	case ITEM_NOTE:
		if (!r->texte)
			return "";
		return *r->texte == '\'' || strcmp(r->texte, REPONSE_REFUS) == 0
			|| strcmp(r->texte, REPONSE_NE_SAIT_PAS) == 0
			? arena_cat(a, "'", r->texte, NULL) : r->texte;
	default:
		return write_options(a, it, r);
	}
}

/* --- JSON --------------------------------------------------------------------------- */

static bool json_number(struct arena *a, const struct item *it, const json_t *v,
			struct reponse *out)
{
	char number[JSON_NUMBER];

	return it->type == ITEM_NOMBRE
		&& reponse_read(it, arena_str(a, json_real_text(json_number_value(v),
			number)), out);
}

static bool reponse_json(struct arena *a, const struct item *it, const json_t *v,
			 struct reponse *out)
{
	bool words = it->type == ITEM_TEXTE || it->type == ITEM_NOTE || it->type == ITEM_NOMBRE;
	size_t i;
	json_t *one;

	*out = (struct reponse){ .etat = SANS_REPONSE };
	if (json_is_null(v))
		return true;
	if (json_is_number(v))
		return json_number(a, it, v, out);
	if (json_is_string(v))
		return !words && strchr(json_string_value(v), ',') ? false
			: reponse_read(it, arena_str(a, json_string_value(v)), out);
	if (!json_is_array(v) || words || it->type == ITEM_DATE)
		return false;
	json_array_foreach((json_t *)v, i, one) {
		if (!json_is_string(one) || !add_option(it, json_string_value(one), out))
			return false;
	}
	return stands(it, out);
}

static bool refuse_answer(const char *key, struct err *e)
{
	fail(e, E_INPUT, "« %s » : cette réponse n’est pas possible.", key);
	return hint(e, "Donnez une de ses options, \"%s\", \"%s\" ou null.",
		    REPONSE_NE_SAIT_PAS, REPONSE_REFUS);
}

/* A matrix whole: { "line": "option" }. */
static bool groupe_json(struct arena *a, const struct instrument *in, int groupe,
			const json_t *v, struct reponse *r, struct err *e)
{
	const struct groupe *g = &in->groupes[groupe];
	const char *line;
	json_t *one;

	if (!json_is_object(v))
		return refuse_answer(g->id, e);
	json_object_foreach((json_t *)v, line, one) {
		const char *id = arena_printf(a, "%s_%s", g->id, line);
		int i = instrument_item(in, id);

		if (i < 0)
			return fail(e, E_INPUT, "Aucune question ne s’appelle « %.60s ».", id);
		if (!reponse_json(a, &in->items[i], one, &r[i]))
			return refuse_answer(id, e);
	}
	return true;
}

bool reponses_read(struct arena *a, const struct instrument *in, const json_t *json,
		   struct reponse **out, struct err *e)
{
	struct reponse *r = NEW_ARRAY(a, (size_t)in->nitems, struct reponse);
	const json_t *inside = json_object_get(json, "reponses");
	const char *key;
	json_t *value;

	if (!r)
		return arena_refuse(a, e);
	if (json_is_object(inside))
		json = inside;
	if (!json_is_object(json))
		return fail(e, E_INPUT, "Les réponses sont un objet { \"question\": \"option\" }.");
	json_object_foreach((json_t *)json, key, value) {
		int i = instrument_item(in, key), g = i < 0 ? instrument_groupe(in, key) : -1;

		if (i < 0 && g < 0)
			return fail(e, E_INPUT, "Aucune question ne s’appelle « %.60s ».", key);
		if (g >= 0 ? !groupe_json(a, in, g, value, r, e)
			   : !reponse_json(a, &in->items[i], value, &r[i]))
			return g >= 0 ? false : refuse_answer(key, e);
	}
	*out = r;
	return true;
}

const char *reponses_write(struct arena *a, const struct instrument *in,
			   const struct reponse *r)
{
	struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };
	const char *text;

	json_open_object(&j, NULL);
	for (int i = 0; i < in->nitems; i++) {
		if (r[i].etat != SANS_REPONSE)
			json_put_text(&j, in->items[i].id, reponse_write(a, &in->items[i], &r[i]));
	}
	json_close_object(&j);
	text = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return text;
}

/* Written as "a,b" by reponses_write, where a list would be ["a", "b"]. */
bool reponses_read_text(struct arena *a, const struct instrument *in, const char *text,
			struct reponse **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	struct reponse *r = NEW_ARRAY(a, (size_t)in->nitems, struct reponse);
	const char *key;
	json_t *v;

	if (!r)
		return arena_refuse(a, e);
	if (!json_read(text, strlen(text), &root, e))
		return false;
	json_object_foreach(root, key, v) {
		int i = instrument_item(in, key);

		if (i < 0 || !json_is_string(v)
		    || !reponse_read(&in->items[i], arena_str(a, json_string_value(v)), &r[i]))
			return refuse_answer(key, e);
	}
	*out = r;
	return true;
}
