#include "core/commune.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { KEY = 128, NEAR_LEAST = 5, DEPARTEMENT = 4 };

enum { RANK_EXACT, RANK_ARTICLE, RANK_BEGINS, RANK_CONTAINS, RANK_NEAR, RANK_NONE };

/* What was typed, taken apart. */
struct typed {
	char key[KEY];                  /* folded name, "saint" in full, no article; "" */
	char whole[KEY];                /* folded name as it was typed, "saint" in full */
	char postal[6];                 /* five digits; "" */
	char code[6];                   /* INSEE code; "" */
	char departement[DEPARTEMENT];  /* "93" after a name; "" */
};

/* --- names -------------------------------------------------------------------------------- */

static bool is_article(const char *w, size_t n)
{
	static const char *const articles[] = { "le", "la", "les", "l", "aux", "au" };

	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
		if (strlen(articles[i]) == n && !memcmp(articles[i], w, n))
			return true;
	}
	return false;
}

/* The key after its article: "blanc mesnil" of "le blanc mesnil". */
static const char *bare(const char *key)
{
	const char *space = strchr(key, ' ');

	return space && is_article(key, (size_t)(space - key)) ? space + 1 : key;
}

static const char *full_word(const char *w, size_t *n)
{
	static const struct { const char *brief, *whole; } words[] = {
		{ "st", "saint" }, { "ste", "sainte" }, { "sts", "saints" },
		{ "stes", "saintes" }, { "ss", "sous" }, { "s", "sur" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i].brief) == *n && !memcmp(words[i].brief, w, *n)) {
			*n = strlen(words[i].whole);
			return words[i].whole;
		}
	}
	return w;
}

/* Writes abbreviations in full; a first "s" is no "sur". */
static void expand(const char *folded, char *out)
{
	size_t n = 0;

	while (*folded) {
		size_t k = strcspn(folded, " "), m = k;
		const char *w = n || k > 1 ? full_word(folded, &m) : folded;

		if (n + m + 2 > KEY)
			break;
		if (n)
			out[n++] = ' ';
		memcpy(out + n, w, m);
		n += m;
		folded += k + (folded[k] == ' ');
	}
	out[n] = '\0';
}

/* Takes the word [w, w + k) out of a folded text. */
static void cut_word(char *text, char *w, size_t k)
{
	char *after = w + k + (w[k] == ' ');

	memmove(w, after, strlen(after) + 1);
	k = strlen(text);
	if (k && text[k - 1] == ' ')
		text[k - 1] = '\0';
}

static size_t digits_in(const char *w, size_t k)
{
	size_t n = 0;

	for (size_t i = 0; i < k; i++)
		n += isdigit((unsigned char)w[i]) != 0;
	return n;
}

/* "2a004", "93010": five characters, an INSEE or a postal code. */
static bool looks_like_code(const char *w, size_t k)
{
	return k == 5 && (digits_in(w, k) == 5
			  || (w[0] == '2' && (w[1] == 'a' || w[1] == 'b')
			      && digits_in(w, k) == 4));
}

static void take_words(struct typed *t, char *text)
{
	for (char *w = text; *w;) {
		size_t k = strcspn(w, " ");

		if (looks_like_code(w, k) && !*t->postal) {
			memcpy(t->postal, w, 5);
			for (int i = 0; i < 5; i++)
				t->code[i] = (char)toupper((unsigned char)w[i]);
			cut_word(text, w, k);
		} else if (k == 5 && !memcmp(w, "cedex", 5)) {
			cut_word(text, w, k);
		} else {
			w += k + (w[k] == ' ');
		}
	}
}

/* A département at the end of a name: "bondy 93", "ajaccio 2a", "saint denis 974". */
static void take_departement(struct typed *t, char *text)
{
	char *last = strrchr(text, ' ');
	size_t k;

	if (!last)
		return;
	k = strlen(last + 1);
	if ((k == 2 || k == 3) && isdigit((unsigned char)last[1])
	    && digits_in(last + 1, k) + (k == 2) >= 2) {
		for (size_t i = 0; i < k; i++)
			t->departement[i] = (char)toupper((unsigned char)last[1 + i]);
		*last = '\0';
	}
}

/* "paris 11", "paris 11e", "marseille 1er": the arrondissement, as INSEE names it. */
static void name_arrondissement(char *text)
{
	static const char *const cities[] = { "paris", "lyon", "marseille" };
	size_t n = strlen(text);
	char *end;

	for (size_t i = 0; i < 3; i++) {
		size_t k = strlen(cities[i]);
		long number;

		if (n <= k + 1 || memcmp(text, cities[i], k) || text[k] != ' ')
			continue;
		number = strtol(text + k + 1, &end, 10);
		if (number < 1 || number > 20
		    || (*end && strcmp(end, "e") && strcmp(end, "er") && strcmp(end, "eme")
			&& strncmp(end, "e arr", 5) && strncmp(end, "er arr", 6)))
			continue;
		snprintf(text, KEY, "%s %ld%s arrondissement", cities[i], number,
			 number == 1 ? "er" : "e");
		return;
	}
}

static void take_apart(const char *text, struct typed *t)
{
	char folded[KEY];

	*t = (struct typed){ 0 };
	utf8_fold(text, folded, sizeof folded);
	take_words(t, folded);
	name_arrondissement(folded);
	if (!strstr(folded, "arrondissement"))
		take_departement(t, folded);
	expand(folded, t->whole);
	memcpy(t->key, bare(t->whole), strlen(bare(t->whole)) + 1);
}

/* --- how well a name answers ---------------------------------------------------------------- */

/* Edits between a and b (insertion, deletion, substitution, swap), at most `most` + 1. */
static int distance(const char *a, const char *b, int most)
{
	size_t n = strlen(a), m = strlen(b);
	int rows[3][KEY];

	if (n >= KEY || m >= KEY || (n > m ? n - m : m - n) > (size_t)most)
		return most + 1;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *row = rows[i % 3], *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		int least = row[0] = (int)i;

		for (size_t j = 1; j <= m; j++) {
			int v = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < v)
				v = up[j] + 1;
			if (row[j - 1] + 1 < v)
				v = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
			    && up2[j - 2] + 1 < v)
				v = up2[j - 2] + 1;
			row[j] = v;
			least = v < least ? v : least;
		}
		if (least > most)
			return most + 1;
	}
	return rows[n % 3][m];
}

/* True when the words of `key` begin a word of `name`. */
static bool contains(const char *name, const char *key)
{
	for (const char *p = strstr(name, key); p; p = strstr(p + 1, key)) {
		if (p == name || p[-1] == ' ')
			return true;
	}
	return false;
}

static int rank_of(const char *name, const struct typed *t, bool near)
{
	size_t n = strlen(t->key);
	const char *own = bare(name);

	if (!strcmp(name, t->whole))
		return RANK_EXACT;
	if (!strcmp(own, t->key))
		return RANK_ARTICLE;
	if (!strncmp(own, t->key, n) || !strncmp(name, t->whole, strlen(t->whole)))
		return RANK_BEGINS;
	if (contains(name, t->key))
		return RANK_CONTAINS;
	if (near && n >= NEAR_LEAST && own[0] == t->key[0]
	    && distance(own, t->key, n >= 8 ? 2 : 1) <= (n >= 8 ? 2 : 1))
		return RANK_NEAR;
	return RANK_NONE;
}

/* --- the best matches ----------------------------------------------------------------------- */

struct best {
	struct commune_match *m;
	size_t n, max;
};

static bool better(const struct commune_match *a, const struct commune_match *b)
{
	if (a->rang != b->rang)
		return a->rang < b->rang;
	if (!a->ancien != !b->ancien)
		return !a->ancien;
	if (*a->commune->parent && *b->commune->parent)
		return strcmp(a->commune->code, b->commune->code) < 0;
	if (!*a->commune->parent != !*b->commune->parent)
		return !*a->commune->parent;
	if (a->commune->population != b->commune->population)
		return a->commune->population > b->commune->population;
	return strcmp(a->commune->cle, b->commune->cle) < 0;
}

static void add(struct best *b, const struct commune_match *one)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (b->m[i].commune != one->commune)
			continue;
		if (!better(one, &b->m[i]))
			return;
		memmove(&b->m[i], &b->m[i + 1], (b->n - i - 1) * sizeof *b->m);
		b->n--;
		break;
	}
	if (b->n == b->max && (!b->max || !better(one, &b->m[b->n - 1])))
		return;
	i = b->n < b->max ? b->n++ : b->n - 1;
	for (; i && better(one, &b->m[i - 1]); i--)
		b->m[i] = b->m[i - 1];
	b->m[i] = *one;
}

static bool in_departement(const struct commune *c, const struct typed *t)
{
	return !*t->departement || !strcmp(c->departement, t->departement);
}

static bool has_postal(const struct commune *c, const char *postal)
{
	return !*postal || strstr(c->postaux, postal) || !strcmp(c->code, postal);
}

static void match_names(const struct repertoire *r, const struct typed *t, bool near,
			struct best *b)
{
	for (size_t i = 0; i < r->nnoms; i++) {
		const struct nom_index *x = &r->noms[i];
		const struct commune *c = &r->communes[x->commune];
		struct commune_match one = { c, x->ancien ? x->nom : NULL, 0 };

		one.rang = rank_of(x->cle, t, near);
		if (one.rang < RANK_NONE && in_departement(c, t) && has_postal(c, t->postal))
			add(b, &one);
	}
}

static void match_postal(const struct repertoire *r, const char *postal, struct best *b)
{
	size_t lo = 0, hi = r->npostaux;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(r->postaux[mid].code, postal) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < r->npostaux && !strcmp(r->postaux[lo].code, postal); lo++) {
		struct commune_match one = { &r->communes[r->postaux[lo].commune], NULL, 0 };

		if (!one.commune->divisee)      /* its arrondissement says it better */
			add(b, &one);
	}
}

/* Its arrondissements after a city that has some. */
static void add_arrondissements(const struct repertoire *r, struct best *b)
{
	const struct commune *city = b->n ? b->m[0].commune : NULL;

	if (!city || !city->divisee || b->m[0].rang > RANK_ARTICLE)
		return;
	b->n = 1;
	for (size_t i = 0; i < r->ncommunes; i++) {
		struct commune_match one = { &r->communes[i], NULL, RANK_BEGINS };

		if (!strcmp(r->communes[i].parent, city->code))
			add(b, &one);
	}
}

size_t commune_find(const struct repertoire *r, const char *text,
		    struct commune_match *out, size_t max)
{
	struct best b = { out, 0, max };
	const struct commune *c;
	struct typed t;

	take_apart(text, &t);
	if (*t.code && !*t.key) {
		match_postal(r, t.postal, &b);
		c = repertoire_commune(r, t.code);
		if (c) {
			struct commune_match one = { c, NULL, b.n ? RANK_BEGINS : RANK_EXACT };

			add(&b, &one);
		}
		return b.n;
	}
	if (!*t.key)
		return 0;
	match_names(r, &t, false, &b);
	if (!b.n)
		match_names(r, &t, true, &b);
	if (!b.n && *t.postal)
		match_postal(r, t.postal, &b);
	add_arrondissements(r, &b);
	return b.n;
}

bool commune_is_sure(const struct commune_match *m, size_t n, const char *text)
{
	struct typed t;

	if (n == 1)
		return true;
	take_apart(text, &t);
	if (!n || m[0].rang > RANK_ARTICLE || m[0].ancien)
		return false;
	if (m[0].commune->divisee)
		return true;
	return m[1].rang > m[0].rang || m[1].ancien;
}

const char *commune_label(struct arena *a, const struct commune *c)
{
	size_t n = strcspn(c->postaux, "|");

	if (!n)
		return arena_printf(a, "%s (%s)", c->nom, c->code);
	return arena_printf(a, "%s (%.*s)", c->nom, (int)n, c->postaux);
}
