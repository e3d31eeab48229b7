#include "admit/mot_de_passe.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "web/i18n.h"

enum { ROOM = 4 * MOT_DE_PASSE_MOST + 1, COMMON_UNITS = 2, NAME_LEAST = 4, DATE_DIGITS = 8 };

/* --- what people make of a word --------------------------------------------------- */

/* Letters and digits alone, in lower case, without accents. */
static size_t squeeze(const char *s, char out[ROOM])
{
	char folded[ROOM];
	size_t n = 0;

	utf8_fold(s, folded, sizeof folded);
	for (const char *p = folded; *p; p++) {
		if (*p != ' ')
			out[n++] = *p;
	}
	out[n] = '\0';
	return n;
}

/* "m0td3p@$$e" is "motdepasse"; a 1 stands for an i or an l. */
static void unleet(char *s, char one)
{
	static const char from[] = "034578@$!+", to[] = "oeastbasit";

	for (; *s; s++) {
		const char *at = strchr(from, *s);

		if (*s == '1')
			*s = one;
		else if (at)
			*s = to[at - from];
	}
}

/* --- common words ----------------------------------------------------------------- */

/* Marks in ends[] where a common word that begins at s may end. */
static void words_at(const struct embedded_file *f, const char *s, bool ends[ROOM])
{
	for (const char *p = f->p; p < f->end;) {
		const char *nl = memchr(p, '\n', (size_t)(f->end - p));
		size_t n = (size_t)((nl ? nl : f->end) - p);

		if (n && *p == *s && !strncmp(p, s, n))
			ends[n] = true;
		p += n + 1;
	}
}

/* How many pieces make n bytes at s, at the least: a common word is one, as is a letter on
 * its own; digits between are none up to a date's length, and a letter each after. */
static int pieces_of(const struct embedded_file *f, const char *s, size_t n)
{
	int least[ROOM];

	for (size_t i = 0; i <= n; i++)
		least[i] = i ? ROOM : 0;
	for (size_t i = 0; i < n; i++) {
		bool ends[ROOM] = { false };
		size_t digits = strspn(s + i, "0123456789");
		int one = least[i] + 1;

		words_at(f, s + i, ends);
		for (size_t k = 1; k <= digits && k <= DATE_DIGITS && i + k <= n; k++)
			least[i + k] = least[i] < least[i + k] ? least[i] : least[i + k];
		ends[1] = true;
		for (size_t k = 1; k <= n - i; k++)
			least[i + k] = ends[k] && one < least[i + k] ? one : least[i + k];
	}
	return least[n];
}

static bool is_common(const char *password)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/mots_de_passe_frequents.txt");
	char s[ROOM], typed[ROOM];
	size_t n = squeeze(password, s);

	if (pieces_of(f, s, n) <= COMMON_UNITS)
		return true;
	for (const char *one = "il"; *one; one++) {
		snprintf(typed, sizeof typed, "%s", password);
		unleet(typed, *one);
		n = squeeze(typed, s);
		if (pieces_of(f, s, n) <= COMMON_UNITS)
			return true;
	}
	return false;
}

/* --- what needs no list ----------------------------------------------------------- */

/* "abcdefgh", "13579", "aaaa": steps that are always the same; a doubled word. */
static bool is_pattern(const char *s, size_t n)
{
	size_t same = 0;
	bool seen[256] = { false };
	int kinds = 0;

	for (size_t i = 0; i < n; i++) {
		kinds += !seen[(unsigned char)s[i]];
		seen[(unsigned char)s[i]] = true;
		same += i > 1 && s[i] - s[i - 1] == s[i - 1] - s[i - 2];
	}
	for (size_t p = 1; p <= n / 2 && p < 8; p++) {
		if (!memcmp(s, s + p, n - p))
			return true;
	}
	return kinds < 5 || same * 3 > n * 2;
}

/* What is left when the names are taken out is too short. */
static bool is_about(const char *s, const char *const *about)
{
	char rest[ROOM], name[ROOM];

	memcpy(rest, s, strlen(s) + 1);
	for (; *about; about++) {
		size_t n;
		char *at;

		snprintf(name, sizeof name, "%s", *about);
		name[strcspn(name, "@")] = '\0';
		n = squeeze(name, name);
		while (n >= NAME_LEAST && (at = strstr(rest, name)))
			memmove(at, at + n, strlen(at + n) + 1);
	}
	return strlen(rest) < strlen(s) && strlen(rest) < 8;
}

const char *mot_de_passe_refus(const char *password, const char *const *about)
{
	char s[ROOM];
	size_t n;

	if (!utf8_valid(password, strlen(password)) || utf8_length(password) > MOT_DE_PASSE_MOST)
		return N_("Ce mot de passe est trop long : 128 caractères au plus.");
	if (utf8_length(password) < MOT_DE_PASSE_LEAST)
		return N_("Ce mot de passe est trop court : 12 caractères au moins. Quatre mots qui "
			  "n’ont rien à voir ensemble font un bon mot de passe.");
	n = squeeze(password, s);
	if ((n && is_common(password)) || is_pattern(s, n)
	    || is_pattern(password, strlen(password)))
		return N_("Ce mot de passe est parmi les plus faciles à deviner. Choisissez plutôt "
			  "quatre mots qui n’ont rien à voir ensemble.");
	if (!s[strspn(s, "0123456789")] && n)
		return N_("Des chiffres seuls se devinent trop vite. Ajoutez des mots.");
	if (is_about(s, about))
		return N_("Ce mot de passe contient surtout votre nom. Choisissez des mots qui ne "
			  "parlent pas de vous.");
	return NULL;
}

/* --- hashing ---------------------------------------------------------------------- */

static bool pepper(struct signer *s, const char *password, char out[BOX_TAG_TEXT],
		   struct err *e)
{
	return signer_tag(s, "poivre", (struct bytes){ password, strlen(password) }, out, e);
}

bool mot_de_passe_hash(struct hacheurs *h, struct signer *s, const char *password,
		       char out[PASSWORD_TEXT], struct err *e)
{
	char peppered[BOX_TAG_TEXT];

	return pepper(s, password, peppered, e) && hacheurs_hash(h, peppered, out, e);
}

bool mot_de_passe_is(struct hacheurs *h, struct signer *s, const char *hash,
		     const char *password, bool *right, struct err *e)
{
	char peppered[BOX_TAG_TEXT];

	if (!pepper(s, password, peppered, e))
		return false;
	*right = hacheurs_is(h, hash, peppered);
	return true;
}
