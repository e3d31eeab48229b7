/* E-mail addresses that name a person: POSTURE 11, names of professionals are not published. */
#include <string.h>

#include "base/embedded.h"
#include "orient/lieu_clean.h"

enum { PART_MOST = 40, PARTS_MOST = 4, FIRST_NAME_LEAST = 3 };

struct parts {
	char text[PARTS_MOST][PART_MOST];
	int n;
};

/* Is the word a line of that file? */
static bool listed(const char *file, const char *word)
{
	const struct embedded_file *f = embedded_find(embedded_files, file);
	size_t n = strlen(word);
	const char *p, *at;

	for (p = f ? f->p : NULL; p && *p && (at = strstr(p, word)) != NULL; p = at + n) {
		if ((at == f->p || at[-1] == '\n') && at[n] == '\n')
			return true;
	}
	return false;
}

static bool is_first_name(const char *word)
{
	return strlen(word) >= FIRST_NAME_LEAST
	       && listed("data/prenoms_frequents.txt", word);
}

static bool is_generic(const char *word)
{
	return listed("data/courriels_generiques.txt", word);
}

/* What stands before the '@', cut at dots, hyphens, underscores and digits.  false when
 * there are too many parts or one that is too long to be a name. */
static bool split(const char *address, struct parts *out)
{
	size_t n = 0;

	out->n = 0;
	for (const char *s = address;; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');

		if (letter && n == 0 && out->n == PARTS_MOST)
			return false;
		if (letter && n == PART_MOST - 1)
			return false;
		if (letter)
			out->text[out->n][n++] = *s >= 'a' ? *s : (char)(*s + 32);
		else if (n) {
			out->text[out->n++][n] = '\0';
			n = 0;
		}
		if (!*s || *s == '@')
			return true;
	}
}

bool courriel_is_personal(const char *address)
{
	struct parts p;
	bool named = false;

	if (!split(address, &p) || !p.n)
		return false;
	for (int i = 0; i < p.n; i++) {
		if (is_generic(p.text[i]))
			return false;
		named |= is_first_name(p.text[i]);
	}
	if (named)
		return true;
	/* "j.dupont@": an initial and a name */
	return p.n == 2 && strlen(p.text[0]) == 1 && strlen(p.text[1]) >= FIRST_NAME_LEAST
	       && strcspn(address, ".") == 1;
}
