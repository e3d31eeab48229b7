/* Names of persons: POSTURE 11, those of professionals are not published unless they agreed. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/embedded.h"
#include "base/utf8.h"
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

/* --- texts -------------------------------------------------------------------------------- */

static const char hidden_name[] = "[nom non publié]";

/* Does a capital letter begin here? */
static bool is_capital(const char *s)
{
	static const char *const accented[] = { "É", "È", "Ê", "Â", "Î", "Ô", "Ç", "Ë", "Ï" };

	for (size_t i = 0; i < sizeof accented / sizeof *accented; i++) {
		if (strncmp(s, accented[i], strlen(accented[i])) == 0)
			return true;
	}
	return *s >= 'A' && *s <= 'Z';
}

static size_t word_length(const char *s)
{
	return strcspn(s, " \t\n.,;:!?()/\"");
}

/* The end of up to three capitalised words at s, s itself when there is none. */
static const char *name_end(const char *s)
{
	const char *end = s;

	for (int i = 0; i < 3 && is_capital(s) && word_length(s) > 1; i++) {
		end = s + word_length(s);
		s = end;
		if (*s == '.' && end - s == 1)
			s++;
		if (*s != ' ')
			break;
		s++;
	}
	return end;
}

static bool is_first_name_here(const char *s)
{
	char word[PART_MOST], folded[PART_MOST];
	size_t n = word_length(s);

	if (!is_capital(s) || n >= sizeof word)
		return false;
	memcpy(word, s, n);
	word[n] = '\0';
	utf8_fold(word, folded, sizeof folded);
	return is_first_name(folded);
}

/* Where a name begins after a title or "contact :" at s; NULL. */
static const char *name_after(const char *s)
{
	static const char *const titles[] = { "M. ", "Mr ", "Mr. ", "Mme ", "Mme. ", "Mlle ",
		"Monsieur ", "Madame ", "Mademoiselle " };
	static const char *const contacts[] = { "contact : ", "contact: ", "contacter ",
		"contactez " };

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		size_t n = strlen(titles[i]);

		if (strncmp(s, titles[i], n) == 0 && is_capital(s + n) && name_end(s + n) > s + n)
			return s;
	}
	for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
		size_t n = strlen(contacts[i]);

		if (strncasecmp(s, contacts[i], n) == 0 && is_first_name_here(s + n))
			return s + n;
	}
	return NULL;
}

/* The end of what names a person from `at`: a title, if any, and capitalised words. */
static const char *person_end(const char *at)
{
	const char *words = strchr(at, ' ');

	if (is_first_name_here(at))
		return name_end(at);
	return words ? name_end(words + 1) : at;
}

struct cleaned persons_hidden(struct arena *a, const char *text)
{
	struct buf out = buf_new(2 * strlen(text) + sizeof hidden_name);
	struct cleaned r = { text, NOTE_NONE, NULL };
	const char *s = text, *at;

	while (*s) {
		bool start = s == text || strchr(" \n(-:,;", s[-1]);
		const char *end = NULL;

		at = start ? name_after(s) : NULL;
		if (at)
			end = person_end(at);
		if (at && end > at) {
			buf_add(&out, s, (size_t)(at - s));
			buf_str(&out, hidden_name);
			s = end;
			r.action = NOTE_NON_PUBLIE;
		} else {
			buf_char(&out, *s++);
		}
	}
	if (r.action && !out.full) {
		r.text = arena_str(a, buf_text(&out));
		r.why = "le nom d'une personne : gardé dans les données d'origine, non publié";
	} else if (out.full) {
		r = (struct cleaned){ "", NOTE_RETIRE, "texte trop long" };
	}
	buf_free(&out);
	return r;
}

/* "PRENOM NOM CNFS ASSOCIATION": the name of a professional before the name of the place. */
struct cleaned person_before_job(struct arena *a, const char *nom)
{
	static const char *const jobs[] = { "cnfs", "conseiller", "conseillere", "mediateur",
		"mediatrice", "aidant", "aidante" };
	const char *s = nom;

	if (!is_first_name_here(nom))
		return (struct cleaned){ nom, NOTE_NONE, NULL };
	for (int i = 0; i < 4 && *s; i++) {
		char word[PART_MOST], folded[PART_MOST];
		size_t n = strcspn(s, " ");

		for (size_t k = 0; n < sizeof word && i && k < sizeof jobs / sizeof *jobs; k++) {
			memcpy(word, s, n);
			word[n] = '\0';
			utf8_fold(word, folded, sizeof folded);
			if (strcmp(folded, jobs[k]) == 0)
				return (struct cleaned){ arena_str(a, s), NOTE_NON_PUBLIE,
					"le nom d'une personne devant son métier : gardé dans "
					"les données d'origine, non publié" };
		}
		s += n + (s[n] == ' ');
	}
	return (struct cleaned){ nom, NOTE_NONE, NULL };
}
