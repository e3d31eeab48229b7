/* Names, languages and files of an instrument; what is asked. */
#include "detect/instrument.h"

#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"

int instrument_item(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->nitems; i++) {
		if (strcmp(in->items[i].id, id) == 0)
			return i;
	}
	return -1;
}

int instrument_groupe(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->ngroupes; i++) {
		if (strcmp(in->groupes[i].id, id) == 0)
			return i;
	}
	return -1;
}

int instrument_score_named(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->nscores; i++) {
		if (strcmp(in->scores[i].id, id) == 0)
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

/* --- what is asked -------------------------------------------------------------------- */

bool item_asked(const struct instrument *in, int item, const struct reponse *r)
{
	const struct expression_values v = { r, NULL };

	if (in->items[item].type == ITEM_NOTE && !in->items[item].active)
		return false;
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
