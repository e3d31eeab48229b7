/* Names, languages and answers of an instrument. */
#include "detect/instrument.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embedded.h"

int instrument_item(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->nitems; i++) {
		if (strcmp(in->items[i].id, id) == 0)
			return i;
	}
	return -1;
}

int item_option(const struct item *it, const char *id)
{
	for (int i = 0; i < it->noptions; i++) {
		if (strcmp(it->options[i].id, id) == 0)
			return i;
	}
	return -1;
}

const char *instrument_say(const struct instrument *in, const char *langue,
			   const char *texte)
{
	int low = 0, high = in->ntraductions;

	if (!texte)
		return NULL;
	while (low < high) {
		int mid = low + (high - low) / 2;
		const struct traduction *t = &in->traductions[mid];
		int d = strcmp(langue, t->langue);

		if (!d)
			d = strcmp(texte, t->texte);
		if (!d)
			return t->dit;
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return texte;
}

/* --- files -------------------------------------------------------------------------- */

static bool read_file(struct arena *a, const char *path, const char **text, size_t *n,
		      struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *p = arena_alloc(a, INSTRUMENT_BYTES + 1);

	if (!f)
		return fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
	if (!p) {
		fclose(f);
		return arena_refuse(a, e);
	}
	*n = fread(p, 1, INSTRUMENT_BYTES + 1, f);
	fclose(f);
	*text = p;
	return true;
}

bool instrument_open(struct arena *a, const char *name, const struct instrument **out,
		     struct err *e)
{
	const struct embedded_file *f;
	const char *file, *text;
	size_t n = strlen(name);

	if (strchr(name, '/') || (n > 5 && strcmp(name + n - 5, ".json") == 0))
		return read_file(a, name, &text, &n, e)
			&& instrument_read(a, arena_str(a, name), text, n, out, e);
	file = arena_printf(a, "data/instruments/%s.json", name);
	f = embedded_find(embedded_files, file);
	if (!f) {
		fail(e, E_MISSING, "Aucun instrument ne s’appelle « %.60s ».", name);
		return hint(e, "Donnez « reperage », ou le chemin d’un fichier .json.");
	}
	return instrument_read(a, file, f->p, (size_t)(f->end - f->p), out, e);
}

/* --- answers ------------------------------------------------------------------------ */

static bool reponse_add(const struct item *it, const char *id, struct reponse *out)
{
	int option = item_option(it, id);

	if (option < 0)
		return false;
	out->etat = REPONDU;
	out->choix |= 1ull << option;
	return true;
}

/* One option where one is asked for; an exclusive option alone. */
static bool reponse_stands(const struct item *it, const struct reponse *r)
{
	bool several = (r->choix & (r->choix - 1)) != 0;

	if (!several)
		return true;
	if (it->type == ITEM_CHOIX)
		return false;
	for (int i = 0; i < it->noptions; i++) {
		if ((r->choix >> i & 1) && it->options[i].exclusif)
			return false;
	}
	return true;
}

bool reponse_read(const struct item *it, const char *words, struct reponse *out)
{
	*out = (struct reponse){ SANS_REPONSE, 0 };
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
	while (*words) {
		char id[64];
		size_t n = strcspn(words, ",");

		if (n >= sizeof id)
			return false;
		memcpy(id, words, n);
		id[n] = '\0';
		if (!reponse_add(it, id, out))
			return false;
		words += n + (words[n] == ',');
	}
	return reponse_stands(it, out);
}

const char *reponse_write(struct arena *a, const struct item *it, const struct reponse *r)
{
	const char *list = "";

	if (r->etat == NE_SAIT_PAS)
		return REPONSE_NE_SAIT_PAS;
	if (r->etat == REFUS)
		return REPONSE_REFUS;
	for (int i = 0; r->etat == REPONDU && i < it->noptions; i++) {
		if (r->choix >> i & 1)
			list = *list ? arena_printf(a, "%s,%s", list, it->options[i].id)
				     : it->options[i].id;
	}
	return list;
}

static bool reponse_json(const struct item *it, const json_t *v, struct reponse *out)
{
	size_t i;
	json_t *one;

	if (json_is_null(v))
		return true;
	if (json_is_string(v))
		return strchr(json_string_value(v), ',') ? false
			: reponse_read(it, json_string_value(v), out);
	if (!json_is_array(v))
		return false;
	json_array_foreach((json_t *)v, i, one) {
		if (!json_is_string(one) || !reponse_add(it, json_string_value(one), out))
			return false;
	}
	return reponse_stands(it, out);
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
	if (inside)
		json = inside;
	if (!json_is_object(json))
		return fail(e, E_INPUT, "Les réponses sont un objet { \"question\": \"option\" }.");
	json_object_foreach((json_t *)json, key, value) {
		int i = instrument_item(in, key);

		if (i < 0)
			return fail(e, E_INPUT, "Aucune question ne s’appelle « %.60s ».", key);
		if (!reponse_json(&in->items[i], value, &r[i])) {
			fail(e, E_INPUT, "« %s » : cette réponse n’est pas possible.", key);
			return hint(e, "Donnez une de ses options, \"%s\", \"%s\" ou null.",
				    REPONSE_NE_SAIT_PAS, REPONSE_REFUS);
		}
	}
	*out = r;
	return true;
}

bool item_asked(const struct instrument *in, int item, const struct reponse *r)
{
	const struct expression_values v = { r, NULL };

	return !in->items[item].si || expression_holds(in->items[item].si, &v);
}

bool page_asked(const struct instrument *in, int page, const struct reponse *r)
{
	const struct instrument_page *p = &in->pages[page];

	for (int i = 0; i < p->nitems; i++) {
		if (item_asked(in, p->items[i], r))
			return true;
	}
	return false;
}
