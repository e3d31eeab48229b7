/* Inside of commune_find: the words of what was typed, and how near they are to a name. */
#pragma once

#include "core/commune.h"

enum { WORDS_TEXT = 96 };

/* Inside, ranks count double: whole words come before beginnings of words. */
#define RANK(n) ((n) * 2)

struct typed {
	char whole[WORDS_TEXT];         /* folded, without CEDEX */
	char name[WORDS_TEXT];          /* without the codes; may be "" */
	char code[6];                   /* five characters, postal or INSEE; "" */
	char departement[4];            /* "93", "2A", "974"; "" */
	char place[WORDS_TEXT];         /* what stood between brackets or after a comma, folded */
};

/* Takes what was typed apart; false when there is nothing in it. */
bool words_read(const char *typed, struct typed *out);

/* The département whose name stands between brackets, as its code. */
void words_departement(const struct repertoire *r, struct typed *t);

/* Length of a leading article and its space, 0 without one: "le ", "la ", "les ", "l ". */
size_t words_article(const char *key);

/* "st denis s seine" to "saint denis sur seine". */
void words_expand(const char *key, char out[WORDS_TEXT]);

/* "paris 11e arrondissement" to "paris" and 11; 0 when it is no such thing. */
int words_arrondissement(const char *key, char city[WORDS_TEXT]);

struct nom_mask words_mask(const char *key);

/* How many of the pairs wanted are not there. */
static inline int words_missing(const struct nom_mask *want, const struct nom_mask *have)
{
	return __builtin_popcountll(want->pairs[0] & ~have->pairs[0])
	       + __builtin_popcountll((want->pairs[1] & ~have->pairs[1]) << 6);
}

static inline size_t words_length(const struct nom_mask *m)
{
	return (size_t)(m->pairs[1] >> 58);
}

/* 2 when all words of key are words of cle, 3 when they begin words of it, else 0. */
int words_contained(const char *key, const char *cle);

/* At most `edits` letters added, left out, changed or swapped with the next. */
bool words_near(const char *key, const char *cle, int edits);
