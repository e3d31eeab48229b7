#include "orient/lieu_place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/lieu.h"

enum { KEY_MOST = 160 };

/* --- names -------------------------------------------------------------------------- */

static bool is_number(const char *s, size_t n)
{
	return n && strspn(s, "0123456789") >= n;
}

/* The word at s (n bytes) as the key writes it; NULL: the rest of the name is no name. */
static const char *key_word(const char *s, size_t n, char out[KEY_MOST])
{
	static const char *const ends[] = { "cedex", "bp", "tsa", "cs" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t k = strlen(ends[i]);

		if (n >= k && strncmp(s, ends[i], k) == 0 && (n == k || is_number(s + k, n - k))
		    && (n > k || i == 0 || (s[n] == ' ' && s[n + 1] >= '0' && s[n + 1] <= '9')))
			return NULL;
	}
	if (n == 5 && is_number(s, n))
		return "";                      /* a postal code in the name */
	if (n == 2 && strncmp(s, "st", 2) == 0)
		return "saint";
	if (n == 3 && strncmp(s, "ste", 3) == 0)
		return "sainte";
	snprintf(out, KEY_MOST, "%.*s", (int)n, s);
	return out;
}

void place_key(const char *commune, char *out, size_t room)
{
	char folded[KEY_MOST], word[KEY_MOST];
	const char *s = folded, *w;
	size_t n = 0;

	utf8_fold(commune, folded, sizeof folded);
	*out = '\0';
	while (*s) {
		size_t length = strcspn(s, " ");

		w = key_word(s, length, word);
		if (!w && n)
			return;
		if (w && *w)
			n += (size_t)snprintf(out + n, room - n, "%s%s", n ? " " : "", w);
		if (n >= room)
			return;
		s += length + (s[length] == ' ');
	}
}

/* The number in "paris 10", "lyon 9eme", "marseille 1er arrondissement"; 0. */
static int arrondissement_of(const char *key, const char **code)
{
	static const struct { const char *name, *code; int first, last; } cities[] = {
		{ "paris ", "75056", 75101, 20 }, { "lyon ", "69123", 69381, 9 },
		{ "marseille ", "13055", 13201, 16 },
	};

	for (size_t i = 0; i < sizeof cities / sizeof *cities; i++) {
		size_t n = strlen(cities[i].name);
		int number;

		if (strncmp(key, cities[i].name, n))
			continue;
		number = (int)strtol(key + n, NULL, 10);
		if (number < 1 || number > cities[i].last)
			return 0;
		*code = cities[i].code;
		return cities[i].first + number - 1;
	}
	return 0;
}

void place_departement(const char *code_postal, char out[4])
{
	bool three = strncmp(code_postal, "97", 2) == 0 || strncmp(code_postal, "98", 2) == 0;

	snprintf(out, 4, "%.*s", three ? 3 : 2, code_postal);
}

/* Both halves of Corsica share "20"; a département's own code is the rule elsewhere. */
static bool in_departement(const struct commune *c, const char *dep)
{
	if (!*dep || strcmp(c->departement, dep) == 0)
		return true;
	return strcmp(dep, "20") == 0 && (strcmp(c->departement, "2A") == 0
					  || strcmp(c->departement, "2B") == 0);
}

static bool has_postal(const struct commune *c, const char *postal)
{
	return strlen(postal) == 5 && strstr(c->postaux, postal) != NULL;
}

/* First postal index of that code; r->npostaux when nobody has it. */
static size_t postal_first(const struct repertoire *r, const char *code)
{
	size_t i = repertoire_first_postal(r, code);

	return i < r->npostaux && strcmp(r->postaux[i].code, code) == 0 ? i : r->npostaux;
}

/* --- candidates --------------------------------------------------------------------- */

/* The only commune of that exact name in the département; among several, the one of the
 * postal code. */
static const struct commune *by_exact_name(const struct repertoire *r, const char *key,
					   const char *postal, const char *dep)
{
	const struct commune *one = NULL, *with_postal = NULL;
	int ones = 0, withs = 0;

	for (size_t i = repertoire_first_nom(r, key);
	     i < r->nnoms && strcmp(r->noms[i].cle, key) == 0; i++) {
		const struct commune *c = &r->communes[r->noms[i].commune];

		if (!in_departement(c, dep) || c == one)
			continue;
		ones++;
		one = c;
		if (has_postal(c, postal)) {
			withs++;
			with_postal = c;
		}
	}
	return ones == 1 ? one : withs == 1 ? with_postal : NULL;
}

/* "meudon la foret": the commune whose name begins the text, when the postal code does
 * not say otherwise. */
static const struct commune *by_beginning(const struct repertoire *r, const char *key,
					  const char *postal, const char *dep)
{
	char head[KEY_MOST];
	char *cut;

	snprintf(head, sizeof head, "%s", key);
	while ((cut = strrchr(head, ' ')) != NULL) {
		const struct commune *c;

		*cut = '\0';
		if (strlen(head) < 4 || strcmp(head, "saint") == 0 || strcmp(head, "sainte") == 0)
			return NULL;
		c = by_exact_name(r, head, postal, dep);
		if (c)
			return has_postal(c, postal)
			       || postal_first(r, postal) == r->npostaux ? c : NULL;
	}
	return NULL;
}

/* Letters to change, add or drop between two names, `most` + 1 when there are more. */
static int letters_apart(const char *a, const char *b, int most)
{
	int row[KEY_MOST + 1];
	int na = (int)strlen(a), nb = (int)strlen(b);

	if (na > KEY_MOST || nb > KEY_MOST || abs(na - nb) > most)
		return most + 1;
	for (int j = 0; j <= nb; j++)
		row[j] = j;
	for (int i = 1; i <= na; i++) {
		int corner = row[0];

		row[0] = i;
		for (int j = 1; j <= nb; j++) {
			int cost = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < cost)
				cost = row[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
		}
	}
	return row[nb];
}

/* "le tampon" for "tampon". */
static bool is_with_article(const char *cle, const char *key)
{
	static const char *const articles[] = { "le ", "la ", "les ", "l ", "aux " };

	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
		size_t n = strlen(articles[i]);

		if (strncmp(cle, articles[i], n) == 0 && strcmp(cle + n, key) == 0)
			return true;
	}
	return false;
}

enum likeness { LIKE_ARTICLE, LIKE_BEGINS, LIKE_SPELT, LIKE_NOT };

static enum likeness likeness(const char *cle, const char *key)
{
	size_t n = strlen(key);
	int most = n >= 10 ? 2 : n >= 6 ? 1 : 0;

	if (is_with_article(cle, key))
		return LIKE_ARTICLE;
	if (n >= 4 && strncmp(cle, key, n) == 0 && cle[n] == ' ')
		return LIKE_BEGINS;
	return most && letters_apart(cle, key, most) <= most ? LIKE_SPELT : LIKE_NOT;
}

/* The only commune of the département whose name is like that: without its article, its
 * beginning, a slip of spelling.  The postal code decides between several. */
static const struct commune *by_likeness(const struct repertoire *r, const char *key,
					 const char *postal, const char *dep)
{
	const struct commune *one = NULL;
	enum likeness best = LIKE_NOT;
	bool tie = false, one_postal = false;
	size_t n = strlen(dep) > 2 ? 3 : strcmp(dep, "20") == 0 ? 1 : 2;

	for (size_t i = repertoire_first_commune(r, n == 1 ? "2A" : dep);
	     i < r->ncommunes && strncmp(r->communes[i].code, dep, n) == 0; i++) {
		const struct commune *c = &r->communes[i];
		enum likeness l = in_departement(c, dep) ? likeness(c->cle, key) : LIKE_NOT;
		bool p = has_postal(c, postal);

		if (l == LIKE_NOT || l > best || (l == best && one_postal && !p))
			continue;
		tie = l == best && one_postal == p;
		best = l;
		one = c;
		one_postal = p;
	}
	return tie ? NULL : one;
}

static const struct commune *by_name(const struct repertoire *r, const char *name,
				     const char *postal)
{
	char key[KEY_MOST], code[12], dep[4];
	const char *city;
	const struct commune *c = NULL;
	int number;

	place_key(name, key, sizeof key);
	place_departement(postal, dep);
	number = arrondissement_of(key, &city);
	if (number) {
		snprintf(code, sizeof code, "%05d", number);
		c = repertoire_commune(r, code);
		return c ? c : repertoire_commune(r, city);
	}
	if (!*key || !*dep)
		return NULL;
	c = by_exact_name(r, key, postal, dep);
	if (!c)
		c = by_beginning(r, key, postal, dep);
	return c ? c : by_likeness(r, key, postal, dep);
}

/* The only commune of a postal code; a city's arrondissement rather than the city. */
static const struct commune *by_postal(const struct repertoire *r, const char *postal)
{
	const struct commune *one = NULL;

	for (size_t i = postal_first(r, postal);
	     i < r->npostaux && strcmp(r->postaux[i].code, postal) == 0; i++) {
		const struct commune *c = &r->communes[r->postaux[i].commune];

		if (c->divisee)
			continue;
		if (one)
			return NULL;
		one = c;
	}
	return one;
}

/*
 * The commune that a SIRET names, when it has this postal code too.  Insee numbers communes as
 * 21, département, commune: "21 71 0306 8" is 71306, "21 87 1540 7" 87154, "21 974 016 4" 97416.
 */
static const struct commune *by_siret(const struct repertoire *r, const char *siret,
				      const char *postal)
{
	const struct commune *one = NULL;
	char code[8];

	if (strlen(siret) != 14 || strncmp(siret, "21", 2) || !*postal)
		return NULL;
	for (int back = 0; back < 2; back++) {
		const char *dep = siret + 2, *number = siret + (back ? 4 : 5);
		const struct commune *c;

		if (strncmp(dep, "97", 2) == 0)
			snprintf(code, sizeof code, "%.3s%.2s", dep, siret + 6);
		else if (siret[back ? 7 : 4] != '0')
			continue;
		else
			snprintf(code, sizeof code, "%.2s%.3s", dep, number);
		c = repertoire_commune(r, code);
		if (!c || c == one || !has_postal(c, postal))
			continue;
		if (one)
			return NULL;            /* read both ways it is two communes of this code */
		one = c;
	}
	return one;
}

/* The arrondissement of a divided city that the postal code names. */
static const struct commune *narrowed(const struct repertoire *r, const struct commune *c,
				      const char *postal)
{
	const struct commune *part = c && c->divisee ? by_postal(r, postal) : NULL;

	return part && strcmp(part->parent, c->code) == 0 ? part : c;
}

static double metres_to(const struct commune *c, const struct place_ask *ask)
{
	return isfinite(c->lat) && isfinite(ask->lat)
	       ? distance_metres(c->lat, c->lon, ask->lat, ask->lon) : INFINITY;
}

struct place_found place_find(const struct repertoire *r, const struct place_ask *ask)
{
	struct place_found f = { 0 };
	const struct commune *code = *ask->code_insee
				     ? repertoire_commune(r, ask->code_insee) : NULL;
	const struct commune *name = *ask->commune && r->ncommunes
				     ? by_name(r, ask->commune, ask->code_postal) : NULL;
	bool postal_known;

	code = narrowed(r, code, ask->code_postal);
	name = narrowed(r, name, ask->code_postal);
	f.code_wrong = *ask->code_insee && r->ncommunes && !code;
	f.commune = name ? name : code;
	f.by_code = !name && code;
	if (name && code && name != code && strcmp(code->parent, name->code)) {
		if (strcmp(name->parent, code->code) == 0)
			code = name;            /* an arrondissement and its city */
		else if (metres_to(code, ask) < metres_to(name, ask)) {
			f.commune = code;
			f.by_code = true;
		} else {
			f.code_wrong = true;
		}
	} else if (name && code && name != code) {
		f.commune = code;               /* the city by its name, its part by its code */
	}
	if (!f.commune && r->ncommunes) {
		f.commune = by_postal(r, ask->code_postal);
		f.by_postal = f.commune != NULL;
	}
	if (!f.commune && r->ncommunes && !*ask->commune) {
		f.commune = by_siret(r, ask->siret, ask->code_postal);
		f.by_siret = f.commune != NULL;
	}
	postal_known = postal_first(r, ask->code_postal) < r->npostaux;
	f.sure = f.commune && !f.by_postal && !f.code_wrong
		 && (has_postal(f.commune, ask->code_postal) || !postal_known);
	return f;
}

const char *place_name(const struct repertoire *r, const struct commune *c)
{
	const struct commune *city = *c->parent ? repertoire_commune(r, c->parent) : NULL;

	return city ? city->nom : c->nom;
}
