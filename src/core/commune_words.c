#include "core/commune_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* --- what was typed -------------------------------------------------------------------- */

static bool is_code(const char *w, size_t n)
{
	if (n != 5 || !isdigit((unsigned char)w[0]))
		return false;
	for (size_t i = 2; i < 5; i++) {
		if (!isdigit((unsigned char)w[i]))
			return false;
	}
	return isdigit((unsigned char)w[1]) || (w[0] == '2' && (w[1] == 'a' || w[1] == 'b'));
}

static bool is_departement(const char *w, size_t n)
{
	if (n == 2 && w[0] == '2' && (w[1] == 'a' || w[1] == 'b'))
		return true;
	if (n < 2 || n > 3 || (n == 3 && (w[0] != '9' || (w[1] != '7' && w[1] != '8'))))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)w[i]))
			return false;
	}
	return true;
}

static void copy_upper(char *out, const char *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)toupper((unsigned char)w[i]);
	out[n] = '\0';
}

static void add_word(char *text, const char *w, size_t n)
{
	size_t k = strlen(text);

	if (k + n + 2 > WORDS_TEXT)
		return;
	if (k)
		text[k++] = ' ';
	memcpy(text + k, w, n);
	text[k + n] = '\0';
}

/* A place between brackets or after a comma that is no number: kept apart. */
static void split_place(char *raw, struct typed *t)
{
	char *at = strpbrk(raw, "(,"), *end;

	if (!at)
		return;
	end = strchr(at, ')');
	if (end)
		*end = ' ';
	utf8_fold(at + 1, t->place, sizeof t->place);
	*at = ' ';
	if (strpbrk(t->place, "0123456789"))
		t->place[0] = '\0';
	else
		*at = '\0';
}

static void take_word(struct typed *t, const char *w, size_t n, bool last)
{
	if (is_code(w, n) && !t->code[0]) {
		copy_upper(t->code, w, n);
	} else if (last && is_departement(w, n) && !t->code[0]) {
		copy_upper(t->departement, w, n);
	} else {
		add_word(t->name, w, n);
	}
}

bool words_read(const char *typed, struct typed *out)
{
	char raw[COMMUNE_TYPED + 8], *w;
	bool cedex = false;

	*out = (struct typed){ 0 };
	snprintf(raw, sizeof raw, "%.*s", COMMUNE_TYPED, typed ? typed : "");
	utf8_trim_end(raw);
	split_place(raw, out);
	utf8_fold(raw, out->whole, sizeof out->whole);
	w = strstr(out->whole, "cedex");
	if (w && (w == out->whole || w[-1] == ' ')) {   /* "cedex 9": its number too */
		cedex = true;
		*w = '\0';
		if (w > out->whole)
			w[-1] = '\0';
	}
	for (w = out->whole; *w; ) {
		size_t n = strcspn(w, " ");

		take_word(out, w, n, !w[n] && !cedex);
		w += n + (w[n] == ' ');
	}
	return out->name[0] || out->code[0] || out->departement[0];
}

void words_departement(const struct repertoire *r, struct typed *t)
{
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *d = &r->territoires[i];

		if (!strcmp(d->niveau, "departement") && !strcmp(d->cle, t->place))
			snprintf(t->departement, sizeof t->departement, "%.3s", d->code);
	}
}

size_t words_article(const char *key)
{
	static const char *const articles[] = { "le ", "la ", "les ", "l ", "aux " };

	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
		size_t n = strlen(articles[i]);

		if (!strncmp(key, articles[i], n) && key[n])
			return n;
	}
	return 0;
}

void words_expand(const char *key, char out[WORDS_TEXT])
{
	static const struct { const char *is, *means; } shorts[] = {
		{ "st", "saint" }, { "ste", "sainte" }, { "sts", "saints" },
		{ "stes", "saintes" }, { "s", "sur" }, { "ss", "sous" }, { "mt", "mont" },
		{ "gd", "grand" }, { "gde", "grande" },
	};

	out[0] = '\0';
	while (*key) {
		size_t n = strcspn(key, " "), i;

		if (!strncmp(key, "s s ", 4)) {         /* "s/s" */
			add_word(out, "sous", 4);
			key += 4;
			continue;
		}
		for (i = 0; i < sizeof shorts / sizeof *shorts; i++) {
			if (strlen(shorts[i].is) == n && !memcmp(shorts[i].is, key, n))
				break;
		}
		if (i < sizeof shorts / sizeof *shorts)
			add_word(out, shorts[i].means, strlen(shorts[i].means));
		else
			add_word(out, key, n);
		key += n + (key[n] == ' ');
	}
}

/* "11", "11e", "1er", "2nd", "3eme", "xi", "xie": 0 when it is no number up to 20. */
static int ordinal(const char *w, size_t n)
{
	static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi", "vii", "viii",
		"ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx" };
	static const char *const ends[] = { "", "e", "er", "eme", "ieme", "nd", "d" };
	size_t k = strspn(w, "0123456789");
	int v = 0;

	for (size_t i = 0; i < k && i < 3; i++)
		v = v * 10 + (w[i] - '0');
	for (int i = 0; !k && i < 20; i++) {
		size_t len = strlen(roman[i]);

		/* "v", "vi" and "vie": the longest that leaves an ending */
		if (!strncmp(w, roman[i], len) && (len == n || !strncmp(w + len, "e", n - len)
						   || !strncmp(w + len, "eme", n - len)))
			v = i + 1;
	}
	if (!k)
		return v;
	for (size_t i = 0; v <= 20 && i < sizeof ends / sizeof *ends; i++) {
		if (strlen(ends[i]) == n - k && !strncmp(w + k, ends[i], n - k))
			return v;
	}
	return 0;
}

int words_arrondissement(const char *key, char city[WORDS_TEXT])
{
	const char *last;
	size_t n = strlen(key);

	for (size_t i = 0; i < 3; i++) {
		static const char *const tails[] = { " arrondissement", " arrdt", " arr" };
		size_t k = strlen(tails[i]);

		if (n > k && !strncmp(key + n - k, tails[i], k)) {
			n -= k;
			break;
		}
	}
	for (last = key + n; last > key && last[-1] != ' '; last--)
		continue;
	if (last == key || (size_t)(last - key) >= WORDS_TEXT)
		return 0;
	memcpy(city, key, (size_t)(last - key) - 1);
	city[last - key - 1] = '\0';
	return ordinal(last, n - (size_t)(last - key));
}

/* --- how near -------------------------------------------------------------------------- */

enum { PAIR_BITS = 64 + 58 };

struct nom_mask words_mask(const char *key)
{
	struct nom_mask m = { { 0, 0 } };
	unsigned before = ' ';
	size_t n = 0;

	for (; *key; key++, n++) {
		unsigned c = (unsigned char)*key, bit;

		if (c != ' ') {                 /* a word's end says nothing: "epin" */
			bit = (before * 37 + c * 101) % PAIR_BITS;
			m.pairs[bit / 64] |= 1ull << bit % 64;
		}
		before = c;
	}
	m.pairs[1] |= (uint64_t)(n < 63 ? n : 63) << 58;
	return m;
}

int words_contained(const char *key, const char *cle)
{
	int found = 2;

	while (*key) {
		size_t n = strcspn(key, " ");
		int best = 0;

		for (const char *w = cle; *w && best != 2; ) {
			size_t k = strcspn(w, " ");

			if (k >= n && !memcmp(w, key, n))
				best = k == n ? 2 : 3;
			w += k + (w[k] == ' ');
		}
		if (!best)
			return 0;
		if (best > found)
			found = best;
		key += n + (key[n] == ' ');
	}
	return found;
}

/* Only the diagonal band that `edits` can reach is worked out. */
bool words_near(const char *key, const char *cle, int edits)
{
	enum { LONGEST = 64, FAR = 99 };
	int row[3][LONGEST + 2];
	int n, m;

	while (*key && *key == *cle)            /* "saint ...": nothing to work out */
		key++, cle++;
	n = (int)strlen(key);
	m = (int)strlen(cle);
	while (n && m && key[n - 1] == cle[m - 1])
		n--, m--;
	if (n > LONGEST || m > LONGEST || abs(n - m) > edits)
		return false;
	for (int j = 0; j <= m; j++)
		row[0][j] = j;
	for (int i = 1; i <= n; i++) {
		int *now = row[i % 3], *last = row[(i + 2) % 3], *older = row[(i + 1) % 3];
		int from = i > edits ? i - edits : 1, to = i + edits < m ? i + edits : m;
		int least = now[from - 1] = from == 1 ? i : FAR;

		for (int j = from; j <= to; j++) {
			int d = last[j - 1] + (key[i - 1] != cle[j - 1]);

			if (j < i + edits && last[j] + 1 < d)
				d = last[j] + 1;
			d = now[j - 1] + 1 < d ? now[j - 1] + 1 : d;
			if (i > 1 && j > 1 && key[i - 1] == cle[j - 2] && key[i - 2] == cle[j - 1]
			    && older[j - 2] + 1 < d)
				d = older[j - 2] + 1;
			now[j] = d;
			least = d < least ? d : least;
		}
		if (least > edits)
			return false;
	}
	return row[n % 3][m] <= edits;
}
