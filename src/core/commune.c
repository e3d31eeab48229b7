#include "core/commune.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/commune_words.h"

struct search {
	const struct repertoire *r;
	struct typed t;
	struct commune_match *out;
	size_t n, max;
};

/* --- the list of matches --------------------------------------------------------------- */

/* Ranks count double inside: whole words before pieces of words. */
static bool before(const struct commune_match *x, const struct commune_match *y)
{
	if (x->rang != y->rang)
		return x->rang < y->rang;
	if (x->commune->population != y->commune->population)
		return x->commune->population > y->commune->population;
	return strcmp(x->commune->cle, y->commune->cle) < 0;
}

static bool wanted(const struct search *s, const struct commune *c)
{
	if (s->t.departement[0] && strcmp(c->departement, s->t.departement))
		return false;
	if (!s->t.code[0])
		return true;
	return strstr(c->postaux, s->t.code) || !strcmp(c->code, s->t.code);
}

static void offer(struct search *s, uint32_t commune, const char *ancien, int rang)
{
	struct commune_match m = { &s->r->communes[commune], ancien, rang };
	size_t i;

	if (s->n == s->max && !before(&m, &s->out[s->n - 1]))
		return;
	if (!wanted(s, m.commune))
		return;
	for (i = 0; i < s->n && s->out[i].commune != m.commune; i++)
		continue;
	if (i < s->n) {
		if (s->out[i].rang < rang || (s->out[i].rang == rang && !s->out[i].ancien))
			return;
		memmove(s->out + i, s->out + i + 1, (s->n - i - 1) * sizeof m);
		s->n--;
	}
	if (s->n == s->max)
		s->n--;
	for (i = s->n++; i > 0 && before(&m, &s->out[i - 1]); i--)
		s->out[i] = s->out[i - 1];
	s->out[i] = m;
}

static void offer_nom(struct search *s, const struct nom_index *x, int rang)
{
	offer(s, x->commune, x->ancien ? x->nom : NULL, rang);
}

/* --- codes ----------------------------------------------------------------------------- */

static size_t first_postal(const struct postal_index *p, size_t n, const char *code)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(p[mid].code, code) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static void by_postal(struct search *s, const char *code)
{
	const struct repertoire *r = s->r;

	for (size_t i = first_postal(r->postaux, r->npostaux, code);
	     i < r->npostaux && !strcmp(r->postaux[i].code, code); i++)
		offer(s, r->postaux[i].commune, NULL, 0);
}

/* Of a commune with arrondissements and one of them, the arrondissement. */
static void keep_arrondissements(struct search *s)
{
	size_t k = 0;
	bool some = false;

	for (size_t i = 0; i < s->n; i++)
		some |= s->out[i].commune->parent[0] != '\0';
	for (size_t i = 0; some && i < s->n; i++) {
		if (!s->out[i].commune->divisee)
			s->out[k++] = s->out[i];
	}
	if (some)
		s->n = k;
}

/* The INSEE code comes after the communes of the postal code that is written the same. */
static void by_insee(struct search *s, const char *code)
{
	const struct repertoire *r = s->r;
	const struct commune *c = repertoire_commune(r, code);
	size_t i = first_postal(r->anciens, r->nanciens, code);

	if (!c && i < r->nanciens && !strcmp(r->anciens[i].code, code))
		c = &r->communes[r->anciens[i].commune];
	if (!c)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->out[i].commune == c)
			return;
	}
	if (s->n == s->max)
		s->n--;
	s->out[s->n++] = (struct commune_match){ c, NULL, 0 };
}

/* A CEDEX code is no place's: the communes whose own code begins most like it. */
static void by_cedex(struct search *s, const char *code)
{
	const struct repertoire *r = s->r;
	char head[6];

	for (size_t keep = 4; keep >= 3 && !s->n; keep--) {
		memcpy(head, code, keep);
		head[keep] = '\0';
		for (size_t i = first_postal(r->postaux, r->npostaux, head);
		     i < r->npostaux && !strncmp(r->postaux[i].code, head, keep); i++)
			offer(s, r->postaux[i].commune, NULL, RANK(4));
	}
}

static void find_code(struct search *s)
{
	char code[6];

	memcpy(code, s->t.code, sizeof code);
	s->t.code[0] = '\0';                    /* the lists below are the filter */
	if (isdigit((unsigned char)code[1])) {
		by_postal(s, code);
		keep_arrondissements(s);
	}
	by_insee(s, code);
	if (!s->n && isdigit((unsigned char)code[1]))
		by_cedex(s, code);
}

/* --- names ----------------------------------------------------------------------------- */

static const char *const articles[] = { "", "le ", "la ", "les ", "l ", "aux " };
enum { ARTICLES = 6 };

static void exact(struct search *s, const char *key, int rang)
{
	const struct repertoire *r = s->r;

	for (size_t i = repertoire_first_nom(r, key);
	     i < r->nnoms && !strcmp(r->noms[i].cle, key); i++)
		offer_nom(s, &r->noms[i], rang);
}

/* The name as it is, then with the article that was left out, then without the one that
 * should not be there. */
static void find_exact(struct search *s, const char *key)
{
	char with[WORDS_TEXT + 8];

	exact(s, key, RANK(0));
	for (int i = 1; i < ARTICLES; i++) {
		snprintf(with, sizeof with, "%s%s", articles[i], key);
		exact(s, with, RANK(1));
	}
	if (words_article(key))
		exact(s, key + words_article(key), RANK(1));
}

static void find_prefix(struct search *s, const char *key)
{
	const struct repertoire *r = s->r;
	char with[WORDS_TEXT + 8];

	for (int a = 0; a < ARTICLES; a++) {
		size_t n = (size_t)snprintf(with, sizeof with, "%s%s", articles[a], key);

		for (size_t i = repertoire_first_nom(r, with);
		     i < r->nnoms && !strncmp(r->noms[i].cle, with, n); i++)
			offer_nom(s, &r->noms[i], RANK(2));
	}
}

/* Pairs of letters of the i-th name. */
static inline struct nom_mask mask_at(const struct repertoire *r, size_t i)
{
	return r->masques ? r->masques[i] : words_mask(r->noms[i].cle);
}

/* Names that contain the words of the key. */
static void find_contained(struct search *s, const char *key)
{
	const struct repertoire *r = s->r;
	struct nom_mask want = words_mask(key);

	for (size_t i = 0; i < r->nnoms; i++) {
		struct nom_mask have = mask_at(r, i);
		int rang;

		if ((want.pairs[0] & ~have.pairs[0]) || (want.pairs[1] & ~have.pairs[1]) << 6)
			continue;
		rang = words_contained(key, r->noms[i].cle);
		if (rang)
			offer_nom(s, &r->noms[i], RANK(2) + rang);
	}
}

/* Names that differ by so many letters: each touches at most two pairs (three when two
 * letters are swapped). */
static void find_near(struct search *s, const char *key, int edits)
{
	const struct repertoire *r = s->r;
	struct nom_mask want = words_mask(key), none = { { 0, 0 } };
	size_t length = strlen(key);
	int most = edits == 1 ? 3 : 5;

	if (words_missing(&want, &none) <= most + 1)
		return;                         /* too few different letters to tell */
	for (size_t i = 0; i < r->nnoms; i++) {
		struct nom_mask have = mask_at(r, i);
		size_t n = words_length(&have);
		const char *cle;

		if (n + (size_t)edits < length || n > length + (size_t)edits + 4
		    || words_missing(&want, &have) > most)
			continue;
		cle = r->noms[i].cle;
		if (words_near(key, cle, edits) || words_near(key, cle + words_article(cle), edits))
			offer_nom(s, &r->noms[i], RANK(4));
	}
}

/* Arrondissements of a city, in their order: all of them, or the one with this number. */
static void offer_arrondissements(struct search *s, const struct commune *city, int number)
{
	const struct repertoire *r = s->r;
	int k = 0;

	for (size_t i = repertoire_first_commune(r, city->departement);
	     i < r->ncommunes && s->n < s->max
	     && !strcmp(r->communes[i].departement, city->departement); i++) {
		if (strcmp(r->communes[i].parent, city->code) || (number && ++k != number))
			continue;
		s->out[s->n++] = (struct commune_match){ &r->communes[i], NULL,
							 number ? RANK(0) : RANK(2) };
	}
}

/* "paris 11e", "marseille 1er arrondissement", "lyon iii". */
static bool find_arrondissement(struct search *s, const char *key)
{
	char city[WORDS_TEXT];
	const struct repertoire *r = s->r;
	int number = words_arrondissement(key, city);

	for (size_t i = number ? repertoire_first_nom(r, city) : r->nnoms;
	     i < r->nnoms && !strcmp(r->noms[i].cle, city); i++) {
		const struct commune *c = &r->communes[r->noms[i].commune];

		if (c->divisee)
			offer_arrondissements(s, c, number);
	}
	return s->n > 0;
}

/* How many of the matches are exact. */
static size_t exacts(const struct search *s)
{
	size_t n = 0;

	while (n < s->n && s->out[n].rang <= RANK(1))
		n++;
	return n;
}

/* A name that only one commune has says it all; a city shows its arrondissements. */
static bool settled(struct search *s)
{
	if (exacts(s) != 1 || s->out[0].rang > RANK(0))
		return false;
	if (s->out[0].commune->divisee && !s->t.code[0] && !s->t.departement[0])
		offer_arrondissements(s, s->out[0].commune, 0);
	return true;
}

static void find_name(struct search *s, const char *key)
{
	char full[WORDS_TEXT];

	find_exact(s, key);
	if (settled(s))
		return;
	words_expand(key, full);                /* "st" is "saint" unless a name has "st" */
	if (strcmp(full, key))
		find_exact(s, full);
	if (settled(s))
		return;
	find_prefix(s, full);
	if (s->n == 1 && exacts(s))             /* "blanc mesnil", and no other begins so */
		return;
	if (s->n < s->max && strlen(full) > 2)
		find_contained(s, full);
	if (!s->n && strlen(full) >= 5)
		find_near(s, full, 1);
	if (!s->n && strlen(full) >= 8)
		find_near(s, full, 2);
}

/* Département of a postal code: its beginning, but for Corsica. */
static void departement_prefix(const char *code, char out[4])
{
	size_t n = code[0] == '9' && (code[1] == '7' || code[1] == '8') ? 3 : 2;

	out[0] = '\0';
	if (!strncmp(code, "20", 2))
		return;
	memcpy(out, code, n);
	out[n] = '\0';
}

/* A name with a postal code or a département. */
static void find_both(struct search *s)
{
	struct typed t = s->t;

	find_name(s, t.name);
	if (s->n && s->out[0].commune->divisee && t.code[0]) {
		s->n = 0;
		by_postal(s, t.code);
		keep_arrondissements(s);
		return;
	}
	if (s->n)
		return;
	/* Together they mean nothing: a CEDEX code is of the département, and keeps the name;
	 * otherwise one of the two is a slip, and nobody is sure. */
	s->t.code[0] = '\0';
	if (t.code[0])
		departement_prefix(t.code, s->t.departement);
	find_name(s, t.name);
	if (s->n && t.code[0])
		return;
	s->t.departement[0] = '\0';
	find_name(s, t.name);
	for (size_t i = 0; i < s->n; i++)
		s->out[i].rang = RANK(4);
}

/* Nothing but a département: its communes, the largest first. */
static void find_departement(struct search *s)
{
	const struct repertoire *r = s->r;

	for (size_t i = repertoire_first_commune(r, s->t.departement); i < r->ncommunes
	     && !strcmp(r->communes[i].departement, s->t.departement); i++) {
		if (!r->communes[i].parent[0])
			offer(s, (uint32_t)i, NULL, RANK(2));
	}
}

size_t commune_find(const struct repertoire *r, const char *typed,
		    struct commune_match *out, size_t max)
{
	struct search s = { .r = r, .out = out, .max = max };

	if (!max || !words_read(typed, &s.t))
		return 0;
	if (!s.t.departement[0] && s.t.place[0])
		words_departement(r, &s.t);
	if (find_arrondissement(&s, s.t.whole))
		;
	else if (s.t.name[0] && (s.t.code[0] || s.t.departement[0]))
		find_both(&s);
	else if (s.t.name[0])
		find_name(&s, s.t.name);
	else if (s.t.code[0])
		find_code(&s);
	else
		find_departement(&s);
	for (size_t i = 0; i < s.n; i++)
		out[i].rang = out[i].rang / 2;
	return s.n;
}

bool commune_is_sure(const struct commune_match *m, size_t n, const char *typed)
{
	(void)typed;
	return n == 1 && m[0].rang <= 3;
}

const char *commune_label(struct arena *a, const struct commune *c)
{
	if (c->divisee)
		return arena_printf(a, "%s (%s)", c->nom, c->departement);
	if (strlen(c->postaux) >= 5)
		return arena_printf(a, "%s (%.5s)", c->nom, c->postaux);
	return arena_printf(a, "%s (%s)", c->nom, c->code);
}

const struct nom_mask *commune_masks(struct arena *a, const struct nom_index *noms, size_t n)
{
	struct nom_mask *m = NEW_ARRAY(a, n + 1, struct nom_mask);

	for (size_t i = 0; m && i < n; i++)
		m[i] = words_mask(noms[i].cle);
	return m;
}
