#include "detect/papier_code.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has_boxes(const struct item *it)
{
	return it->type != ITEM_NOMBRE && it->type != ITEM_DATE && it->type != ITEM_TEXTE
		&& it->type != ITEM_NOTE;
}

/* "3" and "C" are the third box; -1. */
static int box(const struct item *it, const char *word, size_t n)
{
	long number = 0;

	if (n == 1 && isalpha((unsigned char)*word))
		number = tolower((unsigned char)*word) - 'a' + 1;
	else if (n && n < 4 && strspn(word, "0123456789") >= n)
		number = strtol(word, NULL, 10);
	return number >= 1 && number <= it->noptions ? (int)number - 1 : -1;
}

bool papier_code_read(struct arena *a, const struct item *it, const char *typed,
		      struct reponse *out)
{
	const char *words = "";

	*out = (struct reponse){ .etat = SANS_REPONSE };
	if (!*typed)
		return true;
	if (strcasecmp(typed, "s") == 0 || strcmp(typed, "?") == 0) {
		out->etat = NE_SAIT_PAS;
		return true;
	}
	if (strcasecmp(typed, "r") == 0) {
		out->etat = REFUS;
		return true;
	}
	if (!has_boxes(it))
		return reponse_read(it, typed, out);
	while (*(typed += strspn(typed, " ,;")) != '\0') {
		size_t n = strcspn(typed, " ,;");
		int option = box(it, typed, n);

		if (option < 0)
			return false;
		words = arena_cat(a, words, *words ? "," : "", it->options[option].id, NULL);
		typed += n;
	}
	return reponse_read(it, words, out);
}

static const char *boxes_write(struct arena *a, const struct item *it, const struct reponse *r)
{
	const char *out = "";
	int n = __builtin_popcountll(r->choix);

	for (int i = 0, place = 0; i < it->noptions; i++) {
		int option = it->type == ITEM_ORDRE ? (int)(r->ordre >> 4 * place & 15) : i;

		if (it->type == ITEM_ORDRE ? place == n : !(r->choix >> i & 1))
			continue;
		place++;
		out = arena_printf(a, "%s%s%d", out, *out ? " " : "", option + 1);
	}
	return out;
}

const char *papier_code_write(struct arena *a, const struct item *it, const struct reponse *r)
{
	switch (r->etat) {
	case NE_SAIT_PAS:
		return "S";
	case REFUS:
		return "R";
	case REPONDU:
		return has_boxes(it) ? boxes_write(a, it, r) : reponse_write(a, it, r);
	default:
		return "";
	}
}

/* Is this item asked or not by what was answered to that other one alone? */
static bool only_of(struct arena *a, const struct instrument *in, int item, int of)
{
	uint64_t *named = NEW_ARRAY(a, (size_t)in->scope->nitems + 1, uint64_t);
	bool alone = named && in->items[item].si;

	if (!alone)
		return false;
	expression_names(in->items[item].si, named);
	for (int i = 0; i < in->scope->nitems; i++)
		alone = alone && (i == of || !named[i]);
	return alone && named[of];
}

int papier_jump(struct arena *a, const struct instrument *in, int item, int option)
{
	struct reponse *r = NEW_ARRAY(a, (size_t)in->nitems + 1, struct reponse);
	int next = item + 1;

	if (!r)
		return -1;
	r[item] = (struct reponse){ .etat = REPONDU, .choix = 1ull << option };
	while (next < in->nitems && only_of(a, in, next, item) && !item_asked(in, next, r))
		next++;
	return next > item + 1 ? next : -1;
}
